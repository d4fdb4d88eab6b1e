// Hashes of images that look alike, and the groups that they form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    HEIGHT,
    MOST_BITS,
    WIDTH,
    differenceHash,
    distance,
    groupsOf,
} from '../../www/desk/similar/difference-hash.js';

/** @typedef {import('../../www/desk/similar/difference-hash.js').Hash} Hash */

/** @param {(column: number, row: number) => number} grey */
function image(grey) {
    const pixels = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
    for (let row = 0; row < HEIGHT; row++)
        for (let column = 0; column < WIDTH; column++)
            pixels.set([grey(column, row), grey(column, row), grey(column, row), 255], 4 * (row * WIDTH + column));
    return pixels;
}

const scene = (/** @type {number} */ column, /** @type {number} */ row) =>
    128 + 90 * Math.sin(1.7 * column + row * row) * Math.cos(0.9 * row);

test('a brighter, a darker and a flatter version of an image have its hash', () => {
    const hash = /** @type {Hash} */ (differenceHash(image(scene)));
    for (const [factor, offset] of /** @type {const} */ ([
        [1, 25],
        [1, -25],
        [0.6, 30],
    ])) {
        const other = differenceHash(image((column, row) => factor * scene(column, row) + offset));
        assert.ok(other && distance(hash, other) <= 2, `${factor} ${offset}`);
    }
});

test('another image differs in many bits, and the opposite one in all that have structure', () => {
    const hash = /** @type {Hash} */ (differenceHash(image(scene)));
    const other = differenceHash(image((column, row) => 128 + 90 * Math.cos(2.3 * row + column * column)));
    assert.ok(other && distance(hash, other) > 2 * MOST_BITS);
    const opposite = differenceHash(image((column, row) => 255 - scene(column, row)));
    assert.ok(opposite && distance(hash, opposite) > 60);
});

test('an even surface has no hash', () => {
    assert.equal(differenceHash(image(() => 90)), null);
    assert.equal(differenceHash(image((column) => 90 + (column % 2))), null, 'noise is no structure');
});

test('the distance counts the bits that differ', () => {
    assert.equal(distance([0, 0], [0xffffffff, 0xffffffff]), 64);
    assert.equal(distance([0b1011, 0x80000000], [0b0001, 0]), 3);
    assert.equal(distance([5, 9], [5, 9]), 0);
});

test('groups hold what resembles their first image, so no chain joins what is different', () => {
    const bits = (/** @type {number} */ count) => /** @type {Hash} */ ([2 ** count - 1, 0]);
    assert.deepEqual(groupsOf([bits(0), bits(MOST_BITS), bits(2 * MOST_BITS), null, bits(1), null]), [[0, 1, 4]]);
    assert.deepEqual(groupsOf([bits(20), bits(0), bits(21), bits(2)]), [
        [0, 2],
        [1, 3],
    ]);
    assert.deepEqual(groupsOf([]), []);
});
