// Measures how much of the classifier's speed the labelling desk reaches: a run over pictures' files with one worker
// (read, hashed, looked up, decoded, classified, kept) beside one worker that is given decoded pixels; and two workers
// beside one, or WebGPU beside all cores. In one page of one Chromium, in turns; the ratios are what counts.
//
//     ./build.sh bench desk [--json] [--backend webgpu] [--rounds 9]
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../support/chromium.mjs';
import { serve } from '../../server/serve.mjs';

/** What there is of each: as the web has them, and as a phone makes them. */
const SIZES = [
    { name: '640 × 480', width: 640, height: 480, pictures: 12, posts: 48 },
    { name: '4000 × 3000', width: 4000, height: 3000, pictures: 4, posts: 12 },
];

/** What must be reached with pictures of the first size. */
const GOALS = { desk: 0.9, two: 1.6 };

const { values: options } = parseArgs({
    options: {
        json: { type: 'boolean', default: false },
        backend: { type: 'string', default: 'cpu' },
        rounds: { type: 'string', default: '9' },
    },
});

/** @param {string} address */
async function measure(address) {
    const script = await readFile(fileURLToPath(new URL('desk-page.js', import.meta.url)), 'utf8');
    const browser = await chromium.launch(chromiumOptions(options.backend));
    try {
        const page = await browser.newPage();
        await page.route(`${address}bench`, (route) =>
            route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
        );
        await page.goto(`${address}bench`);
        await page.evaluate(script);
        const sizes = await page.evaluate((argument) => globalThis.benchDesk(argument), {
            sizes: SIZES,
            rounds: Number(options.rounds),
            backend: options.backend,
        });
        return { browser: `Chromium ${browser.version()}`, sizes };
    } finally {
        await browser.close();
    }
}

function print({ browser, sizes }) {
    console.log(`${browser}, back end ${options.backend}, ${options.rounds} rounds each, in turns`);
    for (const { name, ms, ratios } of sizes) {
        const { pixels, one, ...others } = Object.fromEntries(
            Object.entries(ms).map(([system, time_ms]) => [system, time_ms.toFixed(1)]),
        );
        const other = others.two ? `with two workers ${others.two}` : `on all cores of the CPU ${others.cores}`;
        console.log(`\n${name}: milliseconds an image, median: pixels ${pixels}, desk ${one}, ${other}`);
        for (const [ratio, { minimum, median, maximum }] of Object.entries(ratios)) {
            console.log(
                `    ${ratio.padEnd(24)} ${median.toFixed(2)} (median), ${minimum.toFixed(2)} to ${maximum.toFixed(2)}`,
            );
        }
    }
    if (options.backend === 'cpu')
        console.log(
            `\nto be reached with ${SIZES[0].name}: desk / pixels ${GOALS.desk}, two workers / one ${GOALS.two}`,
        );
}

const { address, close } = await serve(0);
try {
    const report = await measure(address);
    if (options.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
} finally {
    await close();
}
