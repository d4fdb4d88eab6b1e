// Runs jobs one after another, so that those which wait can be dropped.

import { AbortError } from './errors.js';

/**
 * @typedef {object} Job
 * @property {() => Promise<void>} run Settles the job's promise; never rejects.
 * @property {(error: Error) => void} reject
 */

/** Jobs in order, one at a time. */
export class Queue {
    /** @type {Job[]} */
    #waiting = [];
    /** @type {Job | null} */
    #current = null;

    /**
     * @template T
     * @param {() => Promise<T>} work
     * @param {AbortSignal | null} signal Aborting rejects at once: work that waits is dropped, the result of work that runs is.
     * @returns {Promise<T>}
     */
    add(work, signal) {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) throw new AbortError('the call was aborted');
            const settle = () => signal?.removeEventListener('abort', abort);
            /** @type {Job} */
            const job = {
                run: () => work().then(resolve, reject).finally(settle),
                reject: (error) => {
                    settle();
                    reject(error);
                },
            };
            const abort = () => {
                this.#waiting = this.#waiting.filter((other) => other !== job);
                job.reject(new AbortError('the call was aborted'));
            };
            signal?.addEventListener('abort', abort);
            this.#waiting.push(job);
            void this.#advance();
        });
    }

    /**
     * Rejects everything that waits or runs.
     *
     * @param {Error} error
     */
    rejectAll(error) {
        this.#current?.reject(error);
        for (const job of this.#waiting.splice(0)) job.reject(error);
    }

    async #advance() {
        if (this.#current) return;
        for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
            this.#current = job;
            await job.run();
            this.#current = null;
        }
    }
}
