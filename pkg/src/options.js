// Validates the caller's options. Unknown options are rejected, so that misspellings are noticed.

import { platform } from './platform.js';
import { LARGE, largeModel } from './models.js';

/** @typedef {import('./types.js').Backend} Backend */

const LOAD_OPTIONS = [
    ...['backend', 'model', 'wasm', 'worker', 'cache', 'timeout_ms'],
    ...['onProgress', 'onCaptionsReady', 'onBackendChange', 'signal'],
];
const CLASSIFY_OPTIONS = ['signal', 'explain', 'systems'];
const CLASSIFY_ALL_OPTIONS = [...CLASSIFY_OPTIONS, 'onError'];
const FEATURES_OPTIONS = ['signal'];
const POST_PARTS = ['image', 'caption'];
const BACKENDS = ['auto', 'webgpu', 'cpu'];
const PROGRAMS = ['cpu', 'webgpu'];
/** How long a post may take in the worker. */
const TIMEOUT_ms = 20_000;
const PUBLISHED_PARTS = ['file', 'url', 'bytes', 'sha256'];

/**
 * @param {unknown} value
 * @param {string} what
 * @param {readonly string[]} known
 * @returns {Record<string, unknown>}
 */
function checkedKeys(value, what, known) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new TypeError(`${what} must be an object with any of: ${known.join(', ')}`);
    }
    for (const key of Object.keys(value)) {
        if (!known.includes(key)) throw new TypeError(`${what} has no '${key}'; known are: ${known.join(', ')}`);
    }
    return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} signal
 * @returns {AbortSignal | null}
 */
