// Writes the pixels that Chromium has for the images in images/, as the package reads them: `node tests/golden/decode/make.mjs [CHROMIUM]`.
//
// An image that Chromium refuses has no file in expected/.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { png } from '../../support/images.mjs';
import { chromiumOptions } from '../../support/chromium.mjs';
import { serve } from '../../serve.mjs';

const images = new URL('images/', import.meta.url);
const expected = new URL('expected/', import.meta.url);

/** Decodes in the page, by the module of the package. */
async function decode(/** @type {string} */ base64) {
    const file = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    const limits = { max_bytes: 1e9, max_pixels: 1e9 };
    const [{ checkPicture }, { openFile }] = await Promise.all(
        ['/pkg/src/worker/decode/index.js', '/pkg/src/worker/decode/bitmap.js'].map((path) => import(path)),
    );
    try {
        const transparency = await checkPicture({ kind: 'file', file }, limits);
        const { data, width, height } = await (await openFile(file, transparency, limits)).read();
        return { data: [.../** @type {Uint8ClampedArray} */ (data)], width, height };
    } catch (error) {
        if (/** @type {Error} */ (error).name === 'UnsupportedImageError') return null;
        throw error;
    }
}

const server = await serve(0);
const browser = await chromium.launch(chromiumOptions('cpu'));
try {
    const page = await browser.newPage();
    await page.goto(server.address);
    await rm(expected, { recursive: true, force: true });
    await mkdir(expected);
    for (const name of (await readdir(images)).sort()) {
        const content = await readFile(new URL(name, images));
        const decoded = await page.evaluate(decode, content.toString('base64'));
        if (!decoded) {
            console.log(`${name}: refused`);
            continue;
        }
        const { data, width, height } = decoded;
        const pixel = (/** @type {number} */ x, /** @type {number} */ y) =>
            /** @type {[number, number, number, number]} */ (data.slice((y * width + x) * 4, (y * width + x) * 4 + 4));
        await writeFile(new URL(`${name}.png`, expected), png(width, height, pixel, 9));
    }
} finally {
    await browser.close();
    await server.close();
}
