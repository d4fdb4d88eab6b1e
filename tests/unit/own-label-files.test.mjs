// What is saved from a project with labels of one's own.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import './page-modules.mjs';

const { LabelSet, labelsInUse, useLabels } = await import('../../www/shared/labels.js');
const {
    FORMATS,
    fileName,
    recipe,
    toCsv,
    toDoccano,
    toJsonLines,
    toLabelStudio,
    toLabelStudioConfig,
    toManifest,
    toTrainingTable,
} = await import('../../www/desk/export/index.js');
const { readTable } = await import('../../www/desk/intake/table.js');
const { guessMapping } = await import('../../www/desk/intake/mapping.js');
const { postsOfTable } = await import('../../www/desk/intake/posts.js');
const { NEW_POST } = await import('../../www/desk/intake/posts.js');

/** @typedef {import('../../www/desk/types.js').DeskPost} DeskPost */

const usual = labelsInUse();
afterEach(() => void useLabels(usual));

const OWN = new LabelSet(['ad', 'no ad', 'error', 'über "alles" <&>'], 'no ad');

/**
 * @param {number} index
 * @param {string | null} label
 * @param {Partial<DeskPost>} [more]
 * @returns {DeskPost}
 */
const post = (index, label, more = {}) => ({
    ...NEW_POST,
    index,
    id: `p${index}`,
    image: `images/${index}.jpg`,
    caption: `caption ${index}`,
    open: null,
    state: 'done',
    imageSha256: `${index}`.padStart(64, '0'),
    manualLabel: label === null ? null : { emotion: label, at: '2026-01-01T00:00:00Z', how: 'review' },
    ...more,
});

/** @type {import('../../www/desk/export/index.js').Context} */
const WITHOUT_MODEL = {
    predictedLabel: () => null,
    description: null,
    correction: null,
    name: 'holiday',
    hasModel: false,
};

const POSTS = [
    post(0, 'ad'),
    post(1, 'no ad'),
    post(2, null),
    post(3, 'error'),
    post(4, 'über "alles" <&>'),
    post(5, 'gone'),
];

/** @param {string} text */
const lines = (text) => text.trim().split('\n');

test('without a model there are no scores to save, and the labels come back from the table', async () => {
    useLabels(OWN);
    const csv = await (await toCsv(POSTS, WITHOUT_MODEL)).text();
    const [heading = ''] = lines(csv);
    assert.ok(!heading.split(',').includes('ad'));
    assert.ok(
        heading.startsWith('id,image,caption,emotion,confidence,secondary,uncertain,uncertain_because,image_emotion'),
    );
    const table = await readTable(new File([csv], 'holiday-labels.csv'));
    const { posts, problems } = await postsOfTable(table, await guessMapping(table.columns), null);
    assert.deepEqual(
        posts.map(({ manualLabel }) => manualLabel?.emotion ?? null),
        ['ad', 'no ad', null, 'error', 'über "alles" <&>', 'gone'],
    );
    assert.deepEqual(
        posts.map(({ own }) => own),
        posts.map(() => null),
    );
    assert.deepEqual(
        problems.map(({ reason }) => reason),
        ['“gone” is none of the labels in use. It stays with the post.'],
    );
    const rows = lines(await (await toJsonLines(POSTS, WITHOUT_MODEL)).text()).map((line) => JSON.parse(line));
    assert.deepEqual(
        rows.map(({ hand_emotion }) => hand_emotion),
        ['ad', 'no ad', null, 'error', 'über "alles" <&>', 'gone'],
    );
});

test('with a model of other labels their scores have columns, which are none of the table’s own', async () => {
    useLabels(OWN);
    const prediction = {
        ...{ scores: Float32Array.of(0.1, 0.2, 0.3, 0.4), image: null, caption: null, agreement: null },
        ...{ secondary: null, uncertain: false, uncertain_because: [], backend: /** @type {const} */ ('cpu') },
    };
    const posts = POSTS.map((one) => ({ ...one, prediction }));
    const context = { ...WITHOUT_MODEL, hasModel: true };
    const csv = await (await toCsv(posts, context)).text();
    const table = await readTable(new File([csv], 'labels.csv'));
    assert.deepEqual(table.columns.slice(8, 12), ['ad', 'no ad', 'score (error)', 'über "alles" <&>']);
    assert.deepEqual(table.rows[0]?.slice(3, 12), [
        ...['über "alles" <&>', '0.400000', '', 'false', ''],
        ...['0.100000', '0.200000', '0.300000', '0.400000'],
    ]);
    const { posts: again } = await postsOfTable(table, await guessMapping(table.columns), null);
    assert.equal(again[0]?.own, null);
    useLabels(usual);
    const { posts: elsewhere } = await postsOfTable(table, await guessMapping(table.columns), null);
    assert.deepEqual(
        Object.keys(elsewhere[0]?.own ?? {}),
        ['ad', 'no ad', 'score (error)', 'über "alles" <&>'],
        'with other labels in use they are kept',
    );
});

