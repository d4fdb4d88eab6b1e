// The code of a worker: loads an engine and classifies posts with it. Without a worker, it runs in the calling thread.

import { classify, featuresOf, isFatal } from './classify.js';
import { DecodingAhead } from './decode/ahead.js';
import { EarlyCaptions } from './early-captions.js';
import { startEngine, testEngine } from './engine.js';
import { BackendError, toPlainError } from '../errors.js';
import { defaultModel } from '../models.js';

/** @typedef {import('../transport/protocol.js').Answer} Answer */
/** @typedef {import('../transport/protocol.js').Question} Question */
/** @typedef {import('../transport/protocol.js').Request} Request */

/** As long as how many posts an explanation may take, for each post: it has to try each word. */
const EXPLANATION = 10;

/** As long as how many posts the tuning of the engine may take: programs are compiled for it. */
const TUNING = 15;

/** How often the worker shows that it is alive if it has nothing else to say. */
const SIGN_EVERY_ms = 1000;

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

    let shown = { posts: 1, at_ms: 0 };
    /** @param {number} posts As long as how many posts may take what begins now. */
    const begin = (posts) => {
        const now = performance.now();
        if (posts === shown.posts && now - shown.at_ms < SIGN_EVERY_ms) return;
        shown = { posts, at_ms: now };
        post({ type: 'begun', id: null, posts });
    };

    /** Those to be classified that may still be dropped. @type {Map<number, AbortController>} */
    const dropping = new Map();

    let isTuned = false;
    /** @param {import('./engine.js').Engine} using */
    const tune = async (using) => {
        if (isTuned) return;
        isTuned = true;
        begin(TUNING);
        await using.tune();
        begin(1);
    };

    /** @type {{ [T in Question['type']]:
     *     (request: Extract<Question, { type: T }>) => Promise<import('../transport/protocol.js').AnswerTo<T>> }} */
    const actions = {
        async load({ id, backend, wasm, captions, ...request }) {
            const hasEarlyCaptions = captions && backend === 'cpu' && request.model === null;
            early = hasEarlyCaptions ? new EarlyCaptions(defaultModel(), () => post({ type: 'captions', id })) : null;
            let test_ms = 0;
            const started = startEngine(
                { ...request, backend, wasm: typeof wasm === 'string' ? new URL(wasm) : wasm },
                {
                    onProgress: (progress) => post({ type: 'progress', id, progress: { ...progress, backend } }),
                    onTested: (ms) => (test_ms = ms),
                    keep: (sha256, file) => post({ type: 'keep', id, sha256, file }),
                    early,
                },
            );
            starting = started;
            engine = await started;
            return { type: 'loaded', id, description: engine.describe(), test_ms };
        },

        async classify({ id, posts, wanted }) {
            if (!engine) {
                // What every system says needs the whole model.
                const isEarly = wanted !== 'features' && !wanted.systems;
                const outcomes = isEarly ? await early?.classify(posts, wanted.explain) : null;
                if (outcomes) return { type: 'classified', id, outcomes };
                await starting;
            }
            const { id: name, sha256, limits } = loadedEngine().describe();
            const coming = posts.map(({ image, caption }) => ({
                image: image && decoding.begin(image, limits),
                caption,
            }));
            const drop = new AbortController();
            dropping.set(id, drop);
            const outcomes = await inTurn((using) => {
                begin(coming.length * (wanted !== 'features' && wanted.explain ? EXPLANATION : 1));
                const model = { id: name, sha256 };
                if (wanted === 'features') return featuresOf(using, model, coming, drop.signal);
                return classify(using, model, coming, wanted, drop.signal);
            }).finally(() => dropping.delete(id));
            // Behind the first answer and before later ones: it takes as long as some posts.
            if (!isTuned) inTurn(tune).catch(() => {}); // whoever comes next gets the error
            return { type: 'classified', id, outcomes };
        },

        measure: ({ id }) =>
            inTurn(async (using) => {
                await tune(using);
                begin(1);
                const started = performance.now();
                await testEngine(using, using.describe().backend);
                return { type: 'measured', id, ms: performance.now() - started };
            }),
    };

    return async (request) => {
        if (request.type === 'drop') return dropping.get(request.id)?.abort();
        try {
            const action = /** @type {(request: Question) => Promise<Answer>} */ (actions[request.type]);
            post(await action(request));
        } catch (error) {
            post({ type: 'failed', id: request.id, error: toPlainError(clarify(error)), fatal: isFatal(error) });
        }
    };
}
