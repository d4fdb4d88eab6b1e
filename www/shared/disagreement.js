// How strongly image and caption disagree: one definition for the page and the desk.
//
// The strongest labels of image and caption differ in most posts, often only slightly, so that this alone means little.
// Here each of them must prefer its own emotion to that of the other, and the weaker preference counts:
//
//     strength = min(image[a] − image[b], caption[b] − caption[a])
//
// where a is the strongest label of the image and b that of the caption. The label of posts to which no other applies is left
// out: a neutral image scores all emotions low, so the strength is small.

import { labelsInUse } from './labels.js';

/** @typedef {import('../emofuse.js').Scores} Scores */

/** @typedef {'none' | 'slight' | 'clear' | 'strong'} Grade */

/**
 * @typedef {object} Disagreement
 * @property {number} strength From 0, the same label, to 1, each side is certain of another one.
 * @property {Grade} grade
 * @property {string} image The image's strongest label.
 * @property {string} caption The caption's.
 */

/**
 * The strength from which a grade applies. Of 300 tweets and captioned photographs 3 % are strong and 24 % clear or
 * strong.
 */
const GRADES = /** @type {[Grade, number][]} */ ([
    ['strong', 0.5],
    ['clear', 0.25],
    ['slight', 0.1],
]);

/** @param {number} strength @returns {Grade} */
export const gradeOf = (strength) => GRADES.find(([, from]) => strength >= from)?.[0] ?? 'none';

/**
 * @param {ArrayLike<number>} image Scores in the order of the labels.
 * @param {ArrayLike<number>} caption
 * @param {number} [none] The place of the label of posts to which no other applies.
 */
export function strengthOf(image, caption, none = labelsInUse().nonePlace) {
    const [a, b] = [strongest(image, none), strongest(caption, none)];
    const preference = (
        /** @type {ArrayLike<number>} */ scores,
        /** @type {number} */ own,
        /** @type {number} */ other,
    ) => (scores[own] ?? 0) - (scores[other] ?? 0);
    return a === b ? 0 : Math.min(preference(image, a, b), preference(caption, b, a));
}

/**
 * @param {Scores} image What the image conveys alone.
 * @param {Scores} caption What the caption conveys alone.
 * @returns {Disagreement}
 */
export function disagreement(image, caption) {
    const names = Object.keys(image);
    const none = names.indexOf(labelsInUse().none ?? '');
    const inOrder = (/** @type {Scores} */ scores) => names.map((name) => scores[name] ?? 0);
    const strength = strengthOf(inOrder(image), inOrder(caption), none);
    const name = (/** @type {Scores} */ scores) => names[strongest(inOrder(scores), none)] ?? '';
    return { strength, grade: gradeOf(strength), image: name(image), caption: name(caption) };
}

/**
 * The place of the strongest label.
 *
 * @param {ArrayLike<number>} scores
 * @param {number} none What is left out.
 */
function strongest(scores, none) {
    let best = none === 0 ? 1 : 0;
    for (let place = best + 1; place < scores.length; place++)
        if (place !== none && (scores[place] ?? 0) > (scores[best] ?? 0)) best = place;
    return best;
}
