// The code of a worker: loads an engine and classifies posts with it. Without a worker, it runs in the calling thread.

import { classify, isFatal } from './classify.js';
import { DecodingAhead } from './decode/ahead.js';
import { EarlyCaptions } from './early-captions.js';
import { startEngine, testEngine } from './engine.js';
import { BackendError, toPlainError } from '../errors.js';
import { defaultModel } from '../models.js';

/** @typedef {import('../transport/protocol.js').Answer} Answer */
/** @typedef {import('../transport/protocol.js').Request} Request */

/**
 * @param {(answer: Answer) => void} post Sends an answer.
 * @param {(error: unknown) => unknown} clarify Replaces an error by its cause if that is known.
 * @returns {(request: Request) => Promise<void>} Handles a request.
 */
export function serve(post, clarify = (error) => error) {
    /** @type {import('./engine.js').Engine | null} */
    let engine = null;
    /** Settles when the engine is there, or cannot be. @type {Promise<unknown> | null} */
    let starting = null;
    /** Classifies captions until then. @type {EarlyCaptions | null} */
    let early = null;
    const decoding = new DecodingAhead();
    /** The engine's last request; the next one waits for it. @type {Promise<unknown>} */
    let last = Promise.resolve();

    const loadedEngine = () => {
        if (!engine) throw new BackendError('the worker got a request before it was loaded');
        return engine;
    };

    /**
     * Runs a function once all earlier ones have ended.
     *
     * @template R
     * @param {(engine: import('./engine.js').Engine) => Promise<R>} run
     * @returns {Promise<R>}
     */
    const inTurn = (run) => {
        const using = loadedEngine();
        const running = last.then(() => run(using));
        // After a fatal error, nothing else is run.
        last = running.catch((error) => {
            if (isFatal(error)) throw error;
        });
        last.catch(() => {}); // the next request gets it
        return running;
    };

    let isTuned = false;
    /** @param {import('./engine.js').Engine} using */
    const tune = async (using) => {
        if (isTuned) return;
        isTuned = true;
        await using.tune();
    };

    /** @type {{ [T in Request['type']]:
     *     (request: Extract<Request, { type: T }>) => Promise<import('../transport/protocol.js').AnswerTo<T>> }} */
    const actions = {
        async load({ id, backend, wasm, captions, ...request }) {
            const hasEarlyCaptions = captions && backend === 'cpu' && request.model === null;
            early = hasEarlyCaptions ? new EarlyCaptions(defaultModel(), () => post({ type: 'captions', id })) : null;
            const started = startEngine(
                { ...request, backend, wasm: typeof wasm === 'string' ? new URL(wasm) : wasm },
                {
                    onProgress: (progress) => post({ type: 'progress', id, progress: { ...progress, backend } }),
                    keep: (sha256, file) => post({ type: 'keep', id, sha256, file }),
                    early,
                },
            );
            starting = started;
            engine = await started;
            return { type: 'loaded', id, description: engine.describe() };
        },

        async classify({ id, posts, explain }) {
            if (!engine) {
                const outcomes = await early?.classify(posts, explain);
                if (outcomes) return { type: 'classified', id, outcomes };
                await starting;
            }
            const { id: name, sha256, limits } = loadedEngine().describe();
            const coming = posts.map(({ image, caption }) => ({
                image: image && decoding.begin(image, limits),
                caption,
            }));
            const outcomes = await inTurn((using) => classify(using, { id: name, sha256 }, coming, explain));
            // Behind the first answer and before later ones: it takes as long as some posts.
            if (!isTuned) inTurn(tune).catch(() => {}); // whoever comes next gets the error
            return { type: 'classified', id, outcomes };
        },

        measure: ({ id }) =>
            inTurn(async (using) => {
                await tune(using);
                const started = performance.now();
                await testEngine(using, using.describe().backend);
                return { type: 'measured', id, ms: performance.now() - started };
            }),
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
