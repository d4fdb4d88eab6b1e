// Converts an image from the caller into something that can be sent to the worker, without modifying it.

import { unlessAborted } from './abortable.js';
import { UnsupportedImageError } from './errors.js';

/** How long an image element may take to load. */
const LOADS_WITHIN_ms = 30_000;

/**
 * @param {unknown} value
 * @param {string} name A class that some browsers or workers lack.
 */
function isA(value, name) {
    const Class = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis))[name];
    return typeof Class === 'function' && value instanceof Class;
}

/**
 * @param {unknown} image
 * @param {(AbortSignal | null)[]} signals Each ends the wait for an element that is still loading.
 * @returns {Promise<import('./transport/protocol.js').ImageSource>}
 */
export async function toImageSource(image, ...signals) {
    const source = readImage(image);
    try {
        return await signals.reduce(unlessAborted, source);
    } catch (error) {
        source.then(release, () => {}); // it may still come
        throw error;
    }
}

/**
 * @param {unknown} image
 * @returns {Promise<import('./transport/protocol.js').ImageSource>}
 */
async function readImage(image) {
    if (image instanceof Blob) return { kind: 'file', file: image };
    if (image instanceof ArrayBuffer) return { kind: 'file', file: new Blob([image]) };
    if (image instanceof Uint8Array) return { kind: 'file', file: new Blob([new Uint8Array(image)]) };
    if (isA(image, 'ImageData')) {
        const { data, width, height, colorSpace } = /** @type {ImageData} */ (image);
        if (colorSpace === 'srgb' && data instanceof Uint8ClampedArray)
            return { kind: 'pixels', data: data.slice(), width, height };
        return snapshot(/** @type {ImageData} */ (image));
    }
    if (isA(image, 'HTMLImageElement')) {
        const element = /** @type {HTMLImageElement} */ (image);
        await decoded(element);
        return snapshot(element);
    }
    if (['ImageBitmap', 'HTMLCanvasElement', 'OffscreenCanvas', 'VideoFrame'].some((name) => isA(image, name))) {
        return snapshot(/** @type {ImageBitmapSource} */ (image));
    }
    throw new TypeError(
        'image must be a Blob, an ArrayBuffer or a Uint8Array of an encoded image, an ImageBitmap, ImageData, ' +
            'an HTMLImageElement, an HTMLCanvasElement, an OffscreenCanvas, or a VideoFrame',
    );
}

/** @param {HTMLImageElement} element May still be loading. */
async function decoded(element) {
    const { loading } = element;
    element.loading = 'eager'; // a lazy element out of sight would never load
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const tooLate = new Promise((_, reject) => {
        timer = setTimeout(() => {
            const seconds = LOADS_WITHIN_ms / 1000;
            reject(
                new UnsupportedImageError(
                    `the image element has not loaded within ${seconds} seconds; check its address, or wait for its load event`,
                ),
            );
        }, LOADS_WITHIN_ms);
    });
    try {
        await Promise.race([element.decode(), tooLate]);
    } catch (error) {
        if (error instanceof UnsupportedImageError) throw error;
        throw new UnsupportedImageError('the image element holds no image that can be decoded', { cause: error });
    } finally {
        clearTimeout(timer);
        element.loading = loading;
    }
}

/**
 * @param {ImageBitmapSource} image
 * @returns {Promise<import('./transport/protocol.js').BitmapSource>}
 */
async function snapshot(image) {
    try {
        return { kind: 'bitmap', bitmap: await createImageBitmap(image) };
    } catch (error) {
        throw new UnsupportedImageError('the image cannot be read: it is empty, closed, or has no size', {
            cause: error,
        });
    }
}

/**
 * Frees an image after it was sent, or if it will not be sent.
 *
 * @param {import('./transport/protocol.js').ImageSource | null} source
 */
export function release(source) {
    if (source?.kind === 'bitmap') source.bitmap.close();
}
