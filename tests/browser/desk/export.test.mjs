// What the desk writes is read by the tools that it is for, and by the desk itself.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { importAs, installImporters } from './samples/importers.mjs';
import { generator } from './samples/make.mjs';
import { openPanels, temporaryFolder } from './panels.mjs';
import { openContext } from '../support/harness.mjs';
import { watchLongTasks } from '../support/tasks.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../../../www/desk/types.js').DeskPost} DeskPost */
/**
 * @typedef {Pick<DeskPost, 'id' | 'image' | 'caption' | 'own' | 'error'> & { manualLabel: string | null, scores: number[] |
 *     null }} Plain
 */
/** @typedef {typeof import('../../../www/desk/export/index.js')} Export */
/**
 * @typedef {object} Desk
 * @property {Export} export
 * @property {typeof import('../../../www/desk/intake/index.js')} sources
 * @property {typeof import('../../../www/desk/collection.js')} collection
 */

const EMOTIONS = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'];
const SHA256 = createHash('sha256').update('a model').digest('hex');
const COLUMNS = [
    ...[
        'id',
        'image',
        'caption',
        'emotion',
        'confidence',
        'secondary',
        'uncertain',
        'uncertain_because',
        ...EMOTIONS,
        'image_emotion',
        'image_confidence',
        'caption_emotion',
        'caption_confidence',
    ],
    ...[
        'agreement',
        'hand_emotion',
        'corrected_emotion',
        'corrected_confidence',
        'error',
        'image_sha256',
        'model_sha256',
        'backend',
    ],
];

/** Texts that go wrong where somebody was careless. */
const NASTY = [
    '=1+1',
    '+1',
    '-1',
    '@sum',
    '\tx',
    "'=1",
    "''@x",
    "'",
    "''x",
    "'quoted'",
    '"',
    '""x',
    '"a",b',
    'a,b;c|d',
    'two\nlines',
    'two\r\nlines',
    'a\rb',
    '\\',
    'a\\nb',
    '🎈',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    '\u2028',
    'a\u00a0b',
    'nullable',
    'true',
    '0012',
    '1e5',
    '{"a":1}',
    '[1]',
    '<b>&amp;</b>',
    '\u202eright',
    '__proto__',
    'constructor',
    'x'.repeat(3000),
    'a\tb',
    '%s',
    '- a',
    '=',
    '=HYPERLINK("http://x","y")',
    "-'",
];

/**
 * Why every third post is in doubt, and every fifth is not without a second label.
 *
 * @param {number} index
 */
const doubtsOf = (index) => (index % 3 === 1 ? (index % 2 ? ['language', 'low_confidence'] : ['sides_disagree']) : []);
const secondOf = (/** @type {number} */ index) => (index % 5 === 2 ? 'trust' : null);

test.beforeAll(installImporters);

/**
 * Posts of texts that are put together from nasty ones, with all that a post may have.
 *
 * @param {number} count
 * @returns {Plain[]}
 */
function nastyPosts(count) {
    const random = generator(3);
    const pick = () => /** @type {string} */ (NASTY[Math.floor(random() * NASTY.length)]);
    const text = () =>
        Array.from({ length: 1 + Math.floor(random() * 3) }, pick)
            .join(random() < 0.5 ? '' : ' ')
            .trim();
    return Array.from({ length: count }, (_, index) => {
        const scores = EMOTIONS.map(() => random() ** 3 + 1e-4);
        const sum = scores.reduce((total, score) => total + score, 0);
        const caption = index < NASTY.length ? /** @type {string} */ (NASTY[index]).trim() : text();
        return {
            id: `${index}`.startsWith('1') ? `${text()}${index}` : `=${index}`,
            image: index % 3 === 0 ? `=folder/${index}, "${index % 7}".jpg` : null,
            caption: index % 11 === 10 || caption === '' ? null : caption,
            own: {
                'likes, etc.': String(index),
                '=odd': text(),
                filename: `${index}.txt`,
                emotion: text(),
                table_filename: `table ${index}`,
                ...(index % 2 ? { label: text() } : {}),
            },
            error: index % 17 === 0 ? 'The image cannot be read.\n“x” is no image.' : null,
            manualLabel: index % 4 === 0 ? /** @type {string} */ (EMOTIONS[index % 9]) : null,
            scores: index % 17 === 0 ? null : scores.map((score) => score / sum),
        };
    });
}

