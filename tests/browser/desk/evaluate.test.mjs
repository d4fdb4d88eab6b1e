// A table that brings labels: the model is evaluated against them, and they stay as they are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { agreement, cohensKappa, confusion, macroF1 } from '../../../www/desk/review/agreement.js';
import { rowsOf } from '../../support/csv.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { address, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */

const EMOTIONS = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'];

/** Captions with labels, some of them as the model would never have them; the last has none. */
const POSTS = [
    ['We won!!! Best day of my life', 'joy'],
    ['So happy to see all my friends again', 'joy'],
    ['I am afraid of the dark', 'fear'],
    ['Someone followed me home and I am still shaking', 'fear'],
    ['He left without a word. I miss him so much', 'sadness'],
    ['I cried all night, everything is lost', 'anger'],
    ['I am furious, they lied to us again', 'anger'],
    ['What a wonderful morning, I love this', 'disgust'],
    ['The shop opens at nine and closes at six', 'neutral'],
    ['We won again', ''],
];

const CSV = Buffer.from(`text,mood\n${POSTS.map(([caption, label]) => `"${caption}",${label}`).join('\n')}\n`);

/**
 * Puts the table on the desk, with its labels, and waits until all is analysed.
 *
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openTable(options = {}) {
    const context = await openContext('cpu', { acceptDownloads: true, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(300_000);
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    await page.locator('#choose-table').setInputFiles({ name: 'moods.csv', mimeType: 'text/csv', buffer: CSV });
    await page.locator('.mapping-form').waitFor();
    await page.locator('#column-manualLabel').selectOption({ label: 'mood' });
    await page.getByRole('button', { name: `Put ${POSTS.length} posts on the desk` }).click();
    await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
    await page.getByText('All 9 labels of your table are compared').waitFor();
    return { context, page };
}

/** @param {Page} page */
async function exported(page) {
    await page.getByRole('tab', { name: 'Export' }).click();
    await page.getByRole('radio', { name: /^CSV/ }).check();
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save \d/ }).click(),
    ]);
    return rowsOf(await readFile(await download.path(), 'utf8'));
}

test('accuracy, macro-F1, kappa and confusion are those of the exported labels, and disagreements come first', async () => {
    const { context, page } = await openTable();
    assert.equal(await page.getByRole('tab', { name: 'Evaluate' }).getAttribute('aria-selected'), 'true');
    const figures = await page.$$eval('.evaluation .agreement-figure', (boxes) =>
        boxes.map((box) => [box.querySelector('dt')?.textContent, box.querySelector('.agreement-value')?.textContent]),
    );
    const cells = await page.$$eval('.evaluation .confusion tbody tr', (rows) =>
        rows.map((row) => [...row.querySelectorAll('td:not(.sum)')].map((cell) => Number(cell.textContent))),
    );
    const listed = await page
        .locator('.disagreement-row:not([hidden])')
        .evaluateAll((rows) =>
            rows
                .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
                .map((row) => [
                    row.querySelector('.post-caption')?.textContent ?? '',
                    ...[...row.querySelectorAll('.said')].map((said) => said.textContent),
                    Number.parseInt(row.querySelector('.number')?.textContent ?? '', 10),
                ]),
        );
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as JSON' }).click();
    const file = JSON.parse(await readFile(await (await downloading).path(), 'utf8'));

    const rows = await exported(page);
    assert.deepEqual(
        rows.map(({ hand_emotion }) => hand_emotion),
        POSTS.map(([, label]) => label),
        'the labels are as they were',
    );
    const pairs = rows
        .filter(({ hand_emotion }) => hand_emotion)
        .map(({ hand_emotion = '', emotion = '' }) => ({ manual: hand_emotion, predicted: emotion }));
    const matrix = confusion(pairs, EMOTIONS);
    const kappa = cohensKappa(matrix);
    assert.deepEqual(cells, matrix);
    assert.deepEqual(figures.slice(0, 3), [
        ['Accuracy', `${Math.round(100 * agreement(pairs).share)}\u00a0%`],
        ['Macro-F1', macroF1(matrix).toFixed(2)],
        ['Cohen’s kappa', kappa.kappa?.toFixed(2).replace('-', '\u2212')],
    ]);
    const expected = rows
        .filter(({ hand_emotion, emotion }) => hand_emotion && hand_emotion !== emotion)
        .sort((one, other) => Number(other['confidence']) - Number(one['confidence']))
        .map(({ caption, hand_emotion, emotion, confidence }) => [
            caption,
            `You: ${hand_emotion}`,
            `Model: ${emotion}`,
            Math.round(100 * Number(confidence)),
        ]);
    assert.ok(expected.length >= 2, 'there are some');
    assert.deepEqual(listed, expected);
    assert.deepEqual(
        [file.format, file.n, file.labelled, file.matrix, file.kappa.kappa, file.disagreements.length],
        ['emofuse-evaluation', 9, 9, matrix, kappa.kappa, expected.length],
    );
    await context.close();
});

