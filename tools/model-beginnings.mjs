// The beginnings of a model file with which captions can be classified while the rest is still being downloaded. What
// captions need comes first in the file, and the table of words last of that, frequent words first
// (src/engine/bundle/mod.rs has the layout).
import { createHash } from 'node:crypto';

const MARK = 'EMOFUSE\0';
const DOCUMENT_LENGTH_OFFSET = 12;
const FILE_LENGTH_OFFSET = 16;
const HEADER_BYTES = 24;
/** Document and tensors each end at a multiple of this. */
const ALIGNMENT = 8;

/** The table of words. */
const WORDS = 'words';
/** What else captions need comes before it. */
const OF_CAPTIONS = /^(caption|caption_labels|caption_emotion|standalone_caption|standalone_n_grams)(\.|$)/;

/**
 * How many rows of the table of words each beginning has; the last one has all. With 8,000, less than a third of a first
 * load is there: they are 90 % of the words in the captions that the model was trained on, and 37 % of these captions
 * have no others. With 12,000 these are 93 and 49 %, with 16,000 95 and 58 %, with 20,000 96 and 65 %.
 */
const ROWS = [8_000, 12_000, 16_000, 20_000, Infinity];

/**
 * Bytes before the numbers of a tensor, and bytes of a number, by encoding.
 *
 * @type {Record<string, { scales: (shape: number[]) => number, width: number }>}
 */
const ENCODINGS = {
    f32: { scales: () => 0, width: 4 },
    f16: { scales: () => 0, width: 2 },
    int8: { scales: ([first = 1]) => 4 * first, width: 1 },
    int8_last_axis: { scales: (shape) => 4 * (shape.at(-1) ?? 1), width: 1 },
};

const aligned = (/** @type {number} */ offset) => ALIGNMENT * Math.ceil(offset / ALIGNMENT);

/**
 * @typedef {{ name: string, shape: number[], numbers: number, end: number, width: number }} Place Where the numbers of a
 *     tensor begin and end, and how many bytes each has.
 */

/**
 * Where the tensors of a model file are, in the file's order.
 *
 * @param {Buffer} file
 * @returns {Place[]}
 */
export function tensorPlaces(file) {
    if (file.length < HEADER_BYTES || file.toString('latin1', 0, MARK.length) !== MARK)
        throw new Error('this is not an emofuse model file');
    const length = Number(file.readBigUInt64LE(FILE_LENGTH_OFFSET));
    if (length !== file.length)
        throw new Error(`the model file has ${file.length} bytes, and its header says ${length}`);
    const documentEnd = HEADER_BYTES + file.readUInt32LE(DOCUMENT_LENGTH_OFFSET);
    const { tensors } = /** @type {{ tensors: { name: string, shape: number[], encoding: string }[] }} */ (
        JSON.parse(file.toString('utf8', HEADER_BYTES, documentEnd))
    );
    let offset = aligned(documentEnd);
    return tensors.map(({ name, shape, encoding }) => {
        const known = ENCODINGS[encoding];
        if (!known) throw new Error(`the tensor ${name} has the unknown encoding ${encoding}`);
        const numbers = offset + known.scales(shape);
        const end = numbers + known.width * shape.reduce((product, size) => product * size, 1);
        offset = aligned(end);
        return { name, shape, numbers, end, width: known.width };
    });
}

/**
 * The beginnings of a model file with which captions can be classified, the shortest first.
 *
 * @param {Buffer} file
 * @param {number[]} [rows] Of the table of words.
 * @returns {{ bytes: number, sha256: string }[]} None if the file has its tensors in another order.
 */
export function beginningsOf(file, rows = ROWS) {
    const places = tensorPlaces(file);
    const position = places.findIndex(({ name }) => name === WORDS);
    const words = places[position];
    const isInOrder = places.every(({ name }, index) => OF_CAPTIONS.test(name) === index < position);
    if (!words || !isInOrder) return [];
    const [all = 0, columns = 0] = words.shape;
    const ends = rows.map((count) => words.numbers + words.width * columns * Math.min(count, all));
    return [...new Set(ends)].map((bytes) => ({
        bytes,
        sha256: createHash('sha256').update(file.subarray(0, bytes)).digest('hex'),
    }));
}
