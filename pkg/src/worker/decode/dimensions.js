// Reads the dimensions of an image from the beginning of its file, so that a huge image is rejected before it is
// decoded.

/** How much of a file is read: a JPEG's size may come after several segments of 64 KiB, a profile and a thumbnail. */
export const HEADER_BYTES = 256 * 1024;

/** @typedef {{ width: number, height: number }} Dimensions */

/**
 * @param {Uint8Array} header The first bytes of a file.
 * @returns {Dimensions | null} Null if the format is none of PNG, JPEG, GIF, WebP and BMP, or if the header is
 *     truncated.
 */
export function dimensions(header) {
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    try {
        if (begins(header, 'GIF8')) return gif(view);
        if (begins(header, '\x89PNG\r\n\x1a\n')) return { width: view.getUint32(16), height: view.getUint32(20) };
        if (begins(header, 'BM')) return bmp(view);
        if (begins(header, 'RIFF') && begins(header, 'WEBP', 8)) return webp(header, view);
        if (begins(header, '\xff\xd8')) return jpeg(view);
    } catch (error) {
        if (!(error instanceof RangeError)) throw error; // DataView throws a RangeError for a truncated header
    }
    return null;
}

/**
 * @param {Uint8Array} bytes
 * @param {string} text
 */
function begins(bytes, text, offset = 0) {
    for (let index = 0; index < text.length; index++) {
        if (bytes[offset + index] !== text.charCodeAt(index)) return false;
    }
    return true;
}

/**
 * The canvas, which is made large enough for the first frame.
 *
 * @param {DataView} view
 * @returns {Dimensions}
 */
function gif(view) {
    const canvas = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    try {
        const flags = view.getUint8(10);
        let offset = 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
        while (view.getUint8(offset) === 0x21) {
            offset += 2; // an extension, in blocks up to an empty one
            while (view.getUint8(offset) > 0) offset += 1 + view.getUint8(offset);
            offset += 1;
        }
        if (view.getUint8(offset) !== 0x2c) return canvas;
        return {
            width: Math.max(canvas.width, view.getUint16(offset + 1, true) + view.getUint16(offset + 5, true)),
            height: Math.max(canvas.height, view.getUint16(offset + 3, true) + view.getUint16(offset + 7, true)),
        };
    } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return canvas;
    }
}

/**
 * @param {DataView} view
 * @returns {Dimensions}
 */
function bmp(view) {
    if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
    // A negative height means that the rows go from top to bottom.
    return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/**
 * @param {Uint8Array} header
 * @param {DataView} view
 * @returns {Dimensions | null}
 */
function webp(header, view) {
    if (begins(header, 'VP8 ', 12))
        return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    if (begins(header, 'VP8L', 12)) {
        const bits = view.getUint32(21, true); // two numbers of 14 bits, each minus one
        return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    if (begins(header, 'VP8X', 12)) {
        /** @param {number} offset */
        const uint24 = (offset) => view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
        return { width: uint24(24) + 1, height: uint24(27) + 1 };
    }
    return null;
}

/**
 * @param {DataView} view
 * @returns {Dimensions | null}
 */
function jpeg(view) {
    let offset = 2;
    for (;;) {
        if (view.getUint8(offset) !== 0xff) {
            offset += 1; // decoders pass over what stands between two segments
            continue;
        }
        const marker = view.getUint8(offset + 1);
        if (marker === 0xff) {
            offset += 1; // a fill byte
        } else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
            offset += 2; // a marker without a segment
        } else if (marker === 0xd9 || marker === 0xda) {
            return null; // the image's data before any frame header
        } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
            return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
        } else {
            offset += 2 + view.getUint16(offset + 2);
        }
    }
}
