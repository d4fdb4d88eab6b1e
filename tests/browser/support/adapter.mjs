// A software adapter that passes for a graphics card, and verdicts about it that were not measured.
import manifest from '../../../pkg/src/manifest.js';

/** @typedef {import('./harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('./harness.mjs').Page} Page */

/**
 * Gives the adapter the names of a graphics card, so that pages try it. It computes as before.
 *
 * @param {BrowserContext} context
 */
export const disguiseAdapter = (context) =>
    context.addInitScript(() => {
        if (!('GPUAdapterInfo' in globalThis)) return; // about:blank, for one
        const names = { vendor: 'acme', architecture: 'test', device: '', description: '', isFallbackAdapter: false };
        for (const [name, value] of Object.entries(names))
            Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
    });

/**
 * Stores a verdict about the default model, as if it had been measured on an earlier visit.
 *
 * @param {Page} page With the package.
 * @param {import('../../../pkg/index.js').Measured} measured
 */
export const storeVerdict = (page, measured) =>
    page.evaluate(
        async ([model, measured]) => {
            const paths = ['/pkg/src/adapter.js', '/pkg/src/verdict.js'];
            const [{ findAdapter }, { circumstances, keepVerdict }] =
                /** @type {[typeof import('../../../pkg/src/adapter.js'), typeof import('../../../pkg/src/verdict.js')]} */ (
                    await Promise.all(paths.map((path) => import(path)))
                );
            const found = await findAdapter('browser');
            if ('reason' in found) throw new Error(found.reason);
            await keepVerdict({ ...(await circumstances(found.adapter, model)), measured_ms: measured });
        },
        /** @type {const} */ ([manifest.model.sha256, measured]),
    );

/**
 * Source text for the worker that remembers its device as `self.device`; a worker of the CPU has none.
 */
export const REMEMBER_DEVICE = `
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...descriptor) {
    return (self.device = await requestDevice.apply(this, descriptor));
};`;

/**
 * The worker that runs on WebGPU, with {@link REMEMBER_DEVICE}.
 *
 * @param {Page} page
 */
export async function webGpuWorker(page) {
    for (const worker of page.workers())
        if (await worker.evaluate("'device' in self").catch(() => false)) return worker;
    throw new Error('no worker has a graphics device');
}
