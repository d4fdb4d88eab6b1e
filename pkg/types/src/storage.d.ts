import manifest from './manifest.js';
import { isCached } from './worker/cache.js';
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
export declare function cacheCpuProgram(): Promise<void>;
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
export declare function publishedModel(name: 'default' | 'large'): Promise<Blob>;
