// One worker with one engine, from its start to its end.

import { AbortError, BackendError, UnsupportedImageError, fromPlainError } from './errors.js';
import { transfers } from './protocol.js';

/** @typedef {import('./protocol.js').Request} Request */
/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void, onProgress: ProgressListener | undefined }} Pending */
/** @typedef {(progress: import('./index.js').LoadProgress) => void} ProgressListener */

/** A worker that answers requests by promises. Once it is lost, everything it was asked is rejected. */
export class Session {
    /** @readonly */
    backend;
    #worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'emofuse' });
    /** @type {Map<number, Pending>} */
    #pending = new Map();
    #lastId = 0;
    /** @type {Error | null} */
    #end = null;
    #onLost;

    /**
     * @param {import('./index.js').Backend} backend
     * @param {(error: Error) => void} onLost Called when the worker fails by itself.
     */
    constructor(backend, onLost) {
        this.backend = backend;
        this.#onLost = onLost;
        this.#worker.addEventListener('message', ({ data }) => this.#receive(data));
        this.#worker.addEventListener('messageerror', () => this.#lose(new BackendError('an answer of the worker could not be read')));
        this.#worker.addEventListener('error', (event) => {
            event.preventDefault();
            this.#lose(new BackendError(`the worker failed: ${event.message || 'it could not be started'}`));
        });
    }

    /**
     * @param {Blob | null} model A model file; null for the default model.
     * @param {ProgressListener} onProgress
     * @param {AbortSignal | null} signal Aborting ends the session.
     * @returns {Promise<import('./protocol.js').EngineDescription>}
     */
    async load(model, onProgress, signal) {
        const abort = () => this.close(new AbortError('loading was aborted'));
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort);
        try {
            const { description } = await this.#ask({ type: 'load', id: ++this.#lastId, backend: this.backend, model }, onProgress);
            return description;
        } finally {
            signal?.removeEventListener('abort', abort);
        }
    }

    /**
     * @param {import('./protocol.js').PictureSource | null} image
     * @param {string | null} caption
     */
    async classify(image, caption) {
        try {
            const { classification } = await this.#ask({ type: 'classify', id: ++this.#lastId, image, caption });
            return classification;
        } catch (error) {
            if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
            throw new UnsupportedImageError('the picture cannot be read: it comes from another site, which does not permit it', {
                cause: error,
            });
        }
    }

    /**
     * Ends the worker; whatever it was asked is rejected.
     *
     * @param {Error} error
     */
    close(error) {
        if (this.#end) return;
        this.#end = error;
        this.#worker.terminate();
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
    }

    /**
     * @template {Request} R
     * @param {R} request
     * @param {ProgressListener} [onProgress]
     * @returns {Promise<import('./protocol.js').AnswerTo<R['type']>>}
     */
    #ask(request, onProgress) {
        return new Promise((resolve, reject) => {
            if (this.#end) throw this.#end;
            this.#worker.postMessage(request, transfers(request));
            this.#pending.set(request.id, { resolve, reject, onProgress });
        });
    }

    /** @param {import('./protocol.js').Answer} answer */
    #receive(answer) {
        if (answer.type === 'crashed') return this.#lose(fromPlainError(answer.error));
        const pending = this.#pending.get(answer.id);
        if (!pending) return;
        if (answer.type === 'progress') return pending.onProgress?.(answer.progress);
        if (answer.type === 'failed' && answer.fatal) return this.#lose(fromPlainError(answer.error));
        this.#pending.delete(answer.id);
        if (answer.type === 'failed') pending.reject(fromPlainError(answer.error));
        else pending.resolve(answer);
    }

    /** @param {Error} error */
    #lose(error) {
        if (this.#end) return;
        this.close(error);
        this.#onLost(error);
    }
}
