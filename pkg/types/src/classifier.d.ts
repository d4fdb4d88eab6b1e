export type CaptionClassifier = import('./types.js').CaptionClassifier;
export type Description = import('./types.js').Description;
export type Features = import('./types.js').Features;
export type Post = import('./types.js').Post;
export type Result = import('./types.js').Result;
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
export declare class EmotionClassifier {
    #private;
    /**
     * @private
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is reused for each restart.
     */
    private constructor();
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
    static load(options?: import('./types.js').LoadOptions): Promise<EmotionClassifier>;
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
    classify(post: Post, options?: import('./types.js').ClassifyOptions): Promise<Result>;
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
    classifyAll(posts: Iterable<Post | Promise<Post>> | AsyncIterable<Post>, options?: import('./types.js').ClassifyAllOptions): AsyncGenerator<Result, void, undefined>;
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
    features(post: Post, options?: import('./types.js').FeaturesOptions): Promise<Features>;
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
    describe(): Description;
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
    get labels(): readonly string[];
    /**
     * Closes the worker and frees its memory; pending and later calls reject with a DisposedError. Calling it again has no
     * effect.
     *
     * @example
     * classifier.dispose();
     */
    dispose(): void;
}
