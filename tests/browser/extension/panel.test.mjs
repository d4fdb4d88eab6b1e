// The panel: axe-core finds nothing in any state and width, and everything works by keyboard.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import { Installed, Site, html, meadow } from './extension.mjs';
import { tabTo } from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE } from '../../support/images.mjs';

/** @typedef {import('./extension.mjs').Page} Page */

const site = await new Site({
    '/meadow.png': meadow,
    '/figure': html('<figure><img src="meadow.png"><figcaption>Such a lovely morning</figcaption></figure>'),
}).open();
site.replies['/elsewhere'] = html(`<img src="${site.elsewhere}meadow.png" alt="Such a lovely morning">`);

/** @type {Installed} */
let extension;
test.beforeAll(async () => {
    extension = await Installed.open();
});
test.afterAll(async () => {
    await extension.close();
    site.close();
});

/**
 * @param {Page} panel
 * @param {string} state
 */
async function check(panel, state) {
    await checkWithAxe(panel, state);
    const overflow = await panel.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, `${state}: nothing is wider than the panel`);
    const folder = process.env['EMOFUSE_SCREENSHOTS']; // to look at them
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    await panel.screenshot({ path: join(folder, `${state}.png`), fullPage: true });
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of [320, 400]) {
        test(`axe finds nothing in any state, ${colorScheme}, ${width} pixels wide`, async () => {
            const name = (/** @type {string} */ state) => `${state}, ${colorScheme}, ${width}`;
            const page = await extension.openPage(`${site.address}elsewhere`);
            await extension.grantActiveTab(page);
            const panel = await extension.context.newPage();
            await panel.setViewportSize({ width, height: 800 });
            await panel.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await panel.goto(extension.url('extension/panel.html'));
            await panel.waitForSelector('.engine[data-state="ready"]');
            await check(panel, name('empty'));
            await extension.chooseInMenu(page, { mediaType: 'image', srcUrl: `${site.elsewhere}meadow.png` });
            await panel.getByRole('button', { name: 'Allow 127.0.0.1' }).waitFor();
            await panel.waitForSelector('#result[data-state="finished"]');
            await check(panel, name('permission'));
            await panel.setInputFiles('#choose-image', { name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
            await panel.waitForSelector('[data-voice="both"]:not(.absent)');
            await check(panel, name('result'));
            await panel.setInputFiles('#choose-image', { name: 'x.png', mimeType: 'image/png', buffer: NOT_AN_IMAGE });
            await panel.waitForSelector('#result[data-state="error"]');
            await check(panel, name('error'));
            await panel.close();
            await page.close();
        });
    }
}

test('everything works by keyboard', async () => {
    const panel = await extension.openPanel();
    await panel.waitForSelector('.engine[data-state="ready"]');
    const chosen = panel.waitForEvent('filechooser');
    await tabTo(panel, 'Choose an image');
    await panel.keyboard.press('Enter');
    await (await chosen).setFiles({ name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await panel.waitForSelector('#result[data-state="finished"]');
    await tabTo(panel, 'Caption');
    await panel.keyboard.type('such a lovely morning');
    await panel.keyboard.press('Control+Enter');
    await panel.waitForSelector('[data-voice="both"]:not(.absent)');
    await tabTo(panel, 'Analyse');
    await panel.keyboard.press('Enter');
    await tabTo(panel, 'Clear');
    await panel.keyboard.press('Space');
    assert.equal(await panel.getAttribute('#result', 'data-state'), 'empty');
    assert.equal(await panel.evaluate(() => document.activeElement?.id), 'caption');
    await tabTo(panel, 'Run on');
    await panel.close();

    const page = await extension.openPage(`${site.address}elsewhere`);
    await extension.grantActiveTab(page);
    const asking = await extension.openPanel();
    await extension.chooseInMenu(page, { mediaType: 'image', srcUrl: `${site.elsewhere}meadow.png` });
    await asking.getByRole('button', { name: 'Allow 127.0.0.1' }).waitFor();
    await tabTo(asking, 'Allow 127.0.0.1');
    await asking.evaluate(() => Object.assign(chrome.permissions, { request: async () => false }));
    await asking.keyboard.press('Enter');
    await asking.getByText('127.0.0.1 is not allowed').waitFor();
    assert.equal(
        await asking.evaluate(() => document.activeElement?.textContent),
        'Allow 127.0.0.1',
        'the focus is not lost',
    );
    await asking.close();
    await page.close();
});

test('an image is pasted, and dropped', async () => {
    const panel = await extension.openPanel();
    for (const type of ['paste', 'drop']) {
        await panel.evaluate(
            ({ type, bytes }) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], 'meadow.png', { type: 'image/png' }));
                const init = { bubbles: true, cancelable: true };
                document.body.dispatchEvent(
                    type === 'paste'
                        ? new ClipboardEvent('paste', { ...init, clipboardData: data })
                        : new DragEvent('drop', { ...init, dataTransfer: data }),
                );
            },
            { type, bytes: [...MEADOW] },
        );
        await panel.waitForSelector('#result[data-state="finished"]');
        await panel.click('#clear');
        await panel.waitForSelector('#result[data-state="empty"]');
    }
    await panel.close();
});

