// Tables that a person gives the desk are read, and become posts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { makeTable } from '../desk/make.mjs';
import { openSources, temporaryFolder } from './desk-panels.mjs';
import { watchLongTasks } from './tasks.mjs';

/** @typedef {import('./harness.mjs').Page} Page */
/** @typedef {import('./desk-panels.mjs').SourcesPage} Desk */

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

test('tables are read whatever divides their cells and ends their lines', async () => {
    const { context, page } = await openSources();
    for (const [name, content] of /** @type {const} */ ([
        ['comma.csv', 'id,text\n1,"a, b"\n2,c'],
        ['mark.csv', '\ufeffid,text\n1,"a, b"\n2,c\n'],
        ['windows.csv', 'id,text\r\n1,"a, b"\r\n2,c\r\n'],
        ['semicolon.csv', 'id;text\n1;a, b\n2;c\n'],
        ['tab.tsv', 'id\ttext\n1\ta, b\n\n2\tc\n'],
        ['tab.csv', '\nid\ttext\n1\ta, b\n2\tc\n'],
        ['pipe.csv', 'id|text\n1|"a, b"\n2|c\n'],
        ['lines.jsonl', '{"id":1,"text":"a, b"}\n\n{"text":"c","id":"2"}'],
        ['array.json', ' [ {"id": 1,\n "text": "a, b"},\n {"id": "2", "text": "c"} ]\n'],
        ['array.jsonl', '[{"id":1,"text":"a, b"},{"id":"2","text":"c"}]'],
    ])) {
        const { columns, rows, problems } = await goodTable(page, name, content);
        assert.deepEqual(
            { columns, rows, problems },
            {
                columns: ['id', 'text'],
                rows: [
                    ['1', 'a, b'],
                    ['2', 'c'],
                ],
                problems: [],
            },
            name,
        );
    }
    await context.close();
});

