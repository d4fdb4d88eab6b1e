// Classifies a stream of posts in order, with a few in progress at a time.

import { AbortError } from './errors.js';

/**
 * Reads posts as they are needed. Results are yielded while the next post is awaited. When the caller stops, pending
 * posts are aborted and the source is closed.
 *
 * @template P, R
 * @param {Iterable<P | Promise<P>> | AsyncIterable<P>} posts
 * @param {(post: P, signal: AbortSignal) => Promise<R>} classify
 * @param {{ ahead: () => number, signal: AbortSignal | null, onError: ((error: Error, post: P, index: number) => void) |
 *     null }} options `ahead` returns the maximum number of posts in progress; it may change.
 * @returns {AsyncGenerator<R, void, undefined>}
 */
export async function* inOrder(posts, classify, { ahead, signal, onError }) {
    const source = Symbol.asyncIterator in posts ? posts[Symbol.asyncIterator]() : posts[Symbol.iterator]();
    const stop = new AbortController();
    const abort = () => stop.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const aborted = new Promise((/** @type {(value: 'aborted') => void} */ resolve) =>
        stop.signal.addEventListener('abort', () => resolve('aborted')),
    );

    /** @type {{ post: P, index: number, result: Promise<R> }[]} The oldest first. */
    const underWay = [];
    /** @type {Promise<'pulled'> | null} */
    let pulling = null;
    let isEnded = false;
    let index = 0;
    const pull = async () => {
        const { done, value } = await source.next();
        pulling = null;
        if (done) isEnded = true;
        else {
            const post = await value;
            const result = classify(post, stop.signal);
            result.catch(() => {}); // the error is thrown when the result is taken
            underWay.push({ post, index: index++, result });
        }
        return /** @type {const} */ ('pulled');
    };
    try {
        while (!isEnded || underWay.length > 0) {
            if (stop.signal.aborted) throw new AbortError('the call was aborted');
            if (!isEnded && !pulling && underWay.length < ahead()) {
                pulling = pull();
                pulling.catch(() => {}); // raced below, or no longer needed
            }
            const [oldest] = underWay;
            const settled = oldest?.result.then(
                () => /** @type {const} */ ('settled'),
                () => /** @type {const} */ ('settled'),
            );
            const first = await Promise.race([aborted, ...(pulling ? [pulling] : []), ...(settled ? [settled] : [])]);
            if (first !== 'settled' || !oldest) continue;
            underWay.shift();
            let result;
            try {
                result = await oldest.result;
            } catch (error) {
                if (!onError || stop.signal.aborted || !(error instanceof Error)) throw error;
                onError(error, oldest.post, oldest.index);
                continue;
            }
            yield result;
        }
    } finally {
        signal?.removeEventListener('abort', abort);
        stop.abort();
        const returned = isEnded ? undefined : source.return?.();
        if (pulling)
            Promise.resolve(returned).catch(() => {}); // a source that hangs would never settle
        else await returned;
    }
}
