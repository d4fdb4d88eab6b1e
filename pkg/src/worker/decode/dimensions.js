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
        if (begins(header, 'GIF8')) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
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
        if (view.getUint8(offset) !== 0xff) return null;
        const marker = view.getUint8(offset + 1);
        if (marker === 0xff) {
            offset += 1; // a fill byte
        } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
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
