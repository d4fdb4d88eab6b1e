// Decodes JPEG, PNG, WebP, GIF and BMP with a program of the package, because there is no browser to do it.

import { checkContent } from '../worker/download.js';
import { UnsupportedImageError, fromPlainError, toPlainError } from '../errors.js';
import manifest from '../manifest.js';
import { platform } from '../platform.js';
import initialise, { decode } from '../../wasm/decoder/emofuse.js';

/** @type {Promise<unknown> | null} */
let started = null;

async function start() {
    const response = await platform.fetch(new URL('../../wasm/decoder/emofuse_bg.wasm', import.meta.url), {});
    const content = new Uint8Array(await response.arrayBuffer());
    await checkContent(content, manifest.wasm.decoder);
    await initialise({ module_or_path: await WebAssembly.compile(content) });
}

/**
 * @param {Blob} file
 * @returns {Promise<import('../worker/decode/bitmap.js').Pixels>}
 */
export async function decodeFile(file) {
    started ??= start().catch((error) => {
        started = null;
        throw error;
    });
    await started;
    const content = new Uint8Array(await file.arrayBuffer());
    try {
        const decoded = decode(content);
        const { data, width, height } = decoded;
        decoded.free();
        return { data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength), width, height };
    } catch (error) {
        if (error instanceof WebAssembly.RuntimeError)
            throw new UnsupportedImageError('the image cannot be read: it is damaged', { cause: error });
        throw fromPlainError(toPlainError(error));
    }
}
