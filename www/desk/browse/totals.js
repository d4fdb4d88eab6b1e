// Counts over a collection.

import { labelsInUse } from '../../shared/labels.js';
import { gradeOfPost } from './filter.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */

/**
 * @typedef {object} Totals
 * @property {number} posts
 * @property {number} labelled How many have a label, manual or predicted.
 * @property {number} failed With an error.
 * @property {number} unsure
 * @property {number} disagreeing Clearly or strongly.
 * @property {number} strongly
 * @property {number} isManual
 * @property {number} noted
 * @property {Map<Emotion, number>} emotions How many have each label: the manual one or, if there is none, the model's. Labels that are
 *     none of those in use come last.
 */

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => import('../types.js').PredictedLabel | null} labelOf
 * @returns {Totals}
 */
export function total(posts, labelOf) {
    /** @type {Map<Emotion, number>} */
    const emotions = new Map(labelsInUse().names.map((label) => [label, 0]));
    const counts = { labelled: 0, failed: 0, unsure: 0, disagreeing: 0, strongly: 0, isManual: 0, noted: 0 };
    const totals = { posts: posts.length, ...counts, emotions };
    for (const post of posts) {
        const predicted = labelOf(post);
        const emotion = post.manualLabel?.emotion ?? predicted?.emotion;
        if (emotion) {
            totals.labelled += 1;
            emotions.set(emotion, (emotions.get(emotion) ?? 0) + 1);
        }
        if (post.error !== null) totals.failed += 1;
        if (post.manualLabel) totals.isManual += 1;
        else if (predicted?.uncertain) totals.unsure += 1;
        if (post.note) totals.noted += 1;
        const grade = gradeOfPost(post);
        if (grade === 'clear' || grade === 'strong') totals.disagreeing += 1;
        if (grade === 'strong') totals.strongly += 1;
    }
    return totals;
}
