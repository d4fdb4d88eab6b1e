// Waiting that can be aborted while the operation continues for other callers.

import { AbortError, EmofuseError } from './errors.js';

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | null} signal
 * @returns {Promise<T>} Rejects as soon as the signal is aborted: with its reason if that is an error of this package,
 *     otherwise with an AbortError.
 */
export function unlessAborted(promise, signal) {
    if (!signal) return promise;
    return new Promise((resolve, reject) => {
        const abort = () =>
            reject(signal.reason instanceof EmofuseError ? signal.reason : new AbortError('the call was aborted'));
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort);
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
}
