// Draws the extension's icons from www/icon.svg, with Chromium; they are committed.
//
//     node tools/extension-icons.mjs
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../tests/support/chromium.mjs';

const www = new URL('../www/', import.meta.url);
const SIZES = [16, 32, 48, 128];

const svg = await readFile(new URL('icon.svg', www), 'utf8');
const folder = new URL('extension/icons/', www);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(chromiumOptions('cpu'));
const page = await browser.newPage();
for (const size of SIZES) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
        `<style>* { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`,
    );
    const file = new URL(`${size}.png`, folder);
    await writeFile(file, await page.screenshot({ omitBackground: true }));
    console.log(fileURLToPath(file));
}
await browser.close();
