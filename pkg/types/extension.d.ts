export type ClassifyOptions = import('./index.js').ClassifyOptions;
export type Description = import('./index.js').Description;
export type LoadProgress = import('./index.js').LoadProgress;
export type Post = import('./index.js').Post;
export type Result = import('./index.js').Result;
export type ExtensionHostOptions = {
    /**
     * `'auto'`, the default, takes WebGPU where it works.
     */
    backend?: 'auto' | 'webgpu' | 'cpu';
    /**
     * `'large'` for the larger model, which the extension has
     * at `large/` beside the package's own files, or the address of a model file of your own, in the extension.
     */
    model?: 'large' | string | URL | null | undefined;
    /**
     * Chrome: the address of the offscreen document, if it is one of your
     * own.
     */
    offscreen?: string | URL | undefined;
    /**
     * Called during each load, whichever context started it.
     */
    onProgress?: ((progress: LoadProgress) => void) | undefined;
};
export type ExtensionHost = {
    /**
     * Classifies the emotion that a post conveys;
     * loads the model if need be. Rejects as `EmotionClassifier.load` and its `classify` do.
     */
    classify: (post: Post, options?: ClassifyOptions) => Promise<Result>;
    /**
     * Describes the model; loads it if need be.
     */
    describe: () => Promise<Description>;
    /**
     * Rejects what is pending with a DisposedError. In Chrome the model stays loaded for the
     * extension's other contexts, until `chrome.offscreen.closeDocument()`; in Firefox its memory is freed.
     */
    dispose: () => void;
};
/**
 * A classifier for the contexts of an extension: service worker or event page, side panel or sidebar, popup, options.
 *
 * Chrome (where there is `chrome.offscreen`; permission `offscreen`): all contexts share one offscreen document, in
 * which the model stays loaded when the panel closes and the service worker ends. Firefox: the model is loaded in the
 * document that calls it.
 *
 * @param {ExtensionHostOptions} [options]
 * @returns {ExtensionHost}
 * @throws {TypeError} An unknown option, or one of the wrong type.
 */
export declare function createExtensionHost(options?: ExtensionHostOptions): ExtensionHost;
