// The worker: loads an engine and classifies posts with it.

import { decode } from './decode.js';
import { startEngine } from './engine.js';
import { BackendError, toPlainError } from './errors.js';

/** @typedef {import('./protocol.js').Answer} Answer */

/** @type {(answer: Answer) => void} */
const post = (answer) => /** @type {{ postMessage(message: unknown): void }} */ (/** @type {unknown} */ (self)).postMessage(answer);

/** @type {import('./engine.js').Engine | null} */
let engine = null;

/** @type {{ [T in import('./protocol.js').Request['type']]:
 *     (request: Extract<import('./protocol.js').Request, { type: T }>) => Promise<import('./protocol.js').AnswerTo<T>> }} */
const actions = {
    async load({ id, backend, model }) {
        engine = await startEngine(backend, model, (progress) => post({ type: 'progress', id, progress: { ...progress, backend } }));
        return { type: 'loaded', id, description: engine.describe() };
    },

    async classify({ id, image, caption }) {
        if (!engine) throw new BackendError('the worker was asked before it was loaded');
        const started = performance.now();
        const pixels = image && (await decode(image, engine.describe().limits));
        const decode_ms = performance.now() - started;
        const result = await engine.classify(pixels?.data, pixels?.width ?? 0, pixels?.height ?? 0, caption ?? undefined);
        const timings_ms = { decode: decode_ms, ...result.timings_ms, total: performance.now() - started };
        return { type: 'classified', id, classification: { ...result, timings_ms } };
    },
};

/** After a trap the program's memory is in no known state; a lost device does not come back. */
const isFatal = (/** @type {unknown} */ error) =>
    error instanceof WebAssembly.RuntimeError || (error instanceof Error && error.name === 'BackendError');

self.addEventListener('message', async ({ data: request }) => {
    try {
        const action = /** @type {(request: import('./protocol.js').Request) => Promise<Answer>} */ (
            actions[/** @type {import('./protocol.js').Request} */ (request).type]
        );
        post(await action(request));
    } catch (error) {
        post({ type: 'failed', id: request.id, error: toPlainError(withPanic(error)), fatal: isFatal(error) });
    }
});

// A panic in Rust is printed and ends as `unreachable`, outside of any promise: what was printed says what it was.
let panic = '';
const printError = console.error;
console.error = (...parts) => {
    const text = parts.join(' ');
    if (text.startsWith('panicked at')) panic = text.split('\n')[1] ?? text;
    printError(...parts);
};

/** @param {unknown} error */
function withPanic(error) {
    return error instanceof WebAssembly.RuntimeError && panic ? new BackendError(`the program stopped: ${panic}`) : error;
}

/** @param {unknown} error */
const crash = (error) => post({ type: 'crashed', id: null, error: toPlainError(withPanic(error)) });
self.addEventListener('error', (event) => crash(event.error ?? new BackendError(event.message)));
self.addEventListener('unhandledrejection', (event) => crash(event.reason));
