// The public classifier: checks arguments, queues posts and submits them to the supervisor.

import { namesOf } from './emotions.js';
import { DisposedError, EmptyPostError } from './errors.js';
import { isOwn, readModel } from './worker/model-file.js';
import {
    checkedClassifyAllOptions,
    checkedClassifyOptions,
    checkedFeaturesOptions,
    checkedLoadOptions,
    checkedPost,
} from './options.js';
import { release, toImageSource } from './image-input.js';
import { Queue } from './queue.js';
import { inOrder } from './stream.js';
import { Supervisor } from './supervisor.js';

/** @typedef {import('./types.js').CaptionClassifier} CaptionClassifier */
/** @typedef {import('./types.js').Description} Description */
/** @typedef {import('./types.js').Features} Features */
/** @typedef {import('./types.js').Post} Post */
/** @typedef {import('./types.js').Result} Result */

/**
 * How many requests a worker gets at once. While it classifies one, the images of the next are decoded in other
 * threads. Messages that arrive while WebAssembly runs on the CPU are received only afterwards.
 */
const IN_FLIGHT = { cpu: 4, webgpu: 2 };

/**
 * Classifies posts in its own worker. Call {@link EmotionClassifier.load} to make one.
 *
 * @example
 * import { EmotionClassifier } from 'emofuse';
 *
 * const classifier = await EmotionClassifier.load();
 * const { emotion, confidence } = await classifier.classify({ caption: 'finally home' });
 * console.log(emotion, confidence);
 * classifier.dispose();
 */
