// `emofuse label` and the labelling desk write the same for the same posts, whatever wrote their images.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { address, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {Record<string, string>} Row */

const TOLERANCE = 2e-3;
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(process.env['CARGO_TARGET_DIR'] ?? join(repository, 'target'), 'release/emofuse');
const model = join(repository, 'pkg/model/emofuse-default.emofuse');

/**
 * Images of a few pixels of which one in a hundred is a level off: so small, they are drawn much larger for the model, and the scores follow.
 * The decoder's own tests hold these to a level.
 */
const ROUNDED = /-cicp|-lut-|-v5-profile|apng-icc|grey-on-grey|prophoto|(?:icc|gamma).*-alpha|-alpha-icc/;

/** Columns of numbers; an error is told in words of each side's own; the rest is the same to the letter. */
const NUMBERS = [
    ...['confidence', 'joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'],
    ...['image_confidence', 'caption_confidence', 'agreement', 'corrected_confidence'],
];

/** Also beside a table’s own column of that name. */
const isScore = (/** @type {string} */ column) => NUMBERS.includes(column.replace(/^emofuse_(\w+)(?: \d+)?$/, '$1'));

/** @type {string} */
let root;
/** @type {string} */
let folder;

test.beforeAll(async () => {
    await access(program).catch(() => {
        throw new Error(`${program} is missing; run cargo build --release --features cli,train`);
    });
    root = await mkdtemp(join(tmpdir(), 'emofuse-'));
    folder = join(root, 'images');
    await cp(join(repository, 'tests/browser/desk/samples/images'), folder, { recursive: true });
    const captions = {
        cat: 'Look who is waiting at the window',
        coffee: 'Nothing works today',
        rocket: 'What a surprise!',
    };
    for (const [name, caption] of Object.entries(captions)) {
        await cp(join(repository, `www/samples/${name}.jpg`), join(folder, 'samples', `${name}.jpg`));
        await writeFile(join(folder, 'samples', `${name}.txt`), `${caption}\n`);
    }
});
test.afterAll(() => rm(root, { recursive: true, force: true }));

/**
 * What the command line writes.
 *
 * @param {string} input
 * @param {string[]} options
 */
async function labelled(input, ...options) {
    const out = join(root, `${input}-labels.csv`);
    // The code is 1 where an image cannot be read.
    const { code, stderr } = await promisify(execFile)(program, [
        'label',
        join(root, input),
        '--out',
        out,
        '--model',
        model,
        ...options,
    ]).then(
        () => ({ code: 0, stderr: '' }),
        (error) => error,
    );
    assert.ok(code === 0 || code === 1, stderr);
    return readFile(out, 'utf8').finally(() => rm(out));
}

/**
 * What the desk writes.
 *
 * @param {(page: Page) => Promise<void>} give
 */
async function fromTheDesk(give, escapesFormulas = false) {
    const context = await openContext('cpu', { acceptDownloads: true });
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    await give(page);
    await page.waitForSelector('.run[data-state="finished"]');
    await page.getByRole('tab', { name: 'Export' }).click();
    await page.getByRole('radio', { name: /^CSV/ }).check();
    await page.getByRole('checkbox', { name: /^Escape formulas/ }).setChecked(escapesFormulas);
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save (?:\d|the run)/ }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    await context.close();
    return text;
}

/**
 * @param {Row[]} found
 * @param {Row[]} expected
 */
function compare(found, expected) {
    assert.deepEqual(
        found.map(({ id }) => id),
        expected.map(({ id }) => id),
    );
    for (const [place, row] of found.entries()) {
        const other = expected[place] ?? {};
        assert.deepEqual(Object.keys(row), Object.keys(other), 'the columns, in their order');
        for (const [name, cell] of Object.entries(row)) {
            const what = `${row['id']}, ${name}: '${cell}' and '${other[name]}'`;
            if (name === 'error') assert.equal(cell === '', other[name] === '', what);
            else if (isScore(name) && cell && other[name] && cell !== other[name])
                assert.ok(Math.abs(Number(cell) - Number(other[name])) <= TOLERANCE, what);
            else assert.equal(cell, other[name], what);
        }
    }
}

test('a folder of images of every kind', async () => {
    const rows = rowsOf(await labelled('images'));
    const images = (await readdir(folder)).filter((name) => name !== 'samples');
    assert.equal(rows.length, images.length + 3);
    assert.deepEqual(
        rows.filter(({ error }) => error).map(({ id, error }) => [id, /cut off/.test(error ?? '')]),
        [['cut.jpg', true]],
    );
    assert.equal(rows.filter(({ caption }) => caption).length, 3);
    const byName = (/** @type {string} */ name) => rows.find(({ id }) => id === name)?.['joy'];
    assert.notEqual(byName('phone.jpg'), byName('turned.jpg'), 'the profile makes a difference');
    assert.notEqual(byName('half.jpg'), byName('turned.jpg'), 'and so does the orientation');
    assert.notEqual(byName('gamma-linear.png'), byName('gamma-without.png'), 'and so does the gamma of a PNG');
    compare(
        rowsOf(await fromTheDesk((page) => page.locator('.source-panel input[webkitdirectory]').setInputFiles(folder))),
        rows,
    );
});

