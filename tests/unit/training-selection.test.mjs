// What the desk learns from, what is missing, and what the figures of a training mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alikeOf, labelBefore, selectPosts } from '../../www/desk/training/selection.js';
import { verdictOf } from '../../www/desk/training/verdict.js';

/** @typedef {import('../../www/desk/types.js').DeskPost} DeskPost */
/** @typedef {import('../../www/desk/training/report.js').Report} Report */

/**
 * Labelled posts.
 *
 * @param {Record<string, number>} counts
 * @returns {DeskPost[]}
 */
function postsOf(counts) {
    const labels = Object.entries(counts).flatMap(([label, count]) => Array.from({ length: count }, () => label));
    return labels.map((label, index) => {
        const post = /** @type {unknown} */ ({
            index,
            key: `key ${index}`,
            caption: `caption ${index}`,
            imageSha256: null,
            prediction: null,
            manualLabel: label === '' ? null : { emotion: label, at: '2026-01-01T00:00:00Z', how: 'review' },
        });
        return /** @type {DeskPost} */ (post);
    });
}

test('labels with fewer than ten posts are left out and named; the model’s labels come first', () => {
    const { posts, labels, left, missing } = selectPosts(
        postsOf({ sadness: 20, calm: 15, joy: 12, odd: 9, rare: 1, '': 30 }),
        ['joy', 'trust', 'sadness'],
    );
    assert.equal(missing, null);
    assert.equal(posts.length, 47);
    assert.deepEqual(
        labels.map(({ name }) => name),
        ['joy', 'sadness', 'calm'],
    );
    assert.deepEqual(left, [
        { name: 'odd', posts: 9 },
        { name: 'rare', posts: 1 },
    ]);
});

test('with fewer than two labels, or fewer than forty posts, it says what is missing', () => {
    assert.equal(selectPosts(postsOf({ a: 100, b: 9 }), []).missing, 'labels');
    assert.equal(selectPosts([], []).missing, 'labels');
    assert.equal(selectPosts(postsOf({ a: 20, b: 19, c: 9 }), []).missing, 'posts', 'labels left out do not count');
    assert.equal(selectPosts(postsOf({ a: 20, b: 20 }), []).missing, null);
});

test('the same content counts once, and no more than sixty-four labels are learnt', () => {
    const posts = postsOf({ a: 20, b: 20 });
    assert.equal(selectPosts([...posts, ...posts], []).posts.length, 40);
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`label ${index}`, 10 + (index % 3)]));
    const { labels, left } = selectPosts(postsOf(many), []);
    assert.deepEqual([labels.length, left.length], [64, 6]);
    assert.ok(
        left.every(({ posts: count }) => count === 10),
        'the rarest are left out',
    );
});

test('the model in use answers among the labels that are learnt, and only for posts whose label it knows', () => {
    const [post] = postsOf({ joy: 1 });
    assert.ok(post);
    post.prediction = /** @type {any} */ ({ scores: Float32Array.of(0.2, 0.5, 0.3) });
    const known = ['joy', 'trust', 'sadness'];
    assert.equal(labelBefore(post, known, ['joy', 'sadness', 'calm']), 'sadness', 'trust is not learnt');
    assert.equal(labelBefore(post, known, ['joy', 'calm']), null, 'one label in common is no comparison');
    post.manualLabel = { emotion: /** @type {any} */ ('calm'), at: '', how: 'review' };
    assert.equal(labelBefore(post, known, ['joy', 'sadness', 'calm']), null);
});

test('captions that differ by case and spaces alone are the same', () => {
    const post = (/** @type {string | null} */ caption, /** @type {string | null} */ imageSha256) =>
        /** @type {DeskPost} */ (/** @type {unknown} */ ({ caption, imageSha256 }));
    assert.deepEqual(alikeOf(post(' So  HAPPY\n', 'abc')), alikeOf(post('so happy', 'abc')));
    assert.deepEqual(alikeOf(post(null, null)), []);
    assert.notDeepEqual(alikeOf(post('abc', null)), alikeOf(post(null, 'abc')));
});

/**
 * @param {object} figures
 * @param {[number, number]} figures.gain The interval of the gain over guessing.
 * @param {number} [figures.posts]
 * @param {[number, number]} [figures.rise]
 * @param {[number, number] | null} [figures.model]
 * @param {[string, number, number][]} [figures.labels] Names, posts and F1.
 * @returns {Report}
 */
function reportOf({ gain, posts = 100, rise = [-0.1, 0.1], model = null, labels = [] }) {
    const figure = ([low, high] = [0, 0]) => ({ value: (low + high) / 2, low, high });
    return /** @type {Report} */ (
        /** @type {unknown} */ ({
            posts,
            majority: { label: 'a', share: 0.5, gain: figure(gain) },
            rise: figure(rise),
            model: model && { posts, before: 0.5, after: 0.5, gain: figure(model) },
            macro_f1: { value: 0.6, low: 0.5, high: 0.7 },
            labels: labels.map(([label, count, f1]) => ({ label, posts: count, f1, recall: f1, precision: f1 })),
        })
    );
}

test('it is better than guessing only if that is certain, and worthless only if there are many posts', () => {
    assert.equal(verdictOf(reportOf({ gain: [0.01, 0.2] })).overall, 'better');
    assert.equal(verdictOf(reportOf({ gain: [-0.05, 0.2] })).overall, 'few');
    assert.equal(verdictOf(reportOf({ gain: [-0.05, 0.02], posts: 500 })).overall, 'none');
});

test('the curve rises, has ended, or cannot be judged', () => {
    const gain = /** @type {[number, number]} */ ([0, 0]);
    assert.equal(verdictOf(reportOf({ gain, rise: [0.01, 0.1] })).curve, 'rises');
    assert.equal(verdictOf(reportOf({ gain, rise: [-0.01, 0.01] })).curve, 'flat');
    assert.equal(verdictOf(reportOf({ gain, rise: [-0.02, 0.08] })).curve, 'unclear');
});

test('beside the model in use it is better, worse, or not told apart', () => {
    const gain = /** @type {[number, number]} */ ([0, 0]);
    assert.equal(verdictOf(reportOf({ gain })).model, null);
    assert.equal(verdictOf(reportOf({ gain, model: [0.02, 0.1] })).model, 'better');
    assert.equal(verdictOf(reportOf({ gain, model: [-0.2, -0.1] })).model, 'worse');
    assert.equal(verdictOf(reportOf({ gain, model: [-0.2, 0.1] })).model, 'unclear');
});

test('labels that are worst and have few posts are named, the worst first', () => {
    const { weak } = verdictOf(
        reportOf({
            gain: [0.1, 0.2],
            labels: [
                ['fine', 20, 0.7],
                ['weak', 20, 0.4],
                ['worst', 12, 0.1],
                ['many', 300, 0.1],
            ],
        }),
    );
    assert.deepEqual(weak, ['worst', 'weak']);
});
