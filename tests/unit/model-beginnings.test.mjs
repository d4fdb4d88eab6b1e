// The beginnings of a model file with which captions are classified while the rest is downloaded.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { beginningsOf, tensorPlaces } from '../../tools/model-beginnings.mjs';
import manifest from '../../pkg/src/manifest.js';

/** @typedef {{ name: string, shape: number[], encoding: string }} Tensor */

const CAPTION = { name: 'caption.bias', shape: [3], encoding: 'f32' };
const N_GRAMS = { name: 'standalone_n_grams', shape: [5, 3], encoding: 'int8' };
const WORDS = { name: 'words', shape: [7, 4], encoding: 'int8' };
const IMAGE = { name: 'image.stem.weight', shape: [2, 9], encoding: 'int8_last_axis' };
const FUSION = { name: 'fusion.linear', shape: [3, 2], encoding: 'f16' };

const sha256 = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');

/** How many bytes each has. @type {Map<Tensor, number>} */
const SIZES = new Map([
    [CAPTION, 12],
    [N_GRAMS, 5 * 4 + 15],
    [WORDS, 7 * 4 + 28],
    [IMAGE, 9 * 4 + 18],
    [FUSION, 12],
]);

/**
 * A model file whose tensors are all zeros.
 *
 * @param {Tensor[]} tensors
 */
function modelFile(tensors) {
    const document = Buffer.from(JSON.stringify({ manifest: { id: 'ä' }, tensors }));
    const padded = (/** @type {Buffer} */ bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 7)]);
    const header = Buffer.alloc(24);
    header.write('EMOFUSE\0', 'latin1');
    header.writeUInt32LE(1, 8);
    header.writeUInt32LE(document.length, 12);
    const file = Buffer.concat([
        padded(Buffer.concat([header, document])),
        ...tensors.map((tensor) => padded(Buffer.alloc(SIZES.get(tensor) ?? 0))),
        Buffer.alloc(32),
    ]);
    file.writeBigUInt64LE(BigInt(file.length), 16);
    return file;
}

const ordered = modelFile([CAPTION, N_GRAMS, WORDS, IMAGE, FUSION]);
const placeOf = (/** @type {Buffer} */ file, /** @type {string} */ name) =>
    tensorPlaces(file).find((place) => place.name === name) ?? assert.fail(name);

test('the tensors account for all bytes of a file but padding and digest', () => {
    const places = tensorPlaces(ordered);
    assert.deepEqual(
        places.map(({ name }) => name),
        ['caption.bias', 'standalone_n_grams', 'words', 'image.stem.weight', 'fusion.linear'],
    );
    const last = places.at(-1)?.end ?? 0;
    assert.equal(last + (-last & 7) + 32, ordered.length);
    const words = placeOf(ordered, 'words');
    assert.deepEqual([words.width, words.end - words.numbers], [1, 28], 'its scales come before its numbers');
    assert.equal(words.numbers - placeOf(ordered, 'standalone_n_grams').end, 5 + 7 * 4, 'after padding and scales');
});

test('the beginnings end with the frequent words and with all words', () => {
    const { numbers, end } = placeOf(ordered, 'words');
    assert.deepEqual(
        beginningsOf(ordered, [3, Infinity]),
        [numbers + 3 * 4, end].map((bytes) => ({ bytes, sha256: sha256(ordered.subarray(0, bytes)) })),
    );
});

test('there is one beginning if all words are frequent', () => {
    const { end } = placeOf(ordered, 'words');
    assert.deepEqual(
        beginningsOf(ordered, [100, Infinity]).map(({ bytes }) => bytes),
        [end],
    );
});

test('a file with its tensors in another order has no beginnings', () => {
    for (const tensors of [
        [CAPTION, IMAGE, N_GRAMS, WORDS],
        [CAPTION, WORDS, N_GRAMS],
        [CAPTION, N_GRAMS, FUSION],
    ]) {
        const file = modelFile(tensors);
        assert.deepEqual(beginningsOf(file, [3]), []);
    }
});

test('what is not a model file, or not all of it, is refused', () => {
    assert.throws(() => tensorPlaces(Buffer.from('{}')), /not an emofuse model file/);
    assert.throws(() => tensorPlaces(Buffer.from(`MOFUSE\0${'-'.repeat(40)}`)), /not an emofuse model file/);
    assert.throws(() => tensorPlaces(ordered.subarray(0, -8)), /its header says/);
    assert.throws(() => tensorPlaces(modelFile([{ ...CAPTION, encoding: 'f8' }])), /unknown encoding f8/);
});

test('the manifest names the beginnings of the default model, and none of the large one', async () => {
    const file = await readFile(new URL(`../../pkg/${manifest.model.file}`, import.meta.url));
    const { beginnings } = manifest.model;
    assert.equal(beginnings.length, 5);
    assert.deepEqual(beginnings, beginningsOf(file));
    assert.ok(!('beginnings' in manifest.large));
});
