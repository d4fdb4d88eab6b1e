// Counts over a collection.

import { EMOTIONS } from '../../emofuse.js';
import { disagrees } from './filter.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */

/**
 * @typedef {object} Totals
 * @property {number} posts
 * @property {number} read How many have a label, by machine or by hand.
 * @property {number} failed
 * @property {number} unsure
 * @property {number} disagreeing
 * @property {number} byHand
 * @property {Record<Emotion, number>} emotions How many have this label: by hand or, where there is none, by machine.
 */

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => import('../types.js').Reading | null} read
 * @returns {Totals}
 */
export function total(posts, read) {
    const emotions = /** @type {Record<Emotion, number>} */ (
        Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0]))
    );
    const totals = { posts: posts.length, read: 0, failed: 0, unsure: 0, disagreeing: 0, byHand: 0, emotions };
    for (const post of posts) {
        const reading = read(post);
        const emotion = post.hand?.emotion ?? reading?.emotion;
        if (emotion) {
            totals.read += 1;
            emotions[emotion] += 1;
        }
        if (post.state === 'failed') totals.failed += 1;
        if (post.hand) totals.byHand += 1;
        else if (reading?.uncertain) totals.unsure += 1;
        if (disagrees(post)) totals.disagreeing += 1;
    }
    return totals;
}
