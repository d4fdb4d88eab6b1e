// A worker thread of Node.js.

import { Worker } from 'node:worker_threads';

/** @type {typeof import('./browser.js').channels.openWorker} */
export function openWorker({ onAnswer, onFailure }) {
    // The worker does not inherit this process's flags.
    const worker = new Worker(new URL('../node/worker.js', import.meta.url), { name: 'emofuse', execArgv: [] });
    worker.on('message', onAnswer);
    worker.on('messageerror', () => onFailure('an answer of the worker could not be read'));
    worker.on('error', (error) => onFailure(`the worker failed: ${error.message}`));
    worker.on('exit', () => onFailure('the worker ended'));
    worker.unref(); // an idle classifier does not keep the process alive
    return {
        post: (request) => worker.postMessage(request),
        close: () => void worker.terminate(),
        keepAlive: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    };
}
