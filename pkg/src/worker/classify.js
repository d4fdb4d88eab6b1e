// Classifies posts with an engine.

import { reasonOf, unlessAborted } from '../abortable.js';
import { toPlainError } from '../errors.js';
import { platform } from '../platform.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./engine.js').PreparedPost} PreparedPost */
/** @typedef {import('../transport/protocol.js').SentOutcome} SentOutcome */

/**
 * @typedef {{ image: import('./decode/ahead.js').ComingImage | null, caption: string | null }} ComingPost A post whose
 *     image is being decoded.
 */

/**
 * Whether nothing can be classified after this error: after a trap the program's memory is in no known state; a lost
 * device does not come back.
 *
 * @param {unknown} error
 */
export const isFatal = (error) =>
    error instanceof WebAssembly.RuntimeError || (error instanceof Error && error.name === 'BackendError');

/**
 * @param {Engine} engine
 * @param {import('../types.js').ModelName} model The engine's.
 * @param {ComingPost[]} posts
 * @param {boolean} explain
 * @param {AbortSignal | null} [signal] Ends the wait for images, and what has not begun.
 * @returns {Promise<SentOutcome[]>} Rejects with what concerns all of them.
 */
export async function classify(engine, model, posts, explain, signal = null) {
    /** @type {SentOutcome[]} */
    const outcomes = [];
    /** @type {{ index: number, prepared: PreparedPost, decode_ms: number }[]} */
    const ready = [];
    for (const [index, { image, caption }] of posts.entries()) {
        try {
            const started = performance.now();
            const pixels = image && (await unlessAborted(image.read(), signal));
            const decode_ms = performance.now() - started;
            await platform.yieldToEventLoop();
            if (signal?.aborted) throw reasonOf(signal);
            const prepared = engine.prepare(
                pixels?.data,
                pixels?.width ?? 0,
                pixels?.height ?? 0,
                caption ?? undefined,
            );
            ready.push({ index, prepared, decode_ms });
        } catch (error) {
            outcomes[index] = { error: toPlainError(error) };
            if (!isFatal(error) && !signal?.aborted) continue;
            for (const { prepared } of ready) prepared.free();
            for (const { image: other } of posts.slice(index)) other?.drop();
            throw error;
        }
    }
    await platform.yieldToEventLoop();
    if (signal?.aborted) {
        for (const { prepared } of ready) prepared.free();
        throw reasonOf(signal);
    }
    const results = ready.length
        ? await engine.classify(
              ready.map(({ prepared }) => prepared),
              explain,
          )
        : [];
    for (const [place, { timings_ms, explanation, ...result }] of results.entries()) {
        const { index, decode_ms } = /** @type {typeof ready[number]} */ (ready[place]);
        const { picture, caption, model: networks } = timings_ms;
        const total = decode_ms + picture + caption + networks;
        const value = {
            ...result,
            ...(explanation && { explanation }),
            model,
            timings_ms: { decode: decode_ms, ...timings_ms, total },
        };
        outcomes[index] = { value };
    }
    return outcomes;
}