/**
 * A page with a collection of these posts.
 *
 * @param {Plain[]} posts
 * @param {{ isCorrected?: boolean }} [options]
 */
async function openDesk(posts, { isCorrected = false } = {}) {
    const context = await openContext('cpu');
    const page = await openPanels(context, {
        export: 'export/index.js',
        sources: 'intake/index.js',
        collection: 'collection.js',
        panel: 'export/export-panel.js',
    });
    await page.evaluate(
        ({ plain, sha256, emotions, corrects, doubts, seconds }) => {
            const { desk } = /** @type {{ desk: Desk }} */ (/** @type {unknown} */ (globalThis));
            const collection = new desk.collection.Collection(() => {});
            const made = plain.map(({ scores, manualLabel, ...post }, index) => ({
                ...post,
                index,
                open: null,
                findCaption: null,
                state: scores ? 'done' : post.error ? 'failed' : 'waiting',
                imageSha256: post.image ? sha256 : null,
                key: null,
                repeated: index % 50 === 49,
                prediction: scores && {
                    scores: Float32Array.from(scores),
                    image: post.image ? Float32Array.from(scores.toReversed()) : null,
                    caption: post.caption === null ? null : Float32Array.from(scores),
                    agreement: post.image && post.caption !== null ? 0.25 : null,
                    secondary: seconds[index],
                    uncertain: (doubts[index]?.length ?? 0) > 0,
                    uncertain_because: doubts[index],
                    backend: 'cpu',
                },
                manualLabel: manualLabel && { emotion: manualLabel, at: '2026-01-02T03:04:05.678Z', how: 'review' },
            }));
            collection.replace('posts.csv', /** @type {DeskPost[]} */ (made), []);
            collection.description = /** @type {import('../../../www/pkg/index.js').Description} */ ({
                model: { id: 'emofuse-default-3', sha256 },
                labels: emotions,
                limits: { max_bytes: 1, max_pixels: 2, max_tokens: 3, max_batch: 4 },
                uncertain_below: { both: 0.5, image: 0.6, caption: 0.7 },
                backend: 'cpu',
                backendReason: '',
                adapter: null,
            });
            if (corrects) {
                const bias = /** @type {import('../../../www/desk/types.js').Correction['bias']} */ (
                    Object.fromEntries(emotions.map((emotion) => [emotion, emotion === 'fear' ? 20 : 0]))
                );
                const agreement = { before: 0.5, after: 0.75 };
                collection.correction = {
                    format: 'emofuse-correction',
                    version: 1,
                    model_sha256: sha256,
                    temperature: 1,
                    bias,
                    posts: 20,
                    agreement,
                    fitted: '',
                };
            }
            Object.assign(globalThis, { collection });
        },
        {
            plain: posts,
            sha256: SHA256,
            emotions: EMOTIONS,
            corrects: isCorrected,
            doubts: posts.map((_, index) => doubtsOf(index)),
            seconds: posts.map((_, index) => secondOf(index)),
        },
    );
    return { context, page };
}

/**
 * Writes an export to a file.
 *
 * @param {Page} page
 * @param {'toCsv' | 'toJsonLines' | 'toLabelStudio' | 'toLabelStudioConfig' | 'toDoccano' | 'toManifest'} write
 * @param {string} name
 * @param {boolean} [escapesFormulas]
 */
async function saved(page, write, name, escapesFormulas = false) {
    const text = await page.evaluate(
        async ([key, escapesFormulas]) => {
            const { desk, collection } =
                /** @type {{ desk: Desk, collection: import('../../../www/desk/collection.js').Collection }} */ (
                    /** @type {unknown} */ (globalThis)
                );
            const file = await desk.export[key](collection.posts, collection, { escapesFormulas });
            return file.text();
        },
        /** @type {const} */ ([write, escapesFormulas]),
    );
    const path = join(await temporaryFolder(), name);
    await writeFile(path, text);
    return { path, text };
}

