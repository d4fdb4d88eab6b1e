// Turns a picture that was sent into pixels; one that is too large is refused before it is decoded.

import { readAndClose } from './bitmap.js';
import { dimensions, HEADER_BYTES } from './dimensions.js';
import { UnsupportedImageError } from './errors.js';
import { checkBytes, checkPixels } from './limits.js';
import { platform } from './platform.js';

/**
 * @param {import('./protocol.js').PictureSource} source A bitmap is closed.
 * @param {import('./limits.js').Limits} limits
 * @returns {Promise<import('./bitmap.js').Pixels>}
 */
export async function decode(source, limits) {
    if (source.kind === 'pixels') {
        checkPixels(source, limits);
        return source;
    }
    if (source.kind === 'bitmap') return readAndClose(source.bitmap, limits);
    checkBytes(source.file.size, limits);
    const size = dimensions(await headerOf(source.file));
    if (size) checkPixels(size, limits);
    return platform.decodeFile(source.file, limits);
}

/** @param {Blob} file */
async function headerOf(file) {
    try {
        return new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
    } catch (error) {
        throw new UnsupportedImageError('the file cannot be read: it was changed, moved or deleted; choose it again', { cause: error });
    }
}
