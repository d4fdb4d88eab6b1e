// Captions are classified while the model is being downloaded, by the beginning of its file.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import manifest from '../../../pkg/src/manifest.js';
import { PATIENCE, openContext } from '../support/harness.mjs';
import { serveHeld } from '../support/line.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../../../pkg/index.js').CaptionClassifier} CaptionClassifier */
/** @typedef {import('../../../pkg/index.js').Result} Result */
/** @typedef {import('./package.test.mjs').Emofuse} Emofuse */

const { beginnings, bytes: ALL } = manifest.model;
const [FREQUENT = NaN] = beginnings.map(({ bytes }) => bytes);
const WORDS = beginnings.at(-1)?.bytes ?? NaN;

const COMMON = 'So happy she is finally home';
/** `welp` is one of the last words of the vocabulary. */
const RARE = 'welp, so much for a quiet evening';

/**
 * What the page under test has as globals.
 *
 * @typedef {object} Globals
 * @property {Emofuse} emofuse
 * @property {Promise<CaptionClassifier>} captions
 * @property {Promise<import('../../../pkg/index.js').EmotionClassifier>} loading
 * @property {Record<string, Promise<Result>>} asked
 * @property {string[]} events In order.
 */

/** @type {BrowserContext | undefined} */
let context;
/** @type {Awaited<ReturnType<typeof serveHeld>> | undefined} */
let line;
test.afterEach(async () => {
    await context?.close();
    await line?.close();
    context = undefined;
    line = undefined;
});

/**
 * Begins to load, over a line on which the model is held back.
 *
 * @param {number} bytes Of the model that come at once.
 * @param {(path: string, body: Buffer) => Buffer} [change] What becomes of a file.
 */
async function beginLoading(bytes, change) {
    const held = await serveHeld(bytes, change);
    line = held;
    context = await openContext('cpu');
    const page = await openEmpty(context, held.address);
    await load(page);
    return { page, held };
}

/**
 * A page with nothing on it.
 *
 * @param {BrowserContext} opened
 * @param {string} address
 */
async function openEmpty(opened, address) {
    await opened.route(`${address}empty`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>empty</title>' }),
    );
    const page = await opened.newPage();
    await page.goto(`${address}empty`);
    return page;
}

/** @param {Page} page */
const load = (page) =>
    page.evaluate(async (path) => {
        const emofuse = /** @type {Emofuse} */ (await import(path));
        /** @type {string[]} */
        const events = [];
        /** @type {(captions: CaptionClassifier) => void} */
        let give = () => {};
        const captions = new Promise((resolve) => (give = resolve));
        const loading = emofuse.EmotionClassifier.load({
            backend: 'cpu',
            onCaptionsReady: (ready) => {
                events.push('captions');
                give(ready);
            },
        });
        loading.then(
            () => events.push('loaded'),
            (error) => events.push(error.name),
        );
        Object.assign(globalThis, { emofuse, captions, loading, asked: {}, events });
    }, '/pkg/index.js');

/**
 * Asks for a caption as soon as captions can be classified.
 *
 * @param {Page} page
 * @param {string} caption
 */
const ask = (page, caption) =>
    page.evaluate((text) => {
        const { captions, asked, events } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const answer = captions.then((ready) => ready.classify(text, { explain: true }));
        answer.then(
            () => events.push(text),
            (error) => events.push(`${text}: ${error.name}`),
        );
        asked[text] = answer;
    }, caption);

/**
 * The answer, and what the whole model gives for the same caption.
 *
 * @param {Page} page
 * @param {string} caption
 */
const answers = (page, caption) =>
    page.evaluate(async (text) => {
        const { asked, loading } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const early = await asked[text];
        const whole = await (await loading).classify({ caption: text }, { explain: true });
        return [early, whole].map((result) => ({ ...result, timings_ms: null }));
    }, caption);

/**
 * @param {Page} page
 * @param {string} event
 */
const happened = (page, event) =>
    page.waitForFunction(
        (name) => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).events.includes(name),
        event,
    );

/** @param {Page} page */
const events = (page) => page.evaluate(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).events);