test('rows that cannot be read are named by their line, and the others are there', async () => {
    const { context, page } = await openSources();
    const csv = await goodTable(
        page,
        'bad.csv',
        'id,text,n\n1,"two\nlines",x\n2,few\n3,too,many,cells\n4,"open,x\n5,fine,y\n6,"to the ""end""",z\n7,"open to the end,x\n8,fine,y',
    );
    assert.deepEqual(csv.rows, [
        ['1', 'two\nlines', 'x'],
        ['5', 'fine', 'y'],
        ['6', 'to the "end"', 'z'],
        ['8', 'fine', 'y'],
    ]);
    assert.deepEqual(csv.lines, [2, 7, 8, 10]);
    assert.deepEqual(csv.numbers, [1, 5, 6, 8]);
    assert.deepEqual(
        csv.problems.map(({ where }) => where),
        ['Line 4', 'Line 5', 'Line 6', 'Line 9'],
    );
    assert.match(
        csv.problems.map(({ reason }) => reason).join(' '),
        /has 2 cells; the heading has 3\..*has 4 cells;.*marks do not fit.*opened here and not closed/s,
    );
    const json = await goodTable(
        page,
        'bad.jsonl',
        '{"a":1}\nnonsense\n[1]\n{"b":{"c":[1,"é"]},"a":null}\n"text"\n{"a":true,"a b":0.5}\n',
    );
    assert.deepEqual(json.columns, ['a', 'b', 'a b']);
    assert.deepEqual(json.rows, [
        ['1', '', ''],
        ['', '{"c":[1,"é"]}', ''],
        ['true', '', '0.5'],
    ]);
    assert.deepEqual(
        json.problems.map(({ where }) => where),
        ['Line 2', 'Line 3', 'Line 5'],
    );
    const array = await goodTable(page, 'bad.json', '[\n{"a":"]},"},\n{"a":},\n7,\n{"a":"\\\\"}\n] and more');
    assert.deepEqual(array.rows, [[']},'], ['\\']]);
    assert.deepEqual(
        array.problems.map(({ where }) => where),
        ['Line 3', 'Line 4', 'Line 6'],
    );
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
        String(await readTable(page, 'latin.csv', [...Buffer.from('text\ncaf\xe9\n', 'latin1')])),
        /^TableError: “latin.csv” is not UTF-8 text\. Save it once more as “CSV UTF-8”/,
    );
    assert.match(
        String(await readTable(page, 'wide.csv', [...Buffer.from('\ufefftext\nx\n', 'utf16le')])),
        /^TableError: .*not UTF-8/,
    );
    assert.match(String(await readTable(page, 'program.csv', [0, 1, 2])), /^TableError: .*is no text/);
    assert.match(String(await readTable(page, 'empty.csv', '')), /^TableError: “empty.csv” is empty\. Give a table/);
    assert.match(String(await readTable(page, 'blank.jsonl', '\n \n')), /^TableError: “blank.jsonl” is empty/);
    assert.match(
        String(await readTable(page, 'head.csv', 'id,text\n\n')),
        /^TableError: “head.csv” has a heading, but no rows/,
    );
    assert.match(
        String(await readTable(page, 'all-bad.csv', 'id,text\n1\n2\n')),
        /^TableError: None of the 2 rows of “all-bad.csv” can be read\. Line 2: It has 1 cell;/,
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

test('a quotation mark that is never closed costs its own row, also in a large table', async () => {
    const { context, page } = await openSources();
    const count = 60_000;
    const lines = Array.from({ length: count }, (_, index) =>
        index === 10 ? `${index},"open` : `${index},a caption of some length, or so`.replace(', ', ' '),
    );
    const table = await goodTable(page, 'open.csv', ['id,text', ...lines].join('\n'));
    assert.equal(table.rows.length, count - 1);
    assert.deepEqual(
        table.problems.map(({ where }) => where),
        ['Line 12'],
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
            text.push(`${index},"a caption, number ${index}",pictures/${index}.jpg,flickr`);
        const file = new File([text.join('\n')], 'many.csv');
        const files = Array.from({ length: 50_000 }, (_, index) => ({
            path: `set/pictures/${index}.jpg`,
            open: async () => new File([], ''),
        }));
        /** @type {number[]} */
        const told = [];
        const { longTasks } = /** @type {{ longTasks: import('./tasks.mjs').LongTasks }} */ (
            /** @type {unknown} */ (globalThis)
        );
        await longTasks.start();
        const table = await desk.sources.readTable(file, {
            path: 'set/many.csv',
            onProgress: (share) => told.push(share),
        });
        const { posts, missing } = await desk.sources.postsOfTable(table, desk.sources.guessMapping(table.columns), {
            name: 'set',
            files,
            handles: [],
            problems: [],
        });
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
        return [
            ['ID', 'Title', 'text', 'Path', 'File', 'hand_emotion'],
            ['post', 'emotion'],
            ['caption', 'TEXT', 'picture', 'Image'],
        ].map(guessMapping);
    });
    assert.deepEqual(guesses, [
        { caption: 'text', image: 'File', id: 'ID', hand: 'hand_emotion' },
        { caption: null, image: null, id: null, hand: null },
        { caption: 'caption', image: 'Image', id: null, hand: null },
    ]);
    await context.close();
});

test('a table’s pictures are found from its own place, by their path, by its ending, or by their name', async () => {
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
        const mapping = desk.sources.guessMapping(table.columns);
        const opened = async (/** @type {import('../../www/desk/types.js').DeskPost} */ { open }) =>
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
            first: await opened(/** @type {import('../../www/desk/types.js').DeskPost} */ (alone.posts[0])),
            without: [
                without.missing,
                await opened(/** @type {import('../../www/desk/types.js').DeskPost} */ (without.posts[0])),
            ],
            ids: posts.map(({ id }) => id).slice(-3),
        };
    });
    const several = (/** @type {string} */ name) =>
        `The folder “all” has several pictures that “${name}” may mean. Write more of the path into the table.`;
    assert.deepEqual(answer.opened, [
        'sets/a.jpg',
        'sets/one/a.jpg',
        'a.jpg',
        'sets/two/b.jpg',
        'sets/three/b.jpg',
        several('b.jpg'),
        'sets/two/c.jpg',
        'cafe\u0301.jpg',
        'The picture “nowhere.jpg” is not in the folder “all” that was given.',
        null,
        several('x/two/q.jpg'),
    ]);
    assert.equal(answer.missing, 3);
    assert.equal(answer.first, 'a.jpg');
    assert.equal(answer.without[0], 10);
    assert.match(String(answer.without[1]), /no folder with pictures was given/);
    assert.deepEqual(answer.ids, ['nowhere.jpg', '10', 'x/two/q.jpg']);
    await context.close();
});

test('the generated table gives its posts, and a label that is none is a problem', async () => {
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
            desk.sources.guessMapping(table.columns),
            null,
        );
        return { posts: posts.map(({ open, ...post }) => ({ ...post, opens: open !== null })), problems, missing };
    }, content);
    assert.equal(answer.posts.length, made.rows + 1);
    assert.equal(answer.posts.filter(({ caption }) => caption !== null).length, made.captions + 1);
    assert.equal(answer.posts.filter(({ opens }) => opens).length, made.images);
    assert.equal(answer.missing, made.images);
    assert.equal(answer.posts.filter(({ hand }) => hand).length, made.hands);
    assert.equal(answer.problems.length, made.malformed + 1);
    assert.match(answer.problems.at(-1)?.reason ?? '', /“bliss” is none of the nine labels/);
    assert.equal(answer.problems.at(-1)?.where, 'Line 3');
    const formula = answer.posts.find(({ caption }) => caption?.startsWith('=HYPER'));
    assert.ok(formula);
    assert.deepEqual(answer.posts[0]?.own, { source: 'reddit', likes: '0' });
    assert.equal(answer.posts[0]?.hand?.how, 'import');
    await context.close();
});
