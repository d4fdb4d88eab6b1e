// The queue of posts to review: the least certain first, or in their order if there is no model.

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */

/** @typedef {'open' | 'all'} Scope Posts without a manual label, or all posts to be reviewed. */

/** An upper limit for the size of a collection. */
const MOST_POSTS = 2 ** 23;

/**
 * With a model, posts that it has analysed; without one, posts that have been read.
 *
 * @param {Collection} collection
 * @param {DeskPost} post
 */
export const isToBeReviewed = ({ hasModel }, { prediction, state }) =>
    hasModel ? prediction !== null : state !== 'waiting';

/**
 * @param {Collection} collection
 * @param {Scope} scope
 * @returns {DeskPost[]} Least certain first; ties in the order of the collection.
 */
export function reviewQueue(collection, scope) {
    const { posts } = collection;
    const ranks = new Float64Array(posts.length);
    let count = 0;
    for (const [index, post] of posts.entries()) {
        if (!isToBeReviewed(collection, post) || (scope === 'open' && post.manualLabel)) continue;
        ranks[count++] = bitsOf(collection.predictedLabel(post)?.confidence ?? 0) * MOST_POSTS + index;
    }
    return Array.from(ranks.subarray(0, count).sort(), (rank) => /** @type {DeskPost} */ (posts[rank % MOST_POSTS]));
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Maps a confidence to a whole number below 2³⁰ in the same order. Together with a post's place it still fits a double,
 * and numbers are sorted many times faster than objects.
 *
 * @param {number} confidence From 0 to 1, a 32-bit number like all scores.
 */
function bitsOf(confidence) {
    float[0] = confidence;
    return bits[0] ?? 0;
}

/**
 * The number of posts that a new queue would add.
 *
 * @param {Collection} collection
 * @param {Scope} scope
 * @param {readonly DeskPost[]} queue
 */
export function newcomers(collection, scope, queue) {
    const known = new Set(queue);
    let count = 0;
    for (const post of collection.posts)
        if (isToBeReviewed(collection, post) && !known.has(post) && (scope === 'all' || !post.manualLabel)) count++;
    return count;
}
