// Turns many posts into as many results, in order, with a few under way.

import { AbortError } from './errors.js';

/**
 * Reads posts as they are needed. While one is waited for, results go on to the caller; once the caller takes no more,
 * what is under way is aborted and the source is closed.
 *
 * @template P, R
 * @param {Iterable<P | Promise<P>> | AsyncIterable<P>} posts
 * @param {(post: P, signal: AbortSignal) => Promise<R>} classify
 * @param {{ ahead: number, signal: AbortSignal | null, onError: ((error: Error, post: P, index: number) => void) |
 *     null }} options `ahead` posts are under way at most.
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
            result.catch(() => {}); // whoever takes it gets the error
            underWay.push({ post, index: index++, result });
        }
        return /** @type {const} */ ('pulled');
    };
    try {
        while (!isEnded || underWay.length > 0) {
            if (stop.signal.aborted) throw new AbortError('the call was aborted');
            if (!isEnded && !pulling && underWay.length < ahead) {
                pulling = pull();
                pulling.catch(() => {}); // raced below, or not needed any more
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
            Promise.resolve(returned).catch(() => {}); // a source that is stuck would not answer
        else await returned;
    }
}
