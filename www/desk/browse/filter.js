// Which of the posts are shown, and in which order.

import { strongestOf } from '../labelling/prediction.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').Reading} Reading */

/** @typedef {'place' | 'confidence' | 'emotion' | 'agreement' | 'name'} SortKey */

/**
 * @typedef {object} Filter
 * @property {Emotion | null} emotion The label by hand or, where there is none, by machine.
 * @property {number} least The confidence from which on posts are shown, 0 to 1.
 * @property {number} most The one up to which they are.
 * @property {boolean} unsure Only those of which the model is not sure.
 * @property {boolean} disagreeing Only those whose picture and caption convey different emotions.
 * @property {boolean} byHand Only those that were set by hand.
 * @property {boolean} failed Only those with an error.
 * @property {string} text What name or caption contain.
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
    byHand: false,
    failed: false,
    text: '',
    sort: 'place',
    direction: 'up',
});

/** @param {DeskPost} post */
export function disagrees({ judgement }) {
    return judgement?.image && judgement.caption
        ? strongestOf(judgement.image)[0] !== strongestOf(judgement.caption)[0]
        : false;
}

/** @param {Filter} filter */
export function isFiltering({ sort, direction, ...filter }) {
    return Object.entries(filter).some(([name, value]) => value !== ALL[/** @type {keyof typeof filter} */ (name)]);
}

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => Reading | null} read
 * @param {Filter} filter
 * @returns {readonly DeskPost[]} The very same array where all are shown in their own order.
 */
export function select(posts, read, filter) {
    const shown = isFiltering(filter) ? posts.filter(tester(read, filter)) : posts;
    if (filter.sort === 'place') return filter.direction === 'up' ? shown : shown.toReversed();
    const value = sortValue(read, filter.sort);
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
 * @param {(post: DeskPost) => Reading | null} read
 * @param {Filter} filter
 * @returns {(post: DeskPost) => boolean}
 */
function tester(read, { emotion, least, most, unsure, disagreeing, byHand, failed, text }) {
    const wanted = text.trim().toLowerCase();
    const asksReading = emotion !== null || least > 0 || most < 1 || unsure;
    return (post) => {
        if (failed && post.error === null) return false;
        if (byHand && !post.hand) return false;
        if (disagreeing && !disagrees(post)) return false;
        if (wanted && !post.id.toLowerCase().includes(wanted) && !post.caption?.toLowerCase().includes(wanted))
            return false;
        if (!asksReading) return true;
        const reading = read(post);
        if (emotion !== null && (post.hand?.emotion ?? reading?.emotion) !== emotion) return false;
        if (least === 0 && most === 1 && !unsure) return true;
        return (
            reading !== null &&
            reading.confidence >= least &&
            reading.confidence <= most &&
            (!unsure || reading.uncertain)
        );
    };
}

/**
 * @param {(post: DeskPost) => Reading | null} read
 * @param {Exclude<SortKey, 'place'>} key
 * @returns {(post: DeskPost) => number | string | null}
 */
function sortValue(read, key) {
    switch (key) {
        case 'confidence':
            return (post) => read(post)?.confidence ?? null;
        case 'emotion':
            return (post) => post.hand?.emotion ?? read(post)?.emotion ?? null;
        case 'agreement':
            return (post) => post.judgement?.agreement ?? null;
        case 'name':
            return (post) => post.id;
    }
}
