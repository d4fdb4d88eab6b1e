// The whole labelling desk, as a person uses it: a folder of five hundred images and a table of two thousand posts.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { makeFolder, makeTable } from './samples/make.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { address, drop, modelIsReady, openContext } from '../support/harness.mjs';
import { checkShortTurns, traced } from '../support/tasks.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */

const HAND_SET = 24;

/** @type {string} */
let root;
/** @type {import('./samples/make.mjs').MadeFolder} */
let folder;
/** @type {import('./samples/make.mjs').MadeTable} */
let table;

test.beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'emofuse-desk-'));
    folder = await makeFolder(join(root, 'holiday'));
    table = await makeTable(join(root, 'posts.csv'));
});
test.afterAll(() => rm(root, { recursive: true, force: true }));

/**
 * @param {BrowserContext} context
 * @param {string} [query]
 */
async function openDesk(context, query = '?backend=cpu') {
    const page = await context.newPage();
    await page.goto(`${address}desk.html${query}`);
    return page;
}

/**
 * @param {Page} page
 * @param {string} path
 */
const giveFolder = (page, path) => page.locator('.source-panel input[webkitdirectory]').setInputFiles(path);

/** @param {Page} page */
const isFinished = (page) => page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });

/** @param {Page} page */
const runText = (page) => page.locator('#run-text').innerText();

/**
 * @param {Page} page
 * @param {string} format Its name in the panel.
 */
async function save(page, format) {
    await page.getByRole('tab', { name: 'Export' }).click();
    await page.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save (?:\d|the run)/ }).click(),
    ]);
    const path = await download.path();
    return { path, name: download.suggestedFilename(), text: await readFile(path, 'utf8') };
}

