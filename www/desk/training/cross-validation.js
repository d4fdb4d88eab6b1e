// Chooses the ridge penalty by cross-validation, with the answers to the posts that were left out.
//
// The answers to a fold come from the penalty that is best for the other folds, so that no answer was chosen by its own
// label.

import { BOTH, CAPTION, IMAGE, kindOf, subset } from './posts.js';
import { fit, logitsOf } from './softmax-regression.js';

/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./softmax-regression.js').Fitted} Fitted */

/** From strong to weak, so that each fit starts near the previous one. */
export const PENALTIES = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5];

/** The search ends after so many penalties that were clearly worse than the best. */
const WORSE_IN_A_ROW = 2;
const CLEARLY = 1.01;

/**
 * The answers to posts that were left out, for each kind of input; null where the post lacks a side.
 *
 * @typedef {[both: (Float64Array | null)[], image: (Float64Array | null)[], caption: (Float64Array | null)[]]} Answers
 */

/**
 * @typedef {object} Validated
 * @property {number} penalty The best over all folds.
 * @property {Answers} answers The logits.
 */

/**
 * @typedef {object} Plan
 * @property {{ folds: number, of: Int32Array }} division
 * @property {number} classWeightPower
 * @property {(fits: number) => Promise<void>} step Called after each fit with how many of the plan it stands for.
 */

/**
 * How many fits a cross-validation takes at most.
 *
 * @param {{ folds: number }} division
 */
export const fitsOf = ({ folds }) => folds * PENALTIES.length;

/**
 * @param {Posts} posts
 * @param {Plan} plan
 * @returns {Promise<Validated>}
 */
export async function crossValidate(posts, { division, classWeightPower, step }) {
    const folds = partsOf(posts, division);
    /** @type {{ losses: number[], answers: Answers[] }[]} By penalty, then by fold. */
    const tried = [];
    /** @type {(Fitted | null)[]} */
    const near = folds.map(() => null);
    let best = Infinity;
    let worse = 0;
    for (const penalty of PENALTIES) {
        /** @type {typeof tried[number]} */
        const found = { losses: [], answers: [] };
        for (const [fold, { rest, held }] of folds.entries()) {
            const fitted = fit(rest, { penalty, classWeightPower, start: near[fold] });
            near[fold] = fitted;
            const answers = answersOf(held, fitted);
            found.answers.push(answers);
            found.losses.push(lossOf(held, answers));
            await step(1);
        }
        tried.push(found);
        const loss = sum(found.losses);
        worse = loss > CLEARLY * best ? worse + 1 : 0;
        best = Math.min(best, loss);
        if (worse >= WORSE_IN_A_ROW) break;
    }
    await step((PENALTIES.length - tried.length) * folds.length);
    return {
        penalty: PENALTIES[leastPlace(tried.map(({ losses }) => sum(losses)))],
        answers: gather(posts, folds, tried),
    };
}

/**
 * Puts the answers to all folds together, each from the penalty that is best for the other folds.
 *
 * @param {Posts} posts
 * @param {ReturnType<typeof partsOf>} folds
 * @param {readonly { losses: number[], answers: Answers[] }[]} tried
 * @returns {Answers}
 */
function gather(posts, folds, tried) {
    const empty = () => Array.from(posts.labels, () => /** @type {Float64Array | null} */ (null));
    /** @type {Answers} */
    const all = [empty(), empty(), empty()];
    for (const [fold, { places }] of folds.entries()) {
        const others = tried.map(({ losses }) => sum(losses) - losses[fold]);
        const answers = tried[leastPlace(others)].answers[fold];
        for (const kind of [BOTH, IMAGE, CAPTION])
            for (const [row, place] of places.entries()) all[kind][place] = answers[kind][row];
    }
    return all;
}

/**
 * @param {Posts} posts
 * @param {{ folds: number, of: Int32Array }} division
 */
export function partsOf(posts, { folds, of }) {
    const all = Array.from(of.keys());
    return Array.from({ length: folds }, (_, fold) => {
        const places = all.filter((post) => of[post] === fold);
        const others = all.filter((post) => of[post] !== fold);
        return { places, others, held: subset(posts, places), rest: subset(posts, others) };
    }).filter(({ places, others }) => places.length > 0 && others.length > 0);
}

/**
 * @param {Posts} posts
 * @param {Fitted} fitted
 * @returns {Answers}
 */
export const answersOf = (posts, fitted) => [
    logitsOf(posts, fitted, BOTH),
    logitsOf(posts, fitted, IMAGE),
    logitsOf(posts, fitted, CAPTION),
];

/**
 * The total negative log-likelihood of the labels; a post with both sides counts as the mean of its three answers, the
 * one from both sides twice.
 *
 * @param {Posts} posts
 * @param {Answers} answers
 */
function lossOf(posts, answers) {
    let loss = 0;
    for (const [post, label] of posts.labels.entries()) {
        const kind = kindOf(posts, post);
        if (kind < 0) continue;
        const of = (/** @type {number} */ which) => surprise(answers[which][post], label);
        loss += kind === BOTH ? (2 * of(BOTH) + of(IMAGE) + of(CAPTION)) / 4 : of(kind);
    }
    return loss;
}

/**
 * @param {Float64Array | null} logits
 * @param {number} label
 */
function surprise(logits, label) {
    if (!logits) return 0;
    const highest = Math.max(...logits);
    let total = 0;
    for (const logit of logits) total += Math.exp(logit - highest);
    return Math.log(total) + highest - logits[label];
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** @param {readonly number[]} numbers */
const leastPlace = (numbers) => numbers.indexOf(Math.min(...numbers));
