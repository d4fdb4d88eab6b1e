// The size of an image from the beginning of its file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ImageTooLargeError } from '../../pkg/src/errors.js';
import { checkPixels } from '../../pkg/src/limits.js';
import { dimensions } from '../../pkg/src/worker/decode/dimensions.js';
import { MEADOW, NOT_AN_IMAGE, pngOf } from '../support/images.mjs';

/** @param {(number | string)[]} parts Bytes, or text. */
const bytes = (...parts) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [part])));

test('a PNG says its size', () => {
    assert.deepEqual(dimensions(MEADOW), { width: 160, height: 120 });
    assert.deepEqual(dimensions(pngOf(70_000, 80_000)), { width: 70_000, height: 80_000 });
});

test('a GIF says its size', () => {
    assert.deepEqual(dimensions(bytes('GIF89a', 0x40, 0x01, 0xf0, 0x00)), { width: 320, height: 240 });
});

test('a BMP says its size, with the rows in either order', () => {
    const head = (/** @type {number[]} */ ...height) =>
        bytes('BM', ...Array(12).fill(0), 40, 0, 0, 0, 0x40, 0x01, 0, 0, ...height);
    assert.deepEqual(dimensions(head(0xf0, 0, 0, 0)), { width: 320, height: 240 });
    assert.deepEqual(dimensions(head(0x10, 0xff, 0xff, 0xff)), { width: 320, height: 240 });
});

test('each kind of WebP says its size', () => {
    const riff = ['RIFF', 0, 0, 0, 0, 'WEBP'];
    const lossy = bytes(...riff, 'VP8 ', 0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00);
    assert.deepEqual(dimensions(lossy), { width: 320, height: 240 });
    const packed = (320 - 1) | ((240 - 1) << 14);
    const lossless = bytes(
        ...riff,
        'VP8L',
        0,
        0,
        0,
        0,
        0x2f,
        packed & 255,
        (packed >> 8) & 255,
        (packed >> 16) & 255,
        (packed >> 24) & 255,
    );
    assert.deepEqual(dimensions(lossless), { width: 320, height: 240 });
    const extended = bytes(...riff, 'VP8X', 10, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0x01, 0x00, 0xef, 0x00, 0x00);
    assert.deepEqual(dimensions(extended), { width: 320, height: 240 });
});

test('a JPEG says its size behind other segments and fill bytes', () => {
    const jpeg = bytes(
        0xff,
        0xd8,
        0xff,
        0xe1,
        0,
        4,
        9,
        9,
        0xff,
        0xff,
        0xc4,
        0,
        3,
        0,
        0xff,
        0xc2,
        0,
        17,
        8,
        0x00,
        0xf0,
        0x01,
        0x40,
    );
    assert.deepEqual(dimensions(jpeg), { width: 320, height: 240 });
});

test('a truncated file, or one that is no image, has no size', () => {
    assert.equal(dimensions(NOT_AN_IMAGE), null);
    assert.equal(dimensions(new Uint8Array()), null);
    assert.equal(dimensions(bytes(0xff, 0xd8, 0xff, 0xda, 0, 2)), null);
    for (let length = 0; length < 24; length++) assert.equal(dimensions(MEADOW.subarray(0, length)), null);
});

test('files are refused by their header where the decoder for hosts without a browser refuses them', async () => {
    const limits = { max_bytes: 64 * 1024 * 1024, max_pixels: 100_000_000 };
    /** @type {{ name: string, file: string, too_large: boolean }[]} */
    const cases = JSON.parse(await readFile(new URL('../golden/limits.json', import.meta.url), 'utf8'));
    assert.ok(cases.length > 20);
    for (const { name, file, too_large } of cases) {
        const size = dimensions(new Uint8Array(Buffer.from(file, 'hex')));
        assert.ok(size, name);
        if (too_large) assert.throws(() => checkPixels(size, limits), ImageTooLargeError, name);
        else checkPixels(size, limits);
    }
});
