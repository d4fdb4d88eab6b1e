// Checks whether the browser offers WebGPU. Only starting it shows whether it works.

import { engineTexts } from './texts.js';

/**
 * @returns {Promise<string | null>} Why WebGPU cannot be chosen; null if it can.
 */
export async function webGpuObstacle() {
    const gpu = globalThis.navigator?.gpu;
    if (!gpu) return isSecureContext ? engineTexts.noWebGpu : engineTexts.insecure;
    const adapter = await gpu.requestAdapter().catch(() => null);
    return adapter ? null : engineTexts.noAdapter;
}
