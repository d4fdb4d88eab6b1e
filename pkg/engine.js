// Fetches the program and the model, in the worker, and starts them.

import { download, downloadJson } from './download.js';
import { BackendError, EmofuseError, IntegrityError } from './errors.js';

/** @typedef {import('./wasm/cpu/emofuse.js').Engine} Engine */
/** @typedef {import('./download.js').FileEntry} FileEntry */
/** @typedef {{ model: FileEntry, wasm: Record<import('./index.js').Backend, FileEntry> }} Manifest */

/**
 * The programs, written so that bundlers find the files.
 *
 * @satisfies {Record<import('./index.js').Backend, { glue: () => Promise<unknown>, url: URL }>}
 */
const PROGRAMS = {
    cpu: { glue: () => import('./wasm/cpu/emofuse.js'), url: new URL('./wasm/cpu/emofuse_bg.wasm', import.meta.url) },
    webgpu: { glue: () => import('./wasm/webgpu/emofuse.js'), url: new URL('./wasm/webgpu/emofuse_bg.wasm', import.meta.url) },
};
const MODEL = new URL('./model/emofuse-default.emofuse', import.meta.url);
const MANIFEST = new URL('./manifest.json', import.meta.url);

/**
 * @param {import('./index.js').Backend} backend
 * @param {Blob | null} own A model file of the caller's own; null for the default model.
 * @param {(progress: Omit<import('./index.js').LoadProgress, 'backend'>) => void} onProgress
 * @returns {Promise<Engine>}
 */
export async function startEngine(backend, own, onProgress) {
    if (backend === 'webgpu') await requireAdapter();
    const manifest = /** @type {Manifest} */ (await downloadJson(MANIFEST));
    const program = manifest.wasm?.[backend];
    if (!program || !manifest.model) throw new IntegrityError('manifest.json names no program or no model; install the package again');

    const total = program.bytes + (own?.size ?? manifest.model.bytes);
    const loaded = { program: 0, model: 0 };
    /** @param {keyof typeof loaded} part */
    const count = (part) => (/** @type {number} */ bytes) => {
        loaded[part] = bytes;
        onProgress({ phase: 'download', loaded: loaded.program + loaded.model, total });
    };
    const [glue, model] = await Promise.all([
        instantiate(backend, program, count('program')),
        own ? bytesOf(own, count('model')) : download(MODEL, manifest.model, count('model')),
    ]);
    onProgress({ phase: 'start', loaded: total, total });
    const engine = await glue.Engine.load(model);
    onProgress({ phase: 'test', loaded: total, total });
    const { passed, max_difference, tolerance } = await engine.selfTest();
    if (!passed) {
        throw unusable(backend, `it fails its self-test, with scores off by ${max_difference.toPrecision(2)} where ${tolerance} is allowed`);
    }
    return engine;
}

/**
 * @param {Blob} model In memory already.
 * @param {(loaded: number) => void} onBytes
 */
async function bytesOf(model, onBytes) {
    const content = new Uint8Array(await model.arrayBuffer());
    onBytes(content.length);
    return content;
}

async function requireAdapter() {
    if (!navigator.gpu) throw unusable('webgpu', isSecureContext ? 'this browser has no WebGPU' : 'the page is not served over HTTPS');
    let adapter;
    try {
        adapter = await navigator.gpu.requestAdapter();
    } catch (error) {
        throw unusable('webgpu', error instanceof Error ? error.message : String(error));
    }
    if (!adapter) throw unusable('webgpu', 'this browser offers no graphics adapter');
}

/**
 * @param {import('./index.js').Backend} backend
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes
 */
async function instantiate(backend, entry, onBytes) {
    const program = PROGRAMS[backend];
    try {
        const [glue, content] = await Promise.all([program.glue(), download(program.url, entry, onBytes)]);
        await glue.default({ module_or_path: await WebAssembly.compile(content) });
        return glue;
    } catch (error) {
        // Without the WebGPU program the CPU's still works; without the CPU's there is nothing left to try.
        if (backend === 'cpu' && error instanceof EmofuseError) throw error;
        throw unusable(backend, error instanceof Error ? error.message : String(error));
    }
}

/**
 * @param {import('./index.js').Backend} backend
 * @param {string} reason
 */
function unusable(backend, reason) {
    return new BackendError(`the ${backend === 'cpu' ? 'CPU' : 'WebGPU'} back end cannot be used: ${reason}`);
}
