// Tables that a person gives the desk are read, and become posts.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { makeTable } from './samples/make.mjs';
import { openSources, temporaryFolder } from './panels.mjs';
import { watchLongTasks } from '../support/tasks.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./panels.mjs').SourcesPage} Desk */

/**
 * A table as the page reads it, or what is wrong with it.
 *
 * @param {Page} page
 * @param {string} name
 * @param {string | number[]} content
 */
function readTable(page, name, content) {
    return page.evaluate(
        async ([file, data]) => {
            const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
            try {
                return await desk.sources.readTable(
                    new File([typeof data === 'string' ? data : Uint8Array.from(data)], file),
                );
            } catch (error) {
                return `${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
            }
        },
        /** @type {const} */ ([name, content]),
    );
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {string} content
 */
async function goodTable(page, name, content) {
    const table = await readTable(page, name, content);
    if (typeof table === 'string') throw new Error(table);
    return table;
}

/** What the page notes of an encoding; none of UTF-8 and UTF-16. */
const ENCODING_NOTES = {
    'windows-1252': /^The table is not UTF-8 and was read as Windows-1252/,
    'damaged utf-8': /^Some bytes of the table are not UTF-8/,
};

test('the golden tables have the rows and the problems that the command line finds', async () => {
    const { context, page } = await openSources();
    const folder = fileURLToPath(new URL('../../golden/tables', import.meta.url));
    const cases = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    assert.ok(cases.length >= 60);
    for (const { name } of cases) {
        const files = await readdir(join(folder, name));
        const file = files.find((candidate) => candidate.startsWith('table.')) ?? '';
        const expected = JSON.parse(await readFile(join(folder, name, 'expected.json'), 'utf8'));
        const table = await readTable(page, file, [...(await readFile(join(folder, name, file)))]);
        if (expected.rows.length === 0) {
            assert.match(String(table), /^TableError: /, name);
            continue;
        }
        if (typeof table === 'string') throw new Error(`${name}: ${table}`);
        assert.deepEqual(table.columns, expected.columns, name);
        assert.deepEqual(table.rows, expected.rows, name);
        assert.deepEqual(
            table.problems.map(({ where }) => where),
            expected.problems.map((/** @type {number} */ line) => `Line ${line}`),
            name,
        );
        assert.equal(table.lines.length, table.rows.length, name);
        assert.equal(table.numbers.length, table.rows.length, name);
        assert.ok((table.numbers.at(-1) ?? 0) <= table.rows.length + table.problems.length, name);
        const note = ENCODING_NOTES[/** @type {keyof typeof ENCODING_NOTES} */ (expected.encoding)];
        if (note) assert.match(table.notes.join(), note, name);
        else assert.deepEqual(table.notes, [], name);
    }
    await context.close();
});

test('column names that are empty or come twice are told apart', async () => {
    const { context, page } = await openSources();
    assert.deepEqual((await goodTable(page, 'twice.csv', 'name,name, name ,,\n1,2,3,4,5\n')).columns, [
        'name',
        'name 2',
        'name 3',
        'column 4',
        'column 5',
    ]);
    assert.deepEqual((await goodTable(page, 'twice.jsonl', '{"a":1," a":2,"":3}\n')).columns, ['a', 'a 2', 'column 3']);
    await context.close();
});

test('a table that cannot be used says what to do', async () => {
    const { context, page } = await openSources();
    assert.match(
        String(await readTable(page, 'program.csv', [0, 1, 2])),
        /^TableError: “program.csv” cannot be used as a table: it is not text; give a table as CSV/,
    );
    const wide = Array.from({ length: 1001 }, (_, index) => index).join(',');
    assert.match(
        String(await readTable(page, 'wide.csv', `${wide}\n1\n`)),
        /^TableError: “wide.csv” .*1001 columns, and at most 1000/,
    );
    const heading = Array.from({ length: 900 }, (_, index) => `c${index}`).join(',');
    assert.match(
        String(await readTable(page, 'gaps.csv', `${heading}\n${'1\n'.repeat(6000)}`)),
        /^TableError: The rows of “gaps.csv” fill few of its 900 columns/,
    );
    assert.match(String(await readTable(page, 'empty.csv', '')), /^TableError: “empty.csv” is empty\. Choose a table/);
    assert.match(String(await readTable(page, 'blank.jsonl', '\n \n')), /^TableError: “blank.jsonl” is empty/);
    assert.match(
        String(await readTable(page, 'head.csv', 'id,text\n\n')),
        /^TableError: “head.csv” has a heading, but no rows/,
    );
    assert.match(
        String(await readTable(page, 'all-bad.csv', 'id,text\n1,2,3\n1,2,3\n')),
        /^TableError: None of the 2 rows of “all-bad.csv” can be read\. Line 2: It has 3 cells, the heading has 2\./,
    );
    await context.close();
});

test('a table is read alike wherever its pieces are divided', async () => {
    const { context, page } = await openSources();
    // Rows of growing length move marks, line ends and characters of several bytes across all borders of the pieces.
    const rows = Array.from({ length: 6000 }, (_, index) => [
        String(index),
        `${'é🎈'.repeat(index % 37)}"\r\n,${index}`,
        index % 3 ? '' : '"',
    ]);
    const csv = [
        'id,text,n',
        ...rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')),
    ].join('\r\n');
    assert.ok(Buffer.byteLength(csv) > 5 * 128 * 1024);
    const table = await goodTable(page, 'large.csv', csv);
    assert.deepEqual(table.rows, rows);
    assert.deepEqual(table.problems, []);
    assert.equal(table.lines.at(-1), 2 + 2 * 5999);
    const values = await goodTable(
        page,
        'large.json',
        JSON.stringify(
            rows.map(([id, text]) => ({ id, text })),
            null,
            1,
        ),
    );
    assert.deepEqual(
        values.rows,
        rows.map(([id, text]) => [id, text]),
    );
    const lines = await goodTable(
        page,
        'large.jsonl',
        rows.map(([id, text]) => JSON.stringify({ id, text })).join('\n'),
    );
    assert.deepEqual(
        lines.rows,
        rows.map(([id, text]) => [id, text]),
    );
    await context.close();
});

