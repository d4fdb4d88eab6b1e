// What the page says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMOTIONS } from '../../pkg/emotions.js';
import { AROUND_THE_WHEEL } from '../../www/emotions.js';
import { announcement, brightestPart, comparison, duration, errorWords, explanation, headline, modelErrorWords, percent, points, wheelLabel } from '../../www/words.js';

/**
 * Scores of which only these are not nought.
 *
 * @param {Partial<import('../../pkg/index.js').Scores>} some
 * @returns {import('../../pkg/index.js').Scores}
 */
const scores = (some) => /** @type {import('../../pkg/index.js').Scores} */ (Object.fromEntries(EMOTIONS.map((emotion) => [emotion, some[emotion] ?? 0])));

const JOYFUL = scores({ joy: 0.7, trust: 0.3 });
const ANGRY = scores({ anger: 0.8, disgust: 0.2 });

/** @param {string} text */
const plain = (text) => text.replaceAll('\u00a0', ' ');

test('shares and times are rounded to what can be read', () => {
    assert.deepEqual([0, 0.001, 0.004, 0.006, 0.494, 1].map((share) => plain(percent(share))), ['0 %', '< 1 %', '< 1 %', '1 %', '49 %', '100 %']);
    assert.deepEqual([0.2, 83.6, 1234].map(duration), ['< 1 ms', '84 ms', '1.2 s']);
});

test('a sure result is named, an unsure one gives the two likeliest', () => {
    assert.equal(headline({ scores: JOYFUL, uncertain: false }), 'Joy');
    assert.equal(plain(explanation({ scores: JOYFUL, uncertain: false })), 'The emotion this post conveys, with a score of 70 %.');
    assert.equal(headline({ scores: JOYFUL, uncertain: true }), 'Not sure');
    assert.equal(plain(explanation({ scores: JOYFUL, uncertain: true })), 'It may be joy (70 %) or trust (30 %).');
});

test('neutral is no emotion', () => {
    assert.match(explanation({ scores: scores({ neutral: 1 }), uncertain: false }), /none of the eight emotions/);
});

test('picture and caption are compared in plain words', () => {
    assert.equal(comparison({ image: JOYFUL, caption: null, agreement: null }), null);
    assert.equal(comparison({ image: JOYFUL, caption: JOYFUL, agreement: 1 })?.kind, 'agree');
    assert.deepEqual(comparison({ image: JOYFUL, caption: ANGRY, agreement: 0.1 }), {
        kind: 'disagree',
        text: 'Picture and caption disagree: the picture conveys joy, the caption conveys anger.',
    });
    assert.match(comparison({ image: scores({ neutral: 1 }), caption: ANGRY, agreement: 0 })?.text ?? '', /the picture is neutral, the caption conveys anger/);
    const close = { image: scores({ joy: 0.51, trust: 0.49 }), caption: scores({ joy: 0.49, trust: 0.51 }), agreement: 0.99 };
    assert.equal(comparison(close)?.kind, 'lean');
});

test('what is announced holds the result and a disagreement', () => {
    const told = plain(announcement({ scores: ANGRY, uncertain: false, image: JOYFUL, caption: ANGRY, agreement: 0.1 }));
    assert.equal(told, 'Anger. The emotion this post conveys, with a score of 80 %. Picture and caption disagree: the picture conveys joy, the caption conveys anger.');
});

test('the wheel has each of the eight once, opposites facing each other', () => {
    assert.deepEqual([...AROUND_THE_WHEEL, 'neutral'].sort(), [...EMOTIONS].sort());
    for (const [one, other] of [['joy', 'sadness'], ['trust', 'disgust'], ['fear', 'anger'], ['surprise', 'anticipation']]) {
        const distance = AROUND_THE_WHEEL.findIndex((name) => name === one) - AROUND_THE_WHEEL.findIndex((name) => name === other);
        assert.equal(Math.abs(distance), 4);
    }
    assert.match(plain(wheelLabel(ANGRY)), /anger 80 %, disgust 20 %/);
});

test('every error says what to do', () => {
    for (const name of ['UnsupportedImageError', 'ImageTooLargeError', 'EmptyPostError', 'IntegrityError', 'DownloadError', 'ModelFormatError', 'BackendError', 'Error']) {
        const { title, remedy } = errorWords(Object.assign(new Error('the cause; choose another'), { name }));
        assert.ok(title.length > 0 && remedy.length > 0, name);
    }
    assert.equal(errorWords('a string').detail, 'A string.');
});

test('every error of a model of one’s own names the file and says what to do', () => {
    for (const name of ['IntegrityError', 'DownloadError', 'ModelFormatError', 'BackendError', 'Error']) {
        const { title, remedy } = modelErrorWords(Object.assign(new Error('the cause; choose another'), { name }), 'mine.emofuse');
        assert.match(title, /^mine\.emofuse [a-z ]+$/);
        assert.ok(remedy.length > 0, name);
    }
});

test('what a word adds is said in points, with its sign, and not at all where it is next to nothing', () => {
    assert.deepEqual([0.123, 0.009, -0.05, -0.012, 0.004, -0.004, 0].map(points), ['+12 points', '+1 point', '−5 points', '−1 point', null, null, null]);
});

test('the part of a picture that speaks most is named, and none where all speak against it', () => {
    const map = (/** @type {number} */ strongest) => ({ width: 7, height: 7, values: Array.from({ length: 49 }, (_, index) => (index === strongest ? 1 : -1)), area: { left: 0, top: 0, width: 1, height: 1 } });
    assert.deepEqual([0, 6, 24, 27, 45, 48].map((cell) => brightestPart(map(cell))), ['upper left', 'upper right', 'middle', 'middle right', 'lower middle', 'lower right']);
    assert.equal(brightestPart(map(-1)), null);
});
