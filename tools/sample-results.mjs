// Analyses the page's samples with the default model in Chromium and stores the results, so that the page shows them
// before the model is there.
//
//     node tools/sample-results.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../server/serve.mjs';
import { chromiumOptions } from '../tests/support/chromium.mjs';

const www = new URL('../www/', import.meta.url);
const DECIMALS = 6;

/** @typedef {{ name: string, image: string | null, caption: string }} Sample */

/**
 * The samples as the page has them.
 *
 * @returns {Promise<Sample[]>}
 */
export async function samplesOfPage() {
    const page = await readFile(new URL('index.html', www), 'utf8');
    const buttons = page.matchAll(/<button[^>]*class="sample"([^>]*)>([\s\S]*?)<\/button>/g);
    return [...buttons].map(([, attributes = '', content = '']) => ({
        name: /data-sample="([^"]*)"/.exec(attributes)?.[1] ?? '',
        image: /data-image="([^"]*)"/.exec(attributes)?.[1] ?? null,
        caption: /class="sample-caption">([^<]*)</.exec(content)?.[1] ?? '',
    }));
}

/**
 * What the default model says of them, by their names.
 *
 * @param {import('playwright-core').Page} page Of the page's server.
 * @param {Sample[]} samples
 * @returns {Promise<Record<string, import('../pkg/index.js').Result>>}
 */
export const analyse = (page, samples) =>
    page.evaluate(async (posts) => {
        /** @type {typeof import('../pkg/index.js')} */
        const { EmotionClassifier } = await import(/** @type {string} */ ('/pkg/index.js'));
        const classifier = await EmotionClassifier.load({ backend: 'cpu' });
        /** @type {Record<string, import('../pkg/index.js').Result>} */
        const results = {};
        for (const { name, image: file, caption } of posts) {
            const image = file && (await (await fetch(`/samples/${file}`)).blob());
            results[name] = await classifier.classify({ image: image || null, caption }, { explain: true });
        }
        classifier.dispose();
        return results;
    }, samples);

/**
 * @param {string} _key
 * @param {unknown} value
 */
const rounded = (_key, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(DECIMALS)) : value;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { address, close } = await serve(0);
    const browser = await chromium.launch(chromiumOptions('cpu'));
    const page = await browser.newPage();
    await page.goto(address);
    const results = await analyse(page, await samplesOfPage());
    await browser.close();
    await close();
    await writeFile(new URL('samples/results.json', www), `${JSON.stringify(results, rounded)}\n`);
}