/** A cell of a file that is escaped. */
const escaped = (/** @type {string} */ text) =>
    text.replace(/(?<=^|[;\t\r\n])(?=['"]*[=+\-@＝＋－＠])|^(?=['"]*[\t\r\n])/g, "'");

/** @param {Plain} post */
const strongest = ({ scores }) =>
    scores ? /** @type {string} */ (EMOTIONS[scores.indexOf(Math.max(...scores))]) : null;

/** The extra columns of `nastyPosts`, and the name that one of COLUMNS has beside them. */
const EXTRA = ['likes, etc.', '=odd', 'filename', 'emotion', 'table_filename', 'label'];
const outputName = (/** @type {string} */ column) => (column === 'emotion' ? 'emofuse_emotion' : column);

for (const escapes of [false, true])
    test(`Python’s csv module reads each cell of the CSV as it is meant, ${escapes ? 'escaped' : 'raw'}`, async () => {
        const cell = (/** @type {string} */ text) => (escapes ? escaped(text) : text);
        const posts = nastyPosts(400);
        const { context, page } = await openDesk(posts);
        const { path, text } = await saved(page, 'toCsv', 'posts.csv', escapes);
        /** @type {Record<string, string>[]} */
        const rows = await importAs('csv', path);
        assert.equal(rows.length, posts.length);
        assert.deepEqual(Object.keys(rows[0] ?? {}), [
            ...[...COLUMNS.map(outputName), ...EXTRA].map(cell),
            ...(escapes ? ['formulas_escaped'] : []),
        ]);
        assert.ok(!text.startsWith('\ufeff'));
        assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'));
        for (const [index, post] of posts.entries()) {
            const row = rows[index] ?? {};
            assert.equal(row['id'], cell(post.id));
            assert.equal(row['image'], cell(post.image ?? ''));
            assert.equal(row['caption'], cell(post.caption ?? ''));
            assert.equal(row['emofuse_emotion'], strongest(post) ?? '');
            assert.equal(row['secondary'], (post.scores && secondOf(index)) ?? '');
            assert.equal(row['uncertain'], post.scores ? String(index % 3 === 1) : '');
            assert.equal(row['uncertain_because'], post.scores ? doubtsOf(index).join('|') : '');
            assert.equal(row['hand_emotion'], post.manualLabel ?? '');
            assert.equal(row['corrected_emotion'], '');
            assert.equal(row['error'], post.error ?? '');
            assert.equal(row['model_sha256'], post.scores ? SHA256 : '');
            assert.equal(row['image_sha256'], post.image ? SHA256 : '');
            for (const column of EXTRA) assert.equal(row[cell(column)], cell(post.own?.[column] ?? ''), column);
            if (escapes) assert.equal(row['formulas_escaped'], 'true');
            for (const [place, emotion] of EMOTIONS.entries()) {
                if (post.scores) assert.match(row[emotion] ?? '', /^[01]\.\d{6}$/);
                else assert.equal(row[emotion], '');
                assert.ok(Math.abs(Number(row[emotion]) - (post.scores?.[place] ?? 0)) < 1e-6);
            }
            const both = post.scores && post.image && post.caption !== null;
            assert.equal(row['agreement'], both ? '0.250000' : '');
            for (const text of escapes ? Object.values(row) : [])
                assert.doesNotMatch(text, /^[\t\r\n]|(^|[;\t\r\n])[=+\-@＝＋－＠]/, 'no cell is a formula');
        }
        await context.close();
    });

test('JSON Lines have the same columns, with numbers, truth values and null', async () => {
    const posts = nastyPosts(200);
    const { context, page } = await openDesk(posts);
    const { path, text } = await saved(page, 'toJsonLines', 'posts.jsonl');
    /** @type {Record<string, string | number | boolean | null>[]} */
    const rows = await importAs('jsonl', path);
    assert.deepEqual(Object.keys(rows[0] ?? {}), [...COLUMNS.map(outputName), ...EXTRA]);
    for (const [index, post] of posts.entries()) {
        const row = rows[index] ?? {};
        assert.deepEqual(
            [row['id'], row['image'], row['caption'], row['hand_emotion'], row['error']],
            [post.id, post.image, post.caption, post.manualLabel, post.error],
        );
        assert.equal(row['emofuse_emotion'], strongest(post));
        assert.equal(row['secondary'], post.scores && secondOf(index));
        assert.equal(row['uncertain'], post.scores ? index % 3 === 1 : null);
        assert.equal(row['uncertain_because'], (post.scores && doubtsOf(index).join('|')) || null);
        for (const column of EXTRA) assert.equal(row[column], post.own?.[column] ?? null);
        assert.equal(typeof row['joy'], post.scores ? 'number' : 'object');
        assert.equal(row['corrected_confidence'], null);
    }
    assert.doesNotMatch(text, /\d\.\d{7}/, 'six decimals');
    await context.close();
});

for (const [write, name, escapes] of /** @type {const} */ ([
    ['toCsv', 'posts-labels.csv', false],
    ['toCsv', 'posts-labels.csv', true],
    ['toJsonLines', 'posts-labels.jsonl', false],
])) {
    test(`what was written as ${name}${escapes ? ', escaped,' : ''} loads again with all manual labels, to the letter`, async () => {
        const posts = nastyPosts(600);
        const { context, page } = await openDesk(posts);
        const { text } = await saved(page, write, name, escapes);
        const again = await page.evaluate(
            async ([content, file]) => {
                const { desk } = /** @type {{ desk: Desk }} */ (/** @type {unknown} */ (globalThis));
                const table = await desk.sources.readTable(new File([content], file));
                const mapping = await desk.sources.guessMapping(table.columns);
                const loaded = await desk.sources.postsOfTable(table, mapping, null);
                return {
                    mapping,
                    problems: loaded.problems,
                    posts: loaded.posts.map(({ id, image, caption, own, manualLabel, state }) => ({
                        id,
                        image,
                        caption,
                        own: Object.entries(own ?? {}),
                        manualLabel: manualLabel?.emotion ?? null,
                        how: manualLabel?.how ?? null,
                        state,
                    })),
                };
            },
            /** @type {const} */ ([text, name]),
        );
        assert.deepEqual(again.mapping, { caption: 'caption', image: 'image', id: 'id', manualLabel: 'hand_emotion' });
        assert.deepEqual(again.problems, []);
        assert.equal(again.posts.length, posts.length);
        for (const [index, post] of posts.entries()) {
            assert.deepEqual(again.posts[index], {
                id: post.id,
                image: post.image,
                caption: post.caption,
                own: [
                    ['likes, etc.', String(index)],
                    ['=odd', post.own?.['=odd'] ?? ''],
                    ['filename', `${index}.txt`],
                    ['emotion', post.own?.['emotion'] ?? ''],
                    ['table_filename', `table ${index}`],
                    ['label', post.own?.['label'] ?? ''],
                ],
                manualLabel: post.manualLabel,
                how: post.manualLabel ? 'import' : null,
                state: 'waiting',
            });
        }
        await context.close();
    });
}

test('with a correction in use, its columns are filled, and the model’s own stay its own', async () => {
    const posts = nastyPosts(50);
    const { context, page } = await openDesk(posts, { isCorrected: true });
    const { path } = await saved(page, 'toCsv', 'posts.csv');
    /** @type {Record<string, string>[]} */
    const rows = await importAs('csv', path);
    for (const [index, post] of posts.entries()) {
        const row = rows[index] ?? {};
        assert.equal(row['emofuse_emotion'], strongest(post) ?? '');
        assert.equal(row['corrected_emotion'], post.scores ? 'fear' : '');
        assert.equal(row['secondary'], (post.scores && secondOf(index)) ?? '');
        if (post.scores) assert.ok(Number(row['corrected_confidence']) > 0.99 && Number(row['confidence']) < 0.99);
    }
    const manifest = JSON.parse((await saved(page, 'toManifest', 'run.json')).text);
    assert.equal(manifest.correction.bias.fear, 20);
    assert.equal(manifest.counts.by_emotion.fear, posts.filter(({ scores }) => scores).length);
    // The correction makes the model sure of fear; what else there is to doubt remains.
    assert.deepEqual([manifest.counts.secondary, manifest.counts.uncertain_because.low_confidence], [0, 0]);
    assert.equal(
        manifest.counts.uncertain_because.language,
        posts.filter(({ scores }, index) => scores && doubtsOf(index).includes('language')).length,
    );
    const tasks = JSON.parse((await saved(page, 'toLabelStudio', 'tasks.json')).text);
    assert.equal(tasks[1].predictions[0].model_version, `emofuse-default-3 ${SHA256.slice(0, 12)} corrected`);
    assert.deepEqual(tasks[1].predictions[0].result[0].value, { choices: ['fear'] });
    await context.close();
});

for (const shown of /** @type {const} */ (['caption', 'image', 'both'])) {
    test(`Label Studio’s own package takes tasks, predictions and annotations of posts with ${shown}, and the configuration`, async () => {
        const posts = nastyPosts(120).map((post) => ({
            ...post,
            caption: shown === 'image' ? null : shown === 'caption' ? (post.caption ?? 'x') : post.caption,
            image: shown === 'caption' ? null : shown === 'image' ? (post.image ?? 'x.jpg') : post.image,
        }));
        const { context, page } = await openDesk(posts);
        const tasks = await saved(page, 'toLabelStudio', 'tasks.json');
        const config = await saved(page, 'toLabelStudioConfig', 'config.xml');
        const answer = await importAs('label-studio', tasks.path, config.path);
        assert.deepEqual(answer.errors, []);
        assert.deepEqual(answer.labels, EMOTIONS);
        assert.equal(answer.tag, 'Choices');
        assert.deepEqual(answer.to, [shown === 'image' ? 'image' : 'caption']);
        for (const [index, post] of posts.entries()) {
            const { data, predictions, annotations } = answer.tasks[index];
            assert.equal(data.id, post.id);
            assert.equal(data.caption, shown === 'image' ? undefined : (post.caption ?? ''));
            assert.equal(data.image, shown === 'caption' ? undefined : (post.image ?? ''));
            assert.equal(data['=odd'], post.own?.['=odd']);
            assert.equal(data.secondary, (post.scores && secondOf(index)) ?? undefined);
            assert.equal(data.uncertain, post.scores ? doubtsOf(index).length > 0 : undefined);
            assert.equal(data.uncertain_because, (post.scores && doubtsOf(index).join('|')) || undefined);
            assert.equal(predictions.length, post.scores ? 1 : 0);
            if (post.scores) {
                assert.equal(predictions[0].model_version, `emofuse-default-3 ${SHA256.slice(0, 12)}`);
                assert.ok(Math.abs(predictions[0].score - Math.max(...post.scores)) < 1e-6);
                assert.deepEqual(predictions[0].result[0].value.choices, [strongest(post)]);
            }
            assert.deepEqual(
                annotations.map((/** @type {any} */ { result }) => result[0].value.choices[0]),
                post.manualLabel ? [post.manualLabel] : [],
            );
        }
        // The package does say so where something is wrong.
        const wrong = answer.tasks.map((/** @type {object} */ task) => ({
            ...task,
            predictions: [
                {
                    model_version: 'x',
                    score: 1,
                    result: [
                        {
                            id: '1',
                            from_name: 'emotion',
                            to_name: answer.to[0],
                            type: 'choices',
                            value: { choices: ['bliss'] },
                        },
                    ],
                },
            ],
        }));
        await writeFile(tasks.path, JSON.stringify(wrong));
        assert.equal((await importAs('label-studio', tasks.path, config.path)).errors.length, posts.length);
        await context.close();
    });
}

test('doccano’s own importer takes text, labels and metadata', async () => {
    const posts = nastyPosts(300);
    const { context, page } = await openDesk(posts);
    const { path, text } = await saved(page, 'toDoccano', 'posts.jsonl');
    const { examples, errors } = await importAs('doccano', path);
    const written = posts.filter(({ caption }) => caption !== null);
    assert.deepEqual(errors, []);
    assert.equal(examples.length, written.length);
    assert.ok(written.length < posts.length);
    for (const [index, post] of written.entries()) {
        const { text: caption, labels, meta, upload_name } = examples[index];
        assert.equal(caption, post.caption);
        const label = post.manualLabel ?? strongest(post);
        assert.deepEqual(labels, label ? [label] : []);
        assert.equal(meta.id, post.id);
        assert.equal(meta.emofuse_emotion, strongest(post) ?? '');
        assert.equal(meta.emotion, post.own?.['emotion']);
        assert.equal(meta.hand_emotion, post.manualLabel ?? '');
        const place = posts.indexOf(post);
        assert.deepEqual(
            [meta.secondary, meta.uncertain_because],
            post.scores ? [secondOf(place) ?? '', doubtsOf(place).join('|')] : ['', ''],
        );
        assert.equal(meta.table_label, post.own?.['label'] ?? '');
        assert.match(meta['table_filename 2'], /^\d+\.txt$/);
        assert.match(meta.table_filename, /^table \d+$/);
        assert.equal(upload_name, 'upload.jsonl', 'the table’s columns do not take the place of doccano’s');
    }
    // doccano makes a table of the lines and would turn what is missing there into numbers that are none.
    const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    for (const line of lines) {
        assert.deepEqual(Object.keys(line), Object.keys(lines[0]));
        assert.ok(!Object.values(line).includes(null));
    }
    await context.close();
});

test('the manifest says what was run and counts what came of it', async () => {
    const posts = nastyPosts(100);
    const { context, page } = await openDesk(posts);
    const manifest = JSON.parse((await saved(page, 'toManifest', 'run.json')).text);
    assert.equal(manifest.format, 'emofuse-run');
    assert.equal(manifest.version, 1);
    assert.deepEqual(manifest.model, { id: 'emofuse-default-3', sha256: SHA256 });
    assert.deepEqual(
        [manifest.backend, manifest.backends_used, manifest.source, manifest.correction],
        ['cpu', ['cpu'], 'posts.csv', null],
    );
    assert.deepEqual(manifest.uncertain_below, { both: 0.5, image: 0.6, caption: 0.7 });
    assert.match(manifest.browser.user_agent, /Chrome/);
    assert.ok(manifest.browser.brands.length > 0);
    assert.ok(Math.abs(Date.parse(manifest.date) - Date.now()) < 600_000);
    const read = posts.filter(({ scores }) => scores);
    const { by_emotion, by_hand_emotion, uncertain_because, ...counts } = manifest.counts;
    assert.deepEqual(counts, {
        posts: 100,
        read: read.length,
        failed: 100 - read.length,
        waiting: 0,
        repeated: 2,
        secondary: posts.filter(({ scores }, index) => scores && secondOf(index)).length,
        uncertain: posts.filter(({ scores }, index) => scores && index % 3 === 1).length,
        by_hand: 25,
        by_hand_secondary: 0,
        notes: 0,
    });
    assert.equal(manifest.label_guide, null);
    for (const reason of ['language', 'unknown_words', 'low_confidence', 'sides_disagree']) {
        assert.equal(
            uncertain_because[reason],
            posts.filter(({ scores }, index) => scores && doubtsOf(index).includes(reason)).length,
            reason,
        );
    }
    for (const emotion of EMOTIONS) {
        assert.equal(by_emotion[emotion], read.filter((post) => strongest(post) === emotion).length);
        assert.equal(by_hand_emotion[emotion], posts.filter(({ manualLabel }) => manualLabel === emotion).length);
    }
    await context.close();
});

test('50,000 posts are written while the page stays awake, and the writing can be ended', {
    tag: '@measures',
}, async () => {
    const { context, page } = await openDesk(
        nastyPosts(100).map((post) => ({ ...post, caption: post.caption?.slice(0, 100) ?? null })),
    );
    await watchLongTasks(page);
    const answers = await page.evaluate(async () => {
        const { desk, collection } =
            /** @type {{ desk: Desk, collection: import('../../../www/desk/collection.js').Collection }} */ (
                /** @type {unknown} */ (globalThis)
            );
        const { longTasks } = /** @type {{ longTasks: import('../support/tasks.mjs').LongTasks }} */ (
            /** @type {unknown} */ (globalThis)
        );
        const posts = Array.from(
            { length: 50_000 },
            (_, index) => /** @type {DeskPost} */ (collection.posts[index % 100]),
        );
        const found = [];
        for (const { key, write } of desk.export.FORMATS) {
            let told = 0;
            await longTasks.start();
            const file = await write(posts, collection, { onProgress: () => (told += 1) });
            const longest = await longTasks.finish();
            const text = key === 'csv' || key === 'jsonl' ? await file.text() : '';
            found.push({
                key,
                told,
                longest,
                lines: text.split('\n').length,
                size: file.size,
            });
        }
        const controller = new AbortController();
        const { signal } = controller;
        const onProgress = () => controller.abort();
        const ended = desk.export.toCsv(posts, collection, { signal, onProgress }).catch((error) => error.name);
        return { found, ended: await ended };
    });
    for (const { key, told, longest } of answers.found) {
        if (key === 'manifest') continue; // a moment's work
        assert.ok(told > 3, `${key} tells how far it is`);
        assert.ok(longest < 0.2, `${key}: no task of over 50 ms takes more than a fifth of it all`);
    }
    assert.equal(answers.found.find(({ key }) => key === 'jsonl')?.lines, 50_001);
    assert.equal(answers.ended, 'AbortError');
    await context.close();
});
