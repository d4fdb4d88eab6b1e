// Decodes a picture to pixels by the browser's own decoders.

import { UnsupportedImageError } from './errors.js';
import { checkPixels } from './limits.js';

/** @typedef {import('./limits.js').Limits} Limits */
/** @typedef {{ data: Uint8ClampedArray, width: number, height: number }} Pixels RGBA, row by row, not premultiplied. */

/** Some browsers refuse a canvas of more than 16 megapixels, and one of that size costs 64 MB: pictures are read in strips. */
const STRIP_PIXELS = 4 * 1024 * 1024;

/**
 * Colours of a picture with a profile are converted to sRGB; one without stays as it is, to the bit.
 *
 * @type {ImageBitmapOptions}
 */
const DECODING = { imageOrientation: 'from-image', premultiplyAlpha: 'none', colorSpaceConversion: 'default' };

/**
 * @param {Blob} file
 * @param {Limits} limits
 * @returns {Promise<Pixels>}
 */
export async function decodeFile(file, limits) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, DECODING);
    } catch (error) {
        const reason = file.size === 0 ? 'the file is empty' : 'it is not a picture that this browser knows, or it is damaged';
        throw new UnsupportedImageError(`the picture cannot be read: ${reason}; use a JPEG, PNG, WebP, GIF or BMP file`, { cause: error });
    }
    return readAndClose(bitmap, limits);
}

/**
 * @param {ImageBitmap} bitmap
 * @param {Limits} limits
 * @returns {Pixels}
 */
export function readAndClose(bitmap, limits) {
    try {
        checkPixels(bitmap, limits);
        return readPixels(bitmap);
    } finally {
        bitmap.close();
    }
}

/**
 * @param {ImageBitmap} bitmap
 * @returns {Pixels}
 */
function readPixels(bitmap) {
    const { width, height } = bitmap;
    const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
    const context = new OffscreenCanvas(width, rows).getContext('2d', { willReadFrequently: true });
    if (!context) throw new UnsupportedImageError('the picture cannot be read: the browser has no canvas for it; make it smaller');
    const data = new Uint8ClampedArray(width * height * 4);
    for (let top = 0; top < height; top += rows) {
        const taken = Math.min(rows, height - top);
        context.clearRect(0, 0, width, rows);
        context.drawImage(bitmap, 0, -top);
        data.set(context.getImageData(0, 0, width, taken).data, top * width * 4);
    }
    return { data, width, height };
}
