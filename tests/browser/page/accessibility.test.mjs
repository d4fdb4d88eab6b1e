// axe-core finds nothing, and everything works by keyboard.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import {
    address,
    errorIsThere,
    modelIsReady,
    openContext,
    openPage,
    resultIsThere,
    tabTo,
    unfoldStatus,
} from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */

const MODEL = `${address}pkg/model/emofuse-default.emofuse`;

/**
 * @param {Page} page
 * @param {Buffer} buffer
 */
const choose = (page, buffer) =>
    page.setInputFiles('#choose-image', { name: 'picture.png', mimeType: 'image/png', buffer });

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 390, height: 844 }],
    ])) {
        test(`axe finds nothing in any state, ${colorScheme}, ${device}`, async () => {
            const context = await openContext('cpu', { colorScheme, viewport, reducedMotion: 'reduce' });
            const page = await openPage(context, '?backend=cpu');
            await modelIsReady(page);
            await checkWithAxe(page, 'empty');
            await unfoldStatus(page);
            await checkWithAxe(page, 'status');
            await page.keyboard.press('Escape');
            await page.getByRole('button', { name: /^Coffee/ }).click();
            await resultIsThere(page);
            await checkWithAxe(page, 'result');
            await page.getByRole('button', { name: 'Show as a table' }).click();
            await page.selectOption('#own-label', 'anger');
            await page.getByText('Saved on this device').waitFor();
            await checkWithAxe(page, 'table and own label');
            await page.click('#clear');
            await choose(page, MEADOW);
            await resultIsThere(page);
            await checkWithAxe(page, 'result of an image alone');
            await choose(page, NOT_AN_IMAGE);
            await errorIsThere(page);
            await checkWithAxe(page, 'error');
            const overflow = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(overflow, 0, 'nothing is wider than the screen');
            await context.close();
        });
    }

    test(`axe finds nothing while loading and after it failed, ${colorScheme}`, async () => {
        const context = await openContext('cpu', { colorScheme, reducedMotion: 'reduce' });
        await context.route(MODEL, () => {}); // never answered
        const page = await openPage(context, '?backend=cpu');
        await page.waitForSelector('.engine[data-state="loading"] progress[value]', { state: 'attached' });
        await page.fill('#caption', 'finally home');
        await page.click('#analyse');
        await page.waitForSelector('#result[data-state="working"]');
        await checkWithAxe(page, 'loading');
        await unfoldStatus(page);
        await page.getByRole('button', { name: 'Cancel loading' }).click();
        await page.waitForSelector('.engine[data-state="cancelled"]');
        await checkWithAxe(page, 'cancelled');
        await context.unroute(MODEL);
        await context.route(MODEL, (route) => route.fulfill({ status: 503 }));
        await page.getByRole('button', { name: 'Load the model' }).click();
        await page.waitForSelector('.engine[data-state="failed"]');
        await checkWithAxe(page, 'failed');
        await context.close();
    });
}

test('everything works by keyboard', async () => {
    const context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);

    const chosen = page.waitForEvent('filechooser'); // early: the browser is told to keep its own dialog back
    await tabTo(page, 'Choose an image');
    await page.keyboard.press('Enter');
    await (await chosen).setFiles({ name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await resultIsThere(page);

    await tabTo(page, 'Caption');
    await page.keyboard.type('such a lovely morning');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.voice[data-voice="both"]:not(.absent)');

    await tabTo(page, 'Analyse');
    await page.keyboard.press('Enter');
    await resultIsThere(page);
    await tabTo(page, 'Clear');
    await page.keyboard.press('Space');
    assert.equal(await page.getAttribute('#result', 'data-state'), 'empty');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'caption');

    await tabTo(page, 'Rocket');
    await page.keyboard.press('Enter');
    await resultIsThere(page);
    await tabTo(page, 'Copy as JSON');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copied' }).waitFor();

    await page.reload();
    await modelIsReady(page);
    await tabTo(page, 'CPU');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Run on');
    await page.keyboard.press('ArrowUp');
    assert.equal(await page.inputValue('#backend'), 'auto', 'WebGPU is left out: this browser has none');
    await page.keyboard.press('Escape');
    assert.ok(!(await page.locator('.engine').isVisible()));
    await context.close();
});

test('only the result is announced, once', async () => {
    const context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    const live = await page.$$eval('[aria-live], [role="status"], [role="alert"], [role="log"]', (regions) =>
        regions.map((region) => region.id || region.className),
    );
    assert.deepEqual(live.sort(), ['announcement', 'notice', 'notice', 'notice', 'notice', 'update-notice']);
    await page.evaluate(() => {
        const region = /** @type {HTMLElement} */ (document.getElementById('announcement'));
        /** @type {string[]} */
        const told = [];
        new MutationObserver(() => region.textContent && told.push(region.textContent)).observe(region, {
            childList: true,
        });
        Object.assign(globalThis, { told });
    });
    await page.fill('#caption', 'finally home');
    await page.click('#analyse');
    await resultIsThere(page);
    const told = /** @type {string[]} */ (await page.evaluate('told'));
    assert.equal(told.length, 1);
    await context.close();
});

test('nothing moves where motion is not wanted', async () => {
    const context = await openContext('cpu', { reducedMotion: 'reduce' });
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.getByRole('button', { name: /^Cat/ }).click();
    await resultIsThere(page);
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
    await context.close();
});
