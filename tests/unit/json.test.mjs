// JavaScript and the command line give a prediction the same fields, which docs/json.md describes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EmotionClassifier } from '../../pkg/src/node/index.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = join(process.env['CARGO_TARGET_DIR'] ?? join(repository, 'target'), 'release/emofuse');
const model = join(repository, 'pkg/model/emofuse-default.emofuse');
const imageFile = join(repository, 'tests/golden/posts/meadow_and_thanks/picture.png');

/** With letters that take one, two and four code units, so that no other way of counting gives the same offsets. */
const CAPTION = '🎈 Señor 👩‍👩‍👧 what a beautiful morning — so grateful! 🌞';
const SCORES_TOLERANCE = 2e-3;

/** @type {EmotionClassifier} */
let classifier;
before(async () => {
    await access(program).catch(() => {
        throw new Error(`${program} is missing; run cargo build --release --features cli,train`);
    });
    classifier = await EmotionClassifier.load();
});
after(() => classifier?.dispose());

/** @param {{ image?: boolean, caption?: boolean, explain?: boolean, systems?: boolean }} post */
async function bothSides({ image = false, caption = false, explain = false, systems = false }) {
    const { stdout } = await promisify(execFile)(program, [
        'classify',
        '--json',
        ...['--model', model],
        ...(image ? ['--image', imageFile] : []),
        ...(caption ? ['--caption', CAPTION] : []),
        ...(explain ? ['--explain'] : []),
        ...(systems ? ['--systems'] : []),
    ]);
    const post = {
        image: image ? await readFile(imageFile) : null,
        caption: caption ? CAPTION : null,
    };
    const result = await classifier.classify(post, { explain, systems });
    return { native: JSON.parse(stdout), result: JSON.parse(JSON.stringify(result)) };
}

/**
 * The paths of all fields, in their order; those of an array's elements come once.
 *
 * @param {unknown} value
 * @param {string} [path]
 * @returns {string[]}
 */
function fieldsOf(value, path = '') {
    if (value === null || typeof value !== 'object') return [];
    if (Array.isArray(value)) return [...new Set(value.flatMap((element) => fieldsOf(element, `${path}[]`)))];
    return Object.entries(value).flatMap(([key, below]) => {
        const field = path === '' ? key : `${path}.${key}`;
        return [field, ...fieldsOf(below, field)];
    });
}

/** The fields of a table of docs/json.md: those of both sides, or those of JavaScript alone. */
async function documented() {
    const text = await readFile(join(repository, 'docs/json.md'), 'utf8');
    const [both = '', javascript = ''] = text.split('\n## ')[0]?.split('\nOnly in JavaScript:\n') ?? [];
    const fields = (/** @type {string} */ part) => [...part.matchAll(/^\| `([^`]+)` \|/gm)].map(([, field]) => field);
    return { both: fields(both), javascript: fields(javascript) };
}

/** Scores are objects of nine labels, and one field each of the document. */
const isLabel = (/** @type {string} */ field) => /^(?:systems\[\]\.)?(?:scores|image|caption)\./.test(field);
const isOfJavascript = (/** @type {string} */ field) => /^(?:backendReason|timings_ms)\b/.test(field);

test('an explained post with image and caption has all fields of the document on both sides', async () => {
    const { native, result } = await bothSides({ image: true, caption: true, explain: true, systems: true });
    const { both, javascript } = await documented();
    assert.deepEqual(
        fieldsOf(native)
            .filter((field) => !isLabel(field))
            .sort(),
        [...both].sort(),
    );
    assert.deepEqual(
        fieldsOf(result)
            .filter((field) => !isOfJavascript(field))
            .sort(),
        fieldsOf(native).sort(),
    );
    assert.deepEqual(Object.keys(result).filter(isOfJavascript).sort(), [...javascript].sort());
});

test('the values are the same, and words are counted as JavaScript counts', async () => {
    const { native, result } = await bothSides({ image: true, caption: true, explain: true });
    for (const side of ['scores', 'image', 'caption'])
        for (const [emotion, score] of Object.entries(result[side]))
            assert.ok(Math.abs(native[side][emotion] - score) <= SCORES_TOLERANCE, `${side}, ${emotion}`);
    for (const field of ['emotion', 'secondary', 'uncertain', 'uncertain_because', 'backend', 'model'])
        assert.deepEqual(native[field], result[field], field);
    const [heatmap, expected] = [native.explanation.heatmap, result.explanation.heatmap];
    assert.deepEqual(
        [heatmap.width, heatmap.height, heatmap.values.length],
        [expected.width, expected.height, expected.values.length],
    );
    assert.deepEqual(heatmap.area, expected.area);
    const largest = Math.max(...expected.values.map(Math.abs));
    for (const [cell, value] of expected.values.entries())
        assert.ok(Math.abs(heatmap.values[cell] - value) <= largest / 100, `cell ${cell}`);
    const places = (/** @type {{ text: string, start: number, end: number }[]} */ words) =>
        words.map(({ text, start, end }) => [text, start, end]);
    assert.deepEqual(places(native.explanation.words), places(result.explanation.words));
    assert.ok(native.explanation.words.length > 8);
    for (const { text, start, end } of native.explanation.words) assert.equal(CAPTION.slice(start, end), text);
});

test('what is missing is null or absent on both sides', async () => {
    for (const post of [
        { image: true },
        { caption: true },
        { image: true, explain: true },
        { caption: true, explain: true },
        { caption: true, systems: true },
    ]) {
        const { native, result } = await bothSides(post);
        assert.deepEqual(
            fieldsOf(result)
                .filter((field) => !isOfJavascript(field))
                .sort(),
            fieldsOf(native).sort(),
            JSON.stringify(post),
        );
        for (const field of ['image', 'caption', 'agreement'])
            assert.equal(native[field] === null, result[field] === null, field);
        assert.equal(native.explanation?.heatmap === null, result.explanation?.heatmap === null);
    }
});
