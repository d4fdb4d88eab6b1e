// What is measured: each system's worker, the back ends it has here, and a file that shows whether it is installed.

const modules = '/node_modules';

/**
 * `tolerance` is how far its features may be from the golden ones, ‖found − expected‖ ∕ ‖expected‖.
 *
 * @typedef {{ worker: string, type: WorkerType, backends: string[], file: string, precision?: 'int8', tolerance: number }} System
 *
 * @type {Record<string, System>}
 */
export const SYSTEMS = {
    emofuse: {
        worker: 'emofuse',
        type: 'module',
        backends: ['cpu', 'webgpu'],
        file: '/pkg/index.js',
        tolerance: 1e-3,
    },
    'onnxruntime-web': {
        worker: 'onnxruntime-web',
        type: 'module',
        backends: ['cpu', 'webgpu'],
        file: `${modules}/onnxruntime-web/dist/ort.wasm.min.mjs`,
        tolerance: 1e-3,
    },
    'tensorflow-js': {
        worker: 'tensorflow-js',
        type: 'classic',
        backends: ['cpu', 'webgpu'],
        file: `${modules}/@tensorflow/tfjs-core/dist/tf-core.min.js`,
        tolerance: 1e-3,
    },
    'litert-js': {
        worker: 'litert-js',
        type: 'classic',
        backends: ['cpu', 'webgpu'],
        file: `${modules}/@litertjs/core/dist/index.js`,
        tolerance: 1e-3,
    },
    // Eight bits change the features; how much is shown beside the times.
    'litert-js-int8': {
        worker: 'litert-js',
        type: 'classic',
        backends: ['cpu'],
        precision: 'int8',
        file: `${modules}/@litertjs/core/dist/index.js`,
        tolerance: 0.5,
    },
};

/** The network's file, which every other system needs. */
const NETWORK = '/networks/network.onnx';

/** @param {'cpu' | 'webgpu'} backend */
export const systemsOn = (backend) => Object.keys(SYSTEMS).filter((name) => SYSTEMS[name].backends.includes(backend));

/**
 * Those whose files the server has.
 *
 * @param {'cpu' | 'webgpu'} backend
 */
export async function installedOn(backend) {
    const has = async (file) => (await fetch(file, { method: 'HEAD' })).ok;
    const names = systemsOn(backend);
    const hasNetwork = await has(NETWORK);
    const found = await Promise.all(names.map((name) => has(SYSTEMS[name].file)));
    return names.filter((name, index) => found[index] && (name === 'emofuse' || hasNetwork));
}
