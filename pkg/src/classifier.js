// The classifier that callers use: checks their arguments, queues posts and submits them to the supervisor.

import { DisposedError, EmptyPostError } from './errors.js';
import { isOwn, readModel } from './worker/model-file.js';
import { checkedClassifyAllOptions, checkedClassifyOptions, checkedLoadOptions, checkedPost } from './options.js';
import { release, toImageSource } from './image-input.js';
import { Queue } from './queue.js';
import { inOrder } from './stream.js';
import { Supervisor } from './supervisor.js';

/** @typedef {import('./types.js').Description} Description */
/** @typedef {import('./types.js').Post} Post */
/** @typedef {import('./types.js').Result} Result */

/**
 * How many requests a worker is sent at once. While it reads one, the images of the next are decoded in other
 * threads; what is sent while WebAssembly runs on the CPU reaches it only after that.
 */
const IN_FLIGHT = { cpu: 4, webgpu: 2 };

/** Classifies posts in a worker of its own; made by {@link EmotionClassifier.load}. */
export class EmotionClassifier {
    #supervisor;
    /** @type {Queue<import('./transport/protocol.js').Work, Result>} */
    #queue = new Queue(
        (works) => this.#supervisor.classify(works),
        (one, other) => one.explain === other.explain,
    );
    #disposed = false;

    /**
     * @private
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is used again for each restart.
     */
    constructor(options, model) {
        this.#supervisor = new Supervisor(options, model, ({ backend, limits }) => {
            this.#queue.batch = limits.max_batch;
            this.#queue.depth = IN_FLIGHT[backend];
        });
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
     * @throws {ModelFormatError} the file is not an emofuse model, is truncated or too large, or needs another version
     * @throws {BackendError} the requested back end cannot be used
     */
    static async load(options = {}) {
        const checked = checkedLoadOptions(options);
        const { model, onProgress, signal } = checked;
        const backend = checked.backend === 'auto' ? 'webgpu' : checked.backend; // what is started first
        const onBytes = (/** @type {number} */ loaded, /** @type {number} */ total) =>
            onProgress({ phase: 'download', loaded, total, backend });
        const read = isOwn(model) ? await readModel(model, onBytes, signal) : model;
        const classifier = new EmotionClassifier(checked, read);
        await classifier.#supervisor.open(signal);
        return classifier;
    }

    /**
     * Classifies the emotion that a post conveys. Calls are queued; several run together if that is faster.
     *
     * If the back end fails, it is restarted and the pending posts are repeated once; if a graphics device
     * is lost twice, the CPU takes over, unless `backend` was `'webgpu'`.
     *
     * @param {Post} post
     * @param {import('./types.js').ClassifyOptions} [options]
     * @returns {Promise<Result>}
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {EmptyPostError} neither an image nor a caption with a word in it
     * @throws {UnsupportedImageError} the image cannot be decoded
     * @throws {ImageTooLargeError} the image exceeds the limits
     * @throws {AbortError} aborted
     * @throws {DisposedError} disposed
     * @throws {BackendError} the back end failed, and again after a restart
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
     * Describes the model and back end that were loaded last, with their limits.
     *
     * @returns {Description}
     * @throws {DisposedError} disposed
     */
    describe() {
        this.#refuseDisposed();
        return structuredClone(this.#supervisor.description);
    }

    /**
     * Ends the worker and frees its memory; pending and later calls reject with a DisposedError. Once is enough, more
     * is harmless.
     */
    dispose() {
        if (this.#disposed) return;
        this.#disposed = true;
        const error = new DisposedError('the classifier has been disposed');
        this.#supervisor.close(error);
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
            throw new EmptyPostError('the post is empty; give an image, a caption, or both');
        const source = image === null || signal?.aborted ? null : await toImageSource(image);
        try {
            this.#refuseDisposed();
            return await this.#queue.add({ post: { image: source, caption }, explain }, { signal, lane });
        } finally {
            release(source);
        }
    }

    #refuseDisposed() {
        if (this.#disposed) throw new DisposedError('the classifier has been disposed; load another');
    }
}