test('50,000 rows become posts while the page stays awake', { tag: '@measures' }, async () => {
    const { context, page } = await openSources();
    await watchLongTasks(page);
    const answer = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const text = ['id,text,picture,source'];
        for (let index = 0; index < 50_000; index++)
            text.push(`${index},"a caption, number ${index}",images/${index}.jpg,flickr`);
        const file = new File([text.join('\n')], 'many.csv');
        const files = Array.from({ length: 50_000 }, (_, index) => ({
            path: `set/images/${index}.jpg`,
            open: async () => new File([], ''),
        }));
        /** @type {number[]} */
        const told = [];
        const { longTasks } = /** @type {{ longTasks: import('../support/tasks.mjs').LongTasks }} */ (
            /** @type {unknown} */ (globalThis)
        );
        await longTasks.start();
        const table = await desk.sources.readTable(file, {
            path: 'set/many.csv',
            onProgress: (share) => told.push(share),
        });
        const { posts, missing } = await desk.sources.postsOfTable(
            table,
            await desk.sources.guessMapping(table.columns),
            { name: 'set', files, handles: [], problems: [] },
        );
        const longest = await longTasks.finish();
        return {
            count: posts.length,
            missing,
            last: { ...posts.at(-1), open: null },
            told: told.at(-1),
            longest,
        };
    });
    assert.equal(answer.count, 50_000);
    assert.equal(answer.missing, 0);
    assert.equal(answer.last.caption, 'a caption, number 49999');
    assert.deepEqual(answer.last.own, { source: 'flickr' });
    assert.equal(answer.told, 1);
    assert.ok(answer.longest < 0.2, 'no task of over 50 ms takes more than a fifth of it all');
    await context.close();
});

test('columns are guessed by the names that the command line takes too', async () => {
    const { context, page } = await openSources();
    const guesses = await page.evaluate(() => {
        const { guessMapping } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis)).desk.sources;
        const headings = [
            ['ID', 'Title', 'text', 'Path', 'File', 'hand_emotion'],
            ['post', 'emotion'],
            ['caption', 'TEXT', 'picture', 'Image'],
        ];
        return Promise.all(headings.map(guessMapping));
    });
    assert.deepEqual(guesses, [
        { caption: 'text', image: 'File', id: 'ID', manualLabel: 'hand_emotion' },
        { caption: null, image: null, id: null, manualLabel: null },
        { caption: 'caption', image: 'Image', id: null, manualLabel: null },
    ]);
    await context.close();
});

