// Measures a whole post in emofuse beside the bare picture network in onnxruntime-web and TensorFlow.js: the same
// weights, on one thread of the CPU each or on WebGPU, in one page of one Chromium, in turns. Then how long either
// takes from nothing to its first result, with everything in the browser's HTTP cache.
//
//     ./build.sh bench [--json] [--backend webgpu] [--runs 60] [--systems emofuse,onnxruntime-web,tensorflow-js]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import manifest from '../../pkg/src/manifest.js';
import { chromiumOptions } from '../support/chromium.mjs';

/** How often each is started anew. */
const STARTS = 9;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const { values: options } = parseArgs({
    options: {
        networks: { type: 'string' },
        json: { type: 'boolean', default: false },
        backend: { type: 'string', default: 'cpu' },
        runs: { type: 'string', default: '60' },
        systems: { type: 'string', default: 'emofuse,onnxruntime-web,tensorflow-js' },
    },
});

const folders = {
    '/pkg/': join(root, 'pkg'),
    '/golden/': join(root, 'tests/golden/image_features'),
    '/node_modules/': join(here, 'node_modules'),
    '/workers/': join(here, 'workers'),
    '/networks/': options.networks,
    '/': here,
};
const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.mjs': 'text/javascript',
    '.json': 'application/json',
    '.wasm': 'application/wasm',
    '.png': 'image/png',
};

async function serve(request, response) {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate));
    try {
        const body =
            path === '/'
                ? '<!doctype html><script src="page.js"></script>'
                : await readFile(join(folders[prefix], path.slice(prefix.length)));
        const type = path === '/' ? types['.html'] : (types[extname(path)] ?? 'application/octet-stream');
        response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=3600' });
        response.end(body);
    } catch {
        response.writeHead(404).end();
    }
}

async function measure(address) {
    const browser = await chromium.launch(chromiumOptions(options.backend));
    try {
        const page = await browser.newPage();
        await page.goto(address);
        const { backend } = options;
        const details = {
            names: options.systems.split(','),
            runs: Number(options.runs),
            model: `/pkg/${manifest.model.file}`,
            backend,
        };
        const results = await page.evaluate((argument) => globalThis.bench(argument), details);
        const starts = await page.evaluate((argument) => globalThis.benchStarts(argument), { rounds: STARTS, backend });
        return {
            browser: `Chromium ${browser.version()}`,
            on: backend === 'cpu' ? 'one thread' : await page.evaluate(() => globalThis.graphicsCard()),
            results,
            starts,
        };
    } finally {
        await browser.close();
    }
}

/** emofuse's whole post over each peer's bare network. */
function ratios(results) {
    const own = results.find(({ name }) => name === 'emofuse');
    if (!own) return {};
    const over = (peer) => ({ minimum: own.minimum_ms / peer.minimum_ms, median: own.median_ms / peer.median_ms });
    return Object.fromEntries(results.filter((peer) => peer !== own).map((peer) => [peer.name, over(peer)]));
}

function print({ browser, on, results, starts, ratios: found }) {
    const row = (...cells) =>
        console.log(cells.map((cell, index) => (index ? cell.padStart(14) : cell.padEnd(18))).join(''));
    console.log(
        `${browser}, ${on}, ${results[0].runs} runs each, in turns; emofuse: the whole post, the others: the bare network`,
    );
    row('', 'minimum, ms', 'median, ms', 'first, ms', 'difference');
    for (const { name, minimum_ms, median_ms, first_result_ms, difference } of results) {
        row(name, minimum_ms.toFixed(1), median_ms.toFixed(1), first_result_ms.toFixed(0), difference.toExponential(1));
    }
    for (const [name, { minimum, median }] of Object.entries(found)) {
        console.log(`emofuse / ${name}: ${minimum.toFixed(2)} (minimum), ${median.toFixed(2)} (median)`);
    }
    console.log(`\nFrom nothing to the first result, files in the HTTP cache, ${STARTS} starts each, in turns`);
    row('', 'minimum, ms', 'median, ms');
    for (const { name, minimum_ms, median_ms } of starts) row(name, minimum_ms.toFixed(0), median_ms.toFixed(0));
    const [own, peer] = starts;
    console.log(
        `emofuse / onnxruntime-web: ${(own.minimum_ms / peer.minimum_ms).toFixed(2)} (minimum), ${(own.median_ms / peer.median_ms).toFixed(2)} (median)`,
    );
}

const server = createServer(serve).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
try {
    const measured = await measure(`http://127.0.0.1:${server.address().port}/`);
    const report = { ...measured, ratios: ratios(measured.results) };
    if (options.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
} finally {
    server.close();
}
