// Filters and sorts posts.

import { gradeOf, strengthOf } from '../../shared/disagreement.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

/** @typedef {'place' | 'confidence' | 'emotion' | 'disagreement' | 'name'} SortKey */

/**
 * @typedef {object} Filter
 * @property {Emotion | null} emotion The manual label or, if there is none, the model's.
 * @property {number} least The lowest confidence that is shown, 0 to 1.
 * @property {number} most The highest one.
 * @property {boolean} unsure Only those of which the model is not sure.
 * @property {boolean} disagreeing Only those whose image and caption disagree clearly or strongly.
 * @property {boolean} strongly Only those whose image and caption disagree strongly.
 * @property {boolean} isManual Only those with a manual label.
 * @property {boolean} noted Only those with a note.
 * @property {boolean} failed Only those with an error.
 * @property {string} text A text in the name or the caption.
 * @property {SortKey} sort
 * @property {'up' | 'down'} direction
 */

/** @type {Readonly<Filter>} */
export const ALL = Object.freeze({
    emotion: null,
    least: 0,
    most: 1,
    unsure: false,
    disagreeing: false,
    strongly: false,
    isManual: false,
    noted: false,
    failed: false,
    text: '',
    sort: 'place',
    direction: 'up',
});

/**
 * How strongly image and caption disagree.
 *
 * @param {DeskPost} post
 * @returns {number | null} Null unless the post has both.
 */
export const disagreementOf = ({ prediction }) =>
    prediction?.image && prediction.caption ? strengthOf(prediction.image, prediction.caption) : null;

/**
 * @param {DeskPost} post
 * @returns {import('../../shared/disagreement.js').Grade | null} Null unless the post has both.
 */
export function gradeOfPost(post) {
    const strength = disagreementOf(post);
    return strength === null ? null : gradeOf(strength);
}

/** @param {Filter} filter */
export function isFiltering({ sort, direction, ...filter }) {
    return Object.entries(filter).some(([name, value]) => value !== ALL[/** @type {keyof typeof filter} */ (name)]);
}

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => PredictedLabel | null} labelOf
 * @param {Filter} filter
 * @returns {readonly DeskPost[]} The same array if all posts are shown in their original order.
 */
export function select(posts, labelOf, filter) {
    const shown = isFiltering(filter) ? posts.filter(tester(labelOf, filter)) : posts;
    if (filter.sort === 'place') return filter.direction === 'up' ? shown : shown.toReversed();
    const value = sortValue(labelOf, filter.sort);
    const sign = filter.direction === 'up' ? 1 : -1;
    const keyed = shown.map((post) => ({ post, value: value(post) }));
    keyed.sort((one, other) => {
        // What has no value comes last, whichever way the others go.
        if (one.value === null || other.value === null)
            return Number(one.value === null) - Number(other.value === null) || one.post.index - other.post.index;
        if (one.value !== other.value) return one.value < other.value ? -sign : sign;
        return one.post.index - other.post.index;
    });
    return keyed.map(({ post }) => post);
}

/**
 * @param {(post: DeskPost) => PredictedLabel | null} labelOf
 * @param {Filter} filter
 * @returns {(post: DeskPost) => boolean}
 */
function tester(labelOf, { emotion, least, most, unsure, disagreeing, strongly, isManual, noted, failed, text }) {
    const wanted = text.trim().toLowerCase();
    const needsLabel = emotion !== null || least > 0 || most < 1 || unsure;
    return (post) => {
        if (failed && post.error === null) return false;
        if (isManual && !post.manualLabel) return false;
        if (noted && !post.note) return false;
        if (disagreeing || strongly) {
            const grade = gradeOfPost(post);
            if (grade !== 'strong' && (strongly || grade !== 'clear')) return false;
        }
        if (wanted && !post.id.toLowerCase().includes(wanted) && !post.caption?.toLowerCase().includes(wanted))
            return false;
        if (!needsLabel) return true;
        const predicted = labelOf(post);
        if (emotion !== null && (post.manualLabel?.emotion ?? predicted?.emotion) !== emotion) return false;
        if (least === 0 && most === 1 && !unsure) return true;
        return (
            predicted !== null &&
            predicted.confidence >= least &&
            predicted.confidence <= most &&
            (!unsure || predicted.uncertain)
        );
    };
}

/**
 * @param {(post: DeskPost) => PredictedLabel | null} labelOf
 * @param {Exclude<SortKey, 'place'>} key
 * @returns {(post: DeskPost) => number | string | null}
 */
function sortValue(labelOf, key) {
    switch (key) {
        case 'confidence':
            return (post) => labelOf(post)?.confidence ?? null;
        case 'emotion':
            return (post) => post.manualLabel?.emotion ?? labelOf(post)?.emotion ?? null;
        case 'disagreement':
            return disagreementOf;
        case 'name':
            return (post) => post.id;
    }
}