test('a caption is classified as by the whole model, a rare word once it is there', async () => {
    const { page, held } = await beginLoading(FREQUENT);
    await ask(page, RARE);
    await ask(page, COMMON);
    await happened(page, COMMON);
    assert.deepEqual(await events(page), ['captions', COMMON]);
    held.allow(WORDS);
    await happened(page, RARE);
    assert.deepEqual(await events(page), ['captions', COMMON, RARE]);
    held.allow(ALL);
    await happened(page, 'loaded');
    for (const caption of [COMMON, RARE]) {
        const [early, whole] = await answers(page, caption);
        assert.deepEqual(early, whole);
        assert.equal(early?.model.sha256, manifest.model.sha256);
    }
});

test('what waits when the rest has come is answered by the whole model', async () => {
    const { page, held } = await beginLoading(FREQUENT);
    await ask(page, RARE);
    await happened(page, 'captions');
    held.allow(ALL);
    await happened(page, RARE);
    const [early, whole] = await answers(page, RARE);
    assert.deepEqual(early, whole);
});

/**
 * The change of a file that makes one byte of the model wrong.
 *
 * @param {number} place
 * @returns {(path: string, body: Buffer) => Buffer}
 */
const damagedAt = (place) => (path, body) => {
    if (path.endsWith('/worker.js')) return Buffer.concat([body, COUNT_DIGESTS]);
    if (!path.endsWith('.emofuse')) return body;
    const changed = Buffer.from(body);
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
    return changed;
};

/** Counts how many files and beginnings the worker has checked. */
const COUNT_DIGESTS = Buffer.from(`
const digest = crypto.subtle.digest.bind(crypto.subtle);
self.digests = [];
crypto.subtle.digest = async (name, content) => {
    const found = await digest(name, content);
    self.digests.push(content.length);
    return found;
};`);

test('a damaged beginning is not used, and the file is refused', async () => {
    const { page, held } = await beginLoading(FREQUENT, damagedAt(FREQUENT - 1));
    await ask(page, COMMON);
    const checked = () =>
        page.workers()[0]?.evaluate((bytes) => /** @type {any} */ (self).digests?.includes(bytes), FREQUENT);
    await expect.poll(checked, { timeout: PATIENCE.cpu }).toBe(true);
    held.allow(ALL);
    await happened(page, 'IntegrityError');
    assert.deepEqual(await events(page), ['IntegrityError']);
});

test('a file that is damaged behind its beginning is refused, and captions that wait are rejected with the same error', async () => {
    const { page, held } = await beginLoading(FREQUENT, damagedAt(WORDS - 1));
    await ask(page, COMMON);
    await ask(page, RARE);
    await happened(page, COMMON);
    held.allow(ALL);
    await happened(page, 'IntegrityError');
    await happened(page, `${RARE}: IntegrityError`);
});

test('nothing is offered early where the model is stored', async () => {
    const { page, held } = await beginLoading(ALL);
    await happened(page, 'loaded');
    await page.waitForFunction(async () => (await (await caches.open('emofuse')).keys()).length === 2);
    held.allow(0);
    await page.reload();
    await load(page);
    await happened(page, 'loaded');
    assert.deepEqual(await events(page), ['loaded']);
});

/** Gives the bytes of the program's memory, which never shrinks. */
const MEMORY = Buffer.from('\nself.programBytes = () => wasm.memory.buffer.byteLength;');

test('the memory of the early engine is used again for the whole model', async () => {
    const withMemory = (/** @type {string} */ path, /** @type {Buffer} */ body) =>
        path.endsWith('/wasm/cpu/emofuse.js') ? Buffer.concat([body, MEMORY]) : body;
    const programBytes = async (/** @type {Page} */ page) => {
        await happened(page, 'loaded');
        return /** @type {number} */ (
            await page.workers()[0]?.evaluate(() => /** @type {any} */ (self).programBytes())
        );
    };
    const { page, held } = await beginLoading(FREQUENT, withMemory);
    await ask(page, COMMON);
    await ask(page, RARE);
    await happened(page, COMMON);
    held.allow(WORDS);
    await happened(page, RARE);
    held.allow(ALL);
    const early = await programBytes(page);
    const other = await openContext('cpu');
    const blank = await openEmpty(other, held.address);
    await load(blank);
    const whole = await programBytes(blank);
    await other.close();
    console.log(`the program has ${early} bytes after early captions, ${whole} without`);
    assert.ok(early <= 1.1 * whole, `${early} bytes, ${whole} without early captions`);
});
