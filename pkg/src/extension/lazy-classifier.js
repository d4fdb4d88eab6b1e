// A classifier in a document that is loaded on first use.

import { DisposedError } from '../errors.js';
import { unlessAborted } from '../abortable.js';

/** @typedef {import('../../index.js').EmotionClassifier} EmotionClassifier */

/** Loads a classifier at the first call and keeps it; a failed load is forgotten, so that the next call tries again. */
export class LazyClassifier {
    #settings;
    #onProgress;
    #onBackendChange;
    #ending = new AbortController();
    /** @type {Promise<EmotionClassifier> | null} */
    #loaded = null;

    /**
     * @param {import('./protocol.js').Settings} settings
     * @param {(progress: import('../../index.js').LoadProgress) => void} onProgress
     * @param {(description: import('../../index.js').Description) => void} onBackendChange
     */
    constructor(settings, onProgress, onBackendChange) {
        this.#settings = settings;
        this.#onProgress = onProgress;
        this.#onBackendChange = onBackendChange;
    }

    /**
     * @param {import('../../index.js').Post} post
     * @param {import('../../index.js').ClassifyOptions} options
     * @returns {Promise<import('../../index.js').Result>}
     */
    async classify(post, options) {
        const classifier = await unlessAborted(this.#load(), options.signal ?? null);
        return classifier.classify(post, options);
    }

    /** @returns {Promise<import('../../index.js').Description>} */
    async describe() {
        return (await this.#load()).describe();
    }

    dispose() {
        this.#ending.abort();
        this.#loaded?.then(
            (classifier) => classifier.dispose(),
            () => {},
        ); // those who wait for the load get its error
    }

    #load() {
        if (this.#ending.signal.aborted) return Promise.reject(disposed());
        this.#loaded ??= this.#loadNow().catch((error) => {
            this.#loaded = null;
            throw this.#ending.signal.aborted ? disposed() : error;
        });
        return this.#loaded;
    }

    /** @returns {Promise<EmotionClassifier>} */
    async #loadNow() {
        // Imported here, so that a service worker, where this never runs, does not load the whole package.
        const { EmotionClassifier } = await import('../../index.js');
        const { backend, model } = this.#settings;
        // The extension's own files need no cache.
        return EmotionClassifier.load({
            backend,
            model,
            cache: false,
            onProgress: this.#onProgress,
            onBackendChange: this.#onBackendChange,
            signal: this.#ending.signal,
        });
    }
}

const disposed = () => new DisposedError('the extension host has been disposed; create another');
