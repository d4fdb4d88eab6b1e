// Runs batches on a back end: chooses it, restarts it if it fails, and lets the CPU take over from a lost graphics device.

import { BackendError } from './errors.js';
import { Session } from './transport/session.js';

/** @typedef {import('./types.js').Backend} Backend */
/** @typedef {import('./types.js').Description} Description */
/** @typedef {import('./types.js').Result} Result */

/** How often a graphics device may be lost before the CPU takes over. */
const LOSSES = 2;

/** Keeps one session running, on the best back end that works. */
export class Supervisor {
    #options;
    #model;
    #onStart;
    /** @type {Promise<import('./transport/session.js').Opened> | null} */
    #opened = null;
    /** @type {Session | null} The one that was started last. */
    #session = null;
    /** @type {Session | null} The same once it is loaded, as long as it works. */
    #live = null;
    /** @type {Description | null} */
    #description = null;
    /** How often the graphics device was lost. */
    #losses = 0;
    /** @type {string | null} Why WebGPU is not tried any more. */
    #gpuFailure = null;
    /** Settles when what a failure interrupted has been repeated. @type {Promise<unknown>} */
    #repeated = Promise.resolve();
    /** @type {Error | null} Why nothing is started any more. */
    #closed = null;

    /**
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is used again for each start.
     * @param {(description: Description) => void} onStart Called after each start.
     */
    constructor(options, model, onStart) {
        this.#options = options;
        this.#model = model;
        this.#onStart = onStart;
    }

    /** The model and back end that were started last. */
    get description() {
        if (!this.#description) throw new BackendError('nothing is loaded yet');
        return this.#description;
    }

    /**
     * Ends the session for good.
     *
     * @param {Error} error Rejects pending and later calls.
     */
    close(error) {
        this.#closed = error;
        this.#session?.close(error);
    }

    /**
     * Classifies a batch. If the back end fails, it is restarted and the batch is repeated.
     *
     * @param {import('./transport/protocol.js').Work[]} works All with an explanation, or all without.
     * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
     */
    async classify(works) {
        const opened = await this.#openUndisturbed();
        try {
            return await classifyIn(opened, works);
        } catch (error) {
            if (!this.#canRepeat(opened.session, 0)) throw error;
        }
        // One after another and each alone: what makes the back end fail must not take others with it that were under
        // way beside it.
        const repeating = this.#repeated.then(() => this.#repeat(works));
        this.#repeated = repeating.catch(() => {});
        return repeating;
    }

    /**
     * @param {import('./transport/protocol.js').Work[]} works
     * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
     */
    async #repeat(works) {
        for (let repeated = 1; ; repeated++) {
            const opened = await this.open(null);
            try {
                return await classifyIn(opened, works);
            } catch (error) {
                if (!this.#canRepeat(opened.session, repeated)) throw error;
            }
        }
    }

    /**
     * @param {Session} session That something failed in.
     * @param {number} repeated How often it was repeated.
     */
    #canRepeat(session, repeated) {
        // A device may be lost twice before the CPU takes over; a program that stops twice is left alone.
        const most = session.backend === 'webgpu' && this.#options.backend === 'auto' ? LOSSES : 1;
        return !this.#closed && session.isOver && repeated < most;
    }

    /** The session, once nothing is being repeated in it. */
    async #openUndisturbed() {
        for (;;) {
            const repeated = this.#repeated;
            await repeated;
            const opened = await this.open(null);
            if (repeated === this.#repeated) return opened;
        }
    }

    /**
     * The session, started if there is none. A failed start is forgotten, so that the next call tries again.
     *
     * @param {AbortSignal | null} signal
     * @returns {Promise<import('./transport/session.js').Opened>}
     */
    open(signal) {
        this.#opened ??= this.#openBest(signal).catch((error) => {
            this.#opened = null;
            throw error;
        });
        return this.#opened;
    }

    /** @param {AbortSignal | null} signal */
    async #openBest(signal) {
        const { backend, worker } = this.#options;
        if (backend !== 'auto') return this.#openOn(backend, 'chosen', signal);
        if (!worker) return this.#openOn('cpu', 'it runs without a worker', signal);
        if (this.#gpuFailure === null) {
            try {
                return await this.#openOn(
                    'webgpu',
                    'this browser has WebGPU, and the model passes its self-test on it',
                    signal,
                );
            } catch (error) {
                if (!(error instanceof BackendError)) throw error;
                this.#gpuFailure = error.message;
            }
        }
        return this.#openOn('cpu', this.#gpuFailure, signal);
    }

    /**
     * @param {Backend} backend
     * @param {string} backendReason
     * @param {AbortSignal | null} signal
     * @returns {Promise<import('./transport/session.js').Opened>}
     */
    async #openOn(backend, backendReason, signal) {
        if (this.#closed) throw this.#closed;
        const { cache, onProgress, wasm, worker } = this.#options;
        // A fresh worker each time: after a panic nothing in the old one can be relied upon.
        const session = new Session(backend, worker, (error) => this.#lose(session, error));
        this.#session = session;
        try {
            const files = { model: this.#model, wasm: wasm[backend] ?? null, cache };
            const { id, sha256, labels, limits, uncertain_below, adapter } = await session.load(
                files,
                onProgress,
                signal,
            );
            this.#live = session;
            this.#description = {
                model: { id, sha256 },
                labels,
                limits,
                uncertain_below,
                backend,
                backendReason,
                adapter,
            };
            this.#onStart(this.#description);
            return { session, description: this.#description };
        } catch (error) {
            session.close(error instanceof Error ? error : new BackendError(String(error)));
            throw error;
        }
    }

    /**
     * @param {Session} session
     * @param {Error} error
     */
    #lose(session, error) {
        if (session !== this.#live) return; // it failed while loading, and load rejects
        this.#live = null;
        this.#opened = null;
        if (session.backend !== 'webgpu') return;
        this.#losses += 1;
        if (this.#losses >= LOSSES)
            this.#gpuFailure = `WebGPU stopped working ${LOSSES} times: ${inOneLine(error.message)}`;
    }
}

/**
 * @param {import('./transport/session.js').Opened} opened
 * @param {import('./transport/protocol.js').Work[]} works
 * @returns {Promise<import('./queue.js').Outcome<Result>[]>}
 */
async function classifyIn({ session, description }, works) {
    const outcomes = await session.classify(
        works.map(({ post }) => post),
        works.some(({ explain }) => explain),
    );
    const { backend, backendReason, model } = description;
    return outcomes.map((outcome) =>
        'error' in outcome ? outcome : { value: { ...outcome.value, backend, backendReason, model } },
    );
}

/**
 * The messages of a back end's error in one line, without its backtrace.
 *
 * @param {string} message
 */
function inOneLine(message) {
    const lines = message.split('\n').map((line) => line.trim());
    return [...new Set(lines)].filter((line) => line && !/^caused by|backtrace/i.test(line)).join(': ');
}
