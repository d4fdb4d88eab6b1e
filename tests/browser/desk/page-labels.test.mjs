// Labels that a person set on the page, opened on the desk.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { MEADOW } from '../../support/images.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { address, modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';
import { temporaryFolder } from './panels.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */

const PHOTOS = fileURLToPath(new URL('../../../www/samples', import.meta.url));

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/**
 * The desk, with what the page has stored.
 *
 * @param {Record<string, string | null>[]} rows
 */
async function openDesk(rows) {
    context = await openContext('cpu', { acceptDownloads: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    if (rows.length > 0) {
        await page.evaluate((stored) => localStorage.setItem('emofuse-labels', stored), JSON.stringify(rows));
        await page.reload();
    }
    return page;
}

/** @param {string} caption */
const captionRow = (caption, hand_emotion = 'joy') => ({
    id: caption,
    image: null,
    caption,
    hand_emotion,
    image_sha256: null,
});

const PICTURE = {
    id: 'meadow.png',
    image: 'meadow.png',
    caption: null,
    hand_emotion: 'trust',
    image_sha256: createHash('sha256').update(MEADOW).digest('hex'),
};

/** @param {Page} page */
const isFinished = (page) => page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });

/** @param {Page} page */
async function exported(page) {
    await page.getByRole('tab', { name: 'Export' }).click();
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save \d/ }).click(),
    ]);
    return rowsOf(await readFile(await download.path(), 'utf8'));
}

test('labels from the page come with their captions, and with their images from a folder', async () => {
    context = await openContext('cpu', { acceptDownloads: true });
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.fill('#caption', 'Great, the train is late again');
    await page.click('#analyse');
    await resultIsThere(page);
    await page.getByLabel('What would you say?').selectOption('anger');
    await page.getByText('Saved on this device (1 label).').waitFor();
    await page.getByRole('button', { name: /^Cat/ }).click();
    await page.waitForFunction(() => document.querySelector('.reasons-words')?.textContent?.startsWith('So'));
    await resultIsThere(page);
    await page.getByLabel('What would you say?').selectOption('fear');
    await page.getByText('Saved on this device (2 labels).').waitFor();

    await page.goto(`${address}desk.html?backend=cpu`);
    await page.getByRole('button', { name: 'Your labels from the page: 2' }).click();
    await page.getByText('2 labels; 0 of 1 image found.').waitFor();
    assert.equal(
        await page.evaluate(() => document.activeElement?.textContent),
        'Your labels from the page',
        'the title has the focus',
    );
    await checkWithAxe(page, 'labels from the page');
    await page.locator('#choose-label-images').setInputFiles(PHOTOS);
    await page.getByText('2 labels; 1 of 1 image found.').waitFor();
    await page.getByRole('button', { name: 'Put 2 posts on the desk' }).click();
    await isFinished(page);
    const rows = await exported(page);
    assert.deepEqual(
        rows.map(({ image, caption = '', hand_emotion }) => [image, caption.slice(0, 13), hand_emotion]),
        [
            ['', 'Great, the tr', 'anger'],
            ['cat.jpg', 'So happy she ', 'fear'],
        ],
    );
    assert.ok(rows.every(({ emotion, image_emotion, image }) => emotion && Boolean(image_emotion) === Boolean(image)));
    await page.getByRole('tab', { name: 'Browse' }).click();
    await page.locator('.filters').getByLabel('Labelled by you').check();
    await page.getByText('2 posts', { exact: true }).first().waitFor();
});

test('without images they are on the desk at once, feed the correction, and come back after a reload', async () => {
    const captions = Array.from({ length: 20 }, (_, index) => captionRow(`We won game number ${index}`));
    const page = await openDesk([...captions, captionRow('no such label', '')]);
    await page.getByRole('button', { name: 'Your labels from the page: 21' }).click();
    await isFinished(page);
    await page.locator('.problems summary').click();
    assert.deepEqual(await page.locator('.problems li').allInnerTexts(), [
        'Labels from the page 1 stored label cannot be used.',
    ]);
    await page.getByRole('tab', { name: 'Calibrate' }).click();
    await page.getByRole('button', { name: 'Fit to my 20 labels' }).click();
    await page.waitForSelector('.correction[data-state="fitted"]');

    await page.reload();
    await page.getByText('“Labels from the page”: all 20 posts are analysed, 20 labelled by you.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await isFinished(page);
    assert.deepEqual([...new Set((await exported(page)).map(({ hand_emotion }) => hand_emotion))], ['joy']);
});

test('a label whose image is not there is said, and appears when the image is opened', async () => {
    const folder = join(await temporaryFolder(), 'album');
    await mkdir(folder);
    await writeFile(join(folder, 'renamed.png'), MEADOW);
    const page = await openDesk([captionRow('We won!'), PICTURE]);
    await page.getByRole('button', { name: 'Your labels from the page: 2' }).click();
    await page.getByRole('button', { name: 'Put 1 post on the desk' }).click();
    await isFinished(page);
    await page.locator('.problems summary').click();
    assert.match(await page.locator('.problems li').innerText(), /^meadow\.png The page does not store images/);
    assert.equal((await exported(page)).length, 1);

    await page.getByRole('button', { name: 'Open something else' }).click();
    await page.locator('.source-panel input[webkitdirectory]').setInputFiles(folder);
    await isFinished(page);
    assert.deepEqual(
        (await exported(page)).map(({ id, hand_emotion }) => [id, hand_emotion]),
        [['renamed.png', 'trust']],
    );
});

test('they are offered only if there are any, and follow the page in another tab', async () => {
    const page = await openDesk([]);
    const offer = page.getByRole('button', { name: /^Your labels from the page/ });
    await page.getByRole('button', { name: 'Try with 20 sample posts' }).waitFor();
    assert.equal(await offer.count(), 0);
    const other = await /** @type {BrowserContext} */ (context).newPage();
    await other.goto(`${address}index.html?backend=cpu`);
    await other.evaluate(
        (stored) => localStorage.setItem('emofuse-labels', stored),
        JSON.stringify([captionRow('We won!')]),
    );
    await offer.waitFor();
    assert.equal(await offer.innerText(), 'Your labels from the page: 1');
});
