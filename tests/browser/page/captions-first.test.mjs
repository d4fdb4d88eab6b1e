// On a first visit over a slow line, a caption is analysed before the rest of the model is there.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import manifest from '../../../pkg/src/manifest.js';
import { PATIENCE, modelIsReady, openContext, readTable, resultIsThere } from '../support/harness.mjs';
import { serveHeld } from '../support/line.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */

const { beginnings, bytes: ALL } = manifest.model;
const [FREQUENT = NaN] = beginnings.map(({ bytes }) => bytes);

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
 * A first visit, on which the model comes as far as its first beginning, or not yet.
 *
 * @param {number} [bytes]
 */
async function visit(bytes = FREQUENT) {
    const held = await serveHeld(bytes);
    line = held;
    context = await openContext('cpu');
    const page = await context.newPage();
    await page.goto(`${held.address}?backend=cpu`);
    return { page, held };
}

/**
 * @param {Page} page
 * @param {string} caption
 */
async function analyse(page, caption) {
    await page.fill('#caption', caption);
    await page.click('#analyse');
}

/** @param {Page} page */
const state = (page) => page.getAttribute('.engine', 'data-state');

test('a caption is analysed while the model is loading, with reasons, and the result stays the same', async () => {
    const { page, held } = await visit();
    await analyse(page, 'So happy she is finally home');
    await resultIsThere(page);
    assert.equal(await state(page), 'loading');
    const early = await readTable(page);
    assert.ok(await page.isVisible('.reasons-words'));
    assert.match((await page.textContent('.how')) ?? '', /^Analysed on the CPU/);
    assert.equal(await page.textContent('#engine-reason'), 'Captions can be analysed already.');
    assert.match((await page.textContent('.status-line summary')) ?? '', /captions can be analysed/);
    held.allow(ALL);
    await modelIsReady(page);
    assert.equal(await page.getAttribute('#result', 'data-state'), 'finished', 'the result stays');
    assert.doesNotMatch((await page.textContent('.status-line summary')) ?? '', /captions/);
    await page.click('#analyse');
    await page.waitForFunction(() => !document.querySelector('#result')?.hasAttribute('aria-busy'));
    assert.deepEqual(await readTable(page), early);
});

test('a caption that is submitted before its part of the model is there shows progress, and is analysed then', async () => {
    const { page, held } = await visit(FREQUENT >> 1);
    await analyse(page, 'So happy she is finally home');
    await expect(page.locator('#result')).toContainText(/Loading the model: .* of .* MB/, { timeout: PATIENCE.cpu });
    assert.equal(await page.getAttribute('#result', 'data-state'), 'working');
    held.allow(FREQUENT);
    await resultIsThere(page);
    assert.equal(await state(page), 'loading');
});

test('an image waits for the whole model, and so does a caption with a rare word', async () => {
    const { page, held } = await visit();
    await page.waitForFunction(() => document.querySelector('#engine-reason')?.textContent);
    await analyse(page, 'welp, so much for a quiet evening');
    await page.waitForSelector('#result[data-state="working"]');
    await page.click('#cancel');
    await page.setInputFiles('#choose-image', { name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await analyse(page, 'So happy she is finally home');
    await page.waitForSelector('#result[data-state="working"]');
    assert.equal(await state(page), 'loading');
    held.allow(ALL);
    await resultIsThere(page);
    assert.equal(await state(page), 'ready');
});

test('an empty caption is said to be empty at once', async () => {
    const { page } = await visit();
    await page.waitForFunction(() => document.querySelector('#engine-reason')?.textContent);
    await analyse(page, '!!!');
    await page.waitForSelector('#result[data-state="error"] .notice-title');
    assert.equal(await state(page), 'loading');
});

test('if loading is cancelled, a caption that waits is given up, and the next one loads again', async () => {
    const { page, held } = await visit();
    await page.waitForFunction(() => document.querySelector('#engine-reason')?.textContent);
    await analyse(page, 'welp, so much for a quiet evening');
    await page.waitForSelector('#result[data-state="working"]');
    await page.evaluate(() => /** @type {HTMLButtonElement} */ (document.querySelector('.engine-line button')).click());
    await page.waitForSelector('.engine[data-state="cancelled"]', { state: 'attached' });
    await page.waitForSelector('#result:not([aria-busy])', { state: 'attached' });
    held.allow(ALL);
    await page.click('#analyse');
    await resultIsThere(page);
});
