// One back end: started when it is needed, and restarted after it was lost.

import { BackendError } from './errors.js';
import { Session } from './transport/session.js';

/** @typedef {import('./transport/protocol.js').EngineDescription} EngineDescription */
/** @typedef {import('./transport/session.js').LoadListeners} LoadListeners */

/** Manages one session. */
export class BackEnd {
    /** @readonly */
    kind;
    #options;
    #model;
    #onLost;
    /** @type {Promise<Session> | null} */
    #opened = null;
    /** @type {Session | null} The session started last. */
    #session = null;
    /** @type {Session | null} The same session once it is loaded, as long as it works. */
    #live = null;
    /** @type {EngineDescription | null} */
    #engine = null;
    /** @type {Error | null} */
    #failure = null;
    /** @type {Error | null} Why no session is started any more. */
    #closed = null;

    /**
     * @param {import('./types.js').Backend} kind
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is reused for each start.
     * @param {(error: Error) => void} onLost Called when the session fails after it was loaded.
     */
    constructor(kind, options, model, onLost) {
        this.kind = kind;
        this.#options = options;
        this.#model = model;
        this.#onLost = onLost;
    }

    /** The engine loaded last; null before the first load. */
    get engine() {
        return this.#engine;
    }

    /** The reason of the last loss; null if it was never lost. */
    get failure() {
        return this.#failure;
    }

    /**
     * Returns the session, and starts one if there is none. A failed start is forgotten, so that the next call tries
     * again.
     *
     * @param {LoadListeners} listeners
     * @param {AbortSignal | null} signal
     * @returns {Promise<Session>}
     */
    open(listeners, signal) {
        this.#opened ??= this.#start(listeners, signal).catch((error) => {
            this.#opened = null;
            throw error;
        });
        return this.#opened;
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
     * @param {LoadListeners} listeners
     * @param {AbortSignal | null} signal
     */
    async #start(listeners, signal) {
        if (this.#closed) throw this.#closed;
        const { cache, wasm, worker, timeout_ms } = this.#options;
        // A new worker each time: after a panic, the state of the old one is undefined.
        const session = new Session(this.kind, worker, timeout_ms, (error) => this.#lose(session, error));
        this.#session = session;
        try {
            const files = { model: this.#model, wasm: wasm[this.kind] ?? null, cache };
            this.#engine = await session.load(files, listeners, signal);
            this.#live = session;
            return session;
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
        this.#failure = error;
        this.#onLost(error);
    }
}
