// Starts a worker in the browser; node/index.js replaces this.

import { startWorker } from '../../start-worker.js';
import { BackendError } from '../errors.js';

/** @typedef {import('./protocol.js').Answer} Answer */
/** @typedef {import('./protocol.js').Request} Request */

/**
 * The interface of a worker.
 *
 * @typedef {object} Channel
 * @property {(request: Request) => void} post
 * @property {() => void} close
 * @property {(isBusy: boolean) => void} keepAlive Whether the process must stay alive because an answer is pending.
 */

/**
 * @typedef {object} Listener
 * @property {(answer: Answer) => void} onAnswer
 * @property {(reason: string) => void} onFailure Called when the worker can no longer be used.
 */

/** In Node.js this is the wrong entry point; service workers and worklets cannot start workers. */
const NO_WORKERS =
    "web workers are not available here; in Node.js, import 'emofuse', or src/node/index.js instead of the package's index.js; " +
    'in a service worker, use load({ worker: false })';

export const channels = {
    /**
     * @param {Listener} listener
     * @returns {Channel}
     */
    openWorker({ onAnswer, onFailure }) {
        if (typeof Worker === 'undefined') throw new BackendError(NO_WORKERS);
        const worker = startWorker();
        worker.addEventListener('message', ({ data }) => onAnswer(data));
        worker.addEventListener('messageerror', () => onFailure('an answer of the worker could not be read'));
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            onFailure(`the worker failed: ${event.message || 'it could not be started'}`);
        });
        return { post: (request) => worker.postMessage(request), close: () => worker.terminate(), keepAlive: () => {} };
    },
};