test('the sites that were allowed are listed, and forgotten', async () => {
    const panel = await extension.context.newPage();
    // Nobody can answer the browser's question here: it is told what the answer would have been.
    await panel.addInitScript(() => {
        const origins = ['https://a.example/*', 'https://b.example/*'];
        /** @type {() => void} */
        let changed = () => {};
        Object.assign(chrome.permissions, {
            getAll: async () => ({ origins: [...origins] }),
            remove: async (/** @type {chrome.permissions.Permissions} */ { origins: [gone] = [] }) => {
                origins.splice(origins.indexOf(gone ?? ''), 1);
                changed();
            },
            onRemoved: { addListener: (/** @type {() => void} */ listener) => (changed = listener) },
        });
    });
    await panel.goto(extension.url('extension/panel.html'));
    await panel.waitForSelector('.engine[data-state="ready"]');
    await panel.setViewportSize({ width: 320, height: 800 });
    await check(panel, 'sites');
    await tabTo(panel, 'Remove');
    await panel.keyboard.press('Enter');
    await panel.getByText('https://a.example').waitFor({ state: 'detached' });
    assert.deepEqual(await panel.locator('.sites li').allInnerTexts(), ['https://b.example\nRemove']);
    assert.equal(
        await panel.evaluate(() => document.activeElement?.getAttribute('aria-label')),
        'Remove https://b.example',
    );
    await panel.keyboard.press('Enter');
    await panel.locator('#sites section').waitFor({ state: 'hidden' });
    await panel.close();
});

test('only the result and what stands in the way are announced', async () => {
    const panel = await extension.openPanel();
    const live = await panel.$$eval('[aria-live], [role="status"], [role="alert"], [role="log"]', (regions) =>
        regions.map((region) => region.id || region.className),
    );
    assert.deepEqual(live.sort(), ['announcement', 'notice', 'notice', 'notice', 'notice obstacle']);
    await panel.close();
});

test('WebGPU cannot be chosen where there is none, and the option says why', async () => {
    const panel = await extension.openPanel();
    await panel.waitForSelector('.engine[data-state="ready"]');
    const option = panel.locator('#backend option[value="webgpu"]');
    await panel.locator('#backend option[value="webgpu"]:disabled').waitFor({ state: 'attached' });
    assert.match(String(await option.textContent()), /^WebGPU: (not in this browser|no graphics adapter)$/);
    await panel.selectOption('#backend', 'cpu');
    await panel.waitForSelector('.engine[data-state="ready"]');
    assert.match(await panel.innerText('.engine'), /As chosen/);
    await panel.close();
});
