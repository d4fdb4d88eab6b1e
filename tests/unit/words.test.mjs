// What the page says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMOTIONS } from '../../pkg/src/emotions.js';
import { AROUND_THE_WHEEL } from '../../www/shared/labels.js';
import {
    announcement,
    brightestPart,
    comparison,
    doubts,
    duration,
    errorWords,
    explanation,
    headline,
    modelErrorWords,
    modelKind,
    percent,
    points,
    wheelLabel,
} from '../../www/shared/words.js';

/**
 * Scores of which only these are not nought.
 *
 * @param {Partial<import('../../pkg/index.js').Scores>} some
 * @returns {import('../../pkg/index.js').Scores}
 */
const scores = (some) =>
    /** @type {import('../../pkg/index.js').Scores} */ (
        Object.fromEntries(EMOTIONS.map((emotion) => [emotion, some[emotion] ?? 0]))
    );

const JOYFUL = scores({ joy: 0.7, trust: 0.3 });
const ANGRY = scores({ anger: 0.8, disgust: 0.2 });

/** A result without a second label and without a doubt. */
const SURE = { secondary: null, uncertain: false, uncertain_because: [] };

/** @typedef {import('../../pkg/index.js').UncertainReason} UncertainReason */

/**
 * A result with these doubts.
 *
 * @param {UncertainReason[]} uncertain_because
 */
const unsure = (...uncertain_because) => ({ secondary: null, uncertain: true, uncertain_because });

/** @param {string} text */
const plain = (text) => text.replaceAll('\u00a0', ' ');

test('shares and times are rounded to what can be read', () => {
    assert.deepEqual(
        [0, 0.001, 0.004, 0.006, 0.494, 1].map((share) => plain(percent(share))),
        ['0 %', '< 1 %', '< 1 %', '1 %', '49 %', '100 %'],
    );
    assert.deepEqual([0.2, 83.6, 1234].map(duration), ['< 1 ms', '84 ms', '1.2 s']);
});

test('a sure result is named, an unsure one gives the two likeliest', () => {
    assert.equal(headline({ ...SURE, scores: JOYFUL }), 'Joy');
    assert.equal(plain(explanation({ ...SURE, scores: JOYFUL })), 'Joy scores 70 %.');
    const doubted = { ...unsure('low_confidence'), scores: JOYFUL };
    assert.equal(headline(doubted), 'Hard to say: joy or trust');
    assert.equal(
        plain(explanation(doubted)),
        'Joy scores 70 %, trust 30 %. No label scores clearly higher than the others.',
    );
});

test('a second label is named, with its score', () => {
    const result = { ...SURE, scores: JOYFUL, secondary: /** @type {const} */ ('trust') };
    assert.equal(headline(result), 'Probably joy, maybe trust');
    assert.equal(plain(explanation(result)), 'Joy scores 70 %, trust 30 %.');
});

test('no headline is a bare doubt, whatever the reasons', () => {
    const reasons = /** @type {const} */ (['language', 'unknown_words', 'low_confidence', 'sides_disagree']);
    for (let some = 1; some < 2 ** reasons.length; some++) {
        const because = reasons.filter((_, index) => some & (2 ** index));
        const text = headline({ ...unsure(...because), scores: JOYFUL });
        assert.match(text, /^(Hard to say: joy or trust|Hard to say, perhaps joy|Probably joy)$/, because.join());
        assert.equal(text.includes('or trust'), because.includes('low_confidence'), because.join());
    }
});

test('each reason to doubt a result has a sentence of its own', () => {
    const sentences = /** @type {UncertainReason[]} */ ([
        'language',
        'unknown_words',
        'low_confidence',
        'sides_disagree',
    ]).map((reason) => doubts([reason]));
    assert.equal(new Set(sentences).size, 4);
    for (const sentence of sentences) assert.match(sentence, /^[A-Z][^.]+\.$/);
    assert.equal(
        doubts(['language', 'low_confidence']),
        'The caption does not seem to be English, the only language this model reads. No label scores clearly higher than the others.',
    );
    assert.equal(doubts([]), '');
});

test('where only the caption is in doubt, a label that is far behind is not named', () => {
    const scored = scores({ joy: 0.96, trust: 0.04 });
    const other = { ...unsure('language'), scores: scored };
    assert.equal(headline(other), 'Hard to say, perhaps joy');
    assert.match(plain(explanation(other)), /^Joy scores 96 %\. The caption does not seem to be English/);
    assert.match(
        plain(explanation({ ...unsure('unknown_words'), scores: JOYFUL, secondary: 'trust' })),
        /^Joy scores 70 %, trust 30 %\. The model does not know/,
    );
    assert.equal(headline({ ...unsure('sides_disagree'), scores: scored }), 'Probably joy');
});

test('neutral is no emotion', () => {
    assert.match(explanation({ ...SURE, scores: scores({ neutral: 1 }) }), /none of the other labels/);
});

test('image and caption are compared in plain words, with what they say together', () => {
    const joy = { ...SURE, scores: JOYFUL };
    assert.equal(comparison({ ...joy, image: JOYFUL, caption: null, agreement: null }), null);
    assert.equal(comparison({ ...joy, image: JOYFUL, caption: JOYFUL, agreement: 1 })?.kind, 'agree');
    assert.deepEqual(comparison({ ...joy, image: JOYFUL, caption: ANGRY, agreement: 0.1 }), {
        kind: 'disagree',
        text: 'Image and caption disagree: the image conveys joy, the caption conveys anger. Together, the image decides.',
    });
    assert.match(
        comparison({ ...SURE, scores: ANGRY, image: scores({ neutral: 1 }), caption: ANGRY, agreement: 0 })?.text ?? '',
        /the image is neutral, the caption conveys anger\. Together, the caption decides\.$/,
    );
    const close = {
        ...joy,
        image: scores({ joy: 0.51, trust: 0.49 }),
        caption: scores({ joy: 0.49, trust: 0.51 }),
        agreement: 0.99,
    };
    assert.equal(comparison(close)?.kind, 'lean');
    // The model's own doubt goes before.
    assert.equal(comparison({ ...close, ...unsure('sides_disagree') })?.kind, 'disagree');
    assert.equal(
        comparison({ ...joy, ...unsure('sides_disagree'), image: JOYFUL, caption: JOYFUL, agreement: 0.3 })?.kind,
        'lean',
    );
});

