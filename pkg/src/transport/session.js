// One worker with one engine, from start to end.

import { channels } from './browser.js';
import { AbortError, BackendError, TimeoutError, UnsupportedImageError, fromPlainError } from '../errors.js';
import { Watchdog } from '../watchdog.js';
import { serve } from '../worker/service.js';

/** @typedef {import('./protocol.js').Question} Question */
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
/** @typedef {import('../queue.js').Outcome<import('./protocol.js').Classification | import('../types.js').Features>} Outcome */

/**
 * Files that could not be cached, by their SHA-256, for the lifetime of the page.
 *
 * @type {Map<string, Blob>}
 */
const memory = new Map();

/** How many times as long as the test of the engine a post may take at least. */
const TESTS = 10;

/** How long the worker may go on with what nobody waits for any more, while something else waits. */
const DROPPED_ms = 2000;

/**
 * A worker whose answers are promises. When it is lost, all pending requests are rejected. So it is if it is silent for
 * too long with a post.
 */
export class Session {
    /** @readonly */
    backend;
    #channel;
    /** @type {Map<number, Pending>} */
    #pending = new Map();
    /** Requests that nobody waits for any more, but the worker has not answered. @type {Set<number>} */
    #dropped = new Set();
    #lastId = 0;
    #timeout_ms;
    /** How long the test of the engine took; null until it is loaded. @type {number | null} */
    #test_ms = null;
    /** As long as how many posts that takes what the worker does now. */
    #posts = 1;
    #watchdog = new Watchdog(() => this.#giveUp());
    /** @type {Error | null} */
    #end = null;
    #onLost;

    /**
     * @param {import('../types.js').Backend} backend
     * @param {boolean} worker Whether to use a worker; otherwise the same code runs in this thread.
     * @param {number | null} timeout_ms How long a post may take.
     * @param {(error: Error) => void} onLost Called when the worker fails on its own, or is silent for too long.
     */
    constructor(backend, worker, timeout_ms, onLost) {
        this.backend = backend;
        this.#timeout_ms = timeout_ms;
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
                null,
                listeners,
            );
            return description;
        } finally {
            signal?.removeEventListener('abort', abort);
        }
    }

    /**
     * @param {import('./protocol.js').SentPost[]} posts
     * @param {import('./protocol.js').Wanted} wanted
     * @param {AbortSignal | null} signal Aborting drops what the worker has not begun.
     * @returns {Promise<Outcome[]>} One for each, in order.
     */
    async classify(posts, wanted, signal) {
        try {
            const { outcomes } = await this.#request({ type: 'classify', id: ++this.#lastId, posts, wanted }, signal);
            return outcomes.map((outcome) => ('error' in outcome ? { error: fromPlainError(outcome.error) } : outcome));
        } catch (error) {
            if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
            if (posts.length > 1)
                return (await Promise.all(posts.map((post) => this.classify([post], wanted, signal)))).flat();
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
        return (await this.#request({ type: 'measure', id: ++this.#lastId }, null)).ms;
    }

    /**
     * Ends the worker; pending requests are rejected.
     *
     * @param {Error} error
     */
    close(error) {
        if (this.#end) return;
        this.#end = error;
        this.#watchdog.stop();
        this.#channel.close();
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
    }

    /**
     * @template {Question} R
     * @param {R} request
     * @param {AbortSignal | null} signal
     * @param {LoadListeners} [listeners]
     * @returns {Promise<import('./protocol.js').AnswerTo<R['type']>>}
     */
    #request(request, signal, listeners) {
        const { id } = request;
        const drop = () => this.#drop(id);
        return new Promise((resolve, reject) => {
            if (this.#end) throw this.#end;
            if (signal?.aborted) throw new AbortError('the call was aborted');
            this.#channel.post(request);
            this.#pending.set(id, { resolve, reject, listeners });
            this.#channel.keepAlive(true);
            if (this.#pending.size === 1) this.#watch(); // what goes on already is watched
            signal?.addEventListener('abort', drop);
        }).finally(() => signal?.removeEventListener('abort', drop));
    }

    /** @param {number} id */
    #drop(id) {
        const pending = this.#pending.get(id);
        if (!pending) return;
        this.#pending.delete(id);
        this.#dropped.add(id);
        this.#channel.post({ type: 'drop', id });
        this.#channel.keepAlive(this.#pending.size > 0);
        if (this.#pending.size === 0 || this.#dropped.size === 1) this.#watch();
        pending.reject(new AbortError('the call was aborted'));
    }

    /** Waits for the next sign of life, if one is due. */
    #watch() {
        if (this.#pending.size === 0 || this.#test_ms === null || this.#timeout_ms === null)
            return this.#watchdog.stop();
        this.#watchdog.watch(this.#limit_ms(this.#timeout_ms, this.#test_ms));
    }

    /**
     * @param {number} timeout_ms
     * @param {number} test_ms
     */
    #limit_ms(timeout_ms, test_ms) {
        return this.#dropped.size > 0
            ? Math.max(DROPPED_ms, TESTS * test_ms)
            : Math.max(timeout_ms, TESTS * test_ms) * this.#posts;
    }

    /** Nothing was heard for too long: the worker is at the oldest request, unless nobody waits for what it does. */
    #giveUp() {
        const [oldest] = this.#pending;
        if (oldest && this.#dropped.size === 0) {
            const [id, { reject }] = oldest;
            this.#pending.delete(id);
            const seconds = Math.round(this.#limit_ms(this.#timeout_ms ?? 0, this.#test_ms ?? 0) / 1000);
            reject(new TimeoutError(`it took longer than ${seconds} s in the worker`));
        }
        this.#lose(new BackendError('the worker gave no answer for too long, and is being replaced'));
    }

    /** @param {import('./protocol.js').Answer} answer */
    #receive(answer) {
        if (answer.type === 'crashed') return this.#lose(fromPlainError(answer.error));
        if (answer.type === 'keep') return void memory.set(answer.sha256, answer.file);
        if (answer.type === 'begun') this.#posts = answer.posts;
        if (answer.type === 'loaded') this.#test_ms = answer.test_ms;
        this.#settle(answer);
        if (!this.#end) this.#watch();
    }

    /** @param {import('./protocol.js').Answer} answer */
    #settle(answer) {
        if (answer.type === 'begun' || answer.type === 'crashed' || answer.type === 'keep') return;
        if (answer.type === 'failed' && answer.fatal) return this.#lose(fromPlainError(answer.error));
        const pending = this.#pending.get(answer.id);
        if (!pending) return void this.#dropped.delete(answer.id);
        if (answer.type === 'progress') return pending.listeners?.onProgress(answer.progress);
        if (answer.type === 'captions') return pending.listeners?.onCaptions?.(this);
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
