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
 * Posts that an engine can take, and the outcomes of those that cannot be read.
 *
 * @typedef {object} Ready
 * @property {{ index: number, prepared: PreparedPost, decode_ms: number }[]} ready
 * @property {SentOutcome[]} outcomes
 */

/**
 * @param {Engine} engine
 * @param {ComingPost[]} posts
 * @param {AbortSignal | null} signal
 * @returns {Promise<Ready>}
 */
async function prepare(engine, posts, signal) {
    /** @type {Ready} */
    const { ready, outcomes } = { ready: [], outcomes: [] };
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
    return { ready, outcomes };
}

/** @typedef {import('../types.js').SystemAnswer} SystemAnswer */
/**
 * What the program returns for a post.
 *
 * @typedef {import('../../wasm/cpu/emofuse.js').EngineResult & { systems?: SystemAnswer[] | null }} EngineResult
 */

/**
 * @param {Engine} engine
 * @param {import('../types.js').ModelName} model The engine's.
 * @param {ComingPost[]} posts
 * @param {{ explain: boolean, systems: boolean }} wanted
 * @param {AbortSignal | null} [signal] Ends the wait for images, and what has not begun.
 * @returns {Promise<SentOutcome[]>} Rejects with what concerns all of them.
 */
export async function classify(engine, model, posts, { explain, systems }, signal = null) {
    const { ready, outcomes } = await prepare(engine, posts, signal);
    const using =
        /** @type {{ classify(posts: PreparedPost[], explain: boolean, systems: boolean): Promise<EngineResult[]> }} */ (
            engine
        );
    const results = ready.length
        ? await using.classify(
              ready.map(({ prepared }) => prepared),
              explain,
              systems,
          )
        : [];
    for (const [place, { timings_ms, explanation, systems: answers, ...result }] of results.entries()) {
        const { index, decode_ms } = /** @type {typeof ready[number]} */ (ready[place]);
        const { picture, caption, model: networks } = timings_ms;
        const total = decode_ms + picture + caption + networks;
        const value = {
            ...result,
            ...(explanation && { explanation }),
            ...(answers && { systems: answers }),
            model,
            timings_ms: { decode: decode_ms, ...timings_ms, total },
        };
        outcomes[index] = {
            value: /** @type {import('../transport/protocol.js').Classification} */ (/** @type {unknown} */ (value)),
        };
    }
    return outcomes;
}

/** @typedef {{ image: Float32Array | null, caption: Float32Array | null }} EngineFeatures As the program returns them. */

/**
 * @param {Engine} engine
 * @param {import('../types.js').ModelName} model The engine's.
 * @param {ComingPost[]} posts
 * @param {AbortSignal | null} [signal] Ends the wait for images, and what has not begun.
 * @returns {Promise<SentOutcome[]>} Rejects with what concerns all of them.
 */
export async function featuresOf(engine, model, posts, signal = null) {
    const { ready, outcomes } = await prepare(engine, posts, signal);
    const using = /** @type {{ features(posts: PreparedPost[]): Promise<EngineFeatures[]> }} */ (
        /** @type {unknown} */ (engine)
    );
    const found = ready.length ? await using.features(ready.map(({ prepared }) => prepared)) : [];
    for (const [place, { image, caption }] of found.entries()) {
        const { index } = /** @type {typeof ready[number]} */ (ready[place]);
        outcomes[index] = { value: { image, caption, model } };
    }
    return outcomes;
}
