// From a result to the files that the desk writes: second labels and reasons for doubt stay with their post.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import './page-modules.mjs';

/** @typedef {import('../../www/desk/types.js').Correction} Correction */
/** @typedef {import('../../www/desk/types.js').DeskPost} DeskPost */
/** @typedef {import('../../www/desk/types.js').Emotion} Emotion */
/** @typedef {import('../../www/desk/types.js').StoredPrediction} StoredPrediction */
/** @typedef {import('../../www/desk/types.js').UncertainReason} UncertainReason */

// Not before the hooks are registered.
const { UNCERTAIN_REASONS, predictedLabel, restored, toPrediction, toScores } = await import(
    '../../www/desk/labelling/prediction.js'
);
const { COLUMNS } = await import('../../www/shared/label-columns.js');
const { guessMapping } = await import('../../www/desk/intake/mapping.js');
const { postsOfTable } = await import('../../www/desk/intake/posts.js');
const { readTable } = await import('../../www/desk/intake/table.js');
const { toCsv } = await import('../../www/desk/export/csv.js');
const { toDoccano } = await import('../../www/desk/export/doccano.js');
const { toJsonLines } = await import('../../www/desk/export/jsonl.js');
const { toLabelStudio, toLabelStudioConfig } = await import('../../www/desk/export/label-studio.js');
const { toManifest } = await import('../../www/desk/export/manifest.js');
const { ALL, select } = await import('../../www/desk/browse/filter.js');

const BELOW = { both: 0.5, image: 0.5, caption: 0.5 };
const SCORES = Float32Array.from([0.6, 0.3, 0.1, 0, 0, 0, 0, 0, 0]);

/**
 * @param {Partial<StoredPrediction>} [some]
 * @returns {StoredPrediction}
 */
const prediction = (some = {}) => ({
    scores: SCORES,
    image: null,
    caption: SCORES,
    agreement: null,
    secondary: null,
    uncertain: false,
    uncertain_because: [],
    backend: 'cpu',
    ...some,
});

/** @param {UncertainReason[]} uncertain_because */
const doubted = (...uncertain_because) => prediction({ uncertain: true, uncertain_because });

/**
 * A correction that makes the strongest label stronger or weaker.
 *
 * @param {number} joy
 * @returns {Correction}
 */
const correction = (joy) => ({
    ...{
        format: 'emofuse-correction',
        version: 1,
        model_sha256: 'a'.repeat(64),
        temperature: 1,
        posts: 20,
        agreement: { before: 0.5, after: 0.75 },
        fitted: '',
    },
    bias: { joy, trust: 0, fear: 0, surprise: 0, sadness: 0, disgust: 0, anger: 0, anticipation: 0, neutral: 0 },
});

/**
 * @param {number} index
 * @param {StoredPrediction | null} stored
 * @returns {DeskPost}
 */
const post = (index, stored) => ({
    ...{
        index,
        id: `post ${index}`,
        image: null,
        caption: `caption ${index}`,
        open: null,
        findCaption: null,
        own: null,
        error: null,
        imageSha256: null,
        key: null,
        manualLabel: null,
        repeated: false,
    },
    ...{ state: stored ? /** @type {const} */ ('done') : /** @type {const} */ ('waiting'), prediction: stored },
});

const POSTS = [
    post(0, prediction({ secondary: 'trust' })),
    post(1, doubted('language', 'sides_disagree')),
    post(2, prediction()),
    post(3, null),
    post(4, doubted('language', 'low_confidence')),
];

/**
 * @param {Correction | null} [used]
 * @returns {import('../../www/desk/export/rows.js').Context}
 */
const context = (used = null) => ({
    name: 'posts.csv',
    correction: used,
    description: /** @type {import('../../pkg/index.js').Description} */ ({
        model: { id: 'made-up', sha256: 'a'.repeat(64) },
        uncertain_below: BELOW,
    }),
    predictedLabel: ({ prediction: stored }) => stored && predictedLabel(stored, used, BELOW),
});

