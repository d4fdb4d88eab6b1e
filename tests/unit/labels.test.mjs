// The labels in use, and labels of a person's own.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import './page-modules.mjs';

const { LabelSet, PLUTCHIK, labelsInUse, labelsOf, useLabels } = await import('../../www/shared/labels.js');
const own = await import('../../www/desk/labels/own-labels.js');
const { keysOf } = await import('../../www/desk/review/keys.js');
const { describedLabels, EMOTIONS } = await import('../../pkg/src/emotions.js');
const { explanation, comparison } = await import('../../www/shared/words.js');
const { columnsWith, FIXED, scoreColumn } = await import('../../www/shared/label-columns.js');
const { strongestOf, toPrediction, predictedLabel } = await import('../../www/desk/labelling/prediction.js');
const { strengthOf } = await import('../../www/shared/disagreement.js');
const { confusion, cohensKappa } = await import('../../www/desk/review/agreement.js');
const { evaluate, hasTableLabels } = await import('../../www/desk/evaluate/evaluation.js');
const { total } = await import('../../www/desk/browse/totals.js');
const { READY_MADE, formatLabels, labelFor, parseLabels, projectFor, projectOf, scopeOfModel, withCollection } = own;

/** @typedef {import('../../www/desk/labels/own-labels.js').OwnLabels} OwnLabels */
/** @typedef {import('../../www/desk/types.js').DeskPost} DeskPost */

const usual = labelsInUse();
afterEach(() => void useLabels(usual));

const SENTIMENT = new LabelSet(['positive', 'neutral', 'negative']);
const MANY = Array.from({ length: 64 }, (_, index) => `label ${index + 1}`);

test('the labels in use are the default model’s until a model says otherwise, and the wheel is for them alone', () => {
    assert.deepEqual(labelsInUse().names, [...EMOTIONS]);
    assert.equal(labelsInUse().isPlutchik, true);
    assert.equal(new LabelSet([...EMOTIONS].reverse(), 'neutral').isPlutchik, true);
    for (const others of [EMOTIONS.slice(0, 8), [...EMOTIONS, 'awe'], SENTIMENT.names])
        assert.equal(new LabelSet(others).isPlutchik, false);
    const described = labelsOf({ labels: ['calm', { name: 'wild', colour: '#ff0000', group: 'loud' }], none: 'calm' });
    assert.deepEqual(
        [described.names, described.none, described.nonePlace, described.primary],
        [['calm', 'wild'], 'calm', 0, ['wild']],
    );
});

test('an engine of before has no label for “none”, so neutral is the one, if it is there', () => {
    assert.deepEqual(describedLabels({ labels: ['joy', 'neutral'] }), {
        labels: ['joy', 'neutral'],
        none: 'neutral',
        system: 'common_space',
    });
    assert.equal(describedLabels({ labels: ['joy', 'awe'] }).none, null);
    assert.equal(
        describedLabels({ labels: ['joy', 'neutral'], none: null }).none,
        null,
        'an engine may say there is none',
    );
    const named = { labels: [{ name: 'neutral', colour: '#888888' }, 'joy'], system: 'late' };
    assert.deepEqual(describedLabels(named), { ...named, none: 'neutral' });
});

/**
 * The relative luminance of an OKLCH colour, and whether a screen can show it.
 *
 * @param {string} colour
 */
