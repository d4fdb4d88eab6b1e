// Where a post's time goes on WebGPU: in the worker, and in which kernels on the device. On a graphics card with
// WEBGPU_FLAGS, see tests/support/chromium.mjs; without one the kernels' times are those of a CPU and say little.
//
//     node tests/bench/kernels.mjs [--json] [--runs 5] [--repeats 5]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import manifest from '../../pkg/src/manifest.js';
import { chromiumOptions } from '../support/chromium.mjs';
import { serve } from '../../server/serve.mjs';

const CAPTION = 'what a lovely evening with old friends by the sea';
const SHOWN = 12;

const { values: options } = parseArgs({
    options: {
        json: { type: 'boolean', default: false },
        runs: { type: 'string', default: '5' },
        repeats: { type: 'string', default: '5' },
    },
});

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const roots = {
    '/': folder('../../www'),
    '/pkg/': folder('../../pkg'),
    '/golden/': folder('../golden/image_features'),
    '/workers/': folder('workers'),
};

/** In the page. */
async function inPage({ model, caption, runs, repeats }) {
    const bitmap = await createImageBitmap(await (await fetch('/golden/shapes.rgb.png')).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const picture = { data, width, height };
    const worker = new Worker('/workers/kernels.js', { type: 'module' });
    const told = () =>
        new Promise((resolve, reject) => {
            worker.onmessage = (event) => resolve(event.data);
            worker.onerror = (event) => reject(new Error(event.message));
        });
    await told();
    const posts = [
        { name: 'picture and caption', picture, caption },
        { name: 'picture', picture },
        { name: 'caption', caption },
    ];
    worker.postMessage({ model, posts, runs, repeats });
    const { results, error } = await told();
    if (error) throw new Error(error);
    const { vendor, architecture } = (await navigator.gpu.requestAdapter()).info;
    return { adapter: `${vendor} ${architecture}`.trim(), results };
}

function print({ browser, adapter, results }) {
    console.log(`${browser}, WebGPU on ${adapter}, medians of ${options.runs} runs`);
    for (const { name, whole_ms, until_handed_over_ms, starts, kernels } of results) {
        const onDevice = Object.values(kernels).reduce((sum, { ms }) => sum + ms, 0);
        console.log(
            `\n${name}: ${whole_ms.toFixed(1)} ms, of them ${until_handed_over_ms.toFixed(1)} in the worker; ${starts} kernels, alone ${onDevice.toFixed(1)} ms in all`,
        );
        for (const [kernel, { starts: times, ms }] of Object.entries(kernels)
            .sort(([, a], [, b]) => b.ms - a.ms)
            .slice(0, SHOWN)) {
            console.log(`    ${ms.toFixed(2).padStart(9)} ms  ${String(times).padStart(3)} ×  ${kernel}`);
        }
    }
}

const { address, close } = await serve(0, { roots });
const browser = await chromium.launch(chromiumOptions('webgpu'));
try {
    const page = await browser.newPage();
    await page.goto(`${address}NOTICE`);
    const details = {
        model: `/pkg/${manifest.model.file}`,
        caption: CAPTION,
        runs: Number(options.runs),
        repeats: Number(options.repeats),
    };
    const report = { browser: `Chromium ${browser.version()}`, ...(await page.evaluate(inPage, details)) };
    if (options.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
} finally {
    await browser.close();
    await close();
}
