// The Chromium that tests and benchmarks run in. CHROMIUM names another one than Debian's; WEBGPU_FLAGS has what it needs for WebGPU on a
// graphics card, on Linux mostly `--enable-unsafe-webgpu --enable-features=Vulkan`.

/** What the browser has. @typedef {'cpu' | 'webgpu'} Backend */

/** As root Chromium needs --no-sandbox; the rest keeps it from talking to anybody by itself. */
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** WebGPU without a graphics card. */
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * What Playwright is to start it with.
 *
 * @param {Backend} kind
 */
export const chromiumOptions = (kind) => ({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: kind === 'webgpu' ? [...FLAGS, ...(process.env['WEBGPU_FLAGS']?.split(' ') ?? SOFTWARE_GPU)] : FLAGS,
});
