// Captions that are classified while the model file is being downloaded: what is answered by which beginning of the file,
// and what waits. The program is a fake: it knows the words that are in the bytes it was given.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { platform } from '../../pkg/src/platform.js';
import { EarlyCaptions } from '../../pkg/src/worker/early-captions.js';
import { setGlobals } from '../support/fake-browser.mjs';

/** @typedef {import('../../pkg/src/worker/early-captions.js').Program} Program */

const FILE = Buffer.from('happy sad, serene wistful, and the images');
const sha256 = (/** @type {Uint8Array} */ bytes) => createHash('sha256').update(bytes).digest('hex');
const [SHORT, LONG] = ['happy sad', 'happy sad, serene wistful'].map(({ length }) => length);
const beginnings = [SHORT, LONG].map((bytes = 0) => ({ bytes, sha256: sha256(FILE.subarray(0, bytes)) }));
const ENTRY = { file: 'model', bytes: FILE.length, sha256: sha256(FILE), beginnings };

/** Engines that were made, and those that are not freed. */
let made = 0;
let held = 0;
/** How often captions were announced. */
let ready = 0;
const announce = () => {
    ready += 1;
};
/** How the fake refuses a word that it does not know. @type {'prepare' | 'classify'} */
let refusing = 'classify';
/** What the next engine waits for. */
let making = Promise.resolve();

/** @type {Program} */
const program = {
    Engine: {
        async loadBeginning(beginning, length) {
            assert.equal(length, FILE.length);
            const words = Buffer.from(beginning).toString().split(/\W+/);
            await making;
            made += 1;
            held += 1;
            const incomplete = () => Object.assign(new Error('not yet'), { name: 'ModelIncompleteError' });
            const isKnown = (/** @type {string} */ caption) => caption.split(' ').every((word) => words.includes(word));
            const engine = {
                describe: () => ({ id: 'model-1', sha256: '' }),
                free() {
                    held -= 1;
                },
                prepare(/** @type {unknown} */ pixels, _width = 0, _height = 0, caption = '') {
                    assert.equal(pixels, undefined);
                    if (caption === 'trap') throw new WebAssembly.RuntimeError('unreachable');
                    if (caption === '') throw Object.assign(new Error('empty'), { name: 'EmptyPostError' });
                    if (refusing === 'prepare' && !isKnown(caption)) throw incomplete();
                    return { caption, free() {} };
                },
                async classify(/** @type {{ caption: string }[]} */ prepared, /** @type {boolean} */ explain) {
                    if (!prepared.every(({ caption }) => isKnown(caption))) throw incomplete();
                    const timings_ms = { picture: 0, caption: 0, model: 0 };
                    return prepared.map(({ caption }) => ({ emotion: caption, explain, by: words.length, timings_ms }));
                },
            };
            return /** @type {any} */ (engine);
        },
    },
};

/** @type {EarlyCaptions} */
let early;
const yieldToEventLoop = platform.yieldToEventLoop;
let restore = () => {};
/** At once, so that turns of the event loop are all that has to be waited for. */
const subtle = {
    digest: async (/** @type {string} */ _, /** @type {Uint8Array} */ bytes) =>
        new Uint8Array(createHash('sha256').update(bytes).digest()).buffer,
};
beforeEach(() => {
    restore = setGlobals({ crypto: { subtle } });
    [made, held, ready, refusing, making] = [0, 0, 0, 'classify', Promise.resolve()];
    platform.yieldToEventLoop = () => new Promise((resolve) => void setImmediate(resolve));
    mock.timers.enable({ apis: ['setTimeout'] });
    early = new EarlyCaptions(ENTRY, announce);
});
afterEach(async () => {
    mock.timers.reset();
    await early.close();
    assert.equal(held, 0, 'no engine is left');
    platform.yieldToEventLoop = yieldToEventLoop;
    restore();
});

