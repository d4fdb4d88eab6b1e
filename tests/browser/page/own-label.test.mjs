// What a person does with a result: labels it otherwise, saves it, shares it; and several images at once.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PATIENCE, drop, modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';
import { rowsOf } from '../../support/csv.mjs';
import { MEADOW } from '../../support/images.mjs';

/** The machine may have other things to do. */
const patient = expect.configure({ timeout: PATIENCE.cpu });

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/** @param {Parameters<typeof openContext>[1]} [options] */
async function open(options) {
    context = await openContext('cpu', { acceptDownloads: true, ...options });
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    return page;
}

/**
 * @param {Page} page
 * @param {string} button
 */
async function downloadBy(page, button) {
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

/**
 * @param {Page} page
 * @param {string} caption
 */
async function analyse(page, caption) {
    await page.fill('#caption', caption);
    await page.click('#analyse');
    await page.waitForFunction(
        (text) =>
            !document.querySelector('#result')?.hasAttribute('aria-busy') &&
            document.querySelector('.reasons-words')?.textContent?.startsWith(text),
        caption.slice(0, 2),
    );
    await resultIsThere(page);
}

test('“What would you say?” keeps the person’s label on the device, and exports it', async () => {
    const page = await open();
    await analyse(page, 'Great, the train is late again');
    await page.getByLabel('What would you say?').selectOption('anger');
    await page.getByText('Saved on this device (1 label).').waitFor();

    await page.reload();
    await modelIsReady(page);
    await analyse(page, 'We won!');
    await page.getByLabel('What would you say?').selectOption('joy');
    await page.getByText('Saved on this device (2 labels).').waitFor();
    const csv = await downloadBy(page, 'Save as CSV');
    assert.equal(csv.name, 'emofuse-labels.csv');
    assert.deepEqual(
        rowsOf(csv.content.toString()).map(({ caption, hand_emotion }) => [caption, hand_emotion]),
        [
            ['Great, the train is late again', 'anger'],
            ['We won!', 'joy'],
        ],
    );
    const lines = (await downloadBy(page, 'Save as JSON Lines')).content.toString().trim().split('\n');
    assert.deepEqual(
        lines.map((line) => JSON.parse(line).hand_emotion),
        ['anger', 'joy'],
    );

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Your labels are deleted.').waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('emofuse-labels')), null);
    assert.ok(!(await page.getByRole('button', { name: 'Save as CSV' }).isVisible()));
});

test('the exported table comes back on the desk with its labels', async () => {
    const page = await open();
    await analyse(page, 'We won!');
    await page.getByLabel('What would you say?').selectOption('trust');
    await page.getByText('Saved on this device').waitFor();
    const { content } = await downloadBy(page, 'Save as CSV');
    await page.goto(new URL('desk.html?backend=cpu', page.url()).href);
    await page
        .locator('#choose-table')
        .setInputFiles({ name: 'emofuse-labels.csv', mimeType: 'text/csv', buffer: content });
    await page.getByText('We won!').first().waitFor();
});

test('a result is saved as JSON and as an image', async () => {
    const page = await open();
    await page.getByRole('button', { name: /^Cat/ }).click();
    await resultIsThere(page);
    const json = await downloadBy(page, 'Save as JSON');
    assert.equal(json.name, 'emofuse-result.json');
    assert.equal(JSON.parse(json.content.toString()).emotion, 'joy');
    const image = await downloadBy(page, 'Save as image');
    assert.equal(image.name, 'emofuse-result.png');
    const [width, height, colours] = await page.evaluate(
        async (bytes) => {
            const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
            const drawing = canvas.getContext('2d');
            drawing?.drawImage(bitmap, 0, 0);
            const { data = [] } = drawing?.getImageData(60, 60, 400, 400) ?? {};
            return [bitmap.width, bitmap.height, new Set(data).size];
        },
        [...image.content],
    );
    assert.deepEqual([width, height], [1200, 630]);
    assert.ok(colours > 100, 'the photo is in it');
});

test('where the device can share files, the image card is shared', async () => {
    context = await openContext('cpu');
    await context.addInitScript(() => {
        Object.assign(navigator, {
            canShare: () => true,
            share: async (/** @type {ShareData} */ { files = [] }) =>
                Object.assign(globalThis, { shared: files.map(({ name, type, size }) => ({ name, type, size })) }),
        });
    });
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.getByRole('button', { name: /^Attic/ }).click();
    await resultIsThere(page);
    await page.getByRole('button', { name: 'Share' }).click();
    await page.waitForFunction(() => 'shared' in globalThis);
    const [file] = /** @type {{ name: string, type: string, size: number }[]} */ (await page.evaluate('shared'));
    assert.deepEqual([file?.name, file?.type], ['emofuse-result.png', 'image/png']);
    assert.ok((file?.size ?? 0) > 5000);
});

test('two images that are dropped lead to the desk, and the first one is analysed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    const files = ['one.png', 'two.png'].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, MEADOW);
    const page = await open();
    await drop(page, files);
    await resultIsThere(page);
    await page.getByText('You dropped 2 images.').waitFor();
    await page.getByRole('link', { name: 'Open the labelling desk' }).click();
    await page.waitForURL(/desk\.html/);
    await rm(folder, { recursive: true });
});

test('words beyond what the model reads are counted while typing', async () => {
    const page = await open();
    const note = page.locator('#caption-limit');
    await page.fill('#caption', 'a '.repeat(1024));
    await patient(note).toBeHidden();
    await page.fill('#caption', 'a '.repeat(1030));
    await patient(note).toHaveText('1,030 words. The model reads the first 1,024; 6 words are ignored.');
    await page.fill('#caption', 'finally home');
    await patient(note).toBeHidden();
});

test('words that the model ignores are grey in the answer, and counted', async () => {
    context = await openContext('cpu');
    const page = await openPage(context);
    const [text, hint] = await page.evaluate(async () => {
        const path = '/shared/marked-caption.js';
        const { MarkedCaption } = await import(path);
        const caption = `${'happy '.repeat(1024)}never read`;
        const words = Array.from({ length: 1024 }, (_, index) => ({
            text: 'happy',
            start: 6 * index,
            end: 6 * index + 5,
            contribution: 0.01,
        }));
        const view = new MarkedCaption();
        view.show(words, caption, 'joy');
        return [view.container.querySelector('.ignored')?.textContent, view.container.textContent];
    });
    assert.equal(text, ' never read');
    assert.match(String(hint), /The last 2 words \(grey\) are ignored\./);
});
