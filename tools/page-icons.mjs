// Draws the icons of the page as an installed app from www/icon.svg, with Chromium; they are committed.
//
//     node tools/page-icons.mjs
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import UPNG from 'upng-js';
import { chromiumOptions } from '../tests/support/chromium.mjs';

const www = new URL('../www/', import.meta.url);

/** The page's --ground. */
const GROUND = '#f4f2ee';

/** A maskable icon may be cut to a circle of four fifths of its width, so the drawing stays well within. */
const ICONS = [
    { name: '192', size: 192, drawn: 1, ground: 'none' },
    { name: '512', size: 512, drawn: 1, ground: 'none' },
    { name: 'maskable-512', size: 512, drawn: 0.66, ground: GROUND },
];

/** The most colours that a PNG file's palette has. */
const PALETTE = 256;

const svg = await readFile(new URL('icon.svg', www), 'utf8');
const folder = new URL('icons/', www);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(chromiumOptions('cpu'));
const page = await browser.newPage();
for (const { name, size, drawn, ground } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    const margin = (size * (1 - drawn)) / 2;
    await page.setContent(
        `<style>* { margin: 0 } body { background: ${ground} } svg { display: block; width: ${size * drawn}px; margin: ${margin}px }</style>${svg}`,
    );
    const file = new URL(`${name}.png`, folder);
    const drawing = UPNG.decode(Uint8Array.from(await page.screenshot({ omitBackground: true })).buffer);
    // A palette halves the file, and the drawing has few colours.
    const icon = UPNG.encode(UPNG.toRGBA8(drawing), size, size, PALETTE);
    await writeFile(file, Buffer.from(icon));
    console.log(fileURLToPath(file));
}
await browser.close();
