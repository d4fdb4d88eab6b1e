// Waiting that can be aborted while the operation continues for other callers.

import { AbortError, EmofuseError } from './errors.js';

/**
 * @param {AbortSignal} signal Aborted.
 * @returns {EmofuseError} Its reason if that is an error of this package, otherwise an AbortError.
 */
export const reasonOf = ({ reason }) =>
    reason instanceof EmofuseError ? reason : new AbortError('the call was aborted');

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | null} signal
 * @returns {Promise<T>} Rejects as soon as the signal is aborted, as {@link reasonOf} says.
 */
export function unlessAborted(promise, signal) {
    if (!signal) return promise;
    return new Promise((resolve, reject) => {
        const abort = () => reject(reasonOf(signal));
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort);
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
}

/**
 * Waits for something that may never answer, and can be done without.
 *
 * @template T
 * @param {number} limit_ms
 * @param {Promise<T>} promise
 * @returns {Promise<T | null>} Null if it has not settled by then.
 */
export async function within(limit_ms, promise) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((/** @type {(value: null) => void} */ resolve) => {
        timer = setTimeout(resolve, limit_ms, null);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
