// How accuracy grows with the number of posts: each fold is answered by layers that were fitted to a part of the others.

import { stratifiedShare } from './folds.js';

/** Shares of the posts, and how many parts of that size are drawn: small ones differ more. */
const POINTS = [
    { share: 0.25, draws: 4 },
    { share: 0.5, draws: 2 },
    { share: 0.75, draws: 1 },
];

/**
 * How many fits of a fold the curve takes.
 *
 * @param {{ folds: number }} division
 */
export const curveFits = ({ folds }) => folds * POINTS.reduce((sum, { draws }) => sum + draws, 0);

/**
 * @typedef {object} CurvePoint
 * @property {number} share Of the posts.
 * @property {number} posts How many posts a fit had, about.
 * @property {Float64Array} right For each post, the share of draws in which its answer was right.
 */

/**
 * @param {readonly import('./folds.js').Grouped[]} posts
 * @param {Uint8Array} labels
 * @param {{ folds: number, of: Int32Array }} division
 * @param {(learnt: number[], held: number[], share: number) => Promise<number[]>} answer Fits to some posts and returns
 *     the answers to others.
 * @returns {Promise<CurvePoint[]>}
 */
export async function learningCurve(posts, labels, { folds, of }, answer) {
    const all = Array.from(of.keys());
    /** @type {CurvePoint[]} */
    const points = [];
    for (const { share, draws } of POINTS) {
        const right = new Float64Array(posts.length);
        let learntPosts = 0;
        for (let draw = 0; draw < draws; draw++)
            for (let fold = 0; fold < folds; fold++) {
                const held = all.filter((post) => of[post] === fold);
                const others = all.filter((post) => of[post] !== fold);
                const learnt = stratifiedShare(posts, others, share, draw);
                const answers = await answer(learnt, held, share);
                for (const [row, post] of held.entries()) right[post] += Number(answers[row] === labels[post]) / draws;
                learntPosts += learnt.length / (draws * folds);
            }
        points.push({ share, posts: Math.round(learntPosts), right });
    }
    return points;
}