test('a table’s images are found from its own place, by their path, by its ending, or by their name', async () => {
    const { context, page } = await openSources();
    const answer = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const paths = [
            'sets/one/a.jpg',
            'sets/a.jpg',
            'a.jpg',
            'sets/two/b.jpg',
            'sets/three/b.jpg',
            'sets/two/c.jpg',
            'cafe\u0301.jpg',
            'sets/two/q.jpg',
            'other/two/q.jpg',
        ];
        const files = paths.map((path) => ({ path, open: async () => new File([], path) }));
        const named = [
            'a.jpg',
            'one/a.jpg',
            '../a.jpg',
            'sets/two/b.jpg',
            'C:\\pics\\three\\b.jpg',
            'b.jpg',
            './elsewhere/c.jpg',
            'café.jpg',
            'nowhere.jpg',
            '',
            'x/two/q.jpg',
        ];
        const csv = ['image,caption', ...named.map((name) => `${name},x`)].join('\n');
        const table = await desk.sources.readTable(new File([csv], 'posts.csv'), { path: 'sets/posts.csv' });
        const listing = { name: 'all', files, handles: [], problems: [] };
        const mapping = await desk.sources.guessMapping(table.columns);
        const opened = async (/** @type {import('../../../www/desk/types.js').DeskPost} */ { open }) =>
            open
                ? open().then(
                      ({ name }) => name,
                      (error) => error.message,
                  )
                : null;
        const { posts, missing } = await desk.sources.postsOfTable(table, mapping, listing);
        const alone = await desk.sources.postsOfTable({ ...table, path: null }, mapping, listing);
        const without = await desk.sources.postsOfTable(table, mapping, null);
        return {
            opened: await Promise.all(posts.map(opened)),
            missing,
            first: await opened(/** @type {import('../../../www/desk/types.js').DeskPost} */ (alone.posts[0])),
            without: [
                without.missing,
                await opened(/** @type {import('../../../www/desk/types.js').DeskPost} */ (without.posts[0])),
            ],
            ids: posts.map(({ id }) => id).slice(-3),
        };
    });
    const several = (/** @type {string} */ name) =>
        `“${name}” matches several images in the folder “all”. Write more of the path into the table.`;
    assert.deepEqual(answer.opened, [
        'sets/a.jpg',
        'sets/one/a.jpg',
        'a.jpg',
        'sets/two/b.jpg',
        'sets/three/b.jpg',
        several('b.jpg'),
        'sets/two/c.jpg',
        'cafe\u0301.jpg',
        'The image “nowhere.jpg” is not in the folder “all”.',
        null,
        several('x/two/q.jpg'),
    ]);
    assert.equal(answer.missing, 3);
    assert.equal(answer.first, 'a.jpg');
    assert.equal(answer.without[0], 10);
    assert.match(String(answer.without[1]), /no folder with images was selected/);
    assert.deepEqual(answer.ids, ['nowhere.jpg', '10', 'x/two/q.jpg']);
    await context.close();
});

test('the generated table gives its posts, and a label that is none of those in use is a problem and stays', async () => {
    const { context, page } = await openSources();
    const folder = await temporaryFolder();
    const made = await makeTable(join(folder, 'posts.csv'));
    const content = (await readFile(join(folder, 'posts.csv'), 'utf8')).replace(
        ',reddit,0\n',
        ',reddit,0\npost-x,A caption,,bliss,none,1\n',
    );
    const answer = await page.evaluate(async (text) => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const table = await desk.sources.readTable(new File([text], 'posts.csv'));
        const { posts, problems, missing } = await desk.sources.postsOfTable(
            table,
            await desk.sources.guessMapping(table.columns),
            null,
        );
        return { posts: posts.map(({ open, ...post }) => ({ ...post, opens: open !== null })), problems, missing };
    }, content);
    assert.equal(answer.posts.length, made.rows + 1);
    assert.equal(answer.posts.filter(({ caption }) => caption !== null).length, made.captions + 1);
    assert.equal(answer.posts.filter(({ opens }) => opens).length, made.images);
    assert.equal(answer.missing, made.images);
    assert.equal(answer.posts.filter(({ manualLabel }) => manualLabel).length, made.manualLabels + 1);
    assert.ok(answer.posts.some(({ manualLabel }) => manualLabel?.emotion === 'bliss'));
    assert.equal(answer.problems.length, made.malformed + 1);
    assert.match(answer.problems.at(-1)?.reason ?? '', /“bliss” is none of the labels in use/);
    assert.equal(answer.problems.at(-1)?.where, 'Line 3');
    const formula = answer.posts.find(({ caption }) => caption?.startsWith('=HYPER'));
    assert.ok(formula);
    assert.deepEqual(answer.posts[0]?.own, { source: 'reddit', likes: '0' });
    assert.equal(answer.posts[0]?.manualLabel?.how, 'import');
    await context.close();
});