test('Label Studio and doccano get the labels in use, and those that posts have', async () => {
    useLabels(OWN);
    const configuration = await (await toLabelStudioConfig(POSTS, WITHOUT_MODEL)).text();
    assert.deepEqual(
        lines(configuration).filter((line) => line.includes('<Choice ')),
        [
            '    <Choice value="ad" hotkey="1"/>',
            '    <Choice value="no ad" hotkey="0"/>',
            '    <Choice value="error" hotkey="2"/>',
            '    <Choice value="über &quot;alles&quot; &lt;&amp;&gt;" hotkey="3"/>',
            '    <Choice value="gone"/>',
        ],
    );
    assert.match(configuration, /Which label fits the post\?/);
    const tasks = JSON.parse(await (await toLabelStudio(POSTS, WITHOUT_MODEL)).text());
    assert.deepEqual(tasks[3].annotations[0].result[0].value.choices, ['error']);
    assert.deepEqual(tasks[3].predictions, []);
    const examples = lines(await (await toDoccano(POSTS, WITHOUT_MODEL)).text()).map((line) => JSON.parse(line));
    assert.deepEqual(
        examples.map(({ label }) => label),
        [['ad'], ['no ad'], [], ['error'], ['über "alles" <&>'], ['gone']],
    );
});

test('the manifest names the labels and counts each', async () => {
    if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: 'Node.js' } });
    useLabels(OWN);
    const manifest = JSON.parse(await (await toManifest(POSTS, WITHOUT_MODEL)).text());
    assert.deepEqual([manifest.labels, manifest.none, manifest.model], [[...OWN.names], 'no ad', null]);
    assert.deepEqual(manifest.counts.by_hand_emotion, { ad: 1, 'no ad': 1, error: 1, 'über "alles" <&>': 1, gone: 1 });
});

test('the table for training has the labelled posts, and the same image is in one part', async () => {
    useLabels(OWN);
    const posts = Array.from({ length: 60 }, (_, index) =>
        post(index, ['ad', 'no ad', null][index % 3] ?? null, {
            imageSha256: `${Math.floor(index / 6) * 3 + (index % 3)}`,
        }),
    );
    const text = await (await toTrainingTable(posts, WITHOUT_MODEL)).text();
    const table = await readTable(new File([text], 'holiday-train.csv'));
    assert.deepEqual(table.columns, ['image', 'caption', 'label', 'split']);
    assert.equal(table.rows.length, 40);
    assert.deepEqual([...new Set(table.rows.map(([, , label]) => label))].sort(), ['ad', 'no ad']);
    /** @type {Map<string, Set<string>>} */
    const splits = new Map();
    for (const [image = '', , , split = ''] of table.rows) {
        const { imageSha256 } = posts.find((one) => one.image === image) ?? {};
        splits.set(imageSha256 ?? '', (splits.get(imageSha256 ?? '') ?? new Set()).add(split));
    }
    assert.ok([...splits.values()].every(({ size }) => size === 1));
    for (const label of ['ad', 'no ad'])
        assert.deepEqual(
            [...new Set(table.rows.filter((row) => row[2] === label).map((row) => row[3]))].sort(),
            ['dev', 'test', 'train'],
            `each part has posts of “${label}”`,
        );
    const again = await (await toTrainingTable([...posts].reverse(), WITHOUT_MODEL)).text();
    assert.deepEqual(lines(again).sort(), lines(text).sort(), 'in whatever order');
});

test('ten posts of each label are enough for each part, and captions alone will do', async () => {
    const posts = Array.from({ length: 20 }, (_, index) =>
        post(index, ['joy', 'anger'][index % 2] ?? null, { image: null, imageSha256: null }),
    );
    const table = await readTable(
        new File([await (await toTrainingTable(posts, WITHOUT_MODEL)).text()], 'posts-train.csv'),
    );
    const count = (/** @type {string} */ split) => table.rows.filter((row) => row[3] === split).length;
    assert.deepEqual([count('train'), count('dev'), count('test')], [14, 4, 2]);
});

test('the recipe names the table and its labels, as “emofuse train” reads them', () => {
    const withoutNone = new LabelSet(['a', 'b']);
    useLabels(withoutNone);
    const plain = recipe([post(0, 'a'), post(1, 'b')], 'holiday-train.csv', 'holiday-1');
    assert.match(plain, /^id = "holiday-1"$/m);
    assert.match(plain, /^labels = "from data"$/m);
    assert.match(plain, /^posts = \[\{ kind = "posts", path = "holiday-train\.csv" \}\]$/m);
    assert.match(plain, /^captions = \["holiday-train\.csv"\]$/m);
    assert.match(plain, /^post_label = "label"$/m);
    assert.match(recipe([post(0, 'a', { caption: null })], 't.csv', 'x'), /^captions = \[\]$/m);
    useLabels(OWN);
    const named = recipe(POSTS, 't.csv', 'x');
    assert.match(
        named,
        /^labels = \{ names = \["ad", "no ad", "error", "über \\"alles\\" <&>", "gone"\], none = "no ad" \}$/m,
        'only then can it say which label stands for none',
    );
    const training = FORMATS.find(({ key }) => key === 'training');
    assert.ok(training?.companion);
    assert.equal(fileName('My photos', training), 'My photos-train.csv');
    assert.equal(fileName('My photos', training.companion), 'recipe.toml');
});