/** @param {Blob} lines */
const parsed = async (lines) =>
    (await lines.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

test('the reasons are those of the command line, in its order', async () => {
    const source = await readFile(new URL('../../src/engine/classifier/prediction.rs', import.meta.url), 'utf8');
    const names = [...source.matchAll(/Self::\w+ => "(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(UNCERTAIN_REASONS, names);
});

test('a prediction has the second label and the reasons of its result', () => {
    /** @type {import('../../pkg/index.js').Result} */
    const result = {
        ...{
            emotion: 'joy',
            confidence: 0.6,
            secondary: 'trust',
            scores: toScores(SCORES),
            image: null,
            caption: toScores(SCORES),
            agreement: null,
        },
        ...{
            uncertain: true,
            uncertain_because: ['unknown_words'],
            backend: 'cpu',
            backendReason: '',
            model: { id: '', sha256: '' },
        },
        timings_ms: { decode: 0, picture: 0, caption: 0, model: 0, total: 0 },
    };
    assert.deepEqual(
        toPrediction(result),
        prediction({ secondary: 'trust', uncertain: true, uncertain_because: ['unknown_words'] }),
    );
});

test('a prediction that an earlier version stored has no second label, and its doubt is a low confidence', () => {
    const { secondary, uncertain_because, ...earlier } = prediction();
    assert.deepEqual(restored(earlier), prediction());
    assert.deepEqual(restored({ ...earlier, uncertain: true }), doubted('low_confidence'));
    for (const record of [prediction({ secondary: 'trust' }), doubted('language')])
        assert.deepEqual(restored(record), record);
    assert.deepEqual([secondary, uncertain_because], [null, []]);
});

test('a predicted label has the second label and the reasons of its prediction', () => {
    const { emotion, confidence, secondary, uncertain, uncertain_because } = predictedLabel(
        { ...doubted('sides_disagree'), secondary: 'trust' },
        null,
        BELOW,
    );
    assert.deepEqual([emotion, secondary, uncertain, uncertain_because], ['joy', 'trust', true, ['sides_disagree']]);
    assert.equal(confidence, SCORES[0]);
});

test('with a correction the confidence is doubted anew, the other reasons stay, and there is no second label', () => {
    const stronger = correction(2);
    const weaker = correction(-1);
    /** @type {[StoredPrediction, Correction, UncertainReason[]][]} */
    const cases = [
        [prediction({ secondary: 'trust' }), stronger, []],
        [prediction({ secondary: 'trust' }), weaker, ['low_confidence']],
        [doubted('low_confidence'), stronger, []],
        [doubted('low_confidence'), weaker, ['low_confidence']],
        [doubted('language', 'low_confidence', 'sides_disagree'), stronger, ['language', 'sides_disagree']],
        [doubted('language', 'sides_disagree'), weaker, ['language', 'low_confidence', 'sides_disagree']],
    ];
    for (const [stored, used, expected] of cases) {
        const { secondary, uncertain, uncertain_because } = predictedLabel(stored, used, BELOW);
        assert.deepEqual([secondary, uncertain, uncertain_because], [null, expected.length > 0, expected]);
    }
});

test('the filter finds posts that are doubted for any reason', () => {
    const found = select(POSTS, context().predictedLabel, { ...ALL, unsure: true });
    assert.deepEqual(
        found.map(({ index }) => index),
        [1, 4],
    );
});

test('rows have the second label and the reasons in columns of their own, the same text in both formats', async () => {
    const table = await readTable(new File([await toCsv(POSTS, context())], 'posts.csv'));
    assert.deepEqual(table.columns, COLUMNS);
    const lines = await parsed(await toJsonLines(POSTS, context()));
    assert.deepEqual(Object.keys(lines[0]), COLUMNS);
    const expected = [
        ['trust', false, null],
        [null, true, 'language|sides_disagree'],
        [null, false, null],
        [null, null, null],
        [null, true, 'language|low_confidence'],
    ];
    assert.deepEqual(
        lines.map(({ secondary, uncertain, uncertain_because }) => [secondary, uncertain, uncertain_because]),
        expected,
    );
    const at = (/** @type {string} */ column) => COLUMNS.indexOf(column);
    const cells = table.rows.map((row) => [row[at('secondary')], row[at('uncertain')], row[at('uncertain_because')]]);
    assert.deepEqual(
        cells,
        expected.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
    );
});

test('with a correction in use, rows keep the second label and the reasons of the model', async () => {
    const lines = await parsed(await toJsonLines(POSTS, context(correction(-1))));
    assert.deepEqual([lines[0].secondary, lines[0].uncertain, lines[2].uncertain_because], ['trust', false, null]);
    assert.deepEqual([lines[0].emotion, lines[0].corrected_emotion], ['joy', 'trust']);
});

test('a table that the desk wrote loads again, and none of its columns is the table’s own', async () => {
    for (const [file, name] of /** @type {const} */ ([
        [await toCsv(POSTS, context()), 'posts.csv'],
        [await toJsonLines(POSTS, context()), 'posts.jsonl'],
    ])) {
        const table = await readTable(new File([file], name));
        const { posts, problems } = await postsOfTable(table, await guessMapping(table.columns), null);
        assert.deepEqual(problems, []);
        assert.deepEqual(
            posts.map(({ id, own, prediction: stored }) => [id, own, stored]),
            POSTS.map(({ id }) => [id, null, null]),
        );
    }
});

test('second labels and notes have columns only where there are some, and come back with the table', async () => {
    const [first, second, third] = /** @type {[DeskPost, DeskPost, DeskPost]} */ (
        POSTS.slice(0, 3).map((one) => ({ ...one }))
    );
    first.manualLabel = { emotion: 'joy', secondary: 'surprise', at: '', how: 'review' };
    first.note = 'Two moods, "both" clear;\nsee the guide';
    second.manualLabel = { emotion: 'fear', at: '', how: 'review' };
    second.own = { hand_note: 'the person’s own' };
    for (const [file, name] of /** @type {const} */ ([
        [await toCsv([first, second, third], context()), 'posts.csv'],
        [await toCsv([first, second, third], context(), { escapesFormulas: true }), 'posts.csv'],
        [await toJsonLines([first, second, third], context()), 'posts.jsonl'],
    ])) {
        const table = await readTable(new File([file], name));
        assert.deepEqual(
            table.columns.filter((column) => column.includes('hand_')),
            ['hand_emotion', 'hand_secondary', 'emofuse_hand_note', 'hand_note'],
        );
        const { posts } = await postsOfTable(table, await guessMapping(table.columns), null);
        assert.deepEqual(
            posts.map(({ manualLabel, note, own }) => [
                manualLabel?.emotion,
                manualLabel?.secondary,
                note,
                own?.['hand_note'],
            ]),
            [
                ['joy', 'surprise', first.note, ''],
                ['fear', undefined, null, 'the person’s own'],
                [undefined, undefined, null, ''],
            ],
            name,
        );
        assert.equal(posts[0]?.tableLabel, 'joy');
    }
    const [noted] = await parsed(await toJsonLines([{ ...third, note: 'only a note' }], context()));
    assert.deepEqual(Object.keys(noted), [...COLUMNS, 'hand_note']);
    // A table that emofuse did not write keeps a column of that name as its own.
    const foreign = await readTable(new File(['text,hand_note\nhello,mine\n'], 'mine.csv'));
    const { posts } = await postsOfTable(foreign, await guessMapping(foreign.columns), null);
    assert.deepEqual([posts[0]?.note, posts[0]?.own], [null, { hand_note: 'mine' }]);
});

test('the manifest has the label guide, and counts second labels and notes', async () => {
    if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: 'Node.js' } });
    const noted = { ...post(0, prediction()), note: 'why?' };
    const labelled = {
        ...post(1, prediction()),
        manualLabel: /** @type {const} */ ({ emotion: 'joy', secondary: 'trust', at: '', how: 'review' }),
    };
    const manifest = async (/** @type {string} */ guide) =>
        JSON.parse(
            await (
                await toManifest([noted, labelled], { ...context(), settings: { guide, hidesGuess: false } })
            ).text(),
        );
    const { label_guide, counts } = await manifest('Irony counts as meant.');
    assert.deepEqual(
        [label_guide, counts.by_hand_secondary, counts.notes, counts.by_hand],
        ['Irony counts as meant.', 1, 1, 1],
    );
    assert.equal((await manifest('  ')).label_guide, null);
});

