// How strongly image and caption disagree: one definition for the page and the desk.
//
// The strongest labels of image and caption differ in most posts, often only slightly, so that this alone means little.
// Here each of them must prefer its own emotion to that of the other, and the weaker preference counts:
//
//     strength = min(image[a] − image[b], caption[b] − caption[a])
//
// where a is the strongest emotion of the image and b that of the caption, among Plutchik's eight. Neutral is left out:
// a neutral image scores all emotions low, so the strength is small.

import { EMOTIONS } from '../emofuse.js';

/** @typedef {import('../emofuse.js').Emotion} Emotion */
/** @typedef {import('../emofuse.js').Scores} Scores */

/** @typedef {'none' | 'slight' | 'clear' | 'strong'} Grade */

/**
 * @typedef {object} Disagreement
 * @property {number} strength From 0, the same emotion, to 1, each side is certain of another one.
 * @property {Grade} grade
 * @property {Emotion} image The image's strongest emotion, neutral left out.
 * @property {Emotion} caption The caption's.
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

/** The labels that are compared: all but neutral, which is the last. */
const COMPARED = EMOTIONS.length - 1;

/** @param {number} strength @returns {Grade} */
export const gradeOf = (strength) => GRADES.find(([, from]) => strength >= from)?.[0] ?? 'none';

/**
 * @param {ArrayLike<number>} image Scores in the order of EMOTIONS.
 * @param {ArrayLike<number>} caption
 */
export function strengthOf(image, caption) {
    const [a, b] = [strongest(image), strongest(caption)];
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
    const [ofImage, ofCaption] = [image, caption].map((scores) => EMOTIONS.map((emotion) => scores[emotion]));
    const strength = strengthOf(ofImage ?? [], ofCaption ?? []);
    const name = (/** @type {number[]} */ scores) => /** @type {Emotion} */ (EMOTIONS[strongest(scores)]);
    return { strength, grade: gradeOf(strength), image: name(ofImage ?? []), caption: name(ofCaption ?? []) };
}

/** @param {ArrayLike<number>} scores The place of the strongest emotion. */
function strongest(scores) {
    let best = 0;
    for (let place = 1; place < COMPARED; place++) if ((scores[place] ?? 0) > (scores[best] ?? 0)) best = place;
    return best;
}