test('images of every format, written in every way', async () => {
    const images = new URL('../../golden/decode/images/', import.meta.url);
    const formats = join(root, 'formats');
    const exact = (await readdir(images)).filter((name) => !ROUNDED.test(name));
    assert.ok(exact.length > 200, `${exact.length}`);
    for (const name of exact) await cp(new URL(name, images), join(formats, name));
    const rows = rowsOf(await labelled('formats'));
    assert.equal(rows.length, exact.length);
    const refused = rows.filter(({ error }) => error).map(({ id }) => id);
    const shown = new Set(await readdir(new URL('../../golden/decode/expected/', import.meta.url)));
    assert.deepEqual(
        refused,
        rows.map(({ id }) => id).filter((id) => !shown.has(`${id}.png`)),
        'what Chromium refuses',
    );
    compare(
        rowsOf(
            await fromTheDesk((page) => page.locator('.source-panel input[webkitdirectory]').setInputFiles(formats)),
        ),
        rows,
    );
});

test('a table of posts', async () => {
    const csv = [
        'id,text,picture,likes',
        'a,We won!,images/full.jpg,3',
        'b,I am afraid of the dark,,4',
        'c,,images/grey.jpg,5',
        'd,"=He said ""no"", twice",images/phone.jpg,6',
        'e,The same again,images/progressive.jpg,7',
        'f,Where is it?,images/absent.jpg,8',
        'g,,,9',
        'h,Dzisiaj jest najgorszy dzień mojego życia,,10',
        'i,Dzisiaj jest najgorszy dzień mojego życia,images/full.jpg,11',
    ];
    await writeFile(join(root, 'posts.csv'), `${csv.join('\n')}\n`);
    const rows = rowsOf(await labelled('posts.csv'));
    assert.deepEqual(
        rows.filter(({ emotion }) => emotion).map(({ id }) => id),
        ['a', 'b', 'c', 'd', 'e', 'h', 'i'],
    );
    for (const { id, uncertain_because } of rows.slice(-2))
        assert.match(uncertain_because ?? '', /language|unknown_words/, id);
    assert.ok(
        rows.every(
            ({ emotion, uncertain, uncertain_because }) =>
                uncertain === (emotion ? String(uncertain_because !== '') : ''),
        ),
    );
    const found = await fromTheDesk(async (page) => {
        await page.locator('#choose-table').setInputFiles(join(root, 'posts.csv'));
        await page.locator('.mapping-form').waitFor();
        await page.locator('.mapping-form input[webkitdirectory]').setInputFiles(folder);
        await page.getByRole('button', { name: 'Put 9 posts on the desk' }).click();
    });
    compare(rowsOf(found), rows);
});

/** The same text where scores differ in nothing but their digits. */
const withoutScores = (/** @type {string} */ csv) => csv.replaceAll(/\b[01]\.\d{6}\b/g, 'score');

test('a table whose columns and cells are as careless as can be, raw and escaped, and labelled again', async () => {
    const csv = [
        'id,caption,emotion,=note,emofuse_joy,joy,"a,""b"";c",formulas_escaped',
        '=1+1,@home today,mine,-5,1,2,x,true',
        'b,\'=a lovely day,,\t=tab,"two\nlines","cr\rcr","crlf\r\nend",no',
        '"a ""b"" c","So, so happy",\'=x,+1,"1,000\n2,000\n3,000","""",a;b|c,',
        '-4,What a surprise!,=cmd(),-,@,\'\',"\r",TRUE',
    ];
    const names = ['emotion', '=note', 'emofuse_joy', 'joy', 'a,"b";c', 'formulas_escaped'];
    const cells = [
        ['mine', '-5', '1', '2', 'x', 'true'],
        ['', '\t=tab', 'two\nlines', 'cr\rcr', 'crlf\r\nend', 'no'],
        ["'=x", '+1', '1,000\n2,000\n3,000', '"', 'a;b|c', ''],
        ['=cmd()', '-', '@', "''", '\r', 'TRUE'],
    ];
    await writeFile(join(root, 'careless.csv'), `${csv.join('\n')}\n`);
    const give = (/** @type {string} */ file) => async (/** @type {Page} */ page) => {
        await page.locator('#choose-table').setInputFiles(file);
        await page.getByRole('button', { name: 'Put 4 posts on the desk' }).click();
    };
    const raw = await labelled('careless.csv');
    const rows = rowsOf(raw);
    assert.deepEqual(
        rows.map((row) => names.map((name) => row[name])),
        cells,
    );
    for (const { emofuse_emotion, emofuse_formulas_escaped } of rows) {
        assert.notEqual(emofuse_emotion, '');
        assert.equal(emofuse_formulas_escaped, 'false');
    }
    const escaped = await labelled('careless.csv', '--escape-formulas');
    for (const row of rowsOf(escaped))
        for (const cell of [...Object.keys(row), ...Object.values(row)]) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);

    for (const [expected, escapes] of /** @type {const} */ ([
        [raw, false],
        [escaped, true],
    ])) {
        const found = await fromTheDesk(give(join(root, 'careless.csv')), escapes);
        assert.equal(withoutScores(found), withoutScores(expected));
        compare(rowsOf(found), rowsOf(expected));
        // Each reads what the other wrote.
        await writeFile(join(root, 'again.csv'), found);
        assert.equal(withoutScores(await labelled('again.csv')), withoutScores(raw));
        await writeFile(join(root, 'again.csv'), expected);
        assert.equal(withoutScores(await fromTheDesk(give(join(root, 'again.csv')))), withoutScores(raw));
    }
});