test('a folder of five hundred images: a tab that crashes, what was saved, the list, a review by keyboard, a correction, a table that comes back', async () => {
    const context = await openContext('cpu', { acceptDownloads: true });
    const first = await openDesk(context);
    await giveFolder(first, join(root, 'holiday'));
    await first.waitForFunction(
        () => Number(/^Analysing: (\d+)/.exec(document.querySelector('#run-text')?.textContent ?? '')?.[1]) > 120,
    );
    const crashed = first.waitForEvent('crash');
    void first.goto('chrome://crash').catch(() => {});
    await crashed;
    await first.close();

    const page = await openDesk(context);
    await page.getByRole('heading', { name: 'Continue where you left off' }).waitFor();
    await page.getByText('“holiday”: ').waitFor();
    await page.getByText('Select the same source again to restore scores and your labels').waitFor();
    await giveFolder(page, join(root, 'holiday'));
    await isFinished(page);
    assert.equal(
        await runText(page),
        `${folder.images - folder.broken} of 500 posts are analysed, ${folder.broken} could not be analysed.`,
    );
    const known = Number(/(\d+) known from before/.exec(await page.locator('.run .hint').first().innerText())?.[1]);
    assert.ok(known >= 100, `${known} were known`);

    await page.locator('.problems summary').click();
    const problems = await page.locator('.problems li strong').allInnerTexts();
    assert.deepEqual(
        problems.sort(),
        [...folder.brokenPaths, ...folder.badSidecars].sort(),
        'each is listed, with its reason',
    );
    assert.ok(
        (await page.locator('.problems li').allInnerTexts()).every(
            (text, place) => text.length > (problems[place]?.length ?? 0) + 10,
        ),
    );

    // Browse
    await page.getByLabel('With an error').check();
    await page.getByText(`${folder.broken + folder.badSidecars.length} of 500 posts`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Find').fill('0007.png');
    await page.getByText('1 of 500 posts', { exact: true }).waitFor();
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.post-dialog .result[data-state="finished"]');
    assert.equal(await page.locator('.dialog-caption').innerText(), folder.captions['2024/spring/0007.png']);
    assert.ok(await page.locator('.post-dialog .lit canvas').isVisible(), 'what speaks for it in the image');
    assert.ok((await page.locator('.post-dialog .reasons-words').innerText()).length > 0, 'and in the words');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'list-scroller', 'the focus returns');
    await page.getByRole('button', { name: 'Show all' }).click();

    // Review, by keyboard alone
    await page.getByRole('tab', { name: 'Browse' }).focus();
    await page.keyboard.press('ArrowRight');
    await page
        .getByText(`1 of ${folder.images - folder.broken}`, { exact: false })
        .first()
        .waitFor();
    await page.locator('.check-post, .check').first().focus();
    for (let set = 0; set < HAND_SET; set++) await page.keyboard.press(String((set % 3) + 1));
    await page.keyboard.press('u');
    await page.keyboard.press(' ');
    await page
        .locator('.check-progress', { hasText: `${HAND_SET} labelled by you` })
        .first()
        .waitFor();

    // Calibrate
    await page.getByRole('tab', { name: 'Calibrate' }).click();
    await page.getByRole('button', { name: `Fit to my ${HAND_SET} labels` }).click();
    const inUse = page.getByRole('switch', { name: 'Use my correction' });
    await inUse.waitFor();
    assert.equal(await inUse.isChecked(), false, 'off until it is asked for');
    await inUse.check();
    await inUse.uncheck();

    // Save, and give the table back in a browser that knows nothing
    const saved = await save(page, 'CSV');
    const rows = rowsOf(saved.text);
    assert.equal(rows.length, 500);
    assert.equal(rows.filter(({ hand_emotion }) => hand_emotion).length, HAND_SET);
    assert.equal(rows.filter(({ emotion }) => emotion).length, folder.images - folder.broken);
    assert.equal(rows.filter(({ error }) => error).length, folder.broken + folder.badSidecars.length);
    for (const [path, caption] of Object.entries(folder.captions))
        assert.equal(rows.find(({ id }) => id === path)?.['caption'], caption);
    const manifest = JSON.parse((await save(page, 'Run manifest')).text);
    assert.deepEqual(
        [manifest.counts.posts, manifest.counts.read, manifest.counts.failed, manifest.counts.by_hand],
        [500, 480, 20, HAND_SET],
    );
    await context.close();

    const other = await openContext('cpu');
    const again = await openDesk(other);
    await again
        .locator('#choose-table')
        .setInputFiles({ name: 'holiday.csv', mimeType: 'text/csv', buffer: Buffer.from(saved.text) });
    await again.getByRole('button', { name: 'Choose the images’ folder' }).waitFor();
    await again.locator('.mapping-form').waitFor();
    await again.locator('.mapping-form input[webkitdirectory]').setInputFiles(join(root, 'holiday'));
    await again.getByRole('button', { name: 'Put 500 posts on the desk' }).click();
    await isFinished(again);
    const returned = rowsOf((await save(again, 'CSV')).text);
    const essence = (/** @type {Record<string, string>[]} */ table) =>
        table.map(({ id, caption, emotion, joy, hand_emotion }) => ({ id, caption, emotion, joy, hand_emotion }));
    assert.deepEqual(essence(returned), essence(rows));
    await other.close();
});

