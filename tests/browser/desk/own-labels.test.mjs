// A labelling project with labels of one's own: without a model, from the first label to the files for training.
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { address, modelIsReady, openBlank, openContext } from '../support/harness.mjs';
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
 * @param {string} [query]
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openDesk(query = '?labels=own', options = {}) {
    context = await openContext('cpu', { acceptDownloads: true, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(`${address}desk.html${query}`);
    return page;
}

/** A folder with three photos, one of them without a caption. */
async function makePhotos() {
    const folder = join(await temporaryFolder(), 'photos');
    await mkdir(folder);
    for (const name of ['cat', 'coffee', 'rocket'])
        await copyFile(join(PHOTOS, `${name}.jpg`), join(folder, `${name}.jpg`));
    await writeFile(join(folder, 'cat.txt'), 'She jumped');
    await writeFile(join(folder, 'rocket.txt'), 'Three, two, one');
    return folder;
}

/**
 * @param {Page} page
 * @param {string} text Labels, one a line.
 */
async function useLabels(page, text) {
    await page.getByLabel('Labels, one on each line').fill(text);
    await page.getByRole('button', { name: /^Use these/ }).click();
}

/**
 * @param {Page} page
 * @param {string} folder
 */
async function giveFolder(page, folder) {
    await page.locator('.source-panel input[webkitdirectory]').setInputFiles(folder);
    await page.waitForSelector('.run[data-state="finished"]');
}

/**
 * @param {Page} page
 * @param {number} rows
 */
async function giveCaptions(page, rows) {
    const path = join(await temporaryFolder(), 'captions.csv');
    const lines = Array.from({ length: rows }, (_, index) => `caption number ${index + 1}\n`);
    await writeFile(path, `caption\n${lines.join('')}`);
    await page.locator('#choose-table').setInputFiles(path);
    await page.getByRole('button', { name: /^Put \d+ posts? on the desk/ }).click();
    await page.waitForSelector('.run[data-state="finished"]');
}

/**
 * @param {Page} page
 * @param {string | RegExp} button
 */
async function download(page, button) {
    const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
    ]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/**
 * Waits until the list shows these labels.
 *
 * @param {Page} page
 * @param {string[]} labels
 * @param {string} [why]
 */
async function showsLabels(page, labels, why) {
    const shown = () => page.locator('.browse .post-label:visible .label > span:nth-child(2)').allInnerTexts();
    await expect.poll(shown, { message: why ?? '', timeout: 10_000 }).toEqual(labels);
}

test('posts are labelled without a model, by keys, and the labels and the files for training are there', async () => {
    context = await openContext('cpu', { acceptDownloads: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    /** @type {string[]} */
    const fetched = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await page.goto(`${address}desk.html?labels=own`);
    await page.getByRole('heading', { name: 'Your own labels' }).waitFor();
    assert.ok(await page.locator('.source-panel').isHidden(), 'labels come first');

    await page.getByRole('button', { name: 'Use these labels' }).click();
    await page.getByText('Enter at least two labels.').waitFor();
    await page.getByLabel('Labels, one on each line').fill('calm\nwild\nCALM');
    await page.getByRole('button', { name: 'Use these 2 labels' }).click();
    await page.getByText('“CALM” is there twice. Remove one of them.').waitFor();
    await page.getByLabel('Labels, one on each line').fill('calm #2f7fd1\nwild\nneither of them');
    await page.getByLabel('Label for “none of these”').selectOption('neither of them');
    assert.equal(await page.getByLabel('Colour of calm').inputValue(), '#2f7fd1');
    await page.getByRole('button', { name: 'Use these 3 labels' }).click();
    await expect(page.locator('.label-names li')).toHaveText(['calm', 'wild', 'neither of them']);

    const folder = await makePhotos();
    await giveFolder(page, folder);
    assert.equal(await page.innerText('#run-text'), 'All 3 posts are ready to be labelled.');
    for (const tab of ['Evaluate', 'Blind test', 'Calibrate'])
        assert.ok(await page.getByRole('tab', { name: tab, includeHidden: true }).isHidden(), tab);
    await showsLabels(page, ['No label', 'No label', 'No label']);
    assert.ok(await page.locator('.engine').isHidden(), 'nothing is said of a model');

    await page.getByRole('tab', { name: 'Review' }).click();
    await page.getByText('1 of 3, 0 labelled by you').waitFor();
    assert.equal(await page.locator('.review .check-caption').innerText(), 'She jumped');
    assert.ok(await page.getByRole('button', { name: /^Accept/ }).isHidden());
    assert.deepEqual(await page.locator('.review .emotion-keys kbd').allInnerTexts(), ['1', '2', '0']);
    await page.keyboard.press('2');
    await page.keyboard.press('0');
    await page.keyboard.press('9'); // no label has it
    await page.getByText('3 of 3, 2 labelled by you').waitFor();
    await page.keyboard.press('1');
    await page.getByText('Everything is labelled.', { exact: true }).waitFor();
    await page.keyboard.press('u');
    await page.keyboard.press('2');
    await page.getByText('Everything is labelled.', { exact: true }).waitFor();
    await page.keyboard.press('Escape');

    await showsLabels(page, ['Wild', 'Neither of them', 'Wild']);
    assert.deepEqual(await page.locator('.bars .number').allInnerTexts(), ['0', '2', '1']);
    await page.locator('.bars').getByRole('button', { name: 'Wild' }).click();
    await page.getByText('2 of 3 posts', { exact: true }).waitFor();
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('.post-dialog');
    await dialog.locator('.check-image img').waitFor();
    assert.equal(await dialog.locator('.check-caption').innerText(), 'She jumped');
    await dialog.locator('.emotion-keys').getByRole('button', { name: 'Calm' }).click();
    await dialog.getByText('Labelled by you: calm.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Show all' }).click();

    await page.getByRole('tab', { name: 'Export' }).click();
    await page.getByRole('radio', { name: /^Training/ }).check();
    const table = await download(page, 'Save 3 posts');
    assert.equal(table.name, 'photos-train.csv');
    const rows = rowsOf(table.text);
    assert.deepEqual(
        rows.map(({ image, caption, label }) => [image, caption, label]),
        [
            ['cat.jpg', 'She jumped', 'calm'],
            ['coffee.jpg', '', 'neither of them'],
            ['rocket.jpg', 'Three, two, one', 'wild'],
        ],
    );
    const recipe = await download(page, 'Save the recipe');
    assert.equal(recipe.name, 'recipe.toml');
    assert.match(
        recipe.text,
        /^labels = \{ names = \["calm", "wild", "neither of them"\], none = "neither of them" \}$/m,
    );
    assert.match(recipe.text, /path = "photos-train\.csv"/);
    await page.getByRole('radio', { name: /^Label Studio/ }).check();
    const studio = await download(page, 'Save the labelling configuration');
    assert.match(studio.text, /<Choice value="neither of them" hotkey="0"\/>/);
    await page.getByRole('radio', { name: /^CSV/ }).check();
    const saved = await download(page, 'Save 3 posts');
    assert.deepEqual(
        rowsOf(saved.text).map(({ hand_emotion, emotion }) => [hand_emotion, emotion]),
        [
            ['calm', ''],
            ['neither of them', ''],
            ['wild', ''],
        ],
    );
    assert.deepEqual(
        fetched.filter((path) => /\.emofuse$|^\/pkg\/.*\.wasm$/.test(path)),
        [],
        'no model and no program for one',
    );

    // The next visit
    await page.reload();
    await page.getByText('“photos”: 3 posts with your own labels, 3 labelled by you').waitFor();
    await expect(page.locator('.label-names li')).toHaveText(['calm', 'wild', 'neither of them']);
    await giveFolder(page, folder);
    await showsLabels(page, ['Calm', 'Neither of them', 'Wild']);

    // Labels change; a label that is no longer in use is shown and kept.
    await page.getByRole('button', { name: 'Change the labels' }).click();
    const form = page.getByRole('dialog', { name: 'Change the labels' });
    await form.getByLabel('Labels, one on each line').fill('wild\nodd\nneither of them');
    await form.getByRole('button', { name: 'Use these 3 labels' }).click();
    await page.waitForSelector('.run[data-state="finished"]');
    await showsLabels(page, ['Calm', 'Neither of them', 'Wild']);
    const other = page.locator('.bars .other-label');
    assert.equal(await other.innerText().then((text) => text.replace(/\s+/g, ' ')), 'Calm 1');
    assert.equal(await other.getAttribute('title'), 'calm: none of the labels in use');
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    assert.equal(await dialog.locator('.emotion-keys .other-label').innerText(), 'Calm');
    assert.equal(await dialog.locator('.emotion-keys .other-label').getAttribute('aria-pressed'), 'true');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.reload();
    await giveFolder(page, folder);
    await showsLabels(page, ['Calm', 'Neither of them', 'Wild'], 'after a reload, too');
});

test('the start of the desk offers labels of one’s own, ready-made sets, and the way back to the model', async () => {
    const page = await openDesk('?backend=cpu');
    await page.getByText('The model’s labels: joy, trust, fear, surprise and 5 more.').waitFor();
    await page.getByRole('button', { name: 'Use your own labels' }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Your own labels');
    for (const [set, names] of /** @type {const} */ ([
        ['Mikels’ eight emotions', 8],
        ['Plutchik’s eight emotions, and neutral', 9],
        ['Ekman’s six emotions, and neutral', 7],
        ['Positive, neutral, negative', 3],
    ])) {
        await page.getByLabel('Start from').selectOption(set);
        await page.getByRole('button', { name: `Use these ${names} labels` }).waitFor();
    }
    assert.equal(await page.getByLabel('Colour of positive').inputValue(), '#3f9b46');
    await page.getByRole('button', { name: 'Use these 3 labels' }).click();
    assert.match(page.url(), /[?&]labels=own/);
    await giveCaptions(page, 2);
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.getByText('1 of 2').first().waitFor();
    await page.keyboard.press('3');
    await page.getByText('2 of 2, 1 labelled by you').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open something else' }).click();

    await page.getByRole('button', { name: 'Use the model’s labels' }).click();
    assert.doesNotMatch(page.url(), /labels=own/);
    await modelIsReady(page);
    await giveCaptions(page, 2);
    await page.getByText('All 2 posts are analysed.').waitFor();
    assert.ok(
        (await page.locator('.browse .mark').allInnerTexts()).every((mark) => !/labelled by you/.test(mark)),
        'the project’s labels are its own',
    );
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.getByText('1 of 2').first().waitFor();
    await page.keyboard.press('1');
    await page.getByText('2 of 2, 1 labelled by you').waitFor();

    await page.goto(`${address}desk.html?labels=own`);
    await giveCaptions(page, 2);
    await showsLabels(page, ['Negative', 'No label'], 'and they are still there');
});

test('a collection brings the labels that it was labelled with', async () => {
    const page = await openDesk();
    const folder = await makePhotos();
    await useLabels(page, 'calm\nwild');
    await giveFolder(page, folder);
    await page.getByRole('button', { name: 'Open something else' }).click();
    await page.getByRole('button', { name: 'Change the labels' }).click();
    await useLabels(page, 'ad\nno ad');
    await giveCaptions(page, 2);
    await page.reload();
    await expect(page.locator('.label-names li')).toHaveText(['ad', 'no ad']);
    await giveFolder(page, folder);
    assert.deepEqual((await page.locator('.bars .bar-button > span:first-child').allInnerTexts()).slice(0, 2), [
        'Calm',
        'Wild',
    ]);
});

test('64 labels in groups: letters, a field that finds one, and a table with labels of other names', async () => {
    const page = await openDesk();
    const groups = ['First', 'Second'].map(
        (group, half) =>
            `${group}:\n${Array.from({ length: 32 }, (_, index) => `label ${32 * half + index + 1}`).join('\n')}`,
    );
    await useLabels(page, groups.join('\n'));
    const path = join(await temporaryFolder(), 'posts.csv');
    await writeFile(path, 'caption,hand_emotion\none,\ntwo,LABEL 7\nthree,bliss\nfour,\nfive,\n');
    await page.locator('#choose-table').setInputFiles(path);
    await page
        .getByText('“bliss” is none of the labels in use. It stays with the post.')
        .waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Put 5 posts on the desk' }).click();
    await page.waitForSelector('.run[data-state="finished"]');
    await showsLabels(page, ['No label', 'Label 7', 'Bliss', 'No label', 'No label']);
    assert.deepEqual(await page.locator('.bars .label-group').allInnerTexts(), ['First', 'Second']);
    assert.equal(await page.locator('.bars .bar-button').count(), 65);

    await page.getByRole('tab', { name: 'Review' }).click();
    await page.getByText('1 of 3, 0 labelled by you').waitFor();
    await page.keyboard.press('y'); // the 29th and last key
    await page.keyboard.press('/');
    const search = page.locator('.review .label-search');
    assert.ok(await search.evaluate((field) => field === document.activeElement));
    await page.keyboard.type('64');
    assert.equal(await page.locator('.review .emotion-keys button:visible').count(), 1);
    await page.keyboard.press('Enter');
    await page.getByText('3 of 3, 2 labelled by you').waitFor();
    await page.keyboard.type('5'); // also in the names of others: the number of its place counts
    await page.keyboard.press('Enter');
    await page.getByText('Everything is labelled.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back to the posts' }).click();
    await showsLabels(page, ['Label 29', 'Label 7', 'Bliss', 'Label 64', 'Label 5']);

    // Several at once
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Control+a');
    await page.getByText('5 selected').waitFor();
    await page.locator('.selection-bar .label-search').fill('label 40');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Label all 5 label 40' }).click();
    await page.getByText('5 posts labelled label 40.').waitFor();
    await checkWithAxe(page, '64 labels');
    await showsLabels(
        page,
        Array.from({ length: 5 }, () => 'Label 40'),
    );
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await showsLabels(page, ['Label 29', 'Label 7', 'Bliss', 'Label 64', 'Label 5']);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark']))
    for (const width of [390, 820, 1440])
        test(`the labels fit a screen ${width} pixels wide, ${colorScheme}, and axe finds nothing`, async () => {
            const page = await openDesk('?labels=own', { colorScheme, viewport: { width, height: 900 } });
            const fits = async (/** @type {string} */ state) => {
                const wide = await page.evaluate(
                    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
                );
                assert.equal(wide, 0, state);
                await checkWithAxe(page, `${state}, ${width}, ${colorScheme}`);
            };
            await page.getByLabel('Start from').selectOption('Mikels’ eight emotions');
            await fits('the form');
            await page.getByLabel('Labels, one on each line').fill('one');
            await page.getByRole('button', { name: /^Use these/ }).click();
            await page.getByText('Enter at least two labels.').waitFor();
            await fits('a mistake');
            await useLabels(page, 'a label that is rather long for a button\nanother\nthird\nfourth\nfifth');
            await fits('the start');
            await giveCaptions(page, 3);
            await fits('the list');
            await page.getByRole('button', { name: 'Change the labels' }).click();
            await page.getByRole('dialog', { name: 'Change the labels' }).waitFor();
            await fits('the dialog');
            await page.keyboard.press('Escape');
            await page.getByRole('tab', { name: 'Review' }).click();
            await page.getByText('1 of 3').first().waitFor();
            await fits('the review');
            await page.getByRole('tab', { name: 'Export' }).click();
            await page.getByRole('radio', { name: /^Training/ }).check();
            await fits('the export');
        });

test('results of a model with other labels have bars in the labels’ colours, and Plutchik’s have the wheel', async () => {
    context = await openContext('cpu');
    const page = await openBlank(context);
    await page.addStyleTag({ url: `${address}shared/style.css` });
    const shown = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { LabelSet, PLUTCHIK, useLabels } = await load('/shared/labels.js');
        const { ResultView } = await load('/shared/result-view.js');
        const { OwnLabel } = await load('/page/own-label.js');
        const { imageCard } = await load('/page/image-card.js');
        const look = async (/** @type {string[]} */ names, /** @type {object} */ labels) => {
            useLabels(labels);
            document.body.replaceChildren();
            const view = new ResultView(document.createElement('section'));
            const own = new OwnLabel();
            document.body.append(view.container, own.container);
            const scores = Object.fromEntries(names.map((name, place) => [name, place === 0 ? 0.6 : 0.1]));
            const result = {
                ...{ emotion: names[0], confidence: 0.6, secondary: null, scores, image: null, caption: scores },
                ...{ agreement: null, uncertain: false, uncertain_because: [], backend: 'cpu', backendReason: '' },
                ...{
                    model: { id: 'm', sha256: 'a' },
                    timings_ms: { decode: 0, picture: 0, caption: 1, model: 1, total: 2 },
                },
            };
            const post = { image: null, caption: 'hello' };
            view.show(result, post);
            own.show(result, post);
            const isVisible = (/** @type {string} */ selector) =>
                (document.querySelector(selector)?.getBoundingClientRect().height ?? 0) > 20;
            const colours = [...document.querySelectorAll('.scores tbody tr')].map((row) =>
                getComputedStyle(row).getPropertyValue('--emotion').trim(),
            );
            return {
                hasWheel: isVisible('.wheel'),
                hasBars: isVisible('.scores'),
                headline: document.querySelector('.headline')?.textContent,
                rows: [...document.querySelectorAll('.scores tbody th')].map(({ textContent }) => textContent),
                options: [...document.querySelectorAll('#own-label option')].map(({ textContent }) => textContent),
                colours,
                card: (await imageCard(result, post)).size > 1000,
            };
        };
        const others = ['positive', 'card hidden', 'joy'];
        const given = [{ name: 'positive', colour: '#112233' }, 'card hidden', 'joy'];
        return [await look(others, new LabelSet(given)), await look(PLUTCHIK, new LabelSet(PLUTCHIK, 'neutral'))];
    });
    const [others, plutchik] = shown;
    assert.deepEqual(
        [others?.hasWheel, others?.hasBars, others?.headline, others?.rows, others?.card],
        [false, true, 'Positive', ['positive', 'card hidden', 'joy'], true],
    );
    assert.equal(others?.colours[0], '#112233');
    assert.equal(new Set(others?.colours).size, 3);
    assert.deepEqual(others?.options, ['Choose a label', 'positive', 'card hidden', 'joy']);
    assert.deepEqual([plutchik?.hasWheel, plutchik?.headline, plutchik?.options.length], [true, 'Joy', 10]);
    assert.equal(plutchik?.colours[0], '#f2c200');
});
