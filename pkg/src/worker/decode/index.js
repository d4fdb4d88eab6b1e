// Decodes an image that was sent; rejects one that is too large beforehand.

import { openBitmap } from './bitmap.js';
import { dimensions, HEADER_BYTES } from './dimensions.js';
import { UnsupportedImageError } from '../../errors.js';
import { checkBytes, checkPixels } from '../../limits.js';
import { platform } from '../../platform.js';

/**
 * An opened image; call one of the two, once. Its pixels are created as late as that: those of a phone's photograph
 * take 48 MB.
 *
 * @typedef {object} OpenImage
 * @property {() => import('./bitmap.js').Pixels | Promise<import('./bitmap.js').Pixels>} read
 * @property {() => void} close
 */

/** Whether an image can have transparent pixels. @typedef {'opaque' | 'unknown'} Transparency */

/**
 * @param {import('../../transport/protocol.js').ImageSource} source
 * @param {import('../../limits.js').Limits} limits
 * @returns {Promise<Transparency>}
 * @throws {import('../../errors.js').ImageTooLargeError} if that is known before decoding
 */
export async function checkImage(source, limits) {
    if (source.kind !== 'file') {
        checkPixels(source.kind === 'bitmap' ? source.bitmap : source, limits);
        return 'unknown';
    }
    checkBytes(source.file.size, limits);
    const header = await headerOf(source.file);
    const size = dimensions(header);
    if (size) checkPixels(size, limits);
    return header[0] === 0xff && header[1] === 0xd8 ? 'opaque' : 'unknown'; // a JPEG
}

/**
 * @param {import('../../transport/protocol.js').ImageSource} source A checked image; a bitmap is closed afterwards.
 * @param {Transparency} transparency
 * @param {import('../../limits.js').Limits} limits
 * @returns {Promise<OpenImage>}
 */
export async function openImage(source, transparency, limits) {
    if (source.kind === 'pixels') return { read: () => source, close: () => {} };
    if (source.kind === 'bitmap') return openBitmap(source.bitmap);
    return platform.openFile(source.file, transparency, limits);
}

/** @param {Blob} file */
async function headerOf(file) {
    try {
        return new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
    } catch (error) {
        throw new UnsupportedImageError('the file cannot be read: it was changed, moved or deleted; choose it again', {
            cause: error,
        });
    }
}
