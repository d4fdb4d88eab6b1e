export type Description = import('./types.js').Description;
export type Post = import('./types.js').Post;
export type Result = import('./types.js').Result;
/** Classifies posts in a worker of its own; made by {@link EmotionClassifier.load}. */
export declare class EmotionClassifier {
    #private;
    /**
     * @private
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is used again for each restart.
     */
    private constructor();
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
    static load(options?: import('./types.js').LoadOptions): Promise<EmotionClassifier>;
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
    classify(post: Post, options?: import('./types.js').ClassifyOptions): Promise<Result>;
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
    classifyAll(posts: Iterable<Post | Promise<Post>> | AsyncIterable<Post>, options?: import('./types.js').ClassifyAllOptions): AsyncGenerator<Result, void, undefined>;
    /**
     * Describes the model and back end that were loaded last, with their limits.
     *
     * @returns {Description}
     * @throws {DisposedError} disposed
     */
    describe(): Description;
    /**
     * Ends the worker and frees its memory; pending and later calls reject with a DisposedError. Once is enough, more
     * is harmless.
     */
    dispose(): void;
}
