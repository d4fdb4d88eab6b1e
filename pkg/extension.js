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
 * @property {'auto' | 'webgpu' | 'cpu'} [backend] `'auto'` (default) starts on the CPU; WebGPU takes over if it is
 *     measured to be faster.
 * @property {'large' | string | URL | null | undefined} [model] `'large'` for the larger model, which the extension
 *     must contain at `large/` beside the package's files; or the URL of your own model file in the extension.
 * @property {string | URL | undefined} [offscreen] Chrome: the URL of your own offscreen document, if you have one.
 * @property {((progress: LoadProgress) => void) | undefined} [onProgress] Called while the model loads, whichever
 *     context started the load.
 * @property {((description: Description) => void) | undefined} [onBackendChange] Called when another back end takes
 *     over, or when the reason for the back end changes.
 */

/**
 * @typedef {object} ExtensionHost
 * @property {(post: Post, options?: ClassifyOptions) => Promise<Result>} classify Classifies the emotion that a post conveys;
 *     loads the model first if necessary. Rejects with the errors of `EmotionClassifier.load` and `classify`.
 * @property {() => Promise<Description>} describe Describes the model; loads it first if necessary.
 * @property {() => void} dispose Rejects pending calls with a DisposedError. In Chrome the model stays loaded for the
 *     extension's other contexts, until `chrome.offscreen.closeDocument()`; in Firefox its memory is freed.
 */

const OPTIONS = ['backend', 'model', 'offscreen', 'onProgress', 'onBackendChange'];

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
export function createExtensionHost(options = {}) {
    const { settings, offscreen, onProgress, onBackendChange } = checkedOptions(options);
    if (hasOffscreen()) return new OffscreenHost(new OffscreenClient(offscreen, settings, onProgress, onBackendChange));
    if (typeof document === 'undefined') {
        throw new BackendError(
            "there is no chrome.offscreen: the manifest needs the permission 'offscreen', and Chrome 116 or newer",
        );
    }
    return new DocumentHost(new LazyClassifier(settings, onProgress, onBackendChange));
}

const hasOffscreen = () => typeof chrome !== 'undefined' && chrome.offscreen !== undefined;

/** @implements {ExtensionHost} */
class OffscreenHost {
    #client;
    #disposal = new AbortController();

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
        const { signal: disposal } = this.#disposal;
        if (disposal.aborted) throw disposal.reason;
        if (signal?.aborted) throw new AbortError('the call was aborted');
        // Checked before anything is opened: there is nothing to classify.
        if (image === null && !caption?.trim())
            throw new EmptyPostError('the post is empty; give an image, a caption, or both');
        const source = image === null ? null : await toImageSource(image, signal, disposal);
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
        this.#disposal.abort(new DisposedError('the extension host has been disposed; create another'));
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
        checkedPost(post); // rejects an empty post before the model is loaded
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
 *     onProgress: (progress: LoadProgress) => void, onBackendChange: (description: Description) => void }}
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
        onProgress,
        onBackendChange,
    } = /** @type {ExtensionHostOptions} */ (options);
    const checked = checkedLoadOptions({ backend, onProgress, onBackendChange });
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
        onBackendChange: checked.onBackendChange,
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
