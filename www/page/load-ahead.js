// Loads a classifier before it is asked for.

/** @typedef {import('../shared/model.js').LoadRequest} LoadRequest */
/** @typedef {import('../emofuse.js').EmotionClassifier} EmotionClassifier */

/** Begins a load at once; the request for it comes later. */
export class LoadAhead {
    #expected;
    #load;
    #controller = new AbortController();
    #loading;
    #isTaken = false;
    /** @type {LoadRequest | null} */
    #request = null;
    /** What has come before the request. @type {import('../emofuse.js').LoadProgress | null} */
    #progress = null;
    /** @type {import('../emofuse.js').CaptionClassifier | null} */
    #captions = null;

    /**
     * @param {Pick<LoadRequest, 'backend' | 'model'>} expected
     * @param {(request: LoadRequest) => Promise<EmotionClassifier>} load
     */
    constructor(expected, load) {
        this.#expected = expected;
        this.#load = load;
        this.#loading = load({
            ...expected,
            onProgress: (progress) => {
                this.#progress = progress;
                this.#request?.onProgress(progress);
            },
            onCaptionsReady: (captions) => {
                this.#captions = captions;
                this.#request?.onCaptionsReady(captions);
            },
            onBackendChange: (description) => this.#request?.onBackendChange(description),
            signal: this.#controller.signal,
        });
        this.#loading.catch(() => {}); // whoever takes it gets the error
    }

    /**
     * The load that has begun, for the first request if it is the expected one; otherwise another load.
     *
     * @param {LoadRequest} request
     * @returns {Promise<EmotionClassifier>}
     */
    take(request) {
        if (this.#isTaken) return this.#load(request);
        this.#isTaken = true;
        if (request.backend !== this.#expected.backend || request.model !== this.#expected.model) {
            this.#controller.abort();
            return this.#load(request);
        }
        this.#request = request;
        request.signal.addEventListener('abort', () => this.#controller.abort());
        if (this.#progress) request.onProgress(this.#progress);
        if (this.#captions) request.onCaptionsReady(this.#captions);
        return this.#loading;
    }
}
