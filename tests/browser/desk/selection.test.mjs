// Several posts at once: selected by pointer and by keyboard, labelled together, and similar images as one.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { address, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */

/** @param {import('playwright-core').BrowserContextOptions} [options] */
async function openSamples(options = {}) {
    const context = await openContext('cpu', {
        viewport: { width: 1440, height: 900 },
        acceptDownloads: true,
        reducedMotion: 'reduce',
        ...options,
    });
    context.setDefaultTimeout(300_000);
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    await page.getByRole('button', { name: 'Try with 20 sample posts' }).click();
    await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
    return { context, page };
}

/**
 * The row of a post.
 *
 * @param {Page} page
 * @param {number} number
 */
const row = (page, number) =>
    page.locator('.list-item:not([hidden])', { hasText: `sample ${String(number).padStart(2, '0')}` });

/**
 * Which posts have which label of the person's, in the CSV.
 *
 * @param {Page} page
 */
async function labels(page) {
    await page.getByRole('tab', { name: 'Export' }).click();
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save 20 posts' }).click(),
    ]);
    await page.getByRole('tab', { name: 'Browse' }).click();
    const rows = rowsOf(await readFile(await download.path(), 'utf8'));
    return Object.fromEntries(
        rows.flatMap(({ id = '', hand_emotion }) => (hand_emotion ? [[Number(id.slice(7)), hand_emotion]] : [])),
    );
}

test('posts are selected with clicks, Ctrl, Shift and all at once, labelled together, and it is undone as a whole', async () => {
    const { context, page } = await openSamples();
    const selected = (/** @type {number} */ count) => page.getByText(`${count} selected`, { exact: true }).waitFor();
    const bar = page.locator('.selection-bar');
    await row(page, 2).locator('.pick').click();
    await selected(1);
    await row(page, 4).click({ modifiers: ['Control'] });
    await selected(2);
    assert.equal(await row(page, 4).getAttribute('aria-selected'), 'true');
    assert.equal(await row(page, 3).getAttribute('aria-selected'), 'false');
    await row(page, 7).click({ modifiers: ['Shift'] });
    await selected(5); // 2, and 4 to 7
    await checkWithAxe(page, 'selection');
    await row(page, 5).locator('.pick').click();
    await selected(4);
    await bar.getByRole('button', { name: 'Trust' }).click();
    await page.getByText('4 posts labelled trust.').waitFor();
    assert.deepEqual(await labels(page), { 2: 'trust', 4: 'trust', 6: 'trust', 7: 'trust' });

    // Those that the filter shows, by keyboard.
    await page.locator('.filters').getByLabel('Labelled by you').check();
    await page.getByText('4 of 20 posts', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Find').fill('sample 1');
    await page.getByText('10 of 20 posts', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Select all 10' }).click();
    await selected(10);
    await page.keyboard.press('5');
    await page.getByText('10 posts labelled sadness.').waitFor();
    const sad = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 10, 'sadness']));
    assert.deepEqual(await labels(page), { 2: 'trust', 4: 'trust', 6: 'trust', 7: 'trust', ...sad });
    await bar.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.', { exact: true }).waitFor();
    assert.deepEqual(await labels(page), { 2: 'trust', 4: 'trust', 6: 'trust', 7: 'trust' });

    // By keyboard alone, where some are labelled already.
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator('.browse .list-scroller').focus();
    for (const key of ['Home', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown'])
        await page.keyboard.press(key);
    await selected(4);
    await page.keyboard.press('1');
    await page.getByText('2 of these 4 posts already have other labels.').waitFor();
    await checkWithAxe(page, 'question');
    await page.getByRole('button', { name: 'Label the 2 without a label joy' }).click();
    await page.getByText('2 posts labelled joy.').waitFor();
    assert.deepEqual(await labels(page), { 1: 'joy', 2: 'trust', 3: 'joy', 4: 'trust', 6: 'trust', 7: 'trust' });
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Control+a');
    await selected(20);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.picked').count(), 0);
    await page.keyboard.press('Control+a');
    await bar.getByRole('button', { name: 'Remove labels' }).click();
    await page.getByText('Labels of 6 posts removed.').waitFor();
    assert.deepEqual(await labels(page), {});
    await context.close();
});

test('similar images with the same caption are one row, and are labelled together', async () => {
    const { context, page } = await openSamples({ viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Tiles' }).click();
    await page.getByRole('button', { name: 'Group similar images' }).click();
    await page.getByRole('button', { name: '1 group · Ungroup' }).waitFor();
    // Two crops of one photograph without a caption; the third has a caption of its own.
    const tile = page.locator('.tile:not([hidden])', { hasText: 'and 1 similar' });
    await page.locator('.browse .list-scroller').focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowRight');
    await tile.waitFor();
    await checkWithAxe(page, 'groups');
    await tile.locator('.pick').click();
    await page.getByText('2 selected', { exact: true }).waitFor();
    await page.locator('.selection-bar').getByRole('button', { name: 'Neutral' }).click();
    await page.getByText('2 posts labelled neutral.').waitFor();
    assert.deepEqual(await labels(page), { 8: 'neutral', 9: 'neutral' });
    await page.getByRole('button', { name: '1 group · Ungroup' }).click();
    await page.getByRole('button', { name: 'Group similar images' }).waitFor();
    assert.equal(await page.locator('.post-group:not(:empty)').count(), 0);
    await context.close();
});
