// Limits on the size of an image.

import { ImageTooLargeError } from './errors.js';

/** @typedef {{ max_bytes: number, max_pixels: number }} Limits */

/**
 * @param {number} bytes Size of the encoded image.
 * @param {Limits} limits
 * @throws {ImageTooLargeError}
 */
export function checkBytes(bytes, { max_bytes }) {
    if (bytes > max_bytes) throw tooLarge(bytes, max_bytes, 'megabytes', 1024 * 1024);
}

/**
 * @param {{ width: number, height: number }} size
 * @param {Limits} limits
 * @throws {ImageTooLargeError}
 */
export function checkPixels({ width, height }, { max_pixels }) {
    if (width * height > max_pixels) throw tooLarge(width * height, max_pixels, 'megapixels', 1_000_000);
}

/**
 * @param {number} found
 * @param {number} limit
 * @param {string} unit
 * @param {number} size
 */
function tooLarge(found, limit, unit, size) {
    // Rounded up, so that a size over the limit never prints as the limit itself.
    const amount = Math.ceil((found / size) * 10) / 10;
    return new ImageTooLargeError(
        `the image has ${amount} ${unit}, more than the ${limit / size} allowed; make it smaller`,
    );
}
