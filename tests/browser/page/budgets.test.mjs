// How much a visitor loads, and that the page stays responsive.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, modelIsReady, openContext, openPage, readTable, resultIsThere } from '../support/harness.mjs';
import { serveSlowly } from '../support/line.mjs';
import { watchLongTasks } from '../support/tasks.mjs';

const MEGABYTE = 1_000_000;
const BUDGET = { firstLoad: 8.5 * MEGABYTE, program: 0.5 * MEGABYTE, webgpuAdds: 1.2 * MEGABYTE };
/** 1.6 Mbit/s, as on a phone with a poor connection. */
const SLOW_LINE = { bytesPerSecond: 200_000, latency_ms: 150 };
/**
 * On such a line: how much later the page shows than on a fast one, of the second that the first paint may take; and how
 * much of a first load passes before the first result of a caption.
 */
const FIRST = { paintDelay_ms: 800, share: 0.4 };
/** How much of the time from the click to the result one task of the main thread may take. */
const LONGEST_SHARE = 0.2;

/**
 * What a file costs on its way, as the server sends it to a browser.
 *
 * @param {string} url
 */
async function sizeOnTheWay(url) {
    const response = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    assert.equal(response.status, 200, url);
    return Number(response.headers.get('content-length'));
}

test('the first load on the CPU is within its budget', async () => {
    const context = await openContext('cpu');
    /** @type {Set<string>} */
    const urls = new Set();
    context.on('request', (request) => urls.add(request.url()));
    const page = await openPage(context); // the automatic choice, as a visitor without WebGPU has it
    await modelIsReady(page);
    await page.waitForFunction(() => document.querySelectorAll('.sample:not(:disabled)').length === 4);
    const files = [...urls].filter((url) => url.startsWith(address));
    assert.ok(!files.some((url) => url.includes('/webgpu/')), 'the WebGPU program is not fetched in vain');
    const sizes = await Promise.all(files.map(sizeOnTheWay));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const program = sizes[files.findIndex((url) => url.endsWith('cpu/emofuse_bg.wasm'))] ?? NaN;
    console.log(`first load: ${total} bytes in ${files.length} files, of which the CPU program ${program}`);
    assert.ok(program <= BUDGET.program, `the CPU program is ${program} bytes`);
    assert.ok(total <= BUDGET.firstLoad, `the first load is ${total} bytes`);
    await context.close();
});

test('WebGPU adds what its budget allows', async () => {
    const [program, glue] = await Promise.all(
        ['emofuse_bg.wasm', 'emofuse.js'].map((file) => sizeOnTheWay(`${address}pkg/wasm/webgpu/${file}`)),
    );
    assert.ok(program && glue);
    console.log(`WebGPU: ${program + glue} bytes`);
    assert.ok(program + glue <= BUDGET.webgpuAdds, `${program + glue} bytes`);
});

/** Opens the page once, so that the server has compressed every file. */
async function compressFiles() {
    const context = await openContext('cpu');
    await modelIsReady(await openPage(context));
    await context.close();
}

/**
 * When a first visit shows the page, in milliseconds.
 *
 * @param {string} at
 */
async function firstPaint(at) {
    const context = await openContext('cpu');
    const page = await context.newPage();
    await page.goto(at, { waitUntil: 'commit' });
    const paint = await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    );
    const paint_ms = Math.round(Number(await paint.jsonValue()));
    await context.close();
    return paint_ms;
}

test('a slow line delays the first paint by little', { tag: '@measures' }, async () => {
    await compressFiles();
    const line = await serveSlowly(SLOW_LINE);
    /** @type {{ fast: number[], slow: number[] }} */
    const paints_ms = { fast: [], slow: [] };
    // What belongs to the page is late each time; what another process held up is not.
    for (let visit = 0; visit < 3; visit++) {
        paints_ms.fast.push(await firstPaint(address));
        paints_ms.slow.push(await firstPaint(line.address));
    }
    await line.close();
    const [fast, slow] = [Math.min(...paints_ms.fast), Math.min(...paints_ms.slow)];
    console.log(`first contentful paint after ${slow} ms, ${fast} ms on a fast line: ${JSON.stringify(paints_ms)}`);
    assert.ok(slow - fast <= FIRST.paintDelay_ms, JSON.stringify(paints_ms));
});

test('on a slow line a caption is answered long before the model is there', { tag: '@measures' }, async () => {
    await compressFiles();
    const line = await serveSlowly(SLOW_LINE);
    const context = await openContext('cpu');
    const page = await context.newPage();
    const started = performance.now();
    /** What has passed and what was sent by now. */
    const now = () => ({ ms: performance.now() - started, bytes: line.sent() });
    await page.goto(line.address, { waitUntil: 'commit' });
    await page.fill('#caption', 'So happy she is finally home');
    await page.waitForSelector('.engine[data-state="loading"]', { state: 'attached' });
    await page.click('#analyse');
    await resultIsThere(page);
    assert.equal(await page.getAttribute('.engine', 'data-state'), 'loading');
    const first = now();
    const early = await readTable(page);
    await modelIsReady(page);
    const full = now();
    const [share, time] = [first.bytes / full.bytes, first.ms / full.ms];
    console.log(
        `the first result of a caption after ${(first.ms / 1000).toFixed(1)} s and ${first.bytes} bytes, the first load after ` +
            `${(full.ms / 1000).toFixed(1)} s and ${full.bytes} bytes: ${share.toFixed(3)} of the bytes, ${time.toFixed(3)} of the time`,
    );
    await page.click('#analyse');
    await page.waitForFunction(() => !document.querySelector('#result')?.hasAttribute('aria-busy'));
    assert.deepEqual(await readTable(page), early, 'the whole model says the same');
    assert.ok(share <= FIRST.share, `${share} of the bytes`);
    assert.ok(time <= FIRST.share, `${time} of the time`);
    await context.close();
    await line.close();
});

test('no task of the main thread is long while a post is read', { tag: '@measures' }, async () => {
    const context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await watchLongTasks(page);
    /** @type {number[]} */
    const shares = [];
    // A task that belongs to reading is long each time; one that another process held up is not.
    for (const name of ['Cat', 'Rocket', 'Coffee']) {
        await page.evaluate('longTasks.start()');
        await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
        await page.waitForFunction(() => document.querySelector('#result')?.hasAttribute('aria-busy') === false);
        await resultIsThere(page);
        shares.push(Number(await page.evaluate('longTasks.finish()')));
    }
    console.log(`the longest task is ${shares.map((share) => share.toFixed(2)).join(', ')} of the whole time`);
    assert.ok(Math.min(...shares) <= LONGEST_SHARE, `shares of ${shares.join(', ')}`);
    await context.close();
});
