// The person's own labels of single posts, and their export.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import './page-modules.mjs';

const { COLUMNS } = await import('../../www/shared/label-columns.js');
const { LabelStore } = await import('../../www/shared/label-store.js');
const { EMOTIONS } = await import('../../pkg/src/emotions.js');

/** What a browser's localStorage does. */
function memory() {
    /** @type {Map<string, string>} */
    const items = new Map();
    return {
        getItem: (/** @type {string} */ key) => items.get(key) ?? null,
        setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
        removeItem: (/** @type {string} */ key) => void items.delete(key),
    };
}

const scores = /** @type {import('../../pkg/index.js').Scores} */ (
    Object.fromEntries(EMOTIONS.map((emotion, index) => [emotion, index === 0 ? 0.6 : 0.05]))
);

/** @type {import('../../pkg/index.js').Result} */
const RESULT = {
    emotion: 'joy',
    confidence: 0.6,
    secondary: null,
    scores,
    image: null,
    caption: scores,
    agreement: null,
    uncertain: true,
    uncertain_because: ['language', 'low_confidence'],
    backend: 'cpu',
    backendReason: 'chosen',
    model: { id: 'a-model', sha256: 'ab'.repeat(32) },
    timings_ms: { decode: 0, picture: 0, caption: 0, model: 1, total: 1 },
};

test('the columns are those of the desk and of the command line', async () => {
    const golden = await readFile(new URL('../golden/columns.json', import.meta.url), 'utf8');
    assert.deepEqual([...COLUMNS], JSON.parse(golden).columns);
});

test('a label is kept, replaced by another of the same post, and deleted', async () => {
    const storage = memory();
    const store = new LabelStore(storage);
    await store.add(RESULT, { image: null, caption: 'one' }, 'anger');
    await store.add(RESULT, { image: null, caption: 'two' }, 'fear');
    await store.add(RESULT, { image: null, caption: 'one' }, 'disgust');
    const kept = new LabelStore(storage).rows;
    assert.deepEqual(
        kept.map(({ caption, hand_emotion }) => [caption, hand_emotion]),
        [
            ['two', 'fear'],
            ['one', 'disgust'],
        ],
    );
    store.clear();
    assert.deepEqual(new LabelStore(storage).rows, []);
});

test('an image is kept as its name and digest alone', async () => {
    const store = new LabelStore(memory());
    const image = new File(['abc'], 'photo.jpg', { type: 'image/jpeg' });
    await store.add(RESULT, { image, caption: null }, 'trust');
    const [row] = store.rows;
    assert.equal(row?.['image'], 'photo.jpg');
    assert.equal(row?.['image_sha256'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.deepEqual(Object.keys(row ?? {}), [...COLUMNS]);
});

test('CSV and JSON Lines have all columns, with quotation marks and six decimals', async () => {
    const store = new LabelStore(memory());
    await store.add(RESULT, { image: null, caption: 'so "happy",\nreally' }, 'trust');
    const csv = store.csv();
    assert.ok(csv.startsWith(`${COLUMNS.join(',')}\n`));
    assert.ok(csv.includes(',"so ""happy"",\nreally",joy,0.600000,,true,language|low_confidence,0.600000,'));
    const line = JSON.parse(store.jsonLines());
    assert.equal(line.hand_emotion, 'trust');
    assert.equal(line.joy, 0.6);
    assert.equal(line.agreement, null);
});

test('what another program has stored there is no label', () => {
    const storage = memory();
    storage.setItem('emofuse-labels', 'not JSON');
    assert.deepEqual(new LabelStore(storage).rows, []);
});