test('what neither image nor caption says alone is said in a sentence', () => {
    const neutral = scores({ neutral: 1 });
    assert.deepEqual(comparison({ ...SURE, scores: JOYFUL, image: neutral, caption: neutral, agreement: 1 }), {
        kind: 'beyond',
        text: 'Neither says it alone: the image is neutral, the caption is neutral. Together, the post conveys joy.',
    });
    assert.equal(
        comparison({ ...SURE, scores: JOYFUL, image: ANGRY, caption: neutral, agreement: 0 })?.text,
        'Neither says it alone: the image conveys anger, the caption is neutral. Together, the post conveys joy.',
    );
});

test('what is announced holds the result and a disagreement', () => {
    const told = plain(announcement({ ...SURE, scores: ANGRY, image: JOYFUL, caption: ANGRY, agreement: 0.1 }));
    assert.equal(
        told,
        'Anger. Anger scores 80 %. Image and caption disagree: the image conveys joy, the caption conveys anger. Together, the caption decides.',
    );
});

test('what is announced holds the second label and the reasons for a doubt, the disagreement once', () => {
    const alone = { image: null, caption: JOYFUL, agreement: null, scores: JOYFUL };
    assert.match(announcement({ ...SURE, ...alone, secondary: 'trust' }), /^Probably joy, maybe trust\. /);
    assert.match(
        announcement({ ...unsure('language', 'low_confidence'), ...alone }),
        /^Hard to say: joy or trust\. Joy scores .* The caption does not seem to be English, .* No label scores clearly higher than the others\.$/,
    );
    const both = {
        ...unsure('low_confidence', 'sides_disagree'),
        scores: ANGRY,
        image: JOYFUL,
        caption: ANGRY,
        agreement: 0.1,
    };
    assert.equal(
        plain(announcement(both)),
        'Hard to say: anger or disgust. Anger scores 80 %, disgust 20 %. No label scores clearly higher than the others. Image and caption disagree: the image conveys joy, the caption conveys anger. Together, the caption decides.',
    );
});

test('the wheel has each of the eight once, opposites facing each other', () => {
    assert.deepEqual([...AROUND_THE_WHEEL, 'neutral'].sort(), [...EMOTIONS].sort());
    /** @type {readonly string[]} */
    const around = AROUND_THE_WHEEL;
    for (const [one, other] of [
        ['joy', 'sadness'],
        ['trust', 'disgust'],
        ['fear', 'anger'],
        ['surprise', 'anticipation'],
    ]) {
        const distance = around.indexOf(one) - around.indexOf(other);
        assert.equal(Math.abs(distance), 4);
    }
    assert.match(plain(wheelLabel(ANGRY)), /anger 80 %, disgust 20 %/);
});

test('every error says what to do', () => {
    for (const name of [
        'UnsupportedImageError',
        'ImageTooLargeError',
        'EmptyPostError',
        'IntegrityError',
        'DownloadError',
        'ModelFormatError',
        'BackendError',
        'Error',
    ]) {
        const { title, remedy } = errorWords(Object.assign(new Error('the cause; choose another'), { name }));
        assert.ok(title.length > 0 && remedy.length > 0, name);
    }
    assert.equal(errorWords('a string').detail, 'A string.');
});

test('every error of a model that was chosen names the model and says what to do', () => {
    const own = new File([], 'mine.emofuse');
    for (const name of ['IntegrityError', 'DownloadError', 'ModelFormatError', 'BackendError', 'Error']) {
        const error = Object.assign(new Error('the cause; choose another'), { name });
        assert.match(modelErrorWords(error, own).title, /^mine\.emofuse [a-z ]+$/);
        assert.match(modelErrorWords(error, 'large').title, /^The large model [a-z ]+$/);
        for (const source of /** @type {const} */ (['large', own]))
            assert.ok(modelErrorWords(error, source).remedy.length > 0, name);
    }
});

test('each kind of model has its name', () => {
    assert.deepEqual(
        [modelKind('default'), modelKind('large'), modelKind(new File([], 'mine.emofuse'))],
        ['Default model', 'Large model', 'Your own model'],
    );
});

test('what a word adds is said in points, with its sign, and not at all where it is next to nothing', () => {
    assert.deepEqual([0.123, 0.009, -0.05, -0.012, 0.004, -0.004, 0].map(points), [
        '+12 points',
        '+1 point',
        '−5 points',
        '−1 point',
        null,
        null,
        null,
    ]);
});

test('the part of an image that speaks most is named, and none where all speak against it', () => {
    const map = (/** @type {number} */ strongest) => ({
        width: 7,
        height: 7,
        values: Array.from({ length: 49 }, (_, index) => (index === strongest ? 1 : -1)),
        area: { left: 0, top: 0, width: 1, height: 1 },
    });
    assert.deepEqual(
        [0, 6, 24, 27, 45, 48].map((cell) => brightestPart(map(cell))),
        ['upper left', 'upper right', 'middle', 'middle right', 'lower middle', 'lower right'],
    );
    assert.equal(brightestPart(map(-1)), null);
});
