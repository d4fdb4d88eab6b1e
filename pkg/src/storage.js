// The package's files in the browser's Cache Storage: for pages that work offline.

import { files } from '../files.js';
import manifest from './manifest.js';
import { isCached } from './worker/cache.js';
import { defaultModel, largeModel } from './models.js';
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
    const storage = cached();
    await getFile(files.cpu(), cpu, () => {}, storage);
    await Promise.all(storage.writing);
    if (!(await isCached(cpu))) throw new Error('the browser does not cache the program');
}

/**
 * The file of a model that is published with emofuse, from the cache or from its address; its SHA-256 is verified.
 *
 * @example
 * import { publishedModel } from 'emofuse/storage';
 *
 * const file = await publishedModel('default');
 * console.log(file.size);
 *
 * @param {'default' | 'large'} name
 * @returns {Promise<Blob>} Rejects with the errors of `load` if it cannot be downloaded.
 */
export async function publishedModel(name) {
    const model = name === 'large' ? largeModel() : defaultModel();
    const storage = cached();
    const content = await getFile(new URL(model.url), model, () => {}, storage);
    await Promise.all(storage.writing);
    return new Blob([content]);
}

/** @returns {import('./worker/download.js').Storage} The browser's cache. */
const cached = () => ({ cache: true, memory: new Map(), keep: () => {}, writing: [] });