test('no label of the table is replaced without a question: beside the post, in a review, in a blind test, in bulk', async () => {
    const { context, page } = await openTable();
    const isKept = async (/** @type {string} */ what) => {
        const rows = await exported(page);
        assert.deepEqual(
            rows.slice(0, 9).map(({ hand_emotion }) => hand_emotion),
            POSTS.slice(0, 9).map(([, label]) => label),
            what,
        );
    };
    await page.locator('.disagreement-row').first().click();
    await page.locator('.post-dialog').getByRole('button', { name: 'Anticipation' }).click();
    await page.getByText('Replace the label from your table?').waitFor();
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.keyboard.press('Escape');
    await isKept('beside the post');

    await page.getByRole('tab', { name: 'Review' }).click();
    await page.getByText('1 of 1, 0 labelled by you').waitFor(); // only the one without a label
    await page.getByLabel('Include labelled').check();
    await page.focus('.review .check-post');
    for (let place = 0; place < POSTS.length; place++) await page.keyboard.press('ArrowLeft'); // to one of the table's
    await page.keyboard.press('8');
    await page.getByRole('button', { name: 'Keep' }).click();
    await isKept('in the review');

    await page.getByRole('tab', { name: 'Blind test' }).click();
    await page.getByRole('button', { name: 'Draw the sample' }).click();
    for (let place = 0; place < POSTS.length; place++) await page.keyboard.press('8');
    await page.getByText(`You set ${POSTS.length} labels without seeing the model’s.`).waitFor();
    await isKept('in a blind test');

    await page.getByRole('tab', { name: 'Browse' }).click();
    await page.getByRole('button', { name: `Select all ${POSTS.length}` }).click();
    await page.keyboard.press('4');
    await page.getByText('already have other labels').waitFor();
    await page.getByRole('button', { name: 'Keep' }).click();
    await isKept('in bulk');
    await context.close();
});

test('a desk without labels of a table has no evaluation', async () => {
    const context = await openContext('cpu');
    context.setDefaultTimeout(300_000);
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    await page
        .locator('#choose-table')
        .setInputFiles({ name: 'one.csv', mimeType: 'text/csv', buffer: Buffer.from('text\nWe won!\n') });
    await page.getByRole('button', { name: 'Put 1 post on the desk' }).click();
    await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
    assert.deepEqual(await page.getByRole('tab').allInnerTexts(), [
        'Browse',
        'Review',
        'Blind test',
        'Calibrate',
        'Train',
        'Export',
    ]);
    await context.close();
});

for (const [colorScheme, viewport] of /** @type {const} */ ([
    ['light', { width: 390, height: 844 }],
    ['dark', { width: 1440, height: 900 }],
])) {
    test(`axe finds nothing in the evaluation, and no tab is cut, ${colorScheme}, ${viewport.width} wide`, async () => {
        const { context, page } = await openTable({ colorScheme, viewport });
        await checkWithAxe(page, 'evaluation');
        const cut = await page.$$eval('[role="tab"]', (tabs) =>
            tabs
                .filter((tab) => {
                    const { left, right } = tab.getBoundingClientRect();
                    return left < 0 || right > innerWidth || tab.scrollWidth > tab.clientWidth;
                })
                .map((tab) => tab.textContent),
        );
        assert.deepEqual(cut, []);
        assert.equal(
            await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
            0,
        );
        await page.locator('.disagreement-row').first().click();
        await page.locator('.post-dialog').getByRole('button', { name: 'Anticipation' }).click();
        await page.getByText('Replace the label from your table?').waitFor();
        await checkWithAxe(page, 'question');
        await context.close();
    });
}
