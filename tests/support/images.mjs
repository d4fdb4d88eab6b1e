// Images for the tests, made here.
import { deflateSync } from 'node:zlib';

/** What each byte adds to a CRC-32. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    return sum;
});

/** @param {Buffer} bytes */
function crc32(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = (sum >>> 8) ^ /** @type {number} */ (CRC_TABLE[(sum ^ byte) & 255]);
    return ~sum >>> 0;
}

/**
 * @param {string} kind
 * @param {Buffer} body
 */
function chunk(kind, body) {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
}

/**
 * A PNG.
 *
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => [number, number, number, number]} pixel RGBA.
 * @param {number} level How hard it is compressed, from 0 to 9.
 */
export function png(width, height, pixel, level = 1) {
    const rows = Buffer.alloc(height * (1 + width * 4));
    for (let y = 0, offset = 0; y < height; y++) {
        offset += 1; // no filter
        for (let x = 0; x < width; x++, offset += 4) rows.set(pixel(x, y), offset);
    }
    return pngOf(width, height, deflateSync(rows, { level }));
}

/**
 * A PNG whose header says one thing, whatever its data are.
 *
 * @param {number} width
 * @param {number} height
 * @param {Buffer} [data]
 */
export function pngOf(width, height, data = deflateSync(Buffer.alloc(1))) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([8, 6, 0, 0, 0], 8);
    const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** A small image: a sun over a meadow. */
export const MEADOW = png(160, 120, (x, y) => {
    if ((x - 120) ** 2 + (y - 30) ** 2 < 300) return [255, 220, 60, 255];
    return y > 70 ? [60, 160 - (y >> 1), 50, 255] : [110 + y, 170, 240, 255];
});

/** Not an image, whatever its name says. */
export const NOT_AN_IMAGE = Buffer.from('this is not an image');

/**
 * A JPEG with an EXIF orientation put in.
 *
 * @param {Buffer} jpeg
 * @param {number} orientation
 */
export function withOrientation(jpeg, orientation) {
    const tiff = Buffer.from('4d4d002a000000080001011200030000000100000000' + '00000000', 'hex');
    tiff.writeUInt16BE(orientation, 18);
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
