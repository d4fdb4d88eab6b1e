// One worker with one engine, from its start to its end.

import { channels } from './browser.js';
import { AbortError, BackendError, UnsupportedImageError, fromPlainError } from '../errors.js';
import { serve } from '../worker/service.js';

/** @typedef {import('./protocol.js').Request} Request */
/** @typedef {(progress: import('../types.js').LoadProgress) => void} ProgressListener */
/**
 * @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void, onProgress: ProgressListener |
 *     undefined }} Pending
 */
/** @typedef {import('../queue.js').Outcome<import('./protocol.js').Classification>} Outcome */
/** @typedef {{ session: Session, description: import('../types.js').Description }} Opened */

/**
 * Files that the browser's cache would not take, by their SHA-256, for as long as the page lives.
 *
 * @type {Map<string, Blob>}
 */
const memory = new Map();

/** A worker that answers requests by promises. Once it is lost, all its pending requests are rejected. */
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
     * @param {boolean} worker Whether it is a worker; otherwise the same runs in this thread.
     * @param {(error: Error) => void} onLost Called when the worker fails by itself.
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

    /** Whether it does not work any more. */
    get isOver() {
        return this.#end !== null;
    }

    /**
     * @param {Omit<import('./protocol.js').Load, 'backend' | 'memory'>} files
     * @param {ProgressListener} onProgress
     * @param {AbortSignal | null} signal Aborting ends the session.
     * @returns {Promise<import('./protocol.js').EngineDescription>}
     */
    async load({ model, wasm, cache }, onProgress, signal) {
        const abort = () => this.close(new AbortError('loading was aborted'));
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort);
        try {
            const source = wasm instanceof URL ? wasm.href : wasm;
            const { description } = await this.#request(
                { type: 'load', id: ++this.#lastId, backend: this.backend, model, wasm: source, cache, memory },
                onProgress,
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
     * @param {ProgressListener} [onProgress]
     * @returns {Promise<import('./protocol.js').AnswerTo<R['type']>>}
     */
    #request(request, onProgress) {
        return new Promise((resolve, reject) => {
            if (this.#end) throw this.#end;
            this.#channel.post(request);
            this.#pending.set(request.id, { resolve, reject, onProgress });
            this.#channel.keepAlive(true);
        });
    }

    /** @param {import('./protocol.js').Answer} answer */
    #receive(answer) {
        if (answer.type === 'crashed') return this.#lose(fromPlainError(answer.error));
        if (answer.type === 'keep') return void memory.set(answer.sha256, answer.file);
        const pending = this.#pending.get(answer.id);
        if (!pending) return;
        if (answer.type === 'progress') return pending.onProgress?.(answer.progress);
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
 * The same as a worker, in this thread.
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
