// What the parts of the soak share: a browser, a page that may measure its memory, and how much it has grown.
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../support/chromium.mjs';
import { serve } from '../../server/serve.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */

/** How much more may be in use at the end than after the first posts. */
export const GROWTH = 1.05;

/** Gives the bytes of the program's memory, which the browser's own measure leaves out. */
const PROGRAM_BYTES = '\nself.programBytes = () => wasm.memory.buffer.byteLength;';

/** Only such a page may measure itself. */
const ISOLATED = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
};

/**
 * Serves a file of the page changed.
 *
 * @param {BrowserContext} context
 * @param {string} url
 * @param {{ headers?: Record<string, string>, append?: string }} change
 */
const alter = (context, url, { headers = {}, append = '' }) =>
    context.route(url, async (route) => {
        const response = await route.fetch();
        const sent = { ...response.headers(), ...headers };
        for (const name of ['content-encoding', 'content-length', 'etag']) delete sent[name];
        await route.fulfill({ status: response.status(), headers: sent, body: (await response.text()) + append });
    });

/**
 * A page with the package as `globalThis.emofuse`, and its classifier as `globalThis.classifier`.
 *
 * @param {import('../support/chromium.mjs').Backend} backend
 * @param {string} [addition] Source text at the end of the worker.
 */
export async function openClassifier(backend, addition = '') {
    const site = await serve(0);
    const { args, ...options } = chromiumOptions(backend);
    const browser = await chromium.launch({
        ...options,
        args: [...args, '--enable-blink-features=ForceEagerMeasureMemory'],
    });
    const context = await browser.newContext({ serviceWorkers: 'block' });
    context.setDefaultTimeout(0);
    const { address } = site;
    await alter(context, `${address}pkg/wasm/cpu/emofuse.js`, { append: PROGRAM_BYTES });
    await alter(context, `${address}pkg/worker.js`, { headers: ISOLATED, append: addition });
    await context.route(`${address}isolated`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>isolated</title>', headers: ISOLATED }),
    );
    const page = await context.newPage();
    await page.goto(`${address}isolated`);
    await page.evaluate(
        async ([path, chosen]) => {
            const emofuse = await import(path);
            const classifier = await emofuse.EmotionClassifier.load({ backend: chosen });
            Object.assign(globalThis, { emofuse, classifier });
        },
        /** @type {const} */ (['/pkg/index.js', backend]),
    );
    const close = async () => {
        await browser.close();
        await site.close();
    };
    return { page, close };
}

/**
 * @param {Page} page
 * @returns {Promise<number>} Megabytes that scripts and program use, in page and worker.
 */
export async function memoryOf(page) {
    const programs = await Promise.all(
        page
            .workers()
            .map((worker) =>
                worker.evaluate(() =>
                    /** @type {{ programBytes: () => number }} */ (/** @type {unknown} */ (self)).programBytes(),
                ),
            ),
    );
    const scripts = await page.evaluate(async () => {
        const { measureUserAgentSpecificMemory } =
            /** @type {{ measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }} */ (
                /** @type {unknown} */ (performance)
            );
        return (await measureUserAgentSpecificMemory.call(performance)).bytes;
    });
    return (programs.reduce((sum, bytes) => sum + bytes, 0) + scripts) / 1e6;
}

/** @param {number[]} numbers */
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/**
 * Compares the last measurements with the first ones.
 *
 * @param {{ done: number, MB: number }[]} curve
 * @param {number} settled After so many posts it may not grow any more.
 */
export function growthOf(curve, settled) {
    const after = curve.filter(({ done }) => done >= settled).map(({ MB }) => MB);
    const first = median(after.slice(0, 3));
    const last = median(after.slice(-3));
    return { first, last, growth: last / first, holds: last <= first * GROWTH };
}
