// Counts over a collection.

import { EMOTIONS } from '../../emofuse.js';
import { disagrees } from './filter.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */

/**
 * @typedef {object} Totals
 * @property {number} posts
 * @property {number} labelled How many have a label, manual or predicted.
 * @property {number} failed
 * @property {number} unsure
 * @property {number} disagreeing
 * @property {number} isManual
 * @property {Record<Emotion, number>} emotions How many have this label: the manual one or, if there is none, the model's.
 */

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => import('../types.js').PredictedLabel | null} labelOf
 * @returns {Totals}
 */
export function total(posts, labelOf) {
    const emotions = /** @type {Record<Emotion, number>} */ (
        Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0]))
    );
    const totals = { posts: posts.length, labelled: 0, failed: 0, unsure: 0, disagreeing: 0, isManual: 0, emotions };
    for (const post of posts) {
        const predicted = labelOf(post);
        const emotion = post.manualLabel?.emotion ?? predicted?.emotion;
        if (emotion) {
            totals.labelled += 1;
            emotions[emotion] += 1;
        }
        if (post.state === 'failed') totals.failed += 1;
        if (post.manualLabel) totals.isManual += 1;
        else if (predicted?.uncertain) totals.unsure += 1;
        if (disagrees(post)) totals.disagreeing += 1;
    }
    return totals;
}
