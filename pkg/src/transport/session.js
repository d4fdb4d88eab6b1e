// One worker with one engine, from start to end.

import { channels } from './browser.js';
import { AbortError, BackendError, UnsupportedImageError, fromPlainError } from '../errors.js';
import { serve } from '../worker/service.js';

/** @typedef {import('./protocol.js').Request} Request */
/**
 * @typedef {object} LoadListeners
 * @property {(progress: import('../types.js').LoadProgress) => void} onProgress
 * @property {((session: Session) => void) | undefined} [onCaptions] Called when captions can be classified before the model is
 *     loaded.
 */
/**
 * @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void, listeners: LoadListeners | undefined }}
 *     Pending
 */
/** @typedef {import('../queue.js').Outcome<import('./protocol.js').Classification>} Outcome */

/**
 * Files that could not be cached, by their SHA-256, for the lifetime of the page.
 *
 * @type {Map<string, Blob>}
 */
const memory = new Map();

/** A worker whose answers are promises. When it is lost, all pending requests are rejected. */
export class Session {
    /** @readonly */
    backend;
    #channel;
    /** @type {Map<number, Pending>} */
    #pending = new Map();
    #lastId = 0;
    /** @type {Error | null} */
    #end = null;
    #onLost;

    /**
     * @param {import('../types.js').Backend} backend
     * @param {boolean} worker Whether to use a worker; otherwise the same code runs in this thread.
     * @param {(error: Error) => void} onLost Called when the worker fails on its own.
     */
    constructor(backend, worker, onLost) {
        this.backend = backend;
        this.#onLost = onLost;
        const listener = {
            onAnswer: (/** @type {import('./protocol.js').Answer} */ answer) => this.#receive(answer),
            onFailure: (/** @type {string} */ reason) => this.#lose(new BackendError(reason)),
        };
        this.#channel = worker ? channels.openWorker(listener) : openInline(listener);
    }

    /** Whether the session has ended. */
    get isOver() {
        return this.#end !== null;
    }

    /**
     * @param {Omit<import('./protocol.js').Load, 'backend' | 'memory' | 'captions'>} files
     * @param {LoadListeners} listeners
     * @param {AbortSignal | null} signal Aborting ends the session.
     * @returns {Promise<import('./protocol.js').EngineDescription>}
     */
    async load({ model, wasm, cache }, listeners, signal) {
        const abort = () => this.close(new AbortError('loading was aborted'));
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort);
        try {
            const source = wasm instanceof URL ? wasm.href : wasm;
            const { backend } = this;
            const captions = listeners.onCaptions !== undefined;
            const { description } = await this.#request(
                { type: 'load', id: ++this.#lastId, backend, model, wasm: source, cache, memory, captions },
                listeners,
            );
            return description;
        } finally {
            signal?.removeEventListener('abort', abort);
        }
    }

    /**
     * @param {import('./protocol.js').SentPost[]} posts
     * @param {boolean} explain
     * @returns {Promise<Outcome[]>} One for each, in order.
     */
    async classify(posts, explain) {
        try {
            const { outcomes } = await this.#request({ type: 'classify', id: ++this.#lastId, posts, explain });
            return outcomes.map((outcome) => ('error' in outcome ? { error: fromPlainError(outcome.error) } : outcome));
        } catch (error) {
            if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
            if (posts.length > 1)
                return (await Promise.all(posts.map((post) => this.classify([post], explain)))).flat();
            return [
                {
                    error: new UnsupportedImageError(
                        'the image cannot be read: it comes from another site, which does not permit it',
                        { cause: error },
                    ),
                },
            ];
        }
    }

    /**
     * Classifies the post inside the model file again.
     *
     * @returns {Promise<number>} The duration in milliseconds.
     */
    async measure() {
        return (await this.#request({ type: 'measure', id: ++this.#lastId })).ms;
    }

    /**
     * Ends the worker; pending requests are rejected.
     *
     * @param {Error} error
     */
    close(error) {
        if (this.#end) return;
        this.#end = error;
        this.#channel.close();
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
    }

    /**
     * @template {Request} R
     * @param {R} request
     * @param {LoadListeners} [listeners]
     * @returns {Promise<import('./protocol.js').AnswerTo<R['type']>>}
     */
    #request(request, listeners) {
        return new Promise((resolve, reject) => {
            if (this.#end) throw this.#end;
            this.#channel.post(request);
            this.#pending.set(request.id, { resolve, reject, listeners });
            this.#channel.keepAlive(true);
        });
    }

    /** @param {import('./protocol.js').Answer} answer */
    #receive(answer) {
        if (answer.type === 'crashed') return this.#lose(fromPlainError(answer.error));
        if (answer.type === 'keep') return void memory.set(answer.sha256, answer.file);
        const pending = this.#pending.get(answer.id);
        if (!pending) return;
        if (answer.type === 'progress') return pending.listeners?.onProgress(answer.progress);
        if (answer.type === 'captions') return pending.listeners?.onCaptions?.(this);
        if (answer.type === 'failed' && answer.fatal) return this.#lose(fromPlainError(answer.error));
        this.#pending.delete(answer.id);
        this.#channel.keepAlive(this.#pending.size > 0);
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

/**
 * Runs the worker's code in this thread.
 *
 * @param {import('./browser.js').Listener} listener
 * @returns {import('./browser.js').Channel}
 */
function openInline({ onAnswer }) {
    let open = true;
    const receive = serve((answer) => {
        if (open) onAnswer(answer);
    });
    return {
        post: (request) => void receive(request),
        close: () => {
            open = false;
        },
        keepAlive: () => {},
    };
}
