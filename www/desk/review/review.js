// Which posts are reviewed, and in which order: those first of which the model is least certain.

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */

/** @typedef {'open' | 'all'} Scope Those without a manual label, or all that were classified. */

/** A collection has fewer posts than this. */
const MOST_POSTS = 2 ** 23;

/**
 * @param {Collection} collection
 * @param {Scope} scope
 * @returns {DeskPost[]} Least certain first; those that are equally certain in the order of the collection.
 */
export function reviewQueue(collection, scope) {
    const { posts } = collection;
    const ranks = new Float64Array(posts.length);
    let count = 0;
    for (const [index, post] of posts.entries()) {
        if (!post.prediction || (scope === 'open' && post.manualLabel)) continue;
        ranks[count++] = bitsOf(collection.predictedLabel(post)?.confidence ?? 0) * MOST_POSTS + index;
    }
    return Array.from(ranks.subarray(0, count).sort(), (rank) => /** @type {DeskPost} */ (posts[rank % MOST_POSTS]));
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * A whole number below 2³⁰ for each confidence, in the same order: with a post's place behind it, it still fits a
 * double, and numbers are sorted many times faster than objects.
 *
 * @param {number} confidence From 0 to 1, of 32 bits as scores are.
 */
function bitsOf(confidence) {
    float[0] = confidence;
    return bits[0] ?? 0;
}

/**
 * How many posts would come to a queue if it were made now.
 *
 * @param {Collection} collection
 * @param {Scope} scope
 * @param {readonly DeskPost[]} queue
 */
export function newcomers(collection, scope, queue) {
    const known = new Set(queue);
    let count = 0;
    for (const post of collection.posts)
        if (post.prediction && !known.has(post) && (scope === 'all' || !post.manualLabel)) count++;
    return count;
}
