// Chrome: sends requests to the extension's single offscreen document, and opens it if necessary.

import { AbortError, BackendError, DisposedError, UnsupportedImageError, fromPlainError } from '../errors.js';
import { unlessAborted } from '../abortable.js';
import { CHANNEL, LOCK, areSame } from './protocol.js';

/** @typedef {import('./protocol.js').Answer} Answer */
/** @typedef {import('./protocol.js').Question} Question */
/** @typedef {import('./protocol.js').Request} Request */
/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void }} Pending */
/**
 * @typedef {{ [T in Question['type']]: Omit<Extract<Question, { type: T }>, 'id' | 'settings'> }[Question['type']]}
 *     Payload
 */

/** How long an existing offscreen document may take to answer. It is idle: a worker does the work. */
const ANSWER_MS = 5000;

/** How many times a request is sent: the document may be gone before the first attempt, and disappear once more. */
const ATTEMPTS = 3;

/**
 * A service worker ends after 30 seconds without a call to a browser API, even while it waits for an answer.
 */
const STAY_ALIVE_MS = 20_000;

/** The offscreen document closed before it answered. */
class Lost extends Error {}

/** The connection to the offscreen document. */
export class OffscreenClient {
    #url;
    #settings;
    #onProgress;
    #onBackendChange;
    #channel = new BroadcastChannel(CHANNEL);
    #ending = new AbortController();
    /** @type {Map<string, Pending>} */
    #pending = new Map();
    /** @type {Promise<void> | null} */
    #connected = null;
    #onReady = () => {};

    /**
     * @param {string} url The URL of the offscreen document.
     * @param {import('./protocol.js').Settings} settings
     * @param {(progress: import('../../index.js').LoadProgress) => void} onProgress
     * @param {(description: import('../../index.js').Description) => void} onBackendChange
     */
    constructor(url, settings, onProgress, onBackendChange) {
        this.#url = url;
        this.#settings = settings;
        this.#onProgress = onProgress;
        this.#onBackendChange = onBackendChange;
        this.#channel.addEventListener('message', ({ data }) => this.#receive(data));
    }

