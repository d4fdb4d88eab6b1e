// For browser extensions: one model for all of an extension's contexts.

import { AbortError, BackendError, DisposedError, EmptyPostError } from './src/errors.js';
import { LazyClassifier } from './src/extension/lazy-classifier.js';
import { OffscreenClient } from './src/extension/offscreen-client.js';
import { checkedClassifyOptions, checkedLoadOptions, checkedPost } from './src/options.js';
import { release, toImageSource } from './src/image-input.js';
import { LARGE } from './src/models.js';

/** @typedef {import('./index.js').ClassifyOptions} ClassifyOptions */
/** @typedef {import('./index.js').Description} Description */
/** @typedef {import('./index.js').LoadProgress} LoadProgress */
/** @typedef {import('./index.js').Post} Post */
/** @typedef {import('./index.js').Result} Result */

/**
 * @typedef {object} ExtensionHostOptions
 * @property {'auto' | 'webgpu' | 'cpu'} [backend] `'auto'`, the default, takes WebGPU where it works.
 * @property {'large' | string | URL | null | undefined} [model] `'large'` for the larger model, which the extension has
 *     at `large/` beside the package's own files, or the address of a model file of your own, in the extension.
 * @property {string | URL | undefined} [offscreen] Chrome: the address of the offscreen document, if it is one of your
 *     own.
 * @property {((progress: LoadProgress) => void) | undefined} [onProgress] Called during each load, whichever context started it.
 */

/**
 * @typedef {object} ExtensionHost
 * @property {(post: Post, options?: ClassifyOptions) => Promise<Result>} classify Classifies the emotion that a post conveys;
 *     loads the model if need be. Rejects as `EmotionClassifier.load` and its `classify` do.
 * @property {() => Promise<Description>} describe Describes the model; loads it if need be.
 * @property {() => void} dispose Rejects what is pending with a DisposedError. In Chrome the model stays loaded for the
 *     extension's other contexts, until `chrome.offscreen.closeDocument()`; in Firefox its memory is freed.
 */

const OPTIONS = ['backend', 'model', 'offscreen', 'onProgress'];

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
export function createExtensionHost(options = {}) {
    const { settings, offscreen, onProgress } = checkedOptions(options);
    if (hasOffscreen()) return new OffscreenHost(new OffscreenClient(offscreen, settings, onProgress));
    if (typeof document === 'undefined') {
        throw new BackendError(
            "there is no chrome.offscreen: the manifest needs the permission 'offscreen', and Chrome 116 or newer",
        );
    }
    return new DocumentHost(new LazyClassifier(settings, onProgress));
}

const hasOffscreen = () => typeof chrome !== 'undefined' && chrome.offscreen !== undefined;

/** @implements {ExtensionHost} */
class OffscreenHost {
    #client;
    #disposed = false;

    /** @param {OffscreenClient} client */
    constructor(client) {
        this.#client = client;
    }

    /**
     * @param {Post} post
     * @param {ClassifyOptions} [options]
     * @returns {Promise<Result>}
     */
    async classify(post, options = {}) {
        const { signal, ...others } = checkedClassifyOptions(options);
        const { image, caption } = checkedPost(post);
        if (this.#disposed) throw new DisposedError('the extension host has been disposed; create another');
        if (signal?.aborted) throw new AbortError('the call was aborted');
        // Before anything is opened, as there is nothing to wait for.
        if (image === null && !caption?.trim())
            throw new EmptyPostError('the post is empty; give an image, a caption, or both');
        const source = image === null ? null : await toImageSource(image);
        try {
            return await this.#client.classify(source, caption, others, signal);
        } finally {
            release(source);
        }
    }

    /** @returns {Promise<Description>} */
    async describe() {
        return this.#client.describe();
    }

    dispose() {
        this.#disposed = true;
        this.#client.dispose();
    }
}

/** @implements {ExtensionHost} */
class DocumentHost {
    #classifier;

    /** @param {LazyClassifier} classifier */
    constructor(classifier) {
        this.#classifier = classifier;
    }

    /**
     * @param {Post} post
     * @param {ClassifyOptions} [options]
     * @returns {Promise<Result>}
     */
    async classify(post, options = {}) {
        checkedClassifyOptions(options);
        checkedPost(post); // before the model is loaded in vain
        return this.#classifier.classify(post, options);
    }

    /** @returns {Promise<Description>} */
    async describe() {
        return this.#classifier.describe();
    }

    dispose() {
        this.#classifier.dispose();
    }
}

/**
 * @param {unknown} options
 * @returns {{ settings: import('./src/extension/protocol.js').Settings, offscreen: string,
 *     onProgress: (progress: LoadProgress) => void }}
 */
function checkedOptions(options) {
    if (typeof options !== 'object' || options === null)
        throw new TypeError(`the options must be an object with any of: ${OPTIONS.join(', ')}`);
    const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
    if (unknown !== undefined)
        throw new TypeError(
            `the options of createExtensionHost have no '${unknown}'; known are: ${OPTIONS.join(', ')}`,
        );
    const {
        backend = 'auto',
        model = null,
        offscreen,
        onProgress = () => {},
    } = /** @type {ExtensionHostOptions} */ (options);
    const checked = checkedLoadOptions({ backend, onProgress });
    return {
        settings: {
            backend: checked.backend,
            model: model === null || model === LARGE ? model : address(model, 'model'),
        },
        offscreen:
            offscreen === undefined
                ? new URL('./src/extension/offscreen.html', import.meta.url).href
                : address(offscreen, 'offscreen'),
        onProgress: checked.onProgress,
    };
}

/**
 * @param {unknown} value
 * @param {string} option
 */
function address(value, option) {
    if (typeof value !== 'string' && !(value instanceof URL))
        throw new TypeError(`${option} must be an address within the extension, a string or a URL`);
    return new URL(value, globalThis.location.href).href;
}
