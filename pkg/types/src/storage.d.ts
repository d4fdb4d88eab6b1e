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