function luminance(colour) {
    const [lightness = 0, chroma = 0, degrees = 0] = /** @type {string[]} */ (colour.match(/[\d.]+/g)).map(Number);
    const hue = (degrees * Math.PI) / 180;
    const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
    const [l = 0, m = 0, s = 0] = [
        lightness + 0.3963377774 * a + 0.2158037573 * b,
        lightness - 0.1055613458 * a - 0.0638541728 * b,
        lightness - 0.0894841775 * a - 1.291485548 * b,
    ].map((root) => root ** 3);
    const [red, green, blue] = [
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ].map((value) => Math.min(1, Math.max(0, value)));
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

test('other labels have colours that differ, and stand out from light and dark grounds by 3 to 1', () => {
    const colours = new LabelSet(MANY).names.map((name) => new LabelSet(MANY).colourOf(name) ?? '');
    assert.equal(new Set(colours).size, MANY.length);
    const [light, dark] = [1, 0.0146]; // the cards #ffffff and #1e2026
    for (const colour of colours) {
        const own = luminance(colour);
        assert.ok((light + 0.05) / (own + 0.05) >= 3, `${colour} on light`);
        assert.ok((own + 0.05) / (dark + 0.05) >= 3, `${colour} on dark`);
    }
});

test('Plutchik’s labels have their own colours, given colours come first, and no label is grey', () => {
    assert.equal(new LabelSet(PLUTCHIK, 'neutral').colourOf('joy'), null, 'the style sheet has it');
    assert.equal(new LabelSet(['anger', 'joy', 'neutral'], 'neutral').colourOf('anger'), null);
    const mixed = new LabelSet(['joy', 'awe', { name: 'none', colour: '#123456' }], 'none');
    assert.match(mixed.colourOf('joy') ?? '', /^oklch/, 'beside other labels it would look like one of them');
    assert.equal(mixed.colourOf('none'), '#123456');
    assert.equal(new LabelSet(['a', 'b'], 'b').colourOf('b'), '#8b8f98');
    assert.equal(new LabelSet(['a', 'b']).colourOf('not in use'), '#8b8f98');
});

test('labels have digits, then letters that are no commands, and none has 0', () => {
    const plain = keysOf(new LabelSet(PLUTCHIK, 'neutral'));
    assert.deepEqual(
        PLUTCHIK.map((label) => plain.get(label)),
        [...'12345678'].map((key) => [key]).concat([['0', '9']]),
    );
    assert.deepEqual([...keysOf(SENTIMENT).values()], [['1'], ['2'], ['3']]);
    const many = keysOf(new LabelSet(MANY));
    const keys = [...many.values()].flat();
    assert.equal(keys.length, 29);
    assert.equal(new Set(keys).size, 29);
    assert.deepEqual(
        [...'ugsnzx0'].filter((key) => keys.includes(key)),
        [],
    );
    assert.equal(many.get('label 64'), undefined);
});

test('labels are read from lines, lists and spreadsheets', () => {
    const names = (/** @type {string} */ text) => parseLabels(text).labels.map(({ name }) => name);
    assert.deepEqual(names('positive\n negative \n\n neither'), ['positive', 'negative', 'neither']);
    assert.deepEqual(names('calm, wild;odd'), ['calm', 'wild', 'odd']);
    assert.deepEqual(names('- calm\r\n* wild\n3. odd\n• even'), ['calm', 'wild', 'odd', 'even']);
    assert.deepEqual(names('calm\tno movement\nwild\tmuch'), ['calm', 'wild']);
    assert.deepEqual(names('Freude, Überraschung, 喜び, 😀'), ['Freude', 'Überraschung', '喜び', '😀']);
    assert.deepEqual(
        names('e\u0301t\u00e9\nhiver'),
        ['\u00e9t\u00e9', 'hiver'],
        'normalised, as model files have them',
    );
    const text = 'Pleasant:\njoy #f2c200\nawe\nUnpleasant:\nanger';
    const { labels, mistakes } = parseLabels(text);
    assert.deepEqual(labels, [
        { name: 'joy', colour: '#f2c200', group: 'Pleasant' },
        { name: 'awe', group: 'Pleasant' },
        { name: 'anger', group: 'Unpleasant' },
    ]);
    assert.deepEqual(mistakes, []);
    assert.equal(formatLabels(labels), text);
    for (const { labels: ready, none } of Object.values(READY_MADE)) {
        assert.deepEqual(parseLabels(formatLabels(ready)), { labels: ready, mistakes: [] });
        assert.ok(none === null || ready.some(({ name }) => name === none));
    }
});

test('what cannot be a set of labels is told in a sentence', () => {
    const mistakes = (/** @type {string} */ text) => parseLabels(text).mistakes.join(' ');
    assert.match(mistakes(''), /at least two labels/);
    assert.match(mistakes('alone'), /at least two labels/);
    assert.match(mistakes('joy\nanger\nJOY'), /“JOY” is there twice/);
    assert.match(mistakes([...MANY, 'one more'].join('\n')), /65 labels\. A project has 64 at most/);
    assert.equal(mistakes(MANY.join('\n')), '');
    assert.match(mistakes(`a\nb\n${'x'.repeat(65)}`), /“x{20}…” is too long/);
    assert.equal(mistakes(`a\n${'😀'.repeat(64)}`), '');
    assert.match(mistakes('a\nb\u0007c\nd'), /control character/);
});

test('a project keeps its place when its labels change, and a model that was trained from it finds it', () => {
    const first = projectFor(undefined, { labels: [{ name: 'calm' }, { name: 'wild' }], none: null }, null);
    assert.match(first.scope, /^own-[0-9a-f]{8} $/);
    let stored = own.withProject(undefined, first);
    const changed = projectFor(stored, { labels: [{ name: 'wild' }, { name: 'odd' }], none: null }, first);
    assert.deepEqual([changed.id, changed.scope], [first.id, first.scope]);
    stored = own.withProject(stored, changed);
    const other = projectFor(stored, { labels: [{ name: 'x' }, { name: 'y' }], none: null }, changed);
    assert.notEqual(other.id, first.id, 'nothing is the same');
    stored = withCollection(own.withProject(stored, other), 'holiday', first.id);
    assert.equal(projectFor(stored, { labels: [{ name: 'odd' }, { name: 'wild' }], none: 'odd' }, other).id, first.id);
    assert.equal(projectOf(stored)?.id, other.id);
    assert.equal(projectOf(stored, 'holiday')?.id, first.id);
    assert.equal(projectOf(stored, 'elsewhere')?.id, other.id);
    assert.equal(projectOf(undefined, 'holiday'), null);
    assert.equal(scopeOfModel(stored, ['odd', 'wild']), first.scope);
    assert.equal(scopeOfModel(stored, ['wild']), first.scope, 'labels that no post had are not in the model');
    assert.equal(scopeOfModel(stored, ['wild', 'unknown']), '');
    assert.equal(scopeOfModel(stored, PLUTCHIK), '');
});

test('Plutchik’s labels without a model are kept where those of the default model are', () => {
    const ekman = projectFor(undefined, READY_MADE.ekman, null);
    assert.equal(ekman.scope, '');
    const grown = projectFor(own.withProject(undefined, ekman), { ...READY_MADE.mikels }, ekman);
    assert.equal(grown.scope, '', 'it stays when other labels are added');
});

test('labels of tables are found in any letter case and Unicode form', () => {
    assert.equal(labelFor(' POSITIVE ', SENTIMENT.names), 'positive');
    assert.equal(labelFor('E\u0301te\u0301', ['\u00e9t\u00e9']), '\u00e9t\u00e9');
    assert.equal(labelFor('A', ['a', 'A']), 'A', 'the very same first');
    assert.equal(labelFor('bliss', SENTIMENT.names), null);
});

test('results with other labels are told in words that fit any label', () => {
    useLabels(new LabelSet(['positive', 'other', 'negative'], 'other'));
    const doubt = { secondary: null, uncertain: false, uncertain_because: [] };
    const scores = (/** @type {number} */ positive, /** @type {number} */ other, /** @type {number} */ negative) => ({
        positive,
        other,
        negative,
    });
    const plain = (/** @type {string} */ text) => text.replaceAll('\u00a0', ' ');
    assert.equal(
        plain(explanation({ ...doubt, scores: scores(0.1, 0.8, 0.1) })),
        'Other scores 80 %: none of the other labels stands out.',
    );
    const both = { scores: scores(0.7, 0.1, 0.2), image: scores(0.8, 0.1, 0.1), caption: scores(0.2, 0.1, 0.7) };
    assert.equal(
        comparison({ ...doubt, ...both, agreement: 0.2 })?.text,
        'Image and caption disagree: the image suggests “positive”, the caption suggests “negative”. Together, the image decides.',
    );
});

test('predictions, totals, disagreement and evaluation follow the labels in use', () => {
    useLabels(SENTIMENT);
    const result = {
        ...{ emotion: 'negative', confidence: 0.6, secondary: null, agreement: 0.5 },
        ...{ uncertain: false, uncertain_because: [], backend: /** @type {const} */ ('cpu'), backendReason: '' },
        ...{ model: { id: 'm', sha256: 'a' }, timings_ms: { decode: 0, picture: 0, caption: 0, model: 0, total: 0 } },
        scores: { negative: 0.6, positive: 0.3, neutral: 0.1 },
        image: { positive: 0.8, neutral: 0.1, negative: 0.1 },
        caption: { positive: 0.1, neutral: 0.1, negative: 0.8 },
    };
    const prediction = toPrediction(result);
    assert.deepEqual(
        Array.from(prediction.scores, (score) => Math.round(score * 10)),
        [3, 1, 6],
    );
    assert.equal(strongestOf(prediction.scores)[0], 'negative');
    const below = { both: 0, image: 0, caption: 0 };
    const correction = /** @type {import('../../www/desk/types.js').Correction} */ (
        /** @type {unknown} */ ({ temperature: 1, bias: { positive: 5, neutral: 0, negative: 0 } })
    );
    assert.equal(predictedLabel(prediction, correction, below).emotion, 'positive');
    assert.ok(Math.abs(strengthOf(result.image.positive ? [0.8, 0.1, 0.1] : [], [0.1, 0.1, 0.8]) - 0.7) < 1e-6);
    const post = (/** @type {Partial<DeskPost>} */ some) =>
        /** @type {DeskPost} */ (
            /** @type {unknown} */ ({ index: 0, error: null, prediction, manualLabel: null, ...some })
        );
    const posts = [
        post({ tableLabel: 'negative' }),
        post({ tableLabel: 'positive' }),
        post({ tableLabel: 'joy', manualLabel: { emotion: 'joy', at: '', how: 'import' } }),
    ];
    const labelOf = () => predictedLabel(prediction, null, below);
    const { n, labelled, matrix, disagreements } = evaluate(posts, labelOf);
    assert.deepEqual([n, labelled, disagreements.length], [2, 2, 1], 'a label that the model cannot give is left out');
    assert.deepEqual(matrix, [
        [0, 0, 1],
        [0, 0, 0],
        [0, 0, 1],
    ]);
    assert.equal(hasTableLabels(posts.slice(2)), false);
    assert.deepEqual(
        [...total(posts, labelOf).emotions],
        [
            ['positive', 0],
            ['neutral', 0],
            ['negative', 2],
            ['joy', 1],
        ],
        'a label that is none of those in use is counted too',
    );
    const kappa = cohensKappa(confusion([{ manual: 'positive', predicted: 'positive' }], SENTIMENT.names));
    assert.equal(kappa.kappa, null);
});

test('no column of a score has the name of another column', () => {
    const names = ['error', 'id', 'score (id)', 'hand_note', 'emofuse_id', 'joy', 'formulas_escaped', 'score', 'id 2'];
    const columns = columnsWith(names.map(scoreColumn));
    assert.equal(new Set(columns).size, columns.length);
    assert.equal(columns.length, FIXED.length + names.length);
    assert.equal(scoreColumn('joy'), 'joy');
    assert.equal(scoreColumn('error'), 'score (error)');
    assert.equal(scoreColumn('id 2'), 'score (id 2)', 'the next column of that name would be emofuse_id 2');
});