/** Waits until nothing goes on any more but what waits for a test. */
async function settled() {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

/**
 * @param {number} bytes How many have come, and no more for a while.
 * @param {Uint8Array<ArrayBuffer>} [content]
 */
async function come(bytes, content = new Uint8Array(FILE)) {
    early.arrived(content, bytes);
    await settled();
    for (let times = 0; times < 2; times++) {
        mock.timers.tick(60_000);
        await settled();
    }
}

/**
 * What becomes of a caption.
 *
 * @param {string} caption
 */
function ask(caption, explain = false) {
    const asked = { answer: /** @type {any} */ (undefined) };
    early.classify([{ image: null, caption }], explain).then(
        (outcomes) => (asked.answer = outcomes ? outcomes[0] : null),
        (error) => (asked.answer = { thrown: error }),
    );
    return asked;
}

test('a caption of frequent words is answered with the first beginning, as by the whole model', async () => {
    early.start(program);
    const asked = ask('happy sad', true);
    await come(SHORT - 1);
    assert.deepEqual([ready, asked.answer], [0, undefined]);
    await come(SHORT);
    assert.equal(ready, 1);
    const { value } = asked.answer;
    assert.deepEqual([value.emotion, value.explain], ['happy sad', true]);
    assert.deepEqual(value.model, { id: 'model-1', sha256: ENTRY.sha256 }, 'it is the model of the whole file');
});

test('no engine is made unless a caption is waiting', async () => {
    early.start(program);
    await come(LONG);
    assert.deepEqual([ready, made], [1, 0]);
    const asked = ask('happy');
    await settled();
    assert.deepEqual([asked.answer.value.emotion, made], ['happy', 1]);
});

for (const way of /** @type {const} */ (['prepare', 'classify'])) {
    test(`a caption with a rare word waits for the next beginning if ${way} refuses it, and others do not wait`, async () => {
        refusing = way;
        early.start(program);
        await come(SHORT);
        const rare = ask('happy wistful');
        await settled();
        const frequent = ask('sad');
        await settled();
        assert.deepEqual([rare.answer, frequent.answer.value.emotion], [undefined, 'sad']);
        await come(LONG);
        assert.equal(rare.answer.value.emotion, 'happy wistful');
        assert.deepEqual([ready, made, held], [1, 2, 1], 'one engine takes the place of the other');
        const next = ask('serene');
        await settled();
        assert.deepEqual([next.answer.value.emotion, made], ['serene', 2]);
    });
}

test('an engine that is enough is used on, although more of the file has come', async () => {
    early.start(program);
    await come(SHORT);
    ask('happy');
    await come(LONG);
    const asked = ask('sad');
    await settled();
    assert.deepEqual([asked.answer.value.emotion, made], ['sad', 1]);
});

test('what no beginning can answer is for the whole model', async () => {
    early.start(program);
    await come(LONG);
    const unknown = ask('images');
    await settled();
    assert.equal(unknown.answer, undefined);
    await early.close();
    await settled();
    assert.equal(unknown.answer, null);
    assert.equal(await early.classify([{ image: null, caption: 'happy' }], false), null, 'nor is anything later');
    const image = /** @type {any} */ ({ kind: 'pixels' });
    assert.equal(await early.classify([{ image, caption: 'happy' }], false), null);
    assert.equal(held, 0, 'the memory is free before the whole model is loaded');
});

test('closing waits for the caption that is being classified', async () => {
    let make = () => {};
    making = new Promise((resolve) => (make = resolve));
    early.start(program);
    await come(SHORT);
    const [first, second] = [ask('happy'), ask('sad')];
    await settled();
    let isClosed = false;
    const closing = early.close().then(() => (isClosed = true));
    await settled();
    assert.equal(isClosed, false);
    make();
    await closing;
    await settled();
    assert.equal(first.answer.value.emotion, 'happy');
    assert.equal(second.answer, null, 'what is not under way is for the whole model');
    assert.equal(held, 0);
});

test('nothing is made or announced if the rest of the file comes at once', async () => {
    early.start(program);
    const asked = ask('happy');
    early.arrived(new Uint8Array(FILE), LONG ?? 0);
    await settled();
    mock.timers.tick(100);
    await early.close();
    mock.timers.tick(60_000);
    await settled();
    assert.deepEqual([ready, made, asked.answer], [0, 0, null]);
});

test('a program that comes after the beginning is waited for', async () => {
    const asked = ask('happy');
    await come(LONG);
    assert.deepEqual([ready, asked.answer], [0, undefined]);
    early.start(program);
    await come(LONG);
    assert.equal(asked.answer.value.emotion, 'happy');
});

test('a damaged beginning is not used; that of a second download is', async () => {
    early.start(program);
    const asked = ask('happy');
    const damaged = new Uint8Array(FILE).fill(0, 2, 3);
    await come(SHORT, damaged);
    await come(LONG, damaged);
    assert.deepEqual([ready, made, asked.answer], [0, 0, undefined]);
    await come(SHORT);
    assert.equal(asked.answer.value.emotion, 'happy');
});

test('a file that is damaged later is used as far as it is the right one', async () => {
    early.start(program);
    const damaged = new Uint8Array(FILE).fill(0, LONG - 2);
    await come(SHORT, damaged);
    const [rare, frequent] = [ask('wistful'), ask('happy')];
    await come(LONG, damaged);
    assert.equal(frequent.answer.value.emotion, 'happy');
    assert.equal(rare.answer, undefined);
});

test('nothing is used that cannot be checked', async () => {
    const withDigest = setGlobals({ crypto: {} });
    early.start(program);
    ask('happy');
    await come(LONG);
    withDigest();
    assert.deepEqual([ready, made], [0, 0]);
});

test('a model without beginnings is left to the whole', async () => {
    early = new EarlyCaptions({ file: 'model', bytes: FILE.length, sha256: ENTRY.sha256 }, announce);
    early.start(program);
    const asked = ask('happy');
    await come(LONG);
    await early.close();
    await settled();
    assert.deepEqual([ready, asked.answer], [0, null]);
});

test('a caption that cannot be classified fails at once, and a program that stops fails for good', async () => {
    early.start(program);
    await come(SHORT);
    const empty = ask('');
    await settled();
    assert.equal(empty.answer.error.name, 'EmptyPostError');
    const trap = ask('trap');
    await settled();
    assert.ok(trap.answer.thrown instanceof WebAssembly.RuntimeError);
});
