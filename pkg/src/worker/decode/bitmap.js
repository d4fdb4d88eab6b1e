// Decodes an image with the browser's own decoders.

import { UnsupportedImageError } from '../../errors.js';
import { checkPixels } from '../../limits.js';

/** @typedef {import('../../limits.js').Limits} Limits */
/** @typedef {{ data: Uint8ClampedArray, width: number, height: number }} Pixels RGBA, row by row, not premultiplied. */

/** Some browsers reject a canvas of more than 16 megapixels: larger images are read in strips. */
const STRIP_PIXELS = 16 * 1024 * 1024;

/** A canvas up to this size (16 MB) is reused for the next image; larger ones are freed. */
const MAX_CACHED_PIXELS = 4 * 1024 * 1024;

/**
 * Colours of an image with a profile are converted to sRGB; an image without one stays bit-identical.
 *
 * @type {ImageBitmapOptions}
 */
const DECODING = { imageOrientation: 'from-image', colorSpaceConversion: 'default' };

/**
 * Multiplying by an alpha of 1 changes nothing, and browsers decode a third faster for it.
 *
 * @type {Record<import('./index.js').Transparency, ImageBitmapOptions>}
 */
const ALPHA = { opaque: { premultiplyAlpha: 'premultiply' }, unknown: { premultiplyAlpha: 'none' } };

/**
 * @param {Blob} file
 * @param {import('./index.js').Transparency} transparency
 * @param {Limits} limits
 * @returns {Promise<import('./index.js').OpenImage>}
 */
export async function openFile(file, transparency, limits) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, { ...DECODING, ...ALPHA[transparency] });
    } catch (error) {
        throw new UnsupportedImageError(
            `the image cannot be read: ${await reasonFor(file)}; use a JPEG, PNG, WebP, GIF or BMP file`,
            { cause: error },
        );
    }
    try {
        checkPixels(bitmap, limits); // not all formats have their size in the header
    } catch (error) {
        bitmap.close();
        throw error;
    }
    return openBitmap(bitmap);
}

/** How many bytes identify a file's format. */
const START_BYTES = 256;

/** Formats that not every browser decodes, by the first bytes. @type {[RegExp, string][]} */
const NAMED = [
    [/^.{4}ftyp(?:avi[fs]|m(?:if|sf)1.{4}(?:.{4})*?avi[fs])/s, 'an AVIF image'],
    [/^.{4}ftyp(?:hei[cxms]|hev[cx]|m(?:if|sf)1)/s, 'a HEIC image'],
    [/^(?:.{4}(?:ftyp|moov|mdat|wide)|.E\xdf\xa3|RIFF.{4}AVI )/s, 'a video'],
    [/^(?:\xff\n|.{4}JXL )/s, 'a JPEG XL image'],
    [/^(?:II[*+]\0|MM\0[*+])/, 'a TIFF image'],
    [/^%PDF-/, 'a PDF document'],
    [/<svg[\s>]/, 'an SVG image'],
];

/**
 * Returns the reason why a file cannot be decoded.
 *
 * @param {Blob} file
 */
async function reasonFor(file) {
    if (file.size === 0) return 'the file is empty';
    const bytes = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
    const start = String.fromCharCode(...bytes);
    const named = NAMED.find(([mark]) => mark.test(start));
    if (named) return `this is ${named[1]}, which this browser cannot decode`;
    return 'it is not an image that this browser knows, or it is damaged';
}

/**
 * @param {ImageBitmap} bitmap Closed afterwards.
 * @returns {import('./index.js').OpenImage}
 */
export function openBitmap(bitmap) {
    const close = () => bitmap.close();
    const read = () => {
        try {
            return readPixels(bitmap);
        } finally {
            close();
        }
    };
    return { read, close };
}

/**
 * @param {ImageBitmap} bitmap
 * @returns {Pixels}
 */
function readPixels(bitmap) {
    const { width, height } = bitmap;
    const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
    const context = contextOf(width, rows);
    /** @param {number} top */
    const read = (top) => {
        const taken = Math.min(rows, height - top);
        context.clearRect(0, 0, width, taken);
        context.drawImage(bitmap, 0, -top);
        return context.getImageData(0, 0, width, taken).data;
    };
    try {
        if (rows === height) return { data: read(0), width, height };
        const data = new Uint8ClampedArray(width * height * 4);
        for (let top = 0; top < height; top += rows) data.set(read(top), top * width * 4);
        return { data, width, height };
    } finally {
        // Freed explicitly, because garbage collection may take long.
        if (context !== cached) context.canvas.width = context.canvas.height = 0;
    }
}

/** @type {OffscreenCanvasRenderingContext2D | null} */
let cached = null;

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvasRenderingContext2D} The context of a canvas of at least this size.
 */
function contextOf(width, height) {
    if (cached && cached.canvas.width >= width && cached.canvas.height >= height) return cached;
    const most = {
        width: Math.max(width, cached?.canvas.width ?? 0),
        height: Math.max(height, cached?.canvas.height ?? 0),
    };
    const isCached = most.width * most.height <= MAX_CACHED_PIXELS;
    const canvas = isCached ? new OffscreenCanvas(most.width, most.height) : new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context)
        throw new UnsupportedImageError('the image cannot be read: the browser has no canvas for it; make it smaller');
    if (isCached) cached = context;
    return context;
}
