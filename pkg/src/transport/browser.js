// Starts a worker, the browser's way; node/index.js sets its own.

import { startWorker } from '../../start-worker.js';

/** @typedef {import('./protocol.js').Answer} Answer */
/** @typedef {import('./protocol.js').Request} Request */

/**
 * The interface of a worker.
 *
 * @typedef {object} Channel
 * @property {(request: Request) => void} post
 * @property {() => void} close
 * @property {(isBusy: boolean) => void} keepAlive Whether the program must not end yet, because an answer is waited
 *     for.
 */

/**
 * @typedef {object} Listener
 * @property {(answer: Answer) => void} onAnswer
 * @property {(reason: string) => void} onFailure Called when it is of no use any more.
 */

export const channels = {
    /**
     * @param {Listener} listener
     * @returns {Channel}
     */
    openWorker({ onAnswer, onFailure }) {
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