function checkedSignal(signal) {
    if (signal === undefined || signal === null) return null;
    if (signal instanceof AbortSignal) return signal;
    throw new TypeError('signal must be an AbortSignal');
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {boolean}
 */
function checkedBoolean(value, name) {
    if (typeof value === 'boolean') return value;
    throw new TypeError(`${name} must be true or false`);
}

/**
 * @param {unknown} value
 * @returns {number | null}
 */
function checkedTimeout(value) {
    if (value === null || (typeof value === 'number' && value > 0 && Number.isFinite(value))) return value;
    throw new TypeError('timeout_ms must be a positive number of milliseconds, or null for no limit');
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {(event: any) => void}
 */
function checkedListener(value, name) {
    if (value === undefined) return () => {};
    if (typeof value !== 'function') throw new TypeError(`${name} must be a function`);
    return /** @type {(event: any) => void} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {URL}
 */
function checkedAddress(value, name) {
    try {
        return new URL(String(value), platform.base());
    } catch (error) {
        throw new TypeError(`${name} is '${value}', which is no address`, { cause: error });
    }
}

/**
 * Converts the caller's file into something that can be read and sent.
 *
 * @param {unknown} file
 * @param {string} name
 * @returns {URL | Blob | null} Null if it is neither a URL nor bytes.
 */
function checkedFile(file, name) {
    if (file instanceof Blob) return file;
    if (file instanceof ArrayBuffer) return new Blob([file]);
    if (file instanceof Uint8Array) return new Blob([new Uint8Array(file)]);
    return file instanceof URL || typeof file === 'string' ? checkedAddress(file, name) : null;
}

/**
 * @param {unknown} model
 * @returns {import('./worker/model-file.js').ModelSource | import('./models.js').Published | null} Null for the default
 *     model.
 */
function checkedModel(model) {
    if (model === undefined || model === null) return null;
    if (model === LARGE) return largeModel();
    if (isPublished(model)) return checkedPublished(model);
    if (model instanceof Response) {
        if (!model.bodyUsed) return model;
        throw new TypeError('model is a Response whose body has been read; fetch it again for each load');
    }
    const file = checkedFile(model, 'model');
    if (file) return file;
    throw new TypeError(
        "model must be 'large', an address (a string or a URL), a Response, a model file as a Blob, an ArrayBuffer or a Uint8Array, " +
            'or the default export of emofuse-large',
    );
}

/**
 * Whether this is the export of a model package.
 *
 * @param {unknown} model
 */
const isPublished = (model) => typeof model === 'object' && model !== null && 'sha256' in model;

/**
 * @param {unknown} model
 * @returns {import('./models.js').Published}
 */
function checkedPublished(model) {
    const { file, url, bytes, sha256 } = checkedKeys(model, 'model', PUBLISHED_PARTS);
    if (typeof file !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') {
        throw new TypeError(
            'model must have a file (its name), an url, bytes (how many) and a sha256, as the default export of emofuse-large has',
        );
    }
    return { file, bytes, sha256, url: checkedAddress(url, 'model.url').href };
}

/** @typedef {NonNullable<import('./transport/protocol.js').Load['wasm']>} ProgramSource */

/**
 * @param {unknown} wasm
 * @param {string} name
 * @returns {ProgramSource | null}
 */
function checkedProgram(wasm, name) {
    return wasm instanceof WebAssembly.Module ? wasm : checkedFile(wasm, name);
}

/**
 * @param {unknown} wasm
 * @param {string} backend
 * @returns {Partial<Record<Backend, ProgramSource>>}
 */
function checkedPrograms(wasm, backend) {
    if (wasm === undefined || wasm === null) return {};
    const one = checkedProgram(wasm, 'wasm');
    if (one && backend === 'auto')
        throw new TypeError(
            "wasm is one program; name its backend, 'cpu' or 'webgpu', or give wasm as { cpu, webgpu }",
        );
    if (one) return { [backend]: one };
    if (typeof wasm !== 'object')
        throw new TypeError(
            'wasm must be an address, the bytes of a program, a WebAssembly.Module, or { cpu, webgpu } of those',
        );
    const programs = Object.entries(checkedKeys(wasm, 'wasm', PROGRAMS)).map(([kind, given]) => {
        const program = checkedProgram(given, `wasm.${kind}`);
        if (!program)
            throw new TypeError(`wasm.${kind} must be an address, the bytes of a program, or a WebAssembly.Module`);
        return [kind, program];
    });
    return Object.fromEntries(programs);
}

/**
 * @typedef {object} CheckedLoadOptions
 * @property {'auto' | Backend} backend
 * @property {import('./worker/model-file.js').ModelSource | import('./models.js').Published | null} model
 * @property {Partial<Record<Backend, ProgramSource>>} wasm
 * @property {boolean} worker
 * @property {boolean} cache
 * @property {number | null} timeout_ms
 * @property {(progress: import('./types.js').LoadProgress) => void} onProgress
 * @property {((captions: import('./types.js').CaptionClassifier) => void) | null} onCaptionsReady
 * @property {(description: import('./types.js').Description) => void} onBackendChange
 * @property {AbortSignal | null} signal
 */

/**
 * @param {unknown} options
 * @returns {CheckedLoadOptions}
 */
export function checkedLoadOptions(options) {
    const given = checkedKeys(options, 'the options of load', LOAD_OPTIONS);
    const { backend = 'auto', model, wasm, worker = true, cache = true, timeout_ms = TIMEOUT_ms, signal } = given;
    if (typeof backend !== 'string' || !BACKENDS.includes(backend)) {
        throw new TypeError(`backend must be one of: ${BACKENDS.join(', ')}`);
    }
    return {
        backend: /** @type {'auto' | Backend} */ (backend),
        model: checkedModel(model),
        wasm: checkedPrograms(wasm, backend),
        worker: checkedBoolean(worker, 'worker'),
        cache: checkedBoolean(cache, 'cache'),
        timeout_ms: checkedTimeout(timeout_ms),
        onProgress: checkedListener(given['onProgress'], 'onProgress'),
        onCaptionsReady:
            given['onCaptionsReady'] === undefined
                ? null
                : checkedListener(given['onCaptionsReady'], 'onCaptionsReady'),
        onBackendChange: checkedListener(given['onBackendChange'], 'onBackendChange'),
        signal: checkedSignal(signal),
    };
}

/**
 * @param {unknown} options
 * @returns {{ signal: AbortSignal | null, explain: boolean, systems: boolean }}
 */
export function checkedClassifyOptions(options) {
    const given = checkedKeys(options, 'the options of classify', CLASSIFY_OPTIONS);
    const { signal, explain = false, systems = false } = given;
    return {
        signal: checkedSignal(signal),
        explain: checkedBoolean(explain, 'explain'),
        systems: checkedBoolean(systems, 'systems'),
    };
}

/**
 * @param {unknown} options
 * @returns {{ signal: AbortSignal | null }}
 */
export function checkedFeaturesOptions(options) {
    const { signal } = checkedKeys(options, 'the options of features', FEATURES_OPTIONS);
    return { signal: checkedSignal(signal) };
}

/**
 * @param {unknown} options
 * @returns {{ signal: AbortSignal | null, explain: boolean, systems: boolean,
 *     onError: ((error: Error, post: any, index: number) => void) | null }}
 */
export function checkedClassifyAllOptions(options) {
    const { onError = null, ...each } = checkedKeys(options, 'the options of classifyAll', CLASSIFY_ALL_OPTIONS);
    if (onError !== null && typeof onError !== 'function') throw new TypeError('onError must be a function');
    return {
        ...checkedClassifyOptions(each),
        onError: /** @type {((error: Error, post: any, index: number) => void) | null} */ (onError),
    };
}

/**
 * @param {unknown} post
 * @returns {{ image: unknown, caption: string | null }}
 */
export function checkedPost(post) {
    const { image = null, caption = null } = checkedKeys(post, 'a post', POST_PARTS);
    if (caption !== null && typeof caption !== 'string') throw new TypeError('caption must be a string');
    return { image, caption };
}