test('a table of two thousand posts: its columns, its images, its bad rows; pause, cancel and going on; every format', {
    tag: '@slow',
}, async () => {
    const context = await openContext('cpu', { acceptDownloads: true });
    const page = await openDesk(context);
    await page.locator('#choose-table').setInputFiles(join(root, 'posts.csv'));
    await page
        .getByText(`${table.rows.toLocaleString('en')} posts`, { exact: false })
        .first()
        .waitFor();
    assert.equal(await page.locator('.mapping-form tbody tr').count(), 5, 'five rows are shown');
    await page.locator('.mapping-form').waitFor();
    await page.locator('.mapping-form input[webkitdirectory]').setInputFiles(join(root, 'holiday'));
    await page.getByText(`${table.missing} images not found`, { exact: false }).waitFor();
    await page.getByRole('button', { name: `Put ${table.rows.toLocaleString('en')} posts on the desk` }).click();

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForSelector('.run[data-state="paused"]');
    assert.equal(
        await page.evaluate(() => document.activeElement?.textContent),
        'Continue',
        'the button that follows has the focus',
    );
    await page.waitForFunction(() =>
        /^Paused at \d+ of 2,000 posts/.test(document.querySelector('#run-text')?.textContent ?? ''),
    );
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForSelector('.run[data-state="running"]');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForSelector('.run[data-state="cancelled"]');
    await page.getByRole('button', { name: 'Analyse the rest' }).click();
    await isFinished(page);

    const rows = rowsOf((await save(page, 'CSV')).text);
    assert.equal(rows.length, table.rows);
    const missing = rows.filter(({ error }) => /is not in the folder/.test(error ?? ''));
    assert.equal(missing.length, table.missing);
    assert.equal(rows.filter(({ hand_emotion }) => hand_emotion).length, table.manualLabels);
    assert.deepEqual(Object.keys(rows[0] ?? {}).slice(-2), ['source', 'likes'], 'the table’s own columns come last');
    assert.ok(
        rows.some(({ caption }) => caption === '=HYPERLINK("https://example.org")'),
        'cells are written as they are',
    );
    const lines = (await save(page, 'JSON Lines')).text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    assert.deepEqual(
        lines.map(({ id }) => id),
        rows.map(({ id }) => id),
    );
    assert.ok(
        lines.some(({ caption }) => caption === '=HYPERLINK("https://example.org")'),
        'here it is what it is',
    );
    assert.equal(JSON.parse((await save(page, 'Label Studio')).text).length, table.rows);
    assert.equal(
        (await save(page, 'doccano')).text.trimEnd().split('\n').length,
        rows.filter(({ caption }) => caption).length,
    );
    const problems = await page.locator('.problems summary').innerText();
    assert.equal(Number(/\d+/.exec(problems)?.[0]), table.malformed + rows.filter(({ error }) => error).length);
    await context.close();
});

test('no task of the main thread is long while two thousand posts are read, listed and counted', {
    tag: ['@measures', '@slow'],
}, async () => {
    const context = await openContext('cpu');
    const page = await openDesk(context);
    await modelIsReady(page);
    const rows = Array.from({ length: 2000 }, (_, index) => `${index},what a day it was; number ${index}`);
    await page.locator('#choose-table').setInputFiles({
        name: 'posts.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`id,text\n${rows.join('\n')}\n`),
    });
    await page.getByRole('button', { name: 'Put 2,000 posts on the desk' }).waitFor();
    const { tasks_ms } = await traced(page, async () => {
        await page.getByRole('button', { name: 'Put 2,000 posts on the desk' }).click();
        await isFinished(page);
    });
    assert.ok(tasks_ms.length > 1000, 'they are seen');
    checkShortTurns(tasks_ms, 'two thousand posts');
    await context.close();
});

