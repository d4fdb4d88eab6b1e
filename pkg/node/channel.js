// A worker thread of Node.js.

import { Worker } from 'node:worker_threads';

/** @type {typeof import('../channel.js').channels.openWorker} */
export function openWorker({ onAnswer, onFailure }) {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { name: 'emofuse', execArgv: [] }); // not this program's own flags
    worker.on('message', onAnswer);
    worker.on('messageerror', () => onFailure('an answer of the worker could not be read'));
    worker.on('error', (error) => onFailure(`the worker failed: ${error.message}`));
    worker.on('exit', () => onFailure('the worker ended'));
    worker.unref(); // a classifier that nobody asks does not keep a program from ending
    return {
        post: (request) => worker.postMessage(request),
        close: () => void worker.terminate(),
        keepAlive: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    };
}
