// Reads and writes model files: the layout of src/engine/bundle/mod.rs. A tensor's numbers are bytes here.

import { errors } from './texts.js';
import { rankOf } from './tensor-names.js';

const MAGIC = 'EMOFUSE\0';
const VERSION = 3;
const HEADER_BYTES = 24;
const DIGEST_BYTES = 32;
const ALIGNMENT = 8;

/**
 * @typedef {object} Tensor
 * @property {string} name
 * @property {number[]} shape
 * @property {'f32' | 'f16' | 'int8' | 'int8_last_axis'} encoding
 * @property {Uint8Array} bytes
 */

/**
 * @typedef {object} ModelFile
 * @property {any} manifest
 * @property {Tensor[]} tensors In the order of the file.
 * @property {string} sha256 Of the file, in hexadecimal.
 */

/**
 * Reads a file and checks its digest.
 *
 * @param {Uint8Array<ArrayBuffer>} file
 * @returns {Promise<ModelFile>} The tensors' bytes are views of the file. Rejects if it is no model file, of another
 *     version, or damaged.
 */
export async function readModelFile(file) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const text = (/** @type {number} */ start, /** @type {number} */ end) =>
        new TextDecoder().decode(file.subarray(start, end));
    if (file.length < HEADER_BYTES + DIGEST_BYTES || text(0, MAGIC.length) !== MAGIC) throw new Error(errors.noModel);
    const version = view.getUint32(8, true);
    if (version !== VERSION) throw new Error(errors.version(version, VERSION));
    const documentBytes = view.getUint32(12, true);
    const body = file.subarray(0, -DIGEST_BYTES);
    if (
        Number(view.getBigUint64(16, true)) !== file.length ||
        (await sha256(body)) !== hex(file.subarray(-DIGEST_BYTES))
    )
        throw new Error(errors.damaged);
    const { manifest, tensors: table } = JSON.parse(text(HEADER_BYTES, HEADER_BYTES + documentBytes));
    let place = aligned(HEADER_BYTES + documentBytes);
    /** @type {Tensor[]} */
    const tensors = [];
    for (const { name, shape, encoding } of /** @type {Tensor[]} */ (table)) {
        const length = bytesOf(shape, encoding);
        tensors.push({ name, shape, encoding, bytes: body.subarray(place, place + length) });
        place = aligned(place + length);
    }
    return { manifest, tensors, sha256: await sha256(file) };
}

/**
 * @param {any} manifest
 * @param {readonly Tensor[]} given In any order.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function writeModelFile(manifest, given) {
    const tensors = given.slice().sort((a, b) => rankOf(a.name) - rankOf(b.name) || (a.name < b.name ? -1 : 1));
    const table = tensors.map(({ name, shape, encoding }) => ({ name, shape, encoding }));
    const document = new TextEncoder().encode(JSON.stringify({ manifest, tensors: table }));
    const start = aligned(HEADER_BYTES + document.length);
    const length = tensors.reduce((place, { bytes }) => aligned(place + bytes.length), start) + DIGEST_BYTES;
    const file = new Uint8Array(length);
    const view = new DataView(file.buffer);
    file.set(new TextEncoder().encode(MAGIC));
    view.setUint32(8, VERSION, true);
    view.setUint32(12, document.length, true);
    view.setBigUint64(16, BigInt(length), true);
    file.set(document, HEADER_BYTES);
    let place = start;
    for (const { bytes } of tensors) {
        file.set(bytes, place);
        place = aligned(place + bytes.length);
    }
    const digest = await crypto.subtle.digest('SHA-256', file.subarray(0, -DIGEST_BYTES));
    file.set(new Uint8Array(digest), length - DIGEST_BYTES);
    return file;
}

/**
 * How many bytes a tensor takes.
 *
 * @param {readonly number[]} shape
 * @param {Tensor['encoding']} encoding
 */
function bytesOf(shape, encoding) {
    const numbers = shape.reduce((product, size) => product * size, 1);
    switch (encoding) {
        case 'f32':
            return 4 * numbers;
        case 'f16':
            return 2 * numbers;
        case 'int8':
            return 4 * (shape[0] ?? 1) + numbers;
        case 'int8_last_axis':
            return 4 * (shape.at(-1) ?? 1) + numbers;
        default:
            throw new Error(errors.damaged);
    }
}

/** @param {number} place */
const aligned = (place) => Math.ceil(place / ALIGNMENT) * ALIGNMENT;

/** @param {Uint8Array<ArrayBuffer>} bytes */
export const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
