// The benchmark's page for any device: by keyboard, on a phone's screen, with a result to copy.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import { serveBench } from '../support/bench.mjs';
import { openContext, tabTo } from '../support/harness.mjs';

/** @type {Awaited<ReturnType<typeof serveBench>>} */
let site;
test.beforeAll(async () => {
    site = await serveBench();
});
test.afterAll(() => site?.close());

/**
 * @param {'light' | 'dark'} colorScheme
 * @param {string} query
 */
async function open(colorScheme, query) {
    const context = await openContext('cpu', { colorScheme, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(site.address + query);
    await page.waitForSelector('#start:not(:disabled)');
    return page;
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`a phone measures emofuse alone, by keyboard, and copies the result, ${colorScheme}`, async () => {
        const page = await open(colorScheme, '?runs=1');
        await checkWithAxe(page, 'before');
        assert.deepEqual(await page.locator('#systems label').allInnerTexts(), ['emofuse']);
        assert.ok(await page.locator('[value="webgpu"]').isDisabled());
        await tabTo(page, 'Start');
        await page.keyboard.press('Enter');
        await page.waitForSelector('#running:not([hidden])');
        await checkWithAxe(page, 'running');
        await page.waitForSelector('#finished:not([hidden])');
        await checkWithAxe(page, 'finished');
        const text = await page.innerText('#result');
        assert.match(text, /^emofuse benchmark, package [0-9a-f]{8}, /);
        assert.match(text, /^CPU, one thread, 1 runs each/m);
        assert.match(text, /^emofuse +[\d.]+ +[\d.]+ +\d+ +[\d.e-]+$/m);
        for (const model of ['default', 'large'])
            assert.match(text, new RegExp(`^${model}, 10 words +[\\d.]+ +[\\d.]+$`, 'm'));
        await page.keyboard.press('Enter'); // the focus is on the button
        await page.getByText('Copied.').waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
        const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, 'nothing is wider than the screen');
        await page.context().close();
    });
}

test('without a back end or a system there is nothing to measure', async () => {
    const page = await open('light', '');
    await page.getByLabel('CPU, one thread').uncheck();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Choose a back end and a system.').waitFor();
    await page.context().close();
});

test('a system that fails is named, and the page can be used again', async () => {
    const page = await open('light', '?runs=1');
    await page.route(/\.wasm$/, (route) => route.abort());
    await page.getByRole('button', { name: 'Start' }).click();
    await page.waitForSelector('#finished:not([hidden])');
    assert.match(await page.innerText('#result'), /emofuse +did not run: |failed: /);
    assert.ok(await page.getByRole('button', { name: 'Start' }).isEnabled());
    await page.context().close();
});
