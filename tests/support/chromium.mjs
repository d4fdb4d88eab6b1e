// The Chromium that tests and benchmarks run in. CHROMIUM names another one than Debian's; WEBGPU_FLAGS has what it
// needs for WebGPU on a graphics card. With one of NVIDIA on Linux, without a screen, these did:
//
//     --enable-unsafe-webgpu --enable-features=Vulkan --use-angle=vulkan --use-vulkan=native --disable-vulkan-surface
//     --ignore-gpu-blocklist

/** What the browser has. @typedef {'cpu' | 'webgpu'} Backend */

/** As root Chromium needs --no-sandbox; the rest keeps it from talking to anybody by itself. */
const FLAGS = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

/** WebGPU without a graphics card. */
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * What Playwright is to start it with.
 *
 * @param {Backend} kind
 */
export function chromiumOptions(kind) {
    if (kind !== 'cpu' && kind !== 'webgpu') throw new Error(`unknown back end '${kind}'; there are cpu and webgpu`);
    const gpu = process.env['WEBGPU_FLAGS']?.split(' ') ?? SOFTWARE_GPU;
    return {
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: kind === 'webgpu' ? [...FLAGS, ...gpu] : FLAGS,
    };
}
