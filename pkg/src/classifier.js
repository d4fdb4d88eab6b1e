// What a caller holds: chooses the back end, keeps it alive, and hands posts to it.

import { BackendError, DisposedError, EmptyPostError } from './errors.js';
import { isOwn, readModel } from './worker/model-file.js';
import { checkedClassifyAllOptions, checkedClassifyOptions, checkedLoadOptions, checkedPost } from './options.js';
import { release, toPictureSource } from './image-input.js';
import { Queue } from './queue.js';
import { Session } from './transport/session.js';
import { inOrder } from './stream.js';

/** @typedef {import('./types.js').Backend} Backend */
/** @typedef {import('./types.js').Description} Description */
/** @typedef {import('./types.js').Post} Post */
/** @typedef {import('./types.js').Result} Result */

/** How often a graphics device may be lost before the CPU takes over. */
const LOSSES = 2;

/**
 * How many requests a worker is sent at once. While it reads one, the pictures of the next are decoded in other
 * threads; what is sent while WebAssembly runs on the CPU reaches it only after that.
 */
const IN_FLIGHT = { cpu: 4, webgpu: 2 };

/** Classifies posts in a worker of its own; made by {@link EmotionClassifier.load}. */
export class EmotionClassifier {
    #options;
    #model;
    /** @type {Queue<import('./transport/protocol.js').Work, Result>} */
    #queue = new Queue(
        (works) => this.#classifyNow(works),
        (one, other) => one.explain === other.explain,
    );
    /** @type {Promise<import('./transport/session.js').Opened> | null} */
    #opened = null;
    /** @type {Session | null} The one that was started last. */
    #session = null;
    /** @type {Session | null} The same once it is loaded, as long as it works. */
    #live = null;
    /** @type {Description | null} */
    #description = null;
    /** How often the graphics device was lost. */
    #losses = 0;
    /** @type {string | null} Why WebGPU is not tried any more. */
    #gpuFailure = null;
    /** Settles when what a failure interrupted has been repeated. @type {Promise<unknown>} */
    #repeated = Promise.resolve();
    #disposed = false;

    /**
     * @private
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is kept for each start afresh.
     */
    constructor(options, model) {
        this.#options = options;
        this.#model = model;
    }

    /**
     * Fetches the model and starts it.
     *
     * @param {import('./types.js').LoadOptions} [options]
     * @returns {Promise<EmotionClassifier>}
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {AbortError} aborted
     * @throws {DownloadError} a file cannot be fetched
     * @throws {IntegrityError} a file is not what it should be
     * @throws {ModelFormatError} the model file is none, is cut short, is too large, or is not one that this version
     *     reads
     * @throws {BackendError} the back end that was asked for cannot be used
     */
    static async load(options = {}) {
        const checked = checkedLoadOptions(options);
        const { model, onProgress, signal } = checked;
        const backend = checked.backend === 'auto' ? 'webgpu' : checked.backend; // what is started first
        const onBytes = (/** @type {number} */ loaded, /** @type {number} */ total) =>
            onProgress({ phase: 'download', loaded, total, backend });
        const read = isOwn(model) ? await readModel(model, onBytes, signal) : model;
        const classifier = new EmotionClassifier(checked, read);
        await classifier.#open(signal);
        return classifier;
    }

    /**
     * Says which emotion a post conveys. Calls are queued, and where that pays several run together.
     *
     * Where the back end fails, it is started afresh and what was under way is repeated once; where a graphics device
     * is lost twice, the CPU takes over, unless `backend` was `'webgpu'`.
     *
     * @param {Post} post
     * @param {import('./types.js').ClassifyOptions} [options]
     * @returns {Promise<Result>}
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {EmptyPostError} neither a picture nor a caption with a word in it
     * @throws {UnsupportedImageError} the picture cannot be decoded
     * @throws {ImageTooLargeError} the picture exceeds the limits
     * @throws {AbortError} aborted
     * @throws {DisposedError} disposed
     * @throws {BackendError} the back end failed, and again when it was started afresh
     */
    async classify(post, options = {}) {
        return this.#enqueue(post, checkedClassifyOptions(options), null);
    }

    /**
     * Classifies one post after another, from any iterable, and gives the results in its order. A few posts are under
     * way at once, no more, so that a list of any length can be read; other calls do not have to wait for all of it.
     *
     * @param {Iterable<Post | Promise<Post>> | AsyncIterable<Post>} posts
     * @param {import('./types.js').ClassifyAllOptions} [options] With `onError`, a post that cannot be read is left
     *     out.
     * @returns {AsyncGenerator<Result, void, undefined>}
     * @throws what {@link EmotionClassifier.classify} does for the first post that fails
     */
    async *classifyAll(posts, options = {}) {
        const { onError, ...each } = checkedClassifyAllOptions(options);
        const lane = {};
        // While some are under way, the next batch gathers.
        const { backend, limits } = this.describe();
        const ahead = (IN_FLIGHT[backend] + 1) * limits.max_batch;
        yield* inOrder(posts, (post, signal) => this.#enqueue(post, { ...each, signal }, lane), {
            ahead,
            signal: each.signal,
            onError,
        });
    }

    /**
     * Says what was loaded last, and what it takes.
     *
     * @returns {Description}
     * @throws {DisposedError} disposed
     */
    describe() {
        this.#refuseDisposed();
        if (!this.#description) throw new BackendError('nothing is loaded yet');
        return structuredClone(this.#description);
    }

    /**
     * Ends the worker and frees its memory; pending and later calls reject with a DisposedError. Once is enough, more
     * is harmless.
     */
    dispose() {
        if (this.#disposed) return;
        this.#disposed = true;
        const error = new DisposedError('the classifier has been disposed');
        this.#session?.close(error);
        this.#queue.rejectAll(error);
    }

    /**
     * @param {unknown} post
     * @param {{ signal: AbortSignal | null, explain: boolean }} options
     * @param {unknown} lane
     * @returns {Promise<Result>}
     */
    async #enqueue(post, { signal, explain }, lane) {
        const { image, caption } = checkedPost(post);
        this.#refuseDisposed();
        if (image === null && !caption?.trim())
            throw new EmptyPostError('the post is empty; give a picture, a caption, or both');
        const source = image === null || signal?.aborted ? null : await toPictureSource(image);
        try {
            this.#refuseDisposed();
            return await this.#queue.add({ post: { image: source, caption }, explain }, { signal, lane });
        } finally {
            release(source);
        }
    }

    /**
     * @param {import('./transport/protocol.js').Work[]} works All with an explanation, or all without.
     * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
     */
    async #classifyNow(works) {
        const opened = await this.#openUndisturbed();
        try {
            return await classifyIn(opened, works);
        } catch (error) {
            if (!this.#canRepeat(opened.session, 0)) throw error;
        }
        // One after another and each alone: what makes the back end fail must not take others with it that were under
        // way beside it.
        const repeating = this.#repeated.then(() => this.#repeat(works));
        this.#repeated = repeating.catch(() => {});
        return repeating;
    }

    /**
     * @param {import('./transport/protocol.js').Work[]} works
     * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
     */
    async #repeat(works) {
        for (let repeated = 1; ; repeated++) {
            const opened = await this.#open(null);
            try {
                return await classifyIn(opened, works);
            } catch (error) {
                if (!this.#canRepeat(opened.session, repeated)) throw error;
            }
        }
    }

    /**
     * @param {Session} session That something failed in.
     * @param {number} repeated How often it was repeated.
     */
    #canRepeat(session, repeated) {
        // A device may be lost twice before the CPU takes over; a program that stops twice is left alone.
        const most = session.backend === 'webgpu' && this.#options.backend === 'auto' ? LOSSES : 1;
        return !this.#disposed && session.isOver && repeated < most;
    }

    /** The session, once nothing is being repeated in it. */
    async #openUndisturbed() {
        for (;;) {
            const repeated = this.#repeated;
            await repeated;
            const opened = await this.#open(null);
            if (repeated === this.#repeated) return opened;
        }
    }

    #refuseDisposed() {
        if (this.#disposed) throw new DisposedError('the classifier has been disposed; load another');
    }

    /**
     * The session, started if there is none. A failed start is forgotten, so that the next call tries again.
     *
     * @param {AbortSignal | null} signal
     * @returns {Promise<import('./transport/session.js').Opened>}
     */
    #open(signal) {
        this.#opened ??= this.#openBest(signal).catch((error) => {
            this.#opened = null;
            throw error;
        });
        return this.#opened;
    }

    /** @param {AbortSignal | null} signal */
    async #openBest(signal) {
        const { backend, worker } = this.#options;
        if (backend !== 'auto') return this.#openOn(backend, 'chosen', signal);
        if (!worker) return this.#openOn('cpu', 'it runs without a worker', signal);
        if (this.#gpuFailure === null) {
            try {
                return await this.#openOn(
                    'webgpu',
                    'this browser has WebGPU, and the model passes its self-test on it',
                    signal,
                );
            } catch (error) {
                if (!(error instanceof BackendError)) throw error;
                this.#gpuFailure = error.message;
            }
        }
        return this.#openOn('cpu', this.#gpuFailure, signal);
    }

    /**
     * @param {Backend} backend
     * @param {string} backendReason
     * @param {AbortSignal | null} signal
     * @returns {Promise<import('./transport/session.js').Opened>}
     */
    async #openOn(backend, backendReason, signal) {
        this.#refuseDisposed();
        const { cache, onProgress, wasm, worker } = this.#options;
        // A fresh worker each time: after a panic nothing in the old one can be relied upon.
        const session = new Session(backend, worker, (error) => this.#lose(session, error));
        this.#session = session;
        try {
            const files = { model: this.#model, wasm: wasm[backend] ?? null, cache };
            const { id, sha256, labels, limits, uncertain_below, adapter } = await session.load(
                files,
                onProgress,
                signal,
            );
            this.#live = session;
            this.#queue.batch = limits.max_batch;
            this.#queue.depth = IN_FLIGHT[backend];
            this.#description = {
                model: { id, sha256 },
                labels,
                limits,
                uncertain_below,
                backend,
                backendReason,
                adapter,
            };
            return { session, description: this.#description };
        } catch (error) {
            session.close(error instanceof Error ? error : new BackendError(String(error)));
            throw error;
        }
    }

    /**
     * @param {Session} session
     * @param {Error} error
     */
    #lose(session, error) {
        if (session !== this.#live) return; // it failed while loading, and load says so
        this.#live = null;
        this.#opened = null;
        if (session.backend !== 'webgpu') return;
        this.#losses += 1;
        if (this.#losses >= LOSSES)
            this.#gpuFailure = `WebGPU stopped working ${LOSSES} times: ${inOneLine(error.message)}`;
    }
}

/**
 * @param {import('./transport/session.js').Opened} opened
 * @param {import('./transport/protocol.js').Work[]} works
 * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
 */
async function classifyIn({ session, description }, works) {
    const outcomes = await session.classify(
        works.map(({ post }) => post),
        works.some(({ explain }) => explain),
    );
    const { backend, backendReason, model } = description;
    return outcomes.map((outcome) =>
        'error' in outcome ? outcome : { value: { ...outcome.value, backend, backendReason, model } },
    );
}

/**
 * What a back end's error says without the way that it came.
 *
 * @param {string} message
 */
function inOneLine(message) {
    const lines = message.split('\n').map((line) => line.trim());
    return [...new Set(lines)].filter((line) => line && !/^caused by|backtrace/i.test(line)).join(': ');
}
