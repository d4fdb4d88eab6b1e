// The classifier of a page: loaded when the page opens, loaded anew when another back end or another model is
// chosen.

/** @typedef {import('./engine-status.js').Choice} Choice */
/** @typedef {import('./engine-status.js').EngineStatus} EngineStatus */
/** @typedef {import('./model-choice.js').ModelChoice} ModelChoice */

/**
 * Where a model is from: the two that are published with the page, or a file of the person's own.
 *
 * @typedef {'default' | 'large' | File} ModelSource
 */

/**
 * @typedef {object} LoadRequest
 * @property {Choice} backend
 * @property {'large' | File | null} model As `EmotionClassifier.load` takes it: null for the default model.
 * @property {(progress: import('../emofuse.js').LoadProgress) => void} onProgress
 * @property {AbortSignal} signal
 */

/**
 * Loads a classifier, or several as one, and updates the status line and the line of the model.
 *
 * @template {{ describe(): import('../emofuse.js').Description, dispose(): void }} C
 */
export class Model {
    #load;
    #status;
    #choice;
    #onReplaced;
    #loading = new AbortController();
    /** @type {Promise<C> | null} The classifier, perhaps not loaded yet. */
    #classifier = null;
    /** @type {C | null} The one that is loaded. */
    #loaded = null;
    /** @type {ModelSource} The model that worked last. */
    #proven = 'default';
    /** @type {ModelSource} The one that is loaded or about to be. */
    #wanted = 'default';

    /**
     * @param {(request: LoadRequest) => Promise<C>} load
     * @param {EngineStatus} status
     * @param {ModelChoice} choice
     * @param {(id: string, source: ModelSource) => void} onReplaced Called when another model has taken the place of
     *     one.
     */
    constructor(load, status, choice, onReplaced) {
        this.#load = load;
        this.#status = status;
        this.#choice = choice;
        this.#onReplaced = onReplaced;
    }

    /**
     * Loads the classifier, in place of the one there is.
     *
     * @param {Choice} backend
     */
    load(backend) {
        this.#choice.forget();
        this.#loaded?.dispose();
        this.#loaded = null;
        this.#begin(backend, this.#wanted);
    }

    /**
     * Loads a model, unless it is in use or on its way. The one there is stays in use until that is done, and where it
     * fails.
     *
     * @param {Choice} backend
     * @param {ModelSource} source
     */
    use(backend, source) {
        if (this.#classifier && source === this.#wanted) return;
        this.#choice.forget();
        this.#begin(backend, source);
    }

    /**
     * The classifier, loaded if it failed before.
     *
     * @param {Choice} backend
     */
    classifier(backend) {
        if (!this.#classifier) this.load(backend);
        return /** @type {Promise<C>} */ (this.#classifier);
    }

    /**
     * @param {Choice} backend
     * @param {ModelSource} source
     */
    #begin(backend, source) {
        this.#loading.abort();
        const loading = new AbortController();
        this.#loading = loading;
        this.#wanted = source;
        this.#classifier = this.#start(backend, source, loading);
        this.#classifier.catch(() => {}); // the status line shows it; whoever waits for it gets it too
    }

    /**
     * @param {Choice} backend
     * @param {ModelSource} source
     * @param {AbortController} loading
     * @returns {Promise<C>}
     */
    async #start(backend, source, loading) {
        const isCurrent = () => this.#loading === loading;
        let loaded = false;
        /** @param {import('../emofuse.js').LoadProgress} progress */
        const onProgress = (progress) => {
            // A restart after a failure is part of the classification that needed it.
            if (isCurrent() && !loaded) this.#status.loading(progress, () => loading.abort());
        };
        onProgress({ phase: 'download', loaded: 0, total: 0, backend: 'cpu' });
        try {
            const model = source === 'default' ? null : source;
            const classifier = await this.#load({ backend, model, onProgress, signal: loading.signal });
            loaded = true;
            if (!isCurrent()) {
                classifier.dispose();
                throw new Error('another load has begun since');
            }
            this.#take(classifier, source);
            return classifier;
        } catch (error) {
            if (!isCurrent()) throw error;
            return this.#fallBack(error, backend, source, loading.signal.aborted);
        }
    }

    /**
     * @param {C} classifier
     * @param {ModelSource} source
     */
    #take(classifier, source) {
        const replaced = this.#proven !== source;
        this.#loaded?.dispose();
        this.#loaded = classifier;
        this.#proven = source;
        const description = classifier.describe();
        this.#status.ready(description);
        this.#choice.show(description.model, source);
        if (replaced) this.#onReplaced(description.model.id, source);
    }

    /**
     * Goes back to the model there was, where it was another one that failed.
     *
     * @param {unknown} error
     * @param {Choice} backend
     * @param {ModelSource} source
     * @param {boolean} cancelled
     * @returns {Promise<C>}
     */
    async #fallBack(error, backend, source, cancelled) {
        const isOther = source !== this.#proven;
        this.#wanted = this.#proven;
        if (isOther && !cancelled) this.#choice.fail(error, source);
        if (this.#loaded) {
            this.#status.ready(this.#loaded.describe());
            return this.#loaded;
        }
        if (isOther && !cancelled) {
            this.#begin(backend, this.#proven);
            return /** @type {Promise<C>} */ (/** @type {unknown} */ (this.#classifier));
        }
        this.#classifier = null; // so that the next call loads again
        const again = () => this.load(backend);
        if (cancelled) this.#status.cancelled(again);
        else this.#status.failed(error, again);
        throw error;
    }
}
