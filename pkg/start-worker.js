// Starts the worker. This module is in the package's root, where bundlers look for workers. It is separate from
// files.js, because some bundlers reject a worker whose own code starts workers.

/** @returns {Worker} */
export const startWorker = () =>
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'emofuse' });
