// The panels of the desk's ways in and out, in each of their states.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { makeFolder, makeTable } from './samples/make.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { openPanels, temporaryFolder } from './panels.mjs';
import { drop, openContext, tabTo } from '../support/harness.mjs';
import { SCREENS, isInView } from '../support/viewport.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/**
 * @typedef {object} Desk
 * @property {typeof import('../../../www/desk/intake/index.js')} sources
 * @property {typeof import('../../../www/desk/collection.js')} collection
 * @property {typeof import('../../../www/desk/intake/source-panel.js')} source
 * @property {typeof import('../../../www/desk/intake/mapping-form.js')} mapping
 * @property {typeof import('../../../www/desk/export/export-panel.js')} panel
 */
/** @typedef {{ desk: Desk, given: unknown[] }} Globals */

const MODULES = {
    sources: 'intake/index.js',
    collection: 'collection.js',
    source: 'intake/source-panel.js',
    mapping: 'intake/mapping-form.js',
    panel: 'export/export-panel.js',
};

/** What a browser shows that has no dialog of its own for folders, as Firefox and Safari. */
const WITHOUT_PICKER = () => Reflect.deleteProperty(globalThis, 'showDirectoryPicker');

/**
 * The way in as the desk has it: the panel, then the form for a table. `given` takes what comes of it.
 *
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openWayIn(options = {}) {
    const context = await openContext('cpu', { reducedMotion: 'reduce', ...options });
    await context.addInitScript(WITHOUT_PICKER);
    const page = await openPanels(context, MODULES);
    await page.evaluate(() => {
        const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const main = /** @type {HTMLElement} */ (document.querySelector('main'));
        globals.given = [];
        const panel = new globals.desk.source.SourcePanel({
            onImages: ({ name, files }) => globals.given.push({ name, files: files.length }),
            onSamples: () => globals.given.push({ name: 'samples', files: 20 }),
            onPageLabels: () => globals.given.push({ name: 'page labels' }),
            onTable: (table, listing) => {
                main.replaceChildren(form.container);
                void form.show(table, listing);
            },
        });
        const form = new globals.desk.mapping.MappingForm({
            onPosts: ({ posts, problems, missing }, table) => {
                globals.given.push({
                    name: table.name,
                    posts: posts.map(({ id, image, caption, manualLabel }) => ({
                        id,
                        image,
                        caption,
                        manualLabel: manualLabel?.emotion ?? null,
                    })),
                    problems,
                    missing,
                    own: Object.keys(posts[0]?.own ?? {}).length,
                });
            },
            onBack: () => {
                main.replaceChildren(panel.container);
                panel.reset();
            },
        });
        main.append(panel.container);
        Object.assign(globalThis, { panel });
    });
    return { context, page };
}

/** @param {Page} page */
const given = (page) =>
    page.evaluate(() => /** @type {any[]} */ (/** @type {Globals} */ (/** @type {unknown} */ (globalThis)).given));

/**
 * @param {Page} page
 * @param {string} state
 */
async function checkState(page, state) {
    await checkWithAxe(page, state);
    const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, `${state}: nothing is wider than the screen`);
    // To look at them: SCREENSHOTS=FOLDER.
    if (process.env['SCREENSHOTS'])
        await page.screenshot({
            path: join(process.env['SCREENSHOTS'], `${state.replace(/\W+/g, '-')}.png`),
            fullPage: true,
        });
}