test('a table with columns of the desk’s own names comes back whole, by way of each format', async () => {
    // With `model_sha256` it would be a table that the desk wrote.
    const others = COLUMNS.filter((column) => column !== 'model_sha256');
    const extra = [...others, 'mood', 'text', 'table_text'];
    const cells = extra.map((column) => `my ${column}`);
    const table = await readTable(new File([`words,${extra.join(',')}\nhello,${cells.join(',')}\n`], 'mine.csv'));
    const mapping = { caption: 'words', image: null, id: null, manualLabel: null };
    const { posts } = await postsOfTable(table, mapping, null);
    const own = Object.fromEntries(extra.map((column) => [column, `my ${column}`]));
    assert.deepEqual(posts[0]?.own, own);
    for (const [file, name] of /** @type {const} */ ([
        [await toCsv(posts, context()), 'mine-labels.csv'],
        [await toCsv(posts, context(), { escapesFormulas: true }), 'mine-labels.csv'],
        [await toJsonLines(posts, context()), 'mine-labels.jsonl'],
    ])) {
        const written = await readTable(new File([file], name));
        const [row = []] = written.rows;
        for (const [column, cell] of Object.entries(own))
            assert.equal(row[written.columns.indexOf(column)], cell, `${name}: ${column}`);
        const guessed = await guessMapping(written.columns);
        const again = (await postsOfTable(written, guessed, null)).posts[0];
        assert.deepEqual([guessed.caption, again?.caption, again?.own], ['emofuse_caption', 'hello', own]);
    }
    const [example] = await parsed(await toDoccano(posts, context()));
    assert.deepEqual(
        [example.text, example['table_text 2'], example.table_text],
        ['hello', 'my text', 'my table_text'],
    );
    assert.deepEqual([example.emotion, example.emofuse_id, example.id], ['my emotion', '1', 'my id']);
    const [{ data }] = JSON.parse(await (await toLabelStudio(posts, context())).text());
    for (const [column, cell] of Object.entries(own)) assert.equal(data[column], cell, column);
    assert.deepEqual([data.emofuse_id, data.emofuse_caption], ['1', 'hello']);
    assert.match(await (await toLabelStudioConfig(posts, context())).text(), /value="\$emofuse_caption"/);
});

