// Checks what callers pass. Unknown options are refused, so that a misspelt one is noticed.

const LOAD_OPTIONS = ['backend', 'model', 'onProgress', 'signal'];
const CLASSIFY_OPTIONS = ['signal', 'explain'];
const POST_PARTS = ['image', 'caption'];
const BACKENDS = ['auto', 'webgpu', 'cpu'];

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
 * A model of the caller's own as something that can be read.
 *
 * @param {unknown} model
 * @returns {import('./model-file.js').ModelSource | null} Null for the default model.
 */
function checkedModel(model) {
    if (model === undefined || model === null) return null;
    if (model instanceof Blob) return model;
    if (model instanceof ArrayBuffer) return new Blob([model]);
    if (model instanceof Uint8Array) return new Blob([new Uint8Array(model)]);
    if (model instanceof Response) {
        if (!model.bodyUsed) return model;
        throw new TypeError('model is a Response whose body has been read; fetch it again for each load');
    }
    if (model instanceof URL || typeof model === 'string') {
        try {
            return new URL(model, globalThis.document?.baseURI ?? globalThis.location?.href);
        } catch (error) {
            throw new TypeError(`model is '${model}', which is no address`, { cause: error });
        }
    }
    throw new TypeError('model must be an address (a string or a URL), a Response, or a model file as a Blob, an ArrayBuffer or a Uint8Array');
}

/**
 * @param {unknown} options
 * @returns {{
 *     backend: 'auto' | 'webgpu' | 'cpu',
 *     model: import('./model-file.js').ModelSource | null,
 *     onProgress: (progress: import('./index.js').LoadProgress) => void,
 *     signal: AbortSignal | null,
 * }}
 */
export function checkedLoadOptions(options) {
    const { backend = 'auto', model, onProgress = () => {}, signal } = checkedKeys(options, 'the options of load', LOAD_OPTIONS);
    if (typeof backend !== 'string' || !BACKENDS.includes(backend)) {
        throw new TypeError(`backend must be one of: ${BACKENDS.join(', ')}`);
    }
    if (typeof onProgress !== 'function') throw new TypeError('onProgress must be a function');
    return {
        backend: /** @type {'auto' | 'webgpu' | 'cpu'} */ (backend),
        model: checkedModel(model),
        onProgress: /** @type {(progress: import('./index.js').LoadProgress) => void} */ (onProgress),
        signal: checkedSignal(signal),
    };
}

/**
 * @param {unknown} options
 * @returns {{ signal: AbortSignal | null }}
 */
export function checkedClassifyOptions(options) {
    const { signal, explain = false } = checkedKeys(options, 'the options of classify', CLASSIFY_OPTIONS);
    if (explain !== false) throw new TypeError('explain must be false: this version gives no explanations');
    return { signal: checkedSignal(signal) };
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
