// What people come for, on a phone and on a desktop: the next control is always in view, without scrolling.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { PATIENCE, modelIsReady, openContext, resultIsThere, serveSite } from '../support/harness.mjs';
import { SCREENS, isInView } from '../support/viewport.mjs';

/** The machine may have other things to do. */
const patient = expect.configure({ timeout: PATIENCE.cpu });

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Clicks a control that is in view.
 *
 * @param {Locator} control
 * @param {string} what
 */
async function press(control, what) {
    await isInView(control, what);
    await control.click();
}

/** @param {Page} page */
async function isAnswered(page) {
    await page.waitForFunction(() => document.querySelector('#result')?.hasAttribute('aria-busy') === false);
    await resultIsThere(page);
    await isInView(page.locator('#headline'), 'the answer');
}

for (const screen of /** @type {const} */ (['desktop', 'phone'])) {
    const isPhone = screen === 'phone';
    test.describe(`on a ${screen}`, () => {
        /** @type {Awaited<ReturnType<typeof serveSite>>} The last test ends it. */
        let site;
        /** @type {BrowserContext} */
        let context;
        /** @type {Page} */
        let page;
        test.beforeAll(async () => {
            site = await serveSite();
        });
        test.afterAll(() => site.close());
        test.beforeEach(async () => {
            context = await openContext('cpu', {
                viewport: SCREENS[screen],
                serviceWorkers: 'allow',
                reducedMotion: 'reduce',
                ...(isPhone && { hasTouch: true, isMobile: true }),
            });
            page = await context.newPage();
            await page.goto(`${site.address}?backend=cpu`);
            await modelIsReady(page);
        });
        test.afterEach(() => context.close());

        /** @param {string} name Of the samples' images. */
        async function chooseImage(name) {
            const chosen = page.waitForEvent('filechooser');
            await press(page.getByRole('button', { name: 'Choose an image' }), 'the button that chooses an image');
            await (await chosen).setFiles(`${root}www/samples/${name}`);
            await isAnswered(page);
        }

        /** @param {string} text */
        async function writeCaption(text) {
            await isInView(page.locator('#caption'), 'the caption');
            await page.locator('#caption').fill(text);
            await press(page.getByRole('button', { name: 'Analyse' }), 'the button that analyses');
            await isAnswered(page);
        }

        test('classify an image, then another', async () => {
            await chooseImage('cat.jpg');
            await isInView(page.locator('.preview'), 'the image');
            await press(page.getByRole('button', { name: 'Remove the image' }), 'the button that removes the image');
            await chooseImage('rocket.jpg');
        });

        test('classify a caption, and clear it', async () => {
            await writeCaption('I heard steps in the attic last night');
            await press(page.getByRole('button', { name: 'Clear' }), 'the button that clears');
            assert.equal(await page.inputValue('#caption'), '');
            await isInView(page.getByRole('button', { name: 'Choose an image' }), 'the way to begin again');
        });

        test('classify an image with a caption, and see what they say together', async () => {
            await chooseImage('coffee.jpg');
            await writeCaption('I miss her so much');
            await isInView(page.locator('.comparison'), 'what they say together');
        });

        test('understand why', async () => {
            await press(page.getByRole('button', { name: /^Rocket/ }), 'a sample');
            await isAnswered(page);
            await isInView(page.locator('.explanation'), 'the score');
            await isInView(page.locator('.comparison'), 'the comparison');
            await isInView(page.locator('.reasons-words'), 'the words');
            await isInView(page.locator('.heat-frame'), 'what the model sees');
            await press(page.getByRole('button', { name: 'Heat map' }), 'the button that hides the heat map');
            await patient(page.locator('.post .heat-map')).toBeHidden();
        });

        test('use one’s own model', async () => {
            await press(page.locator('.status-line summary'), 'the line of the model');
            const chosen = page.waitForEvent('filechooser');
            await press(page.getByRole('button', { name: 'Use another model' }), 'the button that chooses a model');
            const buffer = await readFile(`${root}pkg/model/emofuse-default.emofuse`);
            await (await chosen).setFiles({ name: 'mine.emofuse', mimeType: '', buffer });
            await page.waitForSelector('.model-choice[data-model="own"]');
            await isInView(page.locator('.model-name'), 'the model in use');
            await page.keyboard.press('Escape');
            await writeCaption('finally home');
        });

        test('go offline', async () => {
            if (isPhone) await press(page.locator('.status-line summary'), 'the line of the model');
            await page.waitForSelector('#without-network[data-cached="true"]', { state: 'attached' });
            await patient(page.locator('.status-line')).toContainText('offline-ready');
            await isInView(page.getByText('offline-ready').filter({ visible: true }).first(), 'that it works offline');
            await context.setOffline(true);
            await site.close();
            await page.reload();
            await modelIsReady(page);
            await writeCaption('finally home');
        });
    });
}
