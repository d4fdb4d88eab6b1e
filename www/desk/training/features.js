// Gets the features of posts from the model, a few posts at a time.

import { AbortError } from './abort-error.js';
import { SELF_TEST, testCard } from './self-test.js';
import { keyOf } from './selection.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../labelling/pool.js').ClassifierPool} ClassifierPool */
/** @typedef {import('./worker.js').Features} Features */

/** Errors of one post; all others end the training. */
const OF_THE_POST = [
    ...['EmptyPostError', 'ModalityError', 'UnsupportedImageError', 'ImageTooLargeError', 'TimeoutError'],
    ...['NotFoundError', 'NotReadableError', 'NotAllowedError', 'SecurityError'],
];

/**
 * The features of the post by which the new model file is tested. It has both sides, so it also tells how many there are.
 *
 * @param {ClassifierPool} pool
 * @param {AbortSignal} signal
 */
export async function testFeatures(pool, signal) {
    const { test_card_side: side, caption } = SELF_TEST;
    const found = await pool.features({ image: new ImageData(testCard(side), side, side), caption }, { signal });
    return { image: found.image ?? new Float32Array(0), caption: found.caption ?? new Float32Array(0) };
}

/**
 * @param {readonly DeskPost[]} posts
 * @param {object} options
 * @param {ClassifierPool} options.pool
 * @param {AbortSignal} options.signal
 * @param {(post: DeskPost, features: Features) => void} options.onPost
 * @param {(done: number) => void} options.onProgress
 * @returns {Promise<Set<string>>} The keys of posts that could not be read. Rejects if aborted.
 */
export async function gatherFeatures(posts, { pool, signal, onPost, onProgress }) {
    /** @type {Set<string>} */
    const unread = new Set();
    let [next, done] = [0, 0];
    const work = async () => {
        for (let post = posts[next++]; post; post = posts[next++]) {
            if (signal.aborted) throw new AbortError();
            try {
                onPost(post, await featuresOf(post, pool, signal));
            } catch (error) {
                if (signal.aborted || !isOfThePost(error)) throw error;
                unread.add(keyOf(post));
            }
            onProgress(++done);
        }
    };
    await Promise.all(Array.from({ length: pool.ahead }, work));
    return unread;
}

/**
 * @param {DeskPost} post
 * @param {ClassifierPool} pool
 * @param {AbortSignal} signal
 */
async function featuresOf({ open, caption, findCaption, state }, pool, signal) {
    const file = (await open?.()) ?? null;
    // Before a post is analysed, its caption may not have been looked for.
    const isPending = caption === null && state === 'waiting' && findCaption !== null && file !== null;
    const found = isPending ? ((await findCaption(await file.arrayBuffer()))?.text ?? null) : caption;
    const { image, caption: words } = await pool.features({ image: file, caption: found }, { signal });
    return { image, caption: words };
}

/** @param {unknown} error */
const isOfThePost = (error) => error instanceof Error && (OF_THE_POST.includes(error.name) || error.name === 'Error');
