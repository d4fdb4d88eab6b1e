// The training worker, as promises.

import { AbortError } from './abort-error.js';

/** @typedef {import('./worker.js').Message} Message */
/** @typedef {import('./worker.js').Answer} Answer */
/** @typedef {import('./worker.js').Request} Request */
/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void, onProgress: (share: number) => void }} Waiting */

/** Keeps the features of posts, so that the next training needs those of new posts only. One request runs at a time. */
export class Trainer {
    #worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    /** @type {Set<string>} */
    #known = new Set();
    /** @type {Waiting | null} */
    #waiting = null;
    /** The number of the last request; answers to earlier ones, which were cancelled, are dropped. */
    #asked = 0;
    #widths;

    /** @param {{ image: number, caption: number }} widths The numbers of features of the model. */
    constructor(widths) {
        this.#widths = widths;
        this.#worker.onmessage = ({ data }) => this.#receive(data);
        this.#worker.onerror = (event) => this.#waiting?.reject(new Error(event.message));
    }

    /** @param {string} key Whether the worker has the features of a post. */
    has(key) {
        return this.#known.has(key);
    }

    /**
     * @param {string} key
     * @param {import('./worker.js').Features} features
     */
    keep(key, { image, caption }) {
        this.#known.add(key);
        this.#send({ type: 'keep', key, features: { image, caption } });
    }

    /**
     * @param {import('./worker.js').Labelled[]} posts Whose features are kept.
     * @param {import('./worker.js').TrainMessage['options']} options
     * @param {{ signal: AbortSignal, onProgress: (share: number) => void }} listeners
     * @returns {Promise<import('./report.js').Report>} Rejects with an AbortError if aborted.
     */
    async train(posts, options, { signal, onProgress }) {
        const cancel = () => {
            this.#send({ type: 'cancel' });
            this.#waiting?.reject(new AbortError());
            this.#waiting = null;
        };
        if (signal.aborted) throw new AbortError();
        signal.addEventListener('abort', cancel);
        try {
            const { report } = await this.#ask({ type: 'train', posts, options, widths: this.#widths }, onProgress);
            return report;
        } finally {
            signal.removeEventListener('abort', cancel);
        }
    }

    /**
     * Writes the model file of the last training.
     *
     * @param {Omit<import('./worker.js').BuildMessage, 'type'>} parts
     * @returns {Promise<{ file: Blob, sha256: string }>}
     */
    build(parts) {
        return this.#ask({ type: 'build', ...parts }, () => {});
    }

    /** Ends the worker. */
    end() {
        this.#worker.terminate();
        this.#waiting?.reject(new AbortError());
        this.#waiting = null;
    }

    /** @param {Message} message */
    #send(message) {
        this.#worker.postMessage(message);
    }

    /**
     * @param {Request} request
     * @param {(share: number) => void} onProgress
     * @returns {Promise<any>}
     */
    #ask(request, onProgress) {
        return new Promise((resolve, reject) => {
            this.#waiting = { resolve, reject, onProgress };
            this.#send({ ...request, id: ++this.#asked });
        });
    }

    /** @param {Answer & { id: number }} answer */
    #receive(answer) {
        const waiting = this.#waiting;
        if (!waiting || answer.id !== this.#asked) return;
        if (answer.type === 'progress') return waiting.onProgress(answer.share);
        this.#waiting = null;
        if (answer.type === 'failed') waiting.reject(new Error(answer.message));
        else waiting.resolve(answer);
    }
}