test('doccano gets them as metadata, with nothing that is null', async () => {
    const lines = await parsed(await toDoccano(POSTS, context()));
    assert.deepEqual(
        lines.map(({ secondary, uncertain_because }) => [secondary, uncertain_because]),
        [
            ['trust', ''],
            ['', 'language|sides_disagree'],
            ['', ''],
            ['', ''],
            ['', 'language|low_confidence'],
        ],
    );
});

test('Label Studio gets them with its tasks, as the predicted label has them', async () => {
    const tasks = async (/** @type {Correction | null} */ used) =>
        JSON.parse(await (await toLabelStudio(POSTS, context(used))).text());
    const shown = (/** @type {{ data: object }[]} */ list) =>
        list.map(({ data }) =>
            Object.fromEntries(
                Object.entries(data).filter(([name]) => name === 'secondary' || name.startsWith('uncertain')),
            ),
        );
    assert.deepEqual(shown(await tasks(null)), [
        { secondary: 'trust', uncertain: false },
        { uncertain: true, uncertain_because: 'language|sides_disagree' },
        { uncertain: false },
        {},
        { uncertain: true, uncertain_because: 'language|low_confidence' },
    ]);
    assert.deepEqual(shown(await tasks(correction(-1)))[0], { uncertain: true, uncertain_because: 'low_confidence' });
});

test('the manifest counts second labels and each reason', async () => {
    // Node.js has it from version 21.
    if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: 'Node.js' } });
    const counts = async (/** @type {Correction | null} */ used) =>
        JSON.parse(await (await toManifest(POSTS, context(used))).text()).counts;
    const { secondary, uncertain, uncertain_because } = await counts(null);
    assert.deepEqual([secondary, uncertain], [1, 2]);
    assert.deepEqual(uncertain_because, { language: 2, unknown_words: 0, low_confidence: 1, sides_disagree: 1 });
    const corrected = await counts(correction(2));
    assert.deepEqual([corrected.secondary, corrected.uncertain], [0, 2]);
    assert.deepEqual(corrected.uncertain_because, {
        language: 2,
        unknown_words: 0,
        low_confidence: 0,
        sides_disagree: 1,
    });
});