test('a folder that was dropped is opened again after a reload, without choosing it', async () => {
    const context = await openContext('cpu');
    const page = await openDesk(context);
    await drop(page, [join(root, 'holiday')]);
    await page.waitForFunction(
        () => Number(/^Analysing: (\d+)/.exec(document.querySelector('#run-text')?.textContent ?? '')?.[1]) > 20,
    );
    await page.reload();
    await page.locator('.last-session').getByRole('button', { name: 'Continue' }).click();
    await page.waitForSelector('.run[data-state="running"]');
    assert.equal(await page.locator('.collection-header h2').innerText(), 'holiday');
    await page.getByText('known from before', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Open something else' }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('Continue where you left off').waitFor({ state: 'hidden' }); // it is forgotten
    await page.reload();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    await modelIsReady(page);
    assert.equal(await page.getByRole('heading', { name: 'Continue where you left off' }).count(), 0);
    await context.close();
});

test('ten thousand images in a folder: the desk is used while they are analysed, and all are saved', {
    tag: '@slow',
}, async () => {
    const context = await openContext('cpu', { acceptDownloads: true });
    const page = await openDesk(context);
    // Three images under many names: each is opened and compared, and the model sees three.
    await page.evaluate(async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('archive', { create: true });
        const contents = await Promise.all(
            ['cat', 'coffee', 'rocket'].map(async (name) => (await fetch(`/samples/${name}.jpg`)).blob()),
        );
        for (let index = 0; index < 10_000; index++) {
            const name = `${String(index).padStart(4, '0')}.jpg`;
            const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
            await writable.write(contents[index % 3] ?? '');
            await writable.close();
        }
        Object.assign(globalThis, { showDirectoryPicker: async () => folder });
    });
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await page.getByText('10,000 posts', { exact: true }).first().waitFor();
    const elements = async () => (await page.locator('.list-item').count()) < 60;

    // While it runs
    await page.waitForFunction(() => /^Analysing: [1-9]/.test(document.querySelector('#run-text')?.textContent ?? ''));
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('End');
    await page.locator('.list-item', { hasText: '9999.jpg' }).waitFor();
    assert.ok(await elements(), 'a few dozen elements at the end');
    await page.getByLabel('Find').fill('777.jpg');
    await page.getByText('10 of 10,000 posts', { exact: true }).waitFor();
    await page.locator('.list-item', { hasText: '0777.jpg' }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();

    await isFinished(page);
    assert.equal(await runText(page), 'All 10,000 posts are analysed.');
    assert.match(await page.locator('.run .hint').first().innerText(), /9,997 with a repeated image, analysed once/);
    assert.ok(await elements(), 'a few dozen elements when all is done');
    const rows = rowsOf((await save(page, 'CSV')).text);
    assert.deepEqual([rows.length, rows.at(-1)?.['id']], [10_000, '9999.jpg']);
    assert.ok(rows.every(({ emotion, error }) => emotion && !error));
    await context.close();
});

test('a model that could not be fetched is loaded again, and what is on the desk is read then', async () => {
    const context = await openContext('cpu');
    const files = `${address}pkg/model/*`;
    await context.route(files, (route) => route.abort());
    const page = await openDesk(context);
    await page.waitForSelector('.engine[data-state="failed"]');
    await page
        .locator('#choose-table')
        .setInputFiles({ name: 'two.csv', mimeType: 'text/csv', buffer: Buffer.from('text\nWe won!\nI am afraid\n') });
    await page.getByRole('button', { name: 'Put 2 posts on the desk' }).click();
    await page.getByText('The analysis starts as soon as the model is loaded').waitFor();
    await page.waitForSelector('.engine[data-state="failed"]'); // putting posts on the desk has tried it once more
    await context.unroute(files);
    await page.locator('.engine').getByRole('button', { name: /again/i }).click();
    await isFinished(page);
    assert.equal(await runText(page), 'All 2 posts are analysed.');
    await context.close();
});

test('another model reads the posts again, and labels of yours stay', async () => {
    const context = await openContext('cpu');
    const page = await openDesk(context);
    const captions = ['We won!', 'I am afraid of the dark', 'He left without a word'];
    await page.locator('#choose-table').setInputFiles({
        name: 'three.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`text\n${captions.join('\n')}\n`),
    });
    await page.getByRole('button', { name: 'Put 3 posts on the desk' }).click();
    await isFinished(page);
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    await page.locator('.post-dialog').getByRole('button', { name: 'Trust' }).click();
    await page.keyboard.press('Escape');
    const labelled = page.locator('.switch', { hasText: 'Labelled by you' }).locator('.number');
    await labelled.filter({ hasText: /^1$/ }).waitFor();
    await page.locator('#backend').selectOption('auto'); // there is no WebGPU here, so the CPU it is again
    await modelIsReady(page);
    await isFinished(page);
    assert.equal(await labelled.innerText(), '1');
    await page.reload();
    await page.locator('#choose-table').setInputFiles({
        name: 'renamed.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`text\n${captions.toReversed().join('\n')}\n`),
    });
    await page.getByRole('button', { name: 'Put 3 posts on the desk' }).click();
    await isFinished(page);
    await page.getByText('3 known from before', { exact: false }).waitFor();
    await labelled.filter({ hasText: /^1$/ }).waitFor();
    await page.getByRole('button', { name: 'Delete stored data' }).click();
    await page.getByRole('button', { name: /^Really delete/ }).click();
    await page.getByText('Stored on this device: the scores of 0 posts and 0 labels of yours.').waitFor();
    await context.close();
});

test('a short run on WebGPU gives what the CPU gives', { tag: '@webgpu' }, async () => {
    const csv = Buffer.from('id,text,picture\na,We won!,\nb,I am afraid,2023/0000.png\nc,,2023/0003.png\n');
    const read = async (/** @type {'cpu' | 'webgpu'} */ backend) => {
        const context = await openContext(backend, { acceptDownloads: true });
        const page = await openDesk(context, `?backend=${backend}`);
        await page.locator('#choose-table').setInputFiles({ name: 'few.csv', mimeType: 'text/csv', buffer: csv });
        await page.locator('.mapping-form').waitFor();
        await page.locator('.mapping-form input[webkitdirectory]').setInputFiles(join(root, 'holiday'));
        await page.getByRole('button', { name: 'Put 3 posts on the desk' }).click();
        await page.waitForSelector('.run[data-state="finished"]', { timeout: 900_000 });
        const rows = rowsOf((await save(page, 'CSV')).text);
        await context.close();
        return rows;
    };
    const [cpu, webgpu] = [await read('cpu'), await read('webgpu')];
    assert.deepEqual(
        webgpu.map(({ backend }) => backend),
        ['webgpu', 'webgpu', 'webgpu'],
    );
    for (const [place, row] of cpu.entries()) {
        for (const name of ['joy', 'fear', 'neutral', 'confidence'])
            assert.ok(Math.abs(Number(row[name]) - Number(webgpu[place]?.[name])) < 2e-3, `${row['id']} ${name}`);
    }
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing on the desk, ${colorScheme}, ${device}`, async () => {
            const context = await openContext('cpu', { colorScheme, viewport, reducedMotion: 'reduce' });
            const page = await openDesk(context);
            const check = async (/** @type {string} */ state) => {
                await checkWithAxe(page, state);
                const overflow = await page.evaluate(
                    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
                );
                assert.equal(overflow, 0, `nothing is wider than the screen: ${state}`);
            };
            await check('empty');
            await page.locator('#choose-table').setInputFiles({
                name: 'few.csv',
                mimeType: 'text/csv',
                buffer: Buffer.from(
                    'id,text,picture\na,We won!,\nb,I am afraid,2023/0000.png\nc,,2023/0003.png\nd,,no.png\n',
                ),
            });
            await page.getByRole('button', { name: 'Choose the images’ folder' }).waitFor();
            await check('columns');
            await page.locator('.mapping-form').waitFor();
            await page.locator('.mapping-form input[webkitdirectory]').setInputFiles(join(root, 'holiday'));
            await page.getByRole('button', { name: 'Put 4 posts on the desk' }).click();
            await isFinished(page);
            await page.locator('.problems summary').click();
            await check('read');
            await page.locator('.browse .list-scroller').focus();
            await page.keyboard.press('ArrowDown');
            await page.keyboard.press('Enter');
            await page.waitForSelector('.post-dialog .result[data-state="finished"]');
            await check('one post');
            await page.keyboard.press('Escape');
            for (const tab of ['Review', 'Blind test', 'Calibrate', 'Train', 'Export']) {
                await page.getByRole('tab', { name: tab }).click();
                await check(tab);
            }
            await context.close();
        });
    }
}