    /**
     * @param {import('../transport/protocol.js').ImageSource | null} image
     * @param {string | null} caption
     * @param {import('./protocol.js').ClassifyRequest['options']} options
     * @param {AbortSignal | null} signal
     * @returns {Promise<import('../../index.js').Result>}
     */
    async classify(image, caption, options, signal) {
        return (await this.#request({ type: 'classify', image, caption, options }, signal)).result;
    }

    /** @returns {Promise<import('../../index.js').Description>} */
    async describe() {
        return (await this.#request({ type: 'describe' }, null)).description;
    }

    /** Cancels what is pending. The offscreen document stays, for other contexts. */
    dispose() {
        if (this.#ending.signal.aborted) return;
        for (const [id, { reject }] of this.#pending) {
            this.#post({ type: 'abort', id });
            reject(disposed());
        }
        this.#ending.abort(disposed());
        this.#channel.close();
    }

    /**
     * Sends a request, and repeats it if the offscreen document closes before it answers.
     *
     * @param {Payload} payload
     * @param {AbortSignal | null} signal
     * @returns {Promise<any>}
     */
    async #request(payload, signal) {
        const attempt = async () => {
            await unlessAborted(unlessAborted(this.#connect(), signal), this.#ending.signal);
            return this.#requestOnce(payload, signal);
        };
        const staying = setInterval(() => void chrome.runtime.getPlatformInfo(), STAY_ALIVE_MS);
        try {
            for (let attempts = 1; ; attempts++) {
                try {
                    return await attempt();
                } catch (error) {
                    if (!(error instanceof Lost)) throw error;
                    if (attempts === ATTEMPTS)
                        throw new BackendError(
                            'the offscreen document was closed each time before it answered; try again',
                            { cause: error },
                        );
                }
            }
        } finally {
            clearInterval(staying);
        }
    }

    /**
     * @param {Payload} payload
     * @param {AbortSignal | null} signal
     */
    #requestOnce(payload, signal) {
        const id = crypto.randomUUID();
        const abort = () => {
            this.#post({ type: 'abort', id });
            this.#pending.get(id)?.reject(new AbortError('the call was aborted'));
        };
        /** @type {Promise<any>} */
        const answered = new Promise((resolve, reject) => {
            if (this.#ending.signal.aborted) throw disposed();
            if (!this.#connected) throw new Lost();
            this.#pending.set(id, { resolve, reject });
            this.#post(/** @type {Question} */ ({ ...payload, id, settings: this.#settings }));
            if (signal?.aborted) abort();
            signal?.addEventListener('abort', abort);
        });
        return answered.finally(() => {
            this.#pending.delete(id);
            signal?.removeEventListener('abort', abort);
        });
    }

    /** @param {Request} request */
    #post(request) {
        try {
            this.#channel.postMessage(request);
        } catch (error) {
            if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
            throw new UnsupportedImageError(
                'the image cannot be read: it comes from another site, which does not permit it',
                { cause: error },
            );
        }
    }

    /** @param {Answer} answer */
    #receive(answer) {
        if (answer.type === 'ready') return this.#onReady();
        if (answer.type === 'progress' || answer.type === 'changed') {
            if (!areSame(answer.settings, this.#settings)) return;
            if (answer.type === 'progress') this.#onProgress(answer.progress);
            else this.#onBackendChange(answer.description);
            return;
        }
        const pending = this.#pending.get(answer.id); // absent for a request, or for another context's answer
        if (answer.type === 'failed') pending?.reject(fromPlainError(answer.error));
        else if (answer.type === 'described' || answer.type === 'classified') pending?.resolve(answer);
    }

    #connect() {
        if (this.#ending.signal.aborted) return Promise.reject(disposed());
        this.#connected ??= this.#connectNow().catch((error) => {
            this.#connected = null;
            throw error;
        });
        return this.#connected;
    }

    async #connectNow() {
        const ready = new Promise(
            (/** @type {(value: true) => void} */ resolve) => (this.#onReady = () => resolve(true)),
        );
        await openDocument(this.#url);
        this.#post({ type: 'hello' });
        const late = new Promise((/** @type {(value: false) => void} */ resolve) =>
            setTimeout(resolve, ANSWER_MS, false),
        );
        if (!(await Promise.race([ready, late]))) throw await unanswered(this.#url);
        void this.#watch();
    }

    /** Waits until the offscreen document closes, which releases its lock. */
    async #watch() {
        try {
            await navigator.locks.request(LOCK, { signal: this.#ending.signal }, () => {});
        } catch {
            return; // disposed
        }
        this.#connected = null;
        for (const { reject } of this.#pending.values()) reject(new Lost());
    }
}

/**
 * Opens the offscreen document, unless another context has.
 *
 * @param {string} url
 */
async function openDocument(url) {
    try {
        await chrome.offscreen.createDocument({
            url,
            reasons: [chrome.offscreen.Reason.WORKERS],
            justification:
                'The model runs in a worker, which a service worker cannot start, and stays loaded between posts.',
        });
    } catch (error) {
        // Checking first would not help: two contexts may check at the same time.
        const message = error instanceof Error ? error.message : String(error);
        if (!/single offscreen/i.test(message) && !(await openedUrl())) {
            throw new BackendError(`the offscreen document ${url} cannot be opened: ${message}`, { cause: error });
        }
    }
}

async function openedUrl() {
    const [context] = await chrome.runtime.getContexts({
        contextTypes: [/** @type {chrome.runtime.ContextType} */ ('OFFSCREEN_DOCUMENT')],
    });
    return context?.documentUrl;
}

/** @param {string} url */
async function unanswered(url) {
    const opened = (await openedUrl()) ?? url;
    return new BackendError(
        `the extension's offscreen document ${opened} does not answer; import 'emofuse/offscreen' in it`,
    );
}

const disposed = () => new DisposedError('the extension host has been disposed; create another');
