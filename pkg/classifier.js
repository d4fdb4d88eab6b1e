// What a caller holds: chooses the back end, keeps it alive, and hands posts to it.

import { AbortError, BackendError, DisposedError, EmptyPostError } from './errors.js';
import { readModel } from './model-file.js';
import { checkedClassifyOptions, checkedLoadOptions, checkedPost } from './options.js';
import { release, toPictureSource } from './picture.js';
import { Queue } from './queue.js';
import { Session } from './session.js';

/** @typedef {import('./index.js').Description} Description */
/** @typedef {{ session: Session, description: Description }} Opened */

/** Classifies posts in a worker of its own; made by {@link EmotionClassifier.load}. */
export class EmotionClassifier {
    #wanted;
    #model;
    #onProgress;
    #queue = new Queue();
    /** @type {Promise<Opened> | null} */
    #opened = null;
    /** @type {Session | null} The one that was started last. */
    #session = null;
    /** @type {Session | null} The same once it is loaded, as long as it works. */
    #live = null;
    /** @type {Description | null} */
    #description = null;
    /** @type {string | null} Why WebGPU is not tried any more. */
    #gpuFailure = null;
    #disposed = false;

    /**
     * @param {'auto' | 'webgpu' | 'cpu'} wanted
     * @param {Blob | null} model A model file, kept for each start afresh; null for the default model.
     * @param {import('./session.js').ProgressListener} onProgress
     */
    constructor(wanted, model, onProgress) {
        this.#wanted = wanted;
        this.#model = model;
        this.#onProgress = onProgress;
    }

    /**
     * @param {import('./index.js').LoadOptions} [options]
     * @returns {Promise<EmotionClassifier>}
     */
    static async load(options = {}) {
        const { backend, model, onProgress, signal } = checkedLoadOptions(options);
        const first = backend === 'cpu' ? backend : 'webgpu'; // what is started first
        const onBytes = (/** @type {number} */ loaded, /** @type {number} */ total) => onProgress({ phase: 'download', loaded, total, backend: first });
        const own = model && (await readModel(model, onBytes, signal));
        const classifier = new EmotionClassifier(backend, own, onProgress);
        await classifier.#open(signal);
        return classifier;
    }

    /**
     * @param {import('./index.js').Post} post
     * @param {import('./index.js').ClassifyOptions} [options]
     * @returns {Promise<import('./index.js').Result>}
     */
    async classify(post, options = {}) {
        const { signal } = checkedClassifyOptions(options);
        const { image, caption } = checkedPost(post);
        this.#refuseDisposed();
        if (signal?.aborted) throw new AbortError('the call was aborted');
        if (image === null && !caption?.trim()) throw new EmptyPostError('the post is empty; give a picture, a caption, or both');
        const source = image === null ? null : await toPictureSource(image);
        try {
            return await this.#queue.add(() => this.#classifyNow(source, caption), signal);
        } finally {
            release(source);
        }
    }

    /**
     * @param {Iterable<import('./index.js').Post> | AsyncIterable<import('./index.js').Post>} posts
     * @param {import('./index.js').ClassifyOptions} [options]
     * @returns {AsyncGenerator<import('./index.js').Result, void, undefined>}
     */
    async *classifyAll(posts, options = {}) {
        for await (const post of posts) yield await this.classify(post, options);
    }

    /** @returns {Description} */
    describe() {
        this.#refuseDisposed();
        if (!this.#description) throw new BackendError('nothing is loaded yet');
        return structuredClone(this.#description);
    }

    dispose() {
        if (this.#disposed) return;
        this.#disposed = true;
        const error = new DisposedError('the classifier has been disposed');
        this.#session?.close(error);
        this.#queue.rejectAll(error);
    }

    /**
     * @param {import('./protocol.js').PictureSource | null} source
     * @param {string | null} caption
     * @returns {Promise<import('./index.js').Result>}
     */
    async #classifyNow(source, caption) {
        const { session, description } = await this.#open(null);
        const { timings_ms, ...classification } = await session.classify(source, caption);
        const { backend, backendReason, model } = description;
        return { ...classification, backend, backendReason, model, timings_ms };
    }

    #refuseDisposed() {
        if (this.#disposed) throw new DisposedError('the classifier has been disposed; load another');
    }

    /**
     * The session, started if there is none. A failed start is forgotten, so that the next call tries again.
     *
     * @param {AbortSignal | null} signal
     * @returns {Promise<Opened>}
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
        if (this.#wanted === 'cpu') return this.#openOn('cpu', 'chosen', signal);
        if (this.#wanted === 'webgpu') return this.#openOn('webgpu', 'chosen', signal);
        if (this.#gpuFailure === null) {
            try {
                return await this.#openOn('webgpu', 'this browser has WebGPU, and the model passes its self-test on it', signal);
            } catch (error) {
                if (!(error instanceof BackendError)) throw error;
                this.#gpuFailure = error.message;
            }
        }
        return this.#openOn('cpu', this.#gpuFailure, signal);
    }

    /**
     * @param {import('./index.js').Backend} backend
     * @param {string} backendReason
     * @param {AbortSignal | null} signal
     * @returns {Promise<Opened>}
     */
    async #openOn(backend, backendReason, signal) {
        this.#refuseDisposed();
        // A fresh worker each time: after a panic nothing in the old one can be relied upon.
        const session = new Session(backend, (error) => this.#lose(session, error));
        this.#session = session;
        try {
            const { id, sha256, labels, limits, adapter } = await session.load(this.#model, this.#onProgress, signal);
            this.#live = session;
            this.#description = { model: { id, sha256 }, labels, limits, backend, backendReason, adapter };
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
        if (session.backend === 'webgpu') this.#gpuFailure = `WebGPU stopped working: ${error.message}`;
        this.#opened = null;
        this.#queue.rejectAll(error);
    }
}
