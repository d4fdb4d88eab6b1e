// The page's classifier: loaded when the page opens, loaded anew when another back end is chosen.

import { EmotionClassifier } from './pkg/index.js';

/** @typedef {import('./components/engine-status.js').Choice} Choice */
/** @typedef {import('./components/engine-status.js').EngineStatus} EngineStatus */

/** Loads the classifier and tells the status line about it. */
export class Model {
    #status;
    #loading = new AbortController();
    /** @type {Promise<EmotionClassifier> | null} */
    #classifier = null;

    /** @param {EngineStatus} status */
    constructor(status) {
        this.#status = status;
    }

    /**
     * Loads the classifier, in place of the one there is.
     *
     * @param {Choice} backend
     */
    load(backend) {
        this.#loading.abort();
        this.#classifier?.then((classifier) => classifier.dispose(), () => {});
        this.#classifier = this.#start(backend);
        this.#classifier.catch(() => {}); // the status line says it; whoever waits for it gets it too
    }

    /**
     * The classifier, loaded if it failed before.
     *
     * @param {Choice} backend
     */
    classifier(backend) {
        if (!this.#classifier) this.load(backend);
        return /** @type {Promise<EmotionClassifier>} */ (this.#classifier);
    }

    /** @param {Choice} backend */
    async #start(backend) {
        const loading = new AbortController();
        this.#loading = loading;
        const isCurrent = () => this.#loading === loading;
        const again = () => this.load(backend);
        let loaded = false;
        /** @param {import('../pkg/index.js').LoadProgress} progress */
        const onProgress = (progress) => {
            // A start afresh after a failure is part of the reading that asked for it.
            if (isCurrent() && !loaded) this.#status.loading(progress, () => loading.abort());
        };
        onProgress({ phase: 'download', loaded: 0, total: 0, backend: 'cpu' });
        try {
            const classifier = await EmotionClassifier.load({ backend, onProgress, signal: loading.signal });
            loaded = true;
            if (isCurrent()) this.#status.ready(classifier.describe());
            return classifier;
        } catch (error) {
            if (isCurrent()) {
                this.#classifier = null; // so that the next call loads again
                if (loading.signal.aborted) this.#status.cancelled(again);
                else this.#status.failed(error, again);
            }
            throw error;
        }
    }
}