/** A folder with three images and two tables; a name is long. */
async function mixedFolder() {
    const folder = join(await temporaryFolder(), 'mixed');
    await mkdir(join(folder, 'images'), { recursive: true });
    for (const name of ['a.png', 'b.png', 'c.png']) await writeFile(join(folder, 'images', name), MEADOW);
    await writeFile(
        join(folder, 'posts.csv'),
        'id,caption,image,hand_emotion,source\n1,a lovely morning,images/a.png,joy,x\n2,"late, again",lost.png,,y\n3,,b.png,bliss,z\n4,x,y,z,v,one cell too many\n',
    );
    await writeFile(join(folder, `a_table_with_${'a_long_'.repeat(8)}name.jsonl`), '{"text":"hello"}\n');
    return folder;
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing in any state of the way in, ${colorScheme}, ${device}`, async () => {
            const { context, page } = await openWayIn({ colorScheme, viewport });
            await checkState(page, `in empty ${colorScheme} ${device}`);
            await page.evaluate(() => {
                const { panel } =
                    /** @type {{ panel: import('../../../www/desk/intake/source-panel.js').SourcePanel }} */ (
                        /** @type {unknown} */ (globalThis)
                    );
                const endless = {
                    kind: 'directory',
                    name: 'photographs',
                    values: async function* () {
                        for (let index = 0; ; index++) {
                            yield { kind: 'file', name: `${index}.jpg` };
                            if (index > 3000) await new Promise(() => {});
                            if (index % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
                        }
                    },
                };
                panel.takeHandles([/** @type {FileSystemHandle} */ (/** @type {unknown} */ (endless))]);
            });
            await page.waitForFunction(() => document.querySelector('.source-count')?.textContent?.includes('so far'));
            await checkState(page, `in reading ${colorScheme} ${device}`);
            await page.getByRole('button', { name: 'Cancel' }).click();
            await page.waitForSelector('.source-panel[data-state="empty"]');
            await page.setInputFiles('#choose-table', {
                name: 'program.csv',
                mimeType: 'text/csv',
                buffer: Buffer.from([0, 1, 2]),
            });
            await page.waitForSelector('.notice-title');
            assert.match(
                await page.innerText('.notice'),
                /cannot be labelled\s+“program.csv” cannot be used as a table: it is not text; give a table/,
            );
            await checkState(page, `in error ${colorScheme} ${device}`);
            await drop(page, [await mixedFolder()]);
            await page.waitForSelector('.source-panel[data-state="choosing"]');
            assert.equal(await page.innerText('.notice'), '');
            await checkState(page, `in choosing ${colorScheme} ${device}`);
            await page.getByLabel('The table posts.csv, with its images').check();
            await page.getByRole('button', { name: 'Continue' }).click();
            await page.getByRole('button', { name: 'Put 3 posts on the desk' }).waitFor();
            await page.locator('.problem-list summary').click();
            await checkState(page, `mapping ${colorScheme} ${device}`);
            await page.selectOption('#column-caption', { label: 'none' });
            await page.selectOption('#column-image', { label: 'none' });
            await page.getByText('Choose the column of the caption, that of the image, or both.').waitFor();
            await checkState(page, `mapping mistake ${colorScheme} ${device}`);
            await context.close();
        });
    }
}

test('a dropped folder of images is taken as it is', async () => {
    const { context, page } = await openWayIn();
    const folder = join(await temporaryFolder(), 'images');
    const made = await makeFolder(folder, { images: 40, broken: 10 });
    await drop(page, [folder]);
    await page.waitForFunction(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).given.length > 0);
    const [taken] = await given(page);
    assert.equal(taken.name, 'images');
    assert.equal(
        taken.files,
        made.images + Object.keys(made.captions).length + made.badSidecars.length + 1,
        'with sidecar files and what else is there',
    );
    await context.close();
});

test('what has neither an image nor a table says so', async () => {
    const { context, page } = await openWayIn();
    const folder = join(await temporaryFolder(), 'notes');
    await mkdir(folder);
    for (const [files, message] of /** @type {const} */ ([
        [[], /no files in “notes”/],
        [['a.md'], /The file is neither an image nor a table\. Choose images \(JPEG/],
        [['a.md', 'b.md'], /the 2 files of “notes”/],
        [['posts.xlsx'], /None of the 3 files of “notes” is an image or a table\. Save the spreadsheet as “CSV/],
    ])) {
        for (const name of files) await writeFile(join(folder, name), 'x');
        await drop(page, [folder]);
        await page.waitForFunction(
            (source) => new RegExp(source).test(document.querySelector('.notice')?.textContent ?? ''),
            message.source,
        );
    }
    assert.deepEqual(await given(page), []);
    await context.close();
});

test('a folder is chosen, the question answered, and a table put on the desk by keyboard', async () => {
    const { context, page } = await openWayIn();
    const folder = await mixedFolder();
    let chosen = page.waitForEvent('filechooser');
    await tabTo(page, 'Choose a folder');
    await page.keyboard.press('Enter');
    await (await chosen).setFiles(folder);
    await page.waitForSelector('.source-panel[data-state="choosing"]');
    assert.deepEqual(await page.locator('.source-choice').allInnerTexts(), [
        'The table a_table_with_a_long_a_long_a_long_a_long_a_long_a_long_a_long_a_long_name.jsonl, with its images',
        'The table posts.csv, with its images',
        'The 3 images alone',
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Put 3 posts on the desk' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'The table “posts.csv”');
    assert.equal(
        await page.innerText('.mapping-counts'),
        '3 posts, 2 captions, 3 images; 1 image not found; 2 labelled by you.',
    );
    assert.deepEqual(
        (await page.locator('.mapping-preview tbody tr').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')),
        [
            '1 a lovely morning images/a.png found joy',
            '2 late, again lost.png not found –',
            '3 no caption b.png found bliss',
        ],
    );
    assert.match(
        (await page.locator('.problem-list').textContent()) ?? '',
        /2 problems.*Line 5 It has 6 cells, the heading has 5.*Line 4 “bliss” is none of the labels in use/,
    );

    await tabTo(page, 'Caption');
    await page.keyboard.press('Home'); // none
    await page.getByRole('columnheader', { name: 'Caption' }).waitFor({ state: 'detached' });
    await tabTo(page, 'Id');
    await page.keyboard.press('End'); // source
    await page.getByRole('rowheader', { name: 'x', exact: true }).waitFor();
    await tabTo(page, 'Put 3 posts on the desk');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).given.length > 0);
    const [{ posts, problems, missing }] = await given(page);
    assert.deepEqual(posts, [
        { id: 'x', image: 'images/a.png', caption: null, manualLabel: 'joy' },
        { id: 'y', image: 'lost.png', caption: null, manualLabel: null },
        { id: 'z', image: 'b.png', caption: null, manualLabel: 'bliss' },
    ]);
    assert.equal(problems.length, 2);
    assert.equal(missing, 1);

    await tabTo(page, 'Back');
    chosen = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.source-panel[data-state="empty"]');
    await page.keyboard.press('Enter'); // the focus is on the first button
    await chosen;
    await context.close();
});

test('a table by itself gets its images from a folder that is chosen afterwards', async () => {
    const { context, page } = await openWayIn();
    const folder = await temporaryFolder();
    const made = await makeTable(join(folder, 'posts.csv'));
    await makeFolder(join(folder, 'images'));
    await page.setInputFiles('#choose-table', join(folder, 'posts.csv'));
    await page.getByRole('button', { name: 'Put 2,000 posts on the desk' }).waitFor();
    const counts = `2,000 posts, ${made.captions.toLocaleString('en')} captions, ${made.images} images`;
    assert.equal(
        await page.innerText('.mapping-counts'),
        `${counts}; none of the images found yet; ${made.manualLabels} labelled by you.`,
    );
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose the images’ folder' }).click();
    await (await chosen).setFiles(join(folder, 'images'));
    await page.waitForFunction(() => document.querySelector('.mapping-counts')?.textContent?.includes('not found'));
    assert.equal(
        await page.innerText('.mapping-counts'),
        `${counts}; ${made.missing} images not found; ${made.manualLabels} labelled by you.`,
    );
    assert.match(await page.innerText('.problem-list summary'), new RegExp(`${made.malformed} problems`));
    await page.getByRole('button', { name: 'Put 2,000 posts on the desk' }).click();
    const [{ posts, missing }] = await given(page);
    assert.equal(posts.length, made.rows);
    assert.equal(missing, made.missing);
    await context.close();
});

test('a column that is chosen twice is a mistake, but for ids that are the images’ names', async () => {
    const { context, page } = await openWayIn();
    await page.setInputFiles('#choose-table', {
        name: 'two.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('one,two\na,b\n'),
    });
    await page.getByText('Choose the column of the caption, that of the image, or both.').waitFor();
    const put = page.locator('.mapping-form [type="submit"]');
    assert.ok(await put.isDisabled());
    await page.selectOption('#column-caption', { label: 'one' });
    await page.selectOption('#column-id', { label: 'one' });
    await page.getByText('You chose the column “one” twice').waitFor();
    assert.ok(await put.isDisabled());
    await page.selectOption('#column-caption', { label: 'two' });
    await page.selectOption('#column-image', { label: 'one' });
    await page.getByRole('button', { name: 'Put 1 post on the desk' }).waitFor();
    assert.ok(await put.isEnabled());
    await context.close();
});

test('fifty columns: the suggested one comes first, others are found by typing, and the way on stays in view', async () => {
    const { context, page } = await openWayIn({ viewport: SCREENS.phone });
    const long = 'a question whose wording somebody has put into the heading of its column as a whole';
    const others = Array.from({ length: 46 }, (_, index) => `${index % 9 === 4 ? `${long} ` : 'answer '}${index + 1}`);
    const columns = [...others.slice(0, 23), 'text', 'file', 'id', 'hand_emotion', ...others.slice(23)];
    const rows = Array.from({ length: 60 }, (_, row) => [
        ...others.slice(0, 23).map((_, index) => `${row}.${index}`),
        ...[`What was said of number ${row}`, `${row}.jpg`, `p${row}`, row % 2 === 0 ? 'joy' : ''],
        ...others.slice(23).map((_, index) => `${row}.${index + 23}`),
    ]);
    await page.setInputFiles('#choose-table', {
        name: 'survey.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from([columns, ...rows].map((cells) => `${cells.join(',')}\n`).join('')),
    });
    const put = page.getByRole('button', { name: 'Put 60 posts on the desk' });
    await put.waitFor();
    await isInView(put, 'the button that goes on');
    assert.deepEqual(
        await page
            .locator('.mapping-fields select')
            .evaluateAll((selects) =>
                selects.map((select) =>
                    select instanceof HTMLSelectElement
                        ? [
                              select.length,
                              select.value === '' ? '' : select.selectedOptions[0]?.text,
                              select.selectedIndex,
                          ]
                        : null,
                ),
            ),
        [
            [51, 'text', 1],
            [51, 'file', 1],
            [51, 'id', 1],
            [51, 'hand_emotion', 1],
        ],
    );
    await checkState(page, 'in fifty columns');

    await tabTo(page, 'Your label');
    await page.keyboard.type('answer 31');
    await page.getByRole('columnheader', { name: 'Your label' }).waitFor();
    assert.equal(await page.locator('#column-manualLabel option:checked').innerText(), 'answer 31');
    await page.locator('.problem-list').waitFor();
    await page.keyboard.press('Home');
    await page.getByRole('columnheader', { name: 'Your label' }).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await page
        .getByText('60 posts, 60 captions, 60 images; none of the images found yet; 30 labelled by you.')
        .waitFor();
    await tabTo(page, 'Put 60 posts on the desk');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).given.length > 0);
    const [{ posts, own }] = await given(page);
    assert.deepEqual(posts[59], {
        id: 'p59',
        image: '59.jpg',
        caption: 'What was said of number 59',
        manualLabel: null,
    });
    assert.equal(own, 46, 'the other columns stay with their posts');
    await context.close();
});

/**
 * The way out, of a collection of some posts.
 *
 * @param {number} count
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openWayOut(count, options = {}) {
    const context = await openContext('cpu', { reducedMotion: 'reduce', acceptDownloads: true, ...options });
    const page = await openPanels(context, MODULES);
    await page.evaluate((posts) => {
        const { desk } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const collection = new desk.collection.Collection(() => {});
        collection.description = /** @type {import('../../../www/pkg/index.js').Description} */ (
            /** @type {unknown} */ ({
                model: { id: 'emofuse-default-3', sha256: '0123456789abcdef'.repeat(4) },
                uncertain_below: { both: 0.5, image: 0.5, caption: 0.5 },
                backend: 'cpu',
            })
        );
        const scores = Float32Array.from([0.6, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05]);
        const made = Array.from({ length: posts }, (_, index) => ({
            ...{
                index,
                id: `${index}`,
                image: `${index}.jpg`,
                caption: index % 5 === 4 ? null : `Caption ${index}`,
                open: null,
                findCaption: null,
                own: null,
                error: null,
            },
            ...{ state: index % 10 === 9 ? 'waiting' : 'done', imageSha256: null, key: null, repeated: false },
            prediction:
                index % 10 === 9
                    ? null
                    : {
                          scores,
                          image: scores,
                          caption: null,
                          agreement: null,
                          secondary: null,
                          uncertain: false,
                          uncertain_because: [],
                          backend: 'cpu',
                      },
            manualLabel: index % 4 === 0 ? { emotion: 'fear', at: '', how: 'review' } : null,
        }));
        collection.replace('holiday: 2024', /** @type {import('../../../www/desk/types.js').DeskPost[]} */ (made), []);
        const panel = new desk.panel.ExportPanel({ collection, filtered: () => collection.posts.slice(0, 7) });
        panel.open();
        document.querySelector('main')?.append(panel.container);
        Object.assign(globalThis, { collection });
    }, count);
    return { context, page };
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing in any state of the way out, ${colorScheme}, ${device}`, async () => {
            const { context, page } = await openWayOut(60_000, { colorScheme, viewport });
            await checkState(page, `out ready ${colorScheme} ${device}`);
            await page.getByRole('radio', { name: /^Label Studio/ }).check();
            await checkState(page, `out Label Studio ${colorScheme} ${device}`);
            await page.evaluate(() => {
                const { collection } =
                    /** @type {{ collection: import('../../../www/desk/collection.js').Collection }} */ (
                        /** @type {unknown} */ (globalThis)
                    );
                // Slow enough to be looked at.
                const original = collection.predictedLabel.bind(collection);
                collection.predictedLabel = (post) => {
                    for (const until = performance.now() + 0.2; performance.now() < until; );
                    return original(post);
                };
            });
            await page.getByRole('button', { name: 'Save 60,000 posts' }).click();
            await page.waitForFunction(
                () => (document.querySelector('.export-panel progress')?.getAttribute('value') ?? '0') !== '0',
            );
            await checkState(page, `out working ${colorScheme} ${device}`);
            await page.getByRole('button', { name: 'Cancel' }).click();
            await page.getByText('Nothing was saved.').waitFor();
            await page.getByRole('radio', { name: /^Run manifest/ }).check();
            await page.getByRole('radio', { name: /^Those that the filter shows/ }).check();
            const saved = page.waitForEvent('download');
            await page.getByRole('button', { name: 'Save the run manifest' }).click();
            await saved;
            await page.waitForSelector('.export-panel[data-state="saved"]');
            await checkState(page, `out saved ${colorScheme} ${device}`);
            await context.close();
        });
    }
}

