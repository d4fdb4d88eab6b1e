// The package's files in the browser's Cache Storage: for pages that work offline.

import { files } from '../files.js';
import manifest from './manifest.js';
import { isCached } from './worker/cache.js';
import { getFile } from './worker/download.js';

export { isCached, manifest };

/**
 * Caches the program of the CPU back end, which a page that uses WebGPU may not have downloaded yet.
 *
 * @example
 * import { cacheCpuProgram } from 'emofuse/storage';
 *
 * await cacheCpuProgram(); // now the page also works offline on the CPU
 *
 * @returns {Promise<void>} Rejects if it cannot be fetched or cached.
 */
export async function cacheCpuProgram() {
    const { cpu } = manifest.wasm;
    const storage = { cache: true, memory: new Map(), keep: () => {}, writing: /** @type {Promise<void>[]} */ ([]) };
    await getFile(files.cpu(), cpu, () => {}, storage);
    await Promise.all(storage.writing);
    if (!(await isCached(cpu))) throw new Error('the browser does not cache the program');
}
