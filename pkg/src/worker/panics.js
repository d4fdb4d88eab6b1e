// What a program said before it stopped.

import { BackendError, toPlainError } from '../errors.js';

/**
 * A panic in Rust is printed and ends as `unreachable`, outside of any promise: the printed text is its reason.
 * Listens to what is printed in this worker.
 *
 * @returns {(error: unknown) => unknown} The error, or what is behind it.
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
 * @returns {(error: unknown) => void} Takes an error that no request was answered with.
 */
export const crashReporter = (post, clarify) => (error) =>
    post({ type: 'crashed', id: null, error: toPlainError(clarify(error)) });