test('what is chosen is saved, counted before, by keyboard', async () => {
    const { context, page } = await openWayOut(100);
    const save = async (/** @type {string} */ label) => {
        const download = page.waitForEvent('download');
        await tabTo(page, label);
        await page.keyboard.press('Enter');
        const file = await download;
        await page.waitForSelector('.export-panel[data-state="saved"]');
        return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    assert.deepEqual(
        (await page.locator('.export-panel fieldset').first().locator('label').allInnerTexts()).map((text) =>
            text.replace(/\s+/g, ' '),
        ),
        ['All posts (100)', 'Those that the filter shows (7)', 'Those labelled by you (25)'],
    );
    assert.equal(
        await page.innerText('.export-summary'),
        'The file does not contain the images. 10 posts have not been analysed yet, or could not be.',
    );
    const csv = await save('Save 100 posts');
    assert.equal(csv.name, 'holiday 2024-labels.csv');
    assert.equal(csv.text.trimEnd().split('\n').length, 101);
    assert.match(
        await page.innerText('.export-status'),
        /“holiday 2024-labels.csv” is in your browser’s downloads: \d+ kB\./,
    );
    assert.doesNotMatch(csv.text, /formulas_escaped/, 'cells are written as they are');

    const checkbox = page.getByRole('checkbox', { name: /^Escape formulas/ });
    await checkbox.check();
    const escaped = (await save('Save 100 posts')).text.trimEnd().split('\n');
    assert.ok(escaped[0]?.endsWith(',formulas_escaped') && escaped.slice(1).every((row) => row.endsWith(',true')));
    await page.evaluate(() => {
        const { desk, collection } =
            /** @type {Globals & { collection: import('../../../www/desk/collection.js').Collection }} */ (
                /** @type {unknown} */ (globalThis)
            );
        const panel = new desk.panel.ExportPanel({ collection, filtered: () => collection.posts.slice(0, 7) });
        panel.open();
        document.querySelector('.export-panel')?.replaceWith(panel.container);
    });
    assert.ok(await checkbox.isChecked(), 'the choice holds for the session');
    await checkbox.uncheck();
    assert.equal((await save('Save 100 posts')).text, csv.text);

    await page.getByRole('radio', { name: /^All posts/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown'); // labelled by you
    const jsonl = page.getByRole('radio', { name: /^JSON Lines/ });
    await page.getByRole('radio', { name: /^CSV/ }).focus();
    await page.keyboard.press('ArrowDown');
    assert.ok(await jsonl.isChecked());
    assert.ok(await checkbox.isHidden(), 'it is for CSV');
    const lines = await save('Save 25 posts');
    assert.equal(lines.name, 'holiday 2024-labels.jsonl');
    assert.ok(
        lines.text
            .trimEnd()
            .split('\n')
            .every((line) => JSON.parse(line).hand_emotion === 'fear'),
    );

    await page.getByRole('radio', { name: /^doccano/ }).check();
    assert.match(
        await page.innerText('.export-summary'),
        /5 posts without a caption are left out: doccano takes text only\./,
    );
    assert.equal((await save('Save 20 posts')).text.trimEnd().split('\n').length, 20);

    await page.getByRole('radio', { name: /^Label Studio/ }).check();
    assert.equal(JSON.parse((await save('Save 25 posts')).text).length, 25);
    const config = await save('Save the labelling configuration');
    assert.equal(config.name, 'holiday 2024-label-studio.xml');
    assert.match(config.text, /^<View>\n {2}<Image name="image" value="\$image"\/>\n {2}<Text name="caption"/);

    await page.getByRole('radio', { name: /^Run manifest/ }).check();
    assert.equal(JSON.parse((await save('Save the run manifest')).text).counts.by_hand, 25);

    await page.evaluate(() => {
        const { collection } = /** @type {{ collection: import('../../../www/desk/collection.js').Collection }} */ (
            /** @type {unknown} */ (globalThis)
        );
        for (const post of collection.posts) collection.setManualLabel(post, null);
    });
    await page.getByText('Those labelled by you (0)').waitFor();
    assert.ok(await page.locator('.export-panel [type="submit"]').isDisabled(), 'nothing to save');
    await context.close();
});
