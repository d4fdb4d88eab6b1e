// The classifier of a page: loaded when the page opens, and again when another back end or model is chosen.

/** @typedef {import('./engine-status.js').Choice} Choice */
/** @typedef {import('./engine-status.js').EngineStatus} EngineStatus */
/** @typedef {import('./model-choice.js').ModelChoice} ModelChoice */

/** @typedef {import('../emofuse.js').CaptionClassifier} CaptionClassifier */

/**
 * The source of a model: one of the two published with the page, or the person's own file.
 *
 * @typedef {'default' | 'large' | File} ModelSource
 */

/**
 * @typedef {object} LoadRequest
 * @property {Choice} backend
 * @property {'large' | File | null} model As `EmotionClassifier.load` takes it: null for the default model.
 * @property {(progress: import('../emofuse.js').LoadProgress) => void} onProgress
 * @property {(captions: CaptionClassifier) => void} onCaptionsReady
 * @property {(description: import('../emofuse.js').Description) => void} onBackendChange
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
    #onBackend;
    #loading = new AbortController();
    /** @type {Promise<C> | null} The classifier, which may still be loading. */
    #classifier = null;
    /** @type {Promise<CaptionClassifier>} Resolves if captions can be classified before it is loaded. */
    #captions = new Promise(() => {});
    /** @type {C | null} The one that is loaded. */
    #loaded = null;
    /** @type {ModelSource} The model that worked last. */
    #proven = 'default';
    /** @type {ModelSource} The model that is loaded or loading. */
    #wanted = 'default';
    /** @type {Choice | null} The back end of the classifier that is loaded. */
    #backend = null;
    /** @type {{ wanted: Choice, used: Choice } | null} A back end that could not be used, and its replacement. */
    #refused = null;

    /**
     * @param {(request: LoadRequest) => Promise<C>} load
     * @param {EngineStatus} status
     * @param {ModelChoice} choice
     * @param {(id: string, source: ModelSource) => void} onReplaced Called when another model has replaced the previous
     *     one.
     * @param {(backend: Choice) => void} [onBackend] Called with the back end that replaces one that cannot be used.
     */
    constructor(load, status, choice, onReplaced, onBackend = () => {}) {
        this.#load = load;
        this.#status = status;
        this.#choice = choice;
        this.#onReplaced = onReplaced;
        this.#onBackend = onBackend;
    }

    /** Of the model in use; null until one is loaded. */
    get description() {
        return this.#loaded?.describe() ?? null;
    }

    /**
     * Loads the classifier. The current one stays in use until then, and if loading fails.
     *
     * @param {Choice} backend
     */
    load(backend) {
        this.#choice.forget();
        this.#refused = null;
        this.#begin(backend, this.#wanted);
    }

    /**
     * Loads a model, unless it is in use or loading. The current one stays in use until then, and if loading fails.
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
     * Returns the classifier; loads it again if it failed before.
     *
     * @param {Choice} backend
     */
    classifier(backend) {
        if (!this.#classifier) this.load(backend);
        return /** @type {Promise<C>} */ (this.#classifier);
    }

    /**
     * What classifies captions before the classifier is loaded.
     *
     * @param {Choice} backend
     * @returns {Promise<CaptionClassifier | null>} Null if the classifier is loaded first, or cannot be.
     */
    captions(backend) {
        const loaded = this.classifier(backend).then(
            () => null,
            () => null,
        );
        return Promise.race([loaded, this.#captions]);
    }

    /**
     * @param {Choice} backend
     * @param {ModelSource} source
     */
    #begin(backend, source) {
        if (this.#refused?.wanted === backend) backend = this.#refused.used;
        this.#loading.abort();
        const loading = new AbortController();
        this.#loading = loading;
        this.#wanted = source;
        /** @type {(captions: CaptionClassifier) => void} */
        let onCaptions = () => {};
        this.#captions = new Promise((resolve) => (onCaptions = resolve));
        this.#classifier = this.#start(backend, source, loading, onCaptions);
        this.#classifier.catch(() => {}); // the status line shows it; whoever waits for it gets it too
    }

    /**
     * @param {Choice} backend
     * @param {ModelSource} source
     * @param {AbortController} loading
     * @param {(captions: CaptionClassifier) => void} onCaptions
     * @returns {Promise<C>}
     */
    async #start(backend, source, loading, onCaptions) {
        const isCurrent = () => this.#loading === loading;
        let loaded = false;
        let hasCaptions = false;
        /** @type {import('../emofuse.js').LoadProgress} */
        let last = { phase: 'download', loaded: 0, total: 0, backend: 'cpu' };
        /** @param {import('../emofuse.js').LoadProgress} progress */
        const onProgress = (progress) => {
            last = progress;
            // A restart after a failure is part of the classification that needed it.
            if (isCurrent() && !loaded) this.#status.loading(progress, () => loading.abort(), hasCaptions);
        };
        /** @param {CaptionClassifier} captions */
        const onCaptionsReady = (captions) => {
            hasCaptions = true;
            onProgress(last);
            onCaptions(captions);
        };
        /** @type {C | null} */
        let classifier = null;
        /** @param {import('../emofuse.js').Description} description */
        const onBackendChange = (description) => {
            if (classifier && classifier === this.#loaded) this.#status.changed(description);
        };
        onProgress(last);
        try {
            const model = source === 'default' ? null : source;
            const { signal } = loading;
            const listeners = { onProgress, onCaptionsReady, onBackendChange };
            classifier = await this.#load({ backend, model, ...listeners, signal });
            loaded = true;
            if (!isCurrent()) {
                classifier.dispose();
                throw new Error('another load has begun since');
            }
            this.#take(classifier, backend, source);
            return classifier;
        } catch (error) {
            if (!isCurrent()) throw error;
            return this.#fallBack(error, backend, source, loading.signal.aborted);
        }
    }

    /**
     * @param {C} classifier
     * @param {Choice} backend
     * @param {ModelSource} source
     */
    #take(classifier, backend, source) {
        const replaced = this.#proven !== source;
        this.#loaded?.dispose();
        this.#loaded = classifier;
        this.#backend = backend;
        this.#proven = source;
        const description = classifier.describe();
        this.#status.ready(description);
        this.#choice.show(description.model, source);
        if (replaced) this.#onReplaced(description.model.id, source);
    }

    /**
     * Returns to the model and the back end that worked, if another one failed.
     *
     * @param {unknown} error
     * @param {Choice} backend
     * @param {ModelSource} source
     * @param {boolean} cancelled
     * @returns {Promise<C>}
     */
    async #fallBack(error, backend, source, cancelled) {
        if (!this.#loaded && !cancelled && backend === 'webgpu' && isBackendError(error)) {
            this.#useInstead(error, backend, 'cpu');
            return this.#beginAgain('cpu', source);
        }
        const isOther = source !== this.#proven;
        this.#wanted = this.#proven;
        if (isOther && !cancelled) this.#choice.fail(error, source);
        if (this.#loaded) {
            this.#status.ready(this.#loaded.describe());
            if (this.#backend !== null && this.#backend !== backend)
                this.#useInstead(cancelled || isOther ? null : error, backend, this.#backend);
            return this.#loaded;
        }
        if (isOther && !cancelled) return this.#beginAgain(backend, this.#proven);
        this.#classifier = null; // so that the next call loads again
        const again = () => this.load(backend);
        if (cancelled) this.#status.cancelled(again);
        else this.#status.failed(error, again);
        throw error;
    }

    /**
     * @param {Choice} backend
     * @param {ModelSource} source
     * @returns {Promise<C>}
     */
    #beginAgain(backend, source) {
        this.#begin(backend, source);
        return /** @type {Promise<C>} */ (/** @type {unknown} */ (this.#classifier));
    }

    /**
     * @param {unknown} error Null if the person cancelled.
     * @param {Choice} wanted
     * @param {Choice} used
     */
    #useInstead(error, wanted, used) {
        if (error !== null) {
            this.#refused = { wanted, used };
            this.#status.refused(error, wanted, used);
        } else this.#status.choose(used);
        this.#onBackend(used);
    }
}

/** @param {unknown} error */
const isBackendError = (error) => error instanceof Error && error.name === 'BackendError';
