// Starts the worker. In the package's root, where bundlers look for it, and apart from files.js, because some bundlers
// refuse a worker whose own code starts workers.

/** @returns {Worker} */
export const startWorker = () =>
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'emofuse' });
