// Distinguishes hardware graphics adapters from software ones.

/**
 * An adapter's names as the browser reports them; empty if it does not.
 *
 * @typedef {{ vendor: string, architecture: string, device: string, description: string }} AdapterNames
 */

/** @typedef {{ adapter: AdapterNames } | { reason: string }} Found The adapter, or the reason why none can be used. */

/** Adapters that compute on the CPU: Chromium's, Mesa's and Microsoft's. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software rasterizer|microsoft basic render|\bwarp\b/i;

/**
 * Finds the graphics adapter, unless it is a software adapter. Fetches and starts nothing.
 *
 * @param {string} host What messages call the browser.
 * @param {Pick<GPU, 'requestAdapter'> | undefined} gpu
 * @returns {Promise<Found>}
 */
export async function findAdapter(host, gpu = globalThis.navigator?.gpu) {
    if (!gpu) {
        const isInsecure = globalThis.isSecureContext === false;
        return { reason: isInsecure ? 'WebGPU needs a page served over HTTPS' : `this ${host} has no WebGPU` };
    }
    try {
        const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
        if (!adapter) return { reason: `this ${host} offers no graphics adapter` };
        const names = namesOf(adapter);
        return isSoftware(adapter, names) ? { reason: 'the only graphics adapter is software' } : { adapter: names };
    } catch (error) {
        return { reason: `this ${host} offers no graphics adapter: ${error instanceof Error ? error.message : error}` };
    }
}

/**
 * @param {GPUAdapter} adapter
 * @returns {AdapterNames}
 */
function namesOf({ info }) {
    // Older browsers have no `info`.
    const { vendor = '', architecture = '', device = '', description = '' } = info ?? {};
    return { vendor, architecture, device, description };
}

/**
 * @param {GPUAdapter} adapter
 * @param {AdapterNames} names
 */
function isSoftware(adapter, names) {
    // The property has moved from the adapter to its info.
    const { isFallbackAdapter } = /** @type {{ isFallbackAdapter?: boolean }} */ (adapter);
    if (isFallbackAdapter || adapter.info?.isFallbackAdapter) return true;
    return Object.values(names).some((name) => SOFTWARE.test(name));
}
