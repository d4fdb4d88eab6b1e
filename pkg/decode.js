// Decodes a picture to pixels, in the worker, by the browser's own decoders.

import { dimensions, HEADER_BYTES } from './dimensions.js';
import { ImageTooLargeError, UnsupportedImageError } from './errors.js';

/** @typedef {{ max_bytes: number, max_pixels: number }} Limits */
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
 * @param {import('./protocol.js').PictureSource} source
 * @param {Limits} limits
 * @returns {Promise<Pixels>}
 */
export async function decode(source, limits) {
    if (source.kind === 'pixels') {
        checkPixels(source, limits);
        return source;
    }
    const bitmap = source.kind === 'bitmap' ? source.bitmap : await decodeFile(source.file, limits);
    try {
        checkPixels(bitmap, limits);
        return readPixels(bitmap);
    } finally {
        bitmap.close();
    }
}

/**
 * @param {Blob} file
 * @param {Limits} limits
 */
async function decodeFile(file, limits) {
    if (file.size > limits.max_bytes) throw tooLarge(file.size, limits.max_bytes, 'megabytes', 1024 * 1024);
    let header;
    try {
        header = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
    } catch (error) {
        throw new UnsupportedImageError('the file cannot be read: it was changed, moved or deleted; choose it again', { cause: error });
    }
    const size = dimensions(header);
    if (size) checkPixels(size, limits);
    try {
        return await createImageBitmap(file, DECODING);
    } catch (error) {
        const reason = file.size === 0 ? 'the file is empty' : 'it is not a picture that this browser knows, or it is damaged';
        throw new UnsupportedImageError(`the picture cannot be read: ${reason}; use a JPEG, PNG, WebP, GIF or BMP file`, { cause: error });
    }
}

/**
 * @param {{ width: number, height: number }} size
 * @param {Limits} limits
 */
function checkPixels({ width, height }, { max_pixels }) {
    if (width * height > max_pixels) throw tooLarge(width * height, max_pixels, 'megapixels', 1_000_000);
}

/**
 * @param {number} found
 * @param {number} limit
 * @param {string} unit
 * @param {number} size
 */
function tooLarge(found, limit, unit, size) {
    // Rounded up: what is too large must not read as what is allowed.
    const amount = Math.ceil((found / size) * 10) / 10;
    return new ImageTooLargeError(`the picture has ${amount} ${unit}, more than the ${limit / size} allowed; make it smaller`);
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
