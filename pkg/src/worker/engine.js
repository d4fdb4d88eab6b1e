// Downloads and starts the program and the model in the worker.

import { files } from '../../files.js';
import { checkContent, getFile } from './download.js';
import { BackendError, EmofuseError } from '../errors.js';
import { within } from '../abortable.js';
import manifest from '../manifest.js';
import { platform } from '../platform.js';
import { defaultModel } from '../models.js';
import * as cpuGlue from '../../wasm/cpu/emofuse.js';

/** @typedef {import('../../wasm/cpu/emofuse.js').Engine} Engine */
/** @typedef {import('../../wasm/cpu/emofuse.js').PreparedPost} PreparedPost */
/** @typedef {import('./download.js').FileEntry} FileEntry */
/** @typedef {import('../types.js').Backend} Backend */

/**
 * The programs. A service worker cannot import modules later, so the program that it can run is imported immediately.
 *
 * @satisfies {Record<Backend, { glue: () => Promise<unknown>, url: () => URL }>}
 */
const PROGRAMS = {
    cpu: {
        glue: () => Promise.resolve(cpuGlue),
        url: files.cpu,
    },
    webgpu: {
        glue: () => import('../../wasm/webgpu/emofuse.js'),
        url: files.webgpu,
    },
};

/** A storage that does not answer holds up nothing for longer. */
const STORED_WITHIN_ms = 10_000;

/** A model file ends with the SHA-256 of everything before. */
const DIGEST_BYTES = 32;

/**
 * @typedef {object} Listeners
 * @property {(progress: Omit<import('../types.js').LoadProgress, 'backend'>) => void} onProgress
 * @property {(ms: number) => void} onTested Called with how long the test of the engine took.
 * @property {(sha256: string, file: Blob) => void} keep Takes a file that the browser's cache would not.
 * @property {import('./early-captions.js').EarlyCaptions | null} early Classifies captions while the model is being
 *     downloaded.
 */

/**
 * @param {Omit<import('../transport/protocol.js').Load, 'captions'>} load
 * @param {Listeners} listeners
 * @returns {Promise<Engine>}
 */
export async function startEngine(
    { backend, model: given, wasm, cache, memory },
    { onProgress, onTested, keep, early },
) {
    if (backend === 'webgpu') await requireAdapter();
    const program = manifest.wasm[backend];
    /** @type {import('./download.js').Storage} */
    const storage = { cache, memory, keep, writing: [] };
    const model = given ?? defaultModel();
    const total = program.bytes + (model instanceof Blob ? model.size : model.bytes);
    const loaded = { program: 0, model: 0 };
    /** @param {keyof typeof loaded} part */
    const count = (part) => (/** @type {number} */ bytes) => {
        loaded[part] = bytes;
        onProgress({ phase: 'download', loaded: loaded.program + loaded.model, total });
    };
    const [glue, content] = await Promise.all([
        instantiate(backend, wasm, program, count('program'), storage).then((instance) => {
            early?.start(/** @type {import('./early-captions.js').Program} */ (/** @type {unknown} */ (instance)));
            return instance;
        }),
        model instanceof Blob
            ? bytesOf(model, count('model'))
            : getFile(new URL(model.url), model, count('model'), storage, (part, bytes) => early?.arrived(part, bytes)),
    ]).finally(() => early?.close()); // its memory is used again by the engine of the whole model
    onProgress({ phase: 'start', loaded: total, total });
    const digests = await digestsOf(content, model instanceof Blob ? null : model.sha256);
    const engine = await glue.Engine.load(content, digests);
    onProgress({ phase: 'test', loaded: total, total });
    const started = performance.now();
    await testEngine(engine, backend);
    onTested(performance.now() - started);
    // Begun long before, so that a worker that ends immediately has stored its files.
    await within(STORED_WITHIN_ms, Promise.all(storage.writing));
    return engine;
}

/**
 * Tests an engine on the post inside the model file.
 *
 * @param {Engine} engine
 * @param {Backend} backend
 * @returns {Promise<void>} Rejects if its scores differ from those in the model file.
 */
export async function testEngine(engine, backend) {
    const { passed, max_difference, tolerance } = await engine.selfTest();
    if (passed) return;
    const reason = `it fails its self-test, with scores off by ${max_difference.toPrecision(2)} where ${tolerance} is allowed`;
    throw unusable(backend, reason);
}

/**
 * @param {Blob} file In memory already.
 * @param {(loaded: number) => void} onBytes
 */
async function bytesOf(file, onBytes) {
    const content = new Uint8Array(await file.arrayBuffer());
    onBytes(content.length);
    return content;
}

/**
 * Computes the SHA-256 of a model file without the digest at its end, then of the whole file.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {string | null} published The hash of the whole file in hexadecimal, if it was already verified; then the
 *     digest at the end is the published one too.
 * @returns {Promise<Uint8Array | undefined>} Undefined without a secure context: the program computes them then.
 */
async function digestsOf(content, published) {
    const subtle = globalThis.crypto?.subtle;
    if (!subtle) return undefined; // and nothing was compared
    if (published) {
        const bytes = published.match(/../g) ?? [];
        return Uint8Array.from([...content.subarray(-DIGEST_BYTES), ...bytes.map((byte) => Number.parseInt(byte, 16))]);
    }
    const parts = [content.subarray(0, -DIGEST_BYTES), content];
    const digests = await Promise.all(parts.map((part) => subtle.digest('SHA-256', part)));
    return new Uint8Array(await new Blob(digests).arrayBuffer());
}

async function requireAdapter() {
    const gpu = globalThis.navigator?.gpu;
    if (!gpu)
        throw unusable(
            'webgpu',
            globalThis.isSecureContext === false
                ? 'the page is not served over HTTPS'
                : `this ${platform.host} has no WebGPU`,
        );
    let adapter;
    try {
        adapter = await gpu.requestAdapter();
    } catch (error) {
        throw unusable('webgpu', error instanceof Error ? error.message : String(error));
    }
    if (!adapter) throw unusable('webgpu', `this ${platform.host} offers no graphics adapter`);
}

/**
 * @param {Backend} backend
 * @param {import('../transport/protocol.js').Load['wasm']} wasm
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes
 * @param {import('./download.js').Storage} storage
 */
async function instantiate(backend, wasm, entry, onBytes, storage) {
    const program = PROGRAMS[backend];
    try {
        const [glue, compiled] = await Promise.all([
            program.glue(),
            compile(wasm ?? program.url(), entry, onBytes, storage),
        ]);
        await glue.default({ module_or_path: compiled });
        return glue;
    } catch (error) {
        // If the WebGPU program fails, the CPU program may work; if the CPU program fails, there is nothing left to
        // try.
        if (backend === 'cpu' && error instanceof EmofuseError) throw error;
        throw unusable(backend, error instanceof Error ? error.message : String(error));
    }
}

/**
 * @param {URL | Blob | WebAssembly.Module} wasm
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes
 * @param {import('./download.js').Storage} storage
 */
async function compile(wasm, entry, onBytes, storage) {
    if (wasm instanceof WebAssembly.Module) {
        onBytes(entry.bytes);
        return wasm;
    }
    if (wasm instanceof URL) return WebAssembly.compile(await getFile(wasm, entry, onBytes, storage));
    const content = await bytesOf(wasm, onBytes);
    await checkContent(content, entry);
    return WebAssembly.compile(content);
}

/**
 * @param {Backend} backend
 * @param {string} reason
 */
function unusable(backend, reason) {
    return new BackendError(`the ${backend === 'cpu' ? 'CPU' : 'WebGPU'} back end cannot be used: ${reason}`);
}
