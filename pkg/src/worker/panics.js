// The message that a program printed before it stopped.

import { BackendError, toPlainError } from '../errors.js';

/**
 * Records what is printed in this worker. A panic in Rust prints its reason and then ends as `unreachable`, outside any
 * promise.
 *
 * @returns {(error: unknown) => unknown} The error, or its cause if that is known.
 */
export function listenForPanics() {
    let panic = '';
    const printError = console.error;
    console.error = (...parts) => {
        const text = parts.join(' ');
        if (text.startsWith('panicked at')) panic = text.split('\n')[1] ?? text;
        printError(...parts);
    };
    return (error) =>
        error instanceof WebAssembly.RuntimeError && panic ? new BackendError(`the program stopped: ${panic}`) : error;
}

/**
 * @param {(answer: import('../transport/protocol.js').Answer) => void} post
 * @param {(error: unknown) => unknown} clarify
 * @returns {(error: unknown) => void} Reports an error that belongs to no request.
 */
export const crashReporter = (post, clarify) => (error) =>
    post({ type: 'crashed', id: null, error: toPlainError(clarify(error)) });
