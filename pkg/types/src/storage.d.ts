import manifest from './manifest.js';
import { isCached } from './worker/cache.js';
export { isCached, manifest };
/**
 * Has the browser keep the program of the CPU back end, which a page that uses WebGPU may not have fetched yet.
 *
 * @returns {Promise<void>} Rejects if it cannot be fetched or is not kept.
 */
export declare function cacheCpuProgram(): Promise<void>;
