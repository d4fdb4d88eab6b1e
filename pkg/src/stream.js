// Classifies a stream of posts in order, with a few in progress at a time.

import { reasonOf, unlessAborted } from './abortable.js';

/**
 * Reads posts as they are needed. Results are yielded while the next post is awaited. When the caller stops, pending
 * posts are aborted and the source is closed.
 *
 * @template P, R
 * @param {Iterable<P | Promise<P>> | AsyncIterable<P>} posts
 * @param {(post: P, signal: AbortSignal, index: number) => Promise<R>} classify
 * @param {object} options
 * @param {() => number} options.ahead The maximum number of posts in progress; it may change.
 * @param {(AbortSignal | null)[]} options.signals Each ends it with its reason, whatever it waits for.
 * @param {AbortSignal} [options.leaving] Aborted when the caller has stopped while the next result is awaited.
 * @param {((error: Error, post: P, index: number) => void) | null} options.onError
 * @returns {AsyncGenerator<R, void, undefined>}
 */
export async function* inOrder(posts, classify, { ahead, signals, leaving, onError }) {
    const source = Symbol.asyncIterator in posts ? posts[Symbol.asyncIterator]() : posts[Symbol.iterator]();
    const stop = new AbortController();
    const listened = [...signals, leaving].filter((signal) => signal instanceof AbortSignal);
    /** Goes on: something has changed. A race with a promise that never settles would collect memory. */
    let wake = () => {};
    const change = () => new Promise((/** @type {(value: void) => void} */ resolve) => (wake = resolve));
    const abort = () => {
        stop.abort();
        wake();
    };
    for (const signal of listened) {
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort);
    }

    /** @type {{ post: P, index: number, result: Promise<R>, isSettled: boolean }[]} The oldest first. */
    const underWay = [];
    let isPulling = false;
    let isEnded = false;
    /** @type {{ error: unknown } | null} The source's own. */
    let failure = null;
    let index = 0;
    const pull = async () => {
        const { done, value } = await source.next();
        if (done) {
            isEnded = true;
            return;
        }
        const post = await value;
        if (stop.signal.aborted) return;
        const next = { post, index, result: classify(post, stop.signal, index), isSettled: false };
        index += 1;
        const settle = () => {
            next.isSettled = true;
            wake();
        };
        next.result.then(settle, settle);
        underWay.push(next);
    };
    const pullNext = () => {
        isPulling = true;
        pull()
            .catch((error) => {
                failure = { error };
                isEnded = true;
            })
            .finally(() => {
                isPulling = false;
                wake();
            });
    };
    try {
        while (!isEnded || underWay.length > 0) {
            if (leaving?.aborted) return;
            for (const signal of signals) if (signal?.aborted) throw reasonOf(signal);
            if (!isEnded && !isPulling && underWay.length < ahead()) pullNext();
            const [oldest] = underWay;
            if (!oldest?.isSettled) {
                await change();
                continue;
            }
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
        if (failure) throw /** @type {{ error: unknown }} */ (failure).error;
    } finally {
        const wasAborted = stop.signal.aborted;
        stop.abort();
        const closing = isEnded ? undefined : source.return?.();
        // A source that hangs would never settle.
        if (isPulling || wasAborted) Promise.resolve(closing).catch(() => {});
        else if (closing) await unlessAnyAborted(Promise.resolve(closing), listened);
        for (const signal of listened) signal.removeEventListener('abort', abort);
    }
}

/**
 * @param {Promise<unknown>} promise
 * @param {AbortSignal[]} signals
 */
const unlessAnyAborted = (promise, signals) =>
    signals.reduce((/** @type {Promise<unknown>} */ waiting, signal) => unlessAborted(waiting, signal), promise);