export class EmotionClassifier {
    #supervisor;
    /** @type {Queue<import('./transport/protocol.js').Work, Result | Features>} */
    #queue = new Queue(
        (works, signal) => this.#supervisor.classify(works, signal),
        (one, other) => JSON.stringify(one.wanted) === JSON.stringify(other.wanted),
    );
    #isLoaded = false;
    /** Why it could not be loaded. @type {unknown} */
    #failure = null;
    #disposal = new AbortController();

    /**
     * @private
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is reused for each restart.
     */
    constructor(options, model) {
        const { onCaptionsReady, onBackendChange } = options;
        this.#supervisor = new Supervisor(options, model, {
            onChange: (description) => {
                const { backend, limits } = description;
                this.#queue.batch = limits.max_batch;
                this.#queue.depth = IN_FLIGHT[backend];
                if (this.#isLoaded) this.#report(structuredClone(description), onBackendChange);
            },
            onCaptions: onCaptionsReady && (() => this.#offerCaptions(onCaptionsReady)),
        });
    }

    /**
     * Downloads the model and starts it. On a slow line, captions can be classified before that.
     *
     * @example
     * const classifier = await EmotionClassifier.load({
     *     backend: 'cpu',
     *     onProgress: ({ phase, loaded, total }) => console.log(phase, loaded, total),
     *     onCaptionsReady: async (captions) => {
     *         const { emotion } = await captions.classify('finally home');
     *         console.log(emotion, 'while the rest is downloaded');
     *     },
     * });
     *
     * @param {import('./types.js').LoadOptions} [options]
     * @returns {Promise<EmotionClassifier>}
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {AbortError} aborted
     * @throws {DownloadError} a file cannot be downloaded
     * @throws {IntegrityError} a file is not what it should be
     * @throws {ModelFormatError} the file is not an emofuse model, is truncated or too large, or needs another version
     * @throws {BackendError} the requested back end cannot be used
     */
    static async load(options = {}) {
        const checked = checkedLoadOptions(options);
        const { model, onProgress, signal } = checked;
        const backend = checked.backend === 'auto' ? 'cpu' : checked.backend; // the back end that starts first
        const onBytes = (/** @type {number} */ loaded, /** @type {number} */ total) =>
            onProgress({ phase: 'download', loaded, total, backend });
        const read = isOwn(model) ? await readModel(model, onBytes, signal) : model;
        const classifier = new EmotionClassifier(checked, read);
        try {
            await classifier.#supervisor.open(signal);
        } catch (error) {
            classifier.#fail(error);
            throw error;
        }
        classifier.#isLoaded = true;
        return classifier;
    }

    /**
     * Classifies the emotion that a post conveys. Calls are queued; several run together if that is faster.
     *
     * If the back end fails, it is restarted and the pending posts are repeated once. With `backend: 'auto'` they are
     * repeated on the CPU if the graphics device is lost.
     *
     * @example
     * const result = await classifier.classify({ image: file, caption: 'finally home' }, { explain: true });
     * console.log(result.emotion, result.scores, result.explanation?.words);
     *
     * @param {Post} post
     * @param {import('./types.js').ClassifyOptions} [options]
     * @returns {Promise<Result>}
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {EmptyPostError} neither an image nor a caption with a word in it
     * @throws {ModalityError} the post lacks the image or the caption, which the model reads alone
     * @throws {UnsupportedImageError} the image cannot be decoded
     * @throws {ImageTooLargeError} the image exceeds the limits
     * @throws {AbortError} aborted
     * @throws {DisposedError} disposed
     * @throws {TimeoutError} the post took too long in the worker; see `timeout_ms` of `load`
     * @throws {BackendError} the back end failed, and again after a restart
     */
    async classify(post, options = {}) {
        return this.#classify(post, checkedClassifyOptions(options), null);
    }

    /**
     * Classifies the posts of any iterable, of any length, and yields the results in order. A few posts are in progress at a
     * time, and other calls take turns with them.
     *
     * @example
     * const posts = [{ caption: 'finally home' }, { image: file }];
     * for await (const { emotion } of classifier.classifyAll(posts, { onError: (error) => console.warn(error.message) })) {
     *     console.log(emotion);
     * }
     *
     * @param {Iterable<Post | Promise<Post>> | AsyncIterable<Post>} posts
     * @param {import('./types.js').ClassifyAllOptions} [options] With `onError`, a post that cannot be classified
     *     is skipped.
     * @returns {AsyncGenerator<Result, void, undefined>}
     * @throws the errors of {@link EmotionClassifier.classify}, for the first post that fails
     */
    classifyAll(posts, options = {}) {
        // A generator takes no `return` before its `next` has settled, and the next post may never come.
        const leaving = new AbortController();
        const results = this.#classifyAll(posts, options, leaving.signal);
        const { return: leave } = results;
        results.return = (value) => {
            leaving.abort();
            return leave.call(results, value);
        };
        return results;
    }

    /**
     * @param {Iterable<Post | Promise<Post>> | AsyncIterable<Post>} posts
     * @param {import('./types.js').ClassifyAllOptions} options
     * @param {AbortSignal} leaving
     * @returns {AsyncGenerator<Result, void, undefined>}
     */
    async *#classifyAll(posts, options, leaving) {
        const { onError, ...each } = checkedClassifyAllOptions(options);
        const lane = {};
        this.#refuseDisposed();
        // While one batch is in progress, the next one fills.
        const ahead = () => {
            const { backend, limits } = this.#supervisor.description;
            return (IN_FLIGHT[backend] + 1) * limits.max_batch;
        };
        yield* inOrder(posts, (post, signal, index) => this.#classify(post, { ...each, signal }, lane, index), {
            ahead,
            signals: [each.signal, this.#disposal.signal],
            leaving,
            onError,
        });
    }

    /**
     * Computes the features of a post: what the model's networks make of its image and of its caption, before the last
     * layer turns them into scores. Train a classifier of your own on them. Calls are queued like those of
     * {@link EmotionClassifier.classify}.
     *
     * @example
     * const { image, caption } = await classifier.features({ image: file, caption: 'finally home' });
     * console.log(image?.length, caption?.length);
     *
     * @param {Post} post
     * @param {import('./types.js').FeaturesOptions} [options]
     * @returns {Promise<Features>}
     * @throws the errors of {@link EmotionClassifier.classify}
     */
    async features(post, options = {}) {
        const { signal } = checkedFeaturesOptions(options);
        return /** @type {Promise<Features>} */ (this.#enqueue(post, { signal, wanted: 'features' }, null));
    }

    /**
     * Describes the model and the back end in use, with their limits.
     *
     * @example
     * const { model, backend, backendReason } = classifier.describe();
     * console.log(`${model.id} runs on ${backend}: ${backendReason}`);
     *
     * @returns {Description}
     * @throws {DisposedError} disposed
     */
    describe() {
        this.#refuseDisposed();
        return structuredClone(this.#supervisor.description);
    }

    /**
     * The names of the model's labels, in the order of the scores. {@link EmotionClassifier.describe} has their colours and
     * groups, if the model has any.
     *
     * @example
     * const { scores } = await classifier.classify({ caption: 'finally home' });
     * for (const label of classifier.labels) console.log(label, scores[label]);
     *
     * @returns {readonly string[]}
     * @throws {DisposedError} disposed
     */
    get labels() {
        this.#refuseDisposed();
        return namesOf(this.#supervisor.description.labels);
    }

    /**
     * Closes the worker and frees its memory; pending and later calls reject with a DisposedError. Calling it again has no
     * effect.
     *
     * @example
     * classifier.dispose();
     */
    dispose() {
        if (this.#disposal.signal.aborted) return;
        const error = new DisposedError('the classifier has been disposed');
        this.#disposal.abort(error);
        this.#supervisor.close(error);
        this.#queue.rejectAll(error);
    }

    /**
     * @param {unknown} post
     * @param {{ signal: AbortSignal | null, explain: boolean, systems: boolean }} options
     * @param {unknown} lane
     * @param {number | null} [index] Of a post of `classifyAll`.
     */
    #classify(post, { signal, ...wanted }, lane, index = null) {
        return /** @type {Promise<Result>} */ (this.#enqueue(post, { signal, wanted }, lane, index));
    }

    /**
     * @param {unknown} post
     * @param {{ signal: AbortSignal | null, wanted: import('./transport/protocol.js').Wanted }} options
     * @param {unknown} lane
     * @param {number | null} [index] Of a post of `classifyAll`.
     * @returns {Promise<Result | Features>}
     */
    async #enqueue(post, { signal, wanted }, lane, index = null) {
        const { image, caption } = checkedPost(post);
        this.#refuseDisposed();
        if (image === null && !caption?.trim())
            throw new EmptyPostError('the post is empty; give an image, a caption, or both');
        const source =
            image === null || signal?.aborted ? null : await toImageSource(image, signal, this.#disposal.signal);
        try {
            this.#refuseDisposed();
            const name = nameOf(image, caption, index);
            return await this.#queue.add({ post: { image: source, caption }, wanted, name }, { signal, lane });
        } finally {
            release(source);
        }
    }

    /** @param {(captions: CaptionClassifier) => void} listener */
    #offerCaptions(listener) {
        this.#queue.depth = IN_FLIGHT.cpu; // a caption that waits for more of the model does not hold up the next
        this.#report({ classify: async (caption, options) => this.classify({ caption }, options) }, listener);
    }

    /**
     * @template T
     * @param {T} news
     * @param {(news: T) => void} listener
     */
    #report(news, listener) {
        // Apart from what goes on here, so that an error of the listener's is its own.
        queueMicrotask(() => {
            if (!this.#disposal.signal.aborted) listener(news);
        });
    }

    /** @param {unknown} error Rejects pending and later calls. */
    #fail(error) {
        this.#failure = error;
        this.#queue.rejectAll(/** @type {Error} */ (error));
    }

    #refuseDisposed() {
        if (this.#failure) throw this.#failure;
        if (this.#disposal.signal.aborted) throw new DisposedError('the classifier has been disposed; load another');
    }
}

/** How much of a caption a message shows, in characters. */
const SHOWN = 40;

/**
 * @param {unknown} image
 * @param {string | null} caption
 * @param {number | null} index
 * @returns {string} What messages call a post.
 */
function nameOf(image, caption, index) {
    const { name } = /** @type {{ name?: unknown }} */ (image ?? {}); // a File has one
    const text = typeof name === 'string' && name ? name : (caption?.trim() ?? '');
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return `the post${shown && ` “${shown}”`}${index === null ? '' : ` at index ${index}`}`;
}
