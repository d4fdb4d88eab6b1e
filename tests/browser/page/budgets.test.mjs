// How much a visitor loads, and that the page stays responsive.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';
import { watchLongTasks } from '../support/tasks.mjs';

const MEGABYTE = 1_000_000;
const BUDGET = { firstLoad: 8.5 * MEGABYTE, program: 0.7 * MEGABYTE, webgpuAdds: 2.5 * MEGABYTE };
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
    await page.waitForFunction(() => document.querySelectorAll('.sample:not(:disabled)').length === 3);
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
