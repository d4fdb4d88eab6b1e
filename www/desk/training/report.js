// The figures of a training, from the answers to posts that were left out.

import { shareOf } from '../review/agreement.js';
import { firstTwo } from './calibration.js';
import { bootstrap, macroF1, membersOf } from './intervals.js';
import { BOTH, CAPTION, IMAGE, kindOf } from './posts.js';

/** @typedef {import('./cross-validation.js').Validated} Validated */
/** @typedef {import('./intervals.js').Figure} Figure */
/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./train.js').Sample} Sample */

/**
 * @typedef {object} LabelFigures
 * @property {string} label
 * @property {number} posts
 * @property {number} recall
 * @property {number} precision 0 if it was never given.
 * @property {number} f1
 */

/**
 * What cross-validation found. Every answer comes from a layer that was not fitted to the post.
 *
 * @typedef {object} Report
 * @property {number} posts
 * @property {number} folds
 * @property {Figure} accuracy
 * @property {Figure} macro_f1
 * @property {{ label: string, share: number, gain: Figure }} majority The accuracy of always giving the most frequent
 *     label, and by how much that of the layer is higher.
 * @property {{ posts: number, before: number, after: number, gain: Figure } | null} model The accuracy of the model in use
 *     and of the layer, on posts whose label both know; null if they are too few.
 * @property {number[][]} matrix The posts of each label, by the label that was given.
 * @property {LabelFigures[]} labels
 * @property {{ posts: number, both: number, image: number, caption: number } | null} missing The accuracy for posts with
 *     both sides: with both, with the image alone, with the caption alone. Null without such posts.
 * @property {{ posts: number, accuracy: Figure }[]} curve By the number of posts that were learnt from.
 * @property {Figure} rise By how much accuracy is higher with all posts than with half of them.
 */

/** With fewer posts, a comparison with the model in use says nothing. */
const FEWEST_TO_COMPARE = 20;

/**
 * @param {object} found
 * @param {readonly Sample[]} found.samples
 * @param {readonly string[]} found.labels
 * @param {Posts} found.posts
 * @param {Int32Array} found.groups
 * @param {{ folds: number, of: Int32Array }} found.division
 * @param {number[]} found.answers
 * @param {Validated} found.validated
 * @param {import('./learning-curve.js').CurvePoint[]} found.curve
 * @returns {Report}
 */
export function reportOf({ samples, labels, posts, groups, division, answers, validated, curve }) {
    const truths = posts.labels;
    const classes = labels.length;
    const right = Float64Array.from(truths, (label, post) => Number(answers[post] === label));
    const counts = labels.map((_, label) => truths.filter((truth) => truth === label).length);
    const majority = counts.indexOf(Math.max(...counts));
    const half = curve.find(({ share }) => share === 0.5)?.right ?? right;
    const mean = (/** @type {(post: number) => number} */ of) => (/** @type {readonly number[]} */ places) =>
        places.reduce((sum, post) => sum + of(post), 0) / Math.max(1, places.length);
    const [accuracy, macro, gain, rise, ...points] = bootstrap(membersOf(groups), [
        mean((post) => right[post]),
        (places) => macroF1(places, truths, answers, classes),
        mean((post) => right[post] - Number(truths[post] === majority)),
        mean((post) => right[post] - half[post]),
        ...curve.map((point) => mean((post) => point.right[post])),
    ]);
    const matrix = labels.map(() => labels.map(() => 0));
    for (const [post, label] of truths.entries()) matrix[label][answers[post]] += 1;
    const comparable = samples.flatMap(({ before }, post) => (before === null ? [] : [post]));
    const wasRight = (/** @type {number} */ post) => Number(samples[post].before === samples[post].label);
    const learnt = Math.round((posts.labels.length * (division.folds - 1)) / division.folds);
    return {
        posts: samples.length,
        folds: division.folds,
        accuracy: noNarrower(accuracy, samples.length),
        macro_f1: macro,
        majority: { label: labels[majority], share: counts[majority] / samples.length, gain },
        model:
            comparable.length < FEWEST_TO_COMPARE
                ? null
                : {
                      posts: comparable.length,
                      before: mean(wasRight)(comparable),
                      after: mean((post) => right[post])(comparable),
                      gain: bootstrap(membersOf(groups, comparable), [mean((post) => right[post] - wasRight(post))])[0],
                  },
        matrix,
        labels: labels.map((label, place) => figuresOf(label, place, matrix)),
        missing: missingSides(posts, validated),
        curve: [
            ...curve.map(({ posts: size }, index) => ({ posts: size, accuracy: points[index] })),
            { posts: learnt, accuracy: noNarrower(accuracy, samples.length) },
        ],
        rise,
    };
}

/**
 * The bootstrap draws nothing but right answers from right answers; Wilson's interval knows that more posts may differ.
 *
 * @param {Figure} accuracy
 * @param {number} posts
 * @returns {Figure}
 */
function noNarrower({ value, low, high }, posts) {
    const wilson = shareOf(Math.round(value * posts), posts);
    return { value, low: Math.min(low, wilson.low), high: Math.max(high, wilson.high) };
}

/**
 * @param {string} label
 * @param {number} place
 * @param {number[][]} matrix
 * @returns {LabelFigures}
 */
function figuresOf(label, place, matrix) {
    const posts = matrix[place].reduce((sum, count) => sum + count, 0);
    const given = matrix.reduce((sum, row) => sum + row[place], 0);
    const hits = matrix[place][place];
    return {
        label,
        posts,
        recall: posts === 0 ? 0 : hits / posts,
        precision: given === 0 ? 0 : hits / given,
        f1: posts + given === 0 ? 0 : (2 * hits) / (posts + given),
    };
}

/**
 * @param {Posts} posts
 * @param {Validated} validated
 * @returns {Report['missing']}
 */
function missingSides(posts, { answers }) {
    const whole = Array.from(posts.labels.keys()).filter((post) => kindOf(posts, post) === BOTH);
    if (whole.length === 0) return null;
    const accuracy = (/** @type {number} */ kind) =>
        whole.filter((post) => strongest(answers[kind][post]) === posts.labels[post]).length / whole.length;
    return { posts: whole.length, both: accuracy(BOTH), image: accuracy(IMAGE), caption: accuracy(CAPTION) };
}

/** @param {Float64Array | null} logits */
const strongest = (logits) => (logits ? firstTwo(logits)[0] : -1);
