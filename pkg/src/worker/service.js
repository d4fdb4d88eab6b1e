// What a worker does: loads an engine and classifies posts with it. The same runs in the thread that calls, where there
// is no worker.

import { DecodingAhead } from './decode/ahead.js';
import { startEngine } from './engine.js';
import { BackendError, toPlainError } from '../errors.js';
import { platform } from '../platform.js';

/** @typedef {import('../transport/protocol.js').Answer} Answer */
/** @typedef {import('../transport/protocol.js').Request} Request */
/** @typedef {import('../transport/protocol.js').SentOutcome} SentOutcome */
/** @typedef {import('./engine.js').PreparedPost} PreparedPost */

/**
 * @param {(answer: Answer) => void} post Sends an answer.
 * @param {(error: unknown) => unknown} clarify What an error is in truth, where more is known of it.
 * @returns {(request: Request) => Promise<void>} Takes a request.
 */
export function serve(post, clarify = (error) => error) {
    /** @type {import('./engine.js').Engine | null} */
    let engine = null;
    const decoding = new DecodingAhead();
    /** The engine's last request, which the next one waits for. @type {Promise<unknown>} */
    let last = Promise.resolve();

    /** @type {{ [T in Request['type']]:
     *     (request: Extract<Request, { type: T }>) => Promise<import('../transport/protocol.js').AnswerTo<T>> }} */
    const actions = {
        async load({ id, backend, wasm, ...request }) {
            engine = await startEngine(
                { ...request, backend, wasm: typeof wasm === 'string' ? new URL(wasm) : wasm },
                {
                    onProgress: (progress) => post({ type: 'progress', id, progress: { ...progress, backend } }),
                    keep: (sha256, file) => post({ type: 'keep', id, sha256, file }),
                },
            );
            return { type: 'loaded', id, description: engine.describe() };
        },

        async classify({ id, posts, explain }) {
            if (!engine) throw new BackendError('the worker got a request before it was loaded');
            const { limits } = engine.describe();
            const coming = posts.map(({ image, caption }) => ({
                image: image && decoding.begin(image, limits),
                caption,
            }));
            const using = engine;
            const outcomes = last.then(() => classify(using, coming, explain));
            // After a fatal error nothing is tried any more.
            last = outcomes.catch((error) => {
                if (isFatal(error)) throw error;
            });
            return { type: 'classified', id, outcomes: await outcomes };
        },
    };

    return async (request) => {
        try {
            const action = /** @type {(request: Request) => Promise<Answer>} */ (actions[request.type]);
            post(await action(request));
        } catch (error) {
            post({ type: 'failed', id: request.id, error: toPlainError(clarify(error)), fatal: isFatal(error) });
        }
    };
}

/** After a trap the program's memory is in no known state; a lost device does not come back. */
const isFatal = (/** @type {unknown} */ error) =>
    error instanceof WebAssembly.RuntimeError || (error instanceof Error && error.name === 'BackendError');

/**
 * @param {import('./engine.js').Engine} engine
 * @param {{ image: import('./decode/ahead.js').ComingImage | null, caption: string | null }[]} posts
 * @param {boolean} explain
 * @returns {Promise<SentOutcome[]>} Rejects with what concerns all of them.
 */
async function classify(engine, posts, explain) {
    /** @type {SentOutcome[]} */
    const outcomes = [];
    /** @type {{ index: number, prepared: PreparedPost, decode_ms: number }[]} */
    const ready = [];
    for (const [index, { image, caption }] of posts.entries()) {
        try {
            const started = performance.now();
            const pixels = await image?.read();
            const decode_ms = performance.now() - started;
            await platform.yieldToEventLoop();
            const prepared = engine.prepare(
                pixels?.data,
                pixels?.width ?? 0,
                pixels?.height ?? 0,
                caption ?? undefined,
            );
            ready.push({ index, prepared, decode_ms });
        } catch (error) {
            outcomes[index] = { error: toPlainError(error) };
            if (!isFatal(error)) continue;
            for (const { prepared } of ready) prepared.free();
            for (const { image: other } of posts.slice(index + 1)) other?.drop();
            throw error;
        }
    }
    await platform.yieldToEventLoop();
    const results = ready.length
        ? await engine.classify(
              ready.map(({ prepared }) => prepared),
              explain,
          )
        : [];
    for (const [place, { timings_ms, explanation, ...result }] of results.entries()) {
        const { index, decode_ms } = /** @type {typeof ready[number]} */ (ready[place]);
        const { picture, caption, model } = timings_ms;
        const total = decode_ms + picture + caption + model;
        const value = {
            ...result,
            ...(explanation && { explanation }),
            timings_ms: { decode: decode_ms, ...timings_ms, total },
        };
        outcomes[index] = { value };
    }
    return outcomes;
}
