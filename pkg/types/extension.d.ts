export type ClassifyOptions = import('./index.js').ClassifyOptions;
export type Description = import('./index.js').Description;
export type LoadProgress = import('./index.js').LoadProgress;
export type Post = import('./index.js').Post;
export type Result = import('./index.js').Result;
export type ExtensionHostOptions = {
    /**
     * `'auto'` (default) starts on the CPU; WebGPU takes over if it is
     * measured to be faster.
     */
    backend?: 'auto' | 'webgpu' | 'cpu';
    /**
     * `'large'` for the larger model, which the extension
     * must contain at `large/` beside the package's files; or the URL of your own model file in the extension.
     */
    model?: 'large' | string | URL | null | undefined;
    /**
     * Chrome: the URL of your own offscreen document, if you have one.
     */
    offscreen?: string | URL | undefined;
    /**
     * Called while the model loads, whichever
     * context started the load.
     */
    onProgress?: ((progress: LoadProgress) => void) | undefined;
    /**
     * Called when another back end takes
     * over, or when the reason for the back end changes.
     */
    onBackendChange?: ((description: Description) => void) | undefined;
};
export type ExtensionHost = {
    /**
     * Classifies the emotion that a post conveys;
     * loads the model first if necessary. Rejects with the errors of `EmotionClassifier.load` and `classify`.
     */
    classify: (post: Post, options?: ClassifyOptions) => Promise<Result>;
    /**
     * Describes the model; loads it first if necessary.
     */
    describe: () => Promise<Description>;
    /**
     * Rejects pending calls with a DisposedError. In Chrome the model stays loaded for the
     * extension's other contexts, until `chrome.offscreen.closeDocument()`; in Firefox its memory is freed.
     */
    dispose: () => void;
};
/**
 * Creates a classifier for all contexts of an extension: service worker or event page, side panel or sidebar, popup,
 * options.
 *
 * Chrome (with `chrome.offscreen`; permission `offscreen`): all contexts share one offscreen document, which keeps the model
 * loaded when the panel closes or the service worker ends. Firefox: the model is loaded in the
 * document that calls it.
 *
 * @example
 * import { createExtensionHost } from 'emofuse/extension';
 *
 * const host = createExtensionHost(); // the first call loads the model
 * const { emotion } = await host.classify({ caption: 'finally home' });
 * console.log(emotion, (await host.describe()).backend);
 * host.dispose();
 *
 * @param {ExtensionHostOptions} [options]
 * @returns {ExtensionHost}
 * @throws {TypeError} An unknown option, or one of the wrong type.
 */
export declare function createExtensionHost(options?: ExtensionHostOptions): ExtensionHost;
