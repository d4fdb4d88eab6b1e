// The graphics adapter that WebGPU gives this page.

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** @returns {Promise<object | null>} Null without WebGPU. */
export async function adapterDetails() {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
    return {
        name: name || 'unnamed adapter',
        isSoftware: Boolean(isFallbackAdapter) || SOFTWARE.test(name),
        hasTimestamps: adapter.features.has('timestamp-query'),
        hasF16: adapter.features.has('shader-f16'),
        hasSubgroups: adapter.features.has('subgroups'),
    };
}
