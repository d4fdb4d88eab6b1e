// Evaluates an adjustment on posts that it was not fitted to.

import { pairedDifference, shareOf } from '../review/agreement.js';
import { fitLastLayer, logLoss, noAdjustment, prepare, strongestLabels } from './last-layer.js';

/** @typedef {import('./last-layer.js').Adjustment} Adjustment */
/** @typedef {import('./last-layer.js').YieldToEventLoop} YieldToEventLoop */
/** @typedef {import('./last-layer.js').Sample} Sample */
/** @typedef {{ share: number, low: number, high: number }} Share With a 95 % interval. */

/**
 * The figures before and after, on posts that the adjustment was not fitted to.
 *
 * @typedef {object} Report
 * @property {number} posts
 * @property {number} folds
 * @property {number} penalty
 * @property {{ before: Share, after: Share }} agreement
 * @property {{ difference: number, low: number, high: number }} gain Of agreement.
 * @property {{ before: number, after: number }} logLoss
 */

/** From strong to weak, so that each fit starts near the previous one. */
const PENALTIES = [128, 32, 8, 2, 0.5];

/** With fewer posts than this, each fold leaves out fewer of them. */
const FEW_POSTS = 100;
const FOLDS = 5;
const FOLDS_OF_FEW = 10;

/**
 * Fits an adjustment to all samples and estimates its effect. The penalty is chosen by log-loss in a nested
 * cross-validation, so that the figures are independent of the posts that they describe.
 *
 * @param {readonly Sample[]} given
 * @param {YieldToEventLoop} yieldToEventLoop
 * @returns {Promise<{ adjustment: Adjustment, report: Report }>}
 */
export async function fitAndValidate(given, yieldToEventLoop) {
    const samples = inOrder(given);
    await yieldToEventLoop();
    const folds = samples.length < FEW_POSTS ? FOLDS_OF_FEW : FOLDS;
    const identity = noAdjustment(samples[0]?.scores.length ?? 0);
    let [agreed, agrees, gained, lost, lossBefore, lossAfter] = [0, 0, 0, 0, 0, 0];
    for (const { rest, fold } of split(samples, folds)) {
        const { adjustment } = await chooseAndFit(rest, FOLDS, yieldToEventLoop);
        const posts = prepare(fold);
        const before = strongestLabels(posts, identity);
        const after = strongestLabels(posts, adjustment);
        for (let row = 0; row < posts.size; row++) {
            const [was, is] = [before[row] === posts.labels[row], after[row] === posts.labels[row]];
            agreed += Number(was);
            agrees += Number(is);
            gained += Number(is && !was);
            lost += Number(was && !is);
        }
        lossBefore += posts.size * logLoss(posts, identity);
        lossAfter += posts.size * logLoss(posts, adjustment);
    }
    const { adjustment, penalty } = await chooseAndFit(samples, folds, yieldToEventLoop);
    const n = samples.length;
    return {
        adjustment,
        report: {
            posts: n,
            folds,
            penalty,
            agreement: { before: shareOf(agreed, n), after: shareOf(agrees, n) },
            gain: pairedDifference(n, gained, lost),
            logLoss: { before: lossBefore / n, after: lossAfter / n },
        },
    };
}

/**
 * @param {readonly Sample[]} samples In order.
 * @param {number} folds
 * @param {YieldToEventLoop} yieldToEventLoop
 * @returns {Promise<{ adjustment: Adjustment, penalty: number }>}
 */
async function chooseAndFit(samples, folds, yieldToEventLoop) {
    const losses = PENALTIES.map(() => 0);
    for (const { rest, fold } of split(samples, folds)) {
        const posts = prepare(rest);
        const others = prepare(fold);
        let near = noAdjustment(posts.width);
        for (const [index, penalty] of PENALTIES.entries()) {
            near = await fitLastLayer(posts, penalty, near, yieldToEventLoop);
            losses[index] = (losses[index] ?? 0) + others.size * logLoss(others, near);
        }
    }
    const penalty = PENALTIES[losses.indexOf(Math.min(...losses))] ?? 1;
    const posts = prepare(samples);
    return { adjustment: await fitLastLayer(posts, penalty, noAdjustment(posts.width), yieldToEventLoop), penalty };
}

/**
 * Sorts the samples, so that the result does not depend on their order.
 *
 * @param {readonly Sample[]} samples
 */
function inOrder(samples) {
    const ranked = samples.map((sample) => ({ sample, hash: hash(sample.key) }));
    ranked.sort((a, b) => a.hash - b.hash || compareSamples(a.sample, b.sample));
    return ranked.map(({ sample }) => sample);
}

/**
 * @param {Sample} a
 * @param {Sample} b
 */
function compareSamples(a, b) {
    if (a.key !== b.key) return a.key < b.key ? -1 : 1;
    if (a.label !== b.label) return a.label - b.label;
    const place = Array.from(a.scores).findIndex((score, index) => score !== b.scores[index]);
    return place < 0 ? 0 : (a.scores[place] ?? 0) - (b.scores[place] ?? 0);
}

/**
 * Returns each fold with the remaining samples. Posts with the same key stay in one fold; labels are distributed evenly
 * over the folds.
 *
 * @param {readonly Sample[]} samples In order.
 * @param {number} folds
 * @returns {{ rest: Sample[], fold: Sample[] }[]} Only splits in which both parts have samples.
 */
function split(samples, folds) {
    /** @type {Map<string, number>} */
    const labels = new Map();
    for (const { key, label } of samples) if (!labels.has(key)) labels.set(key, label);
    // The sort is stable.
    const keys = [...labels.keys()].sort((a, b) => (labels.get(a) ?? 0) - (labels.get(b) ?? 0));
    const places = new Map(keys.map((key, index) => [key, index % folds]));
    return Array.from({ length: folds }, (_, place) => ({
        rest: samples.filter(({ key }) => places.get(key) !== place),
        fold: samples.filter(({ key }) => places.get(key) === place),
    })).filter(({ rest, fold }) => rest.length > 0 && fold.length > 0);
}

/**
 * FNV-1a, 32 bits.
 *
 * @param {string} text
 */
function hash(text) {
    let value = 0x811c9dc5;
    for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    return value >>> 0;
}
