// Pictures of every state of the page, the desk and the extension's panel, at four sizes, in light and dark, to look at.
//
//     node tools/screenshots.mjs [--only page|desk|extension] [--readme]
//
// They are written to dist/screenshots. `--readme` writes the small pictures of README.md to docs/images instead.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { serve } from '../server/serve.mjs';
import { chromiumOptions } from '../tests/support/chromium.mjs';
import { buildExtension } from './extension.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {(state: string) => Promise<void>} Shoot */

const root = fileURLToPath(new URL('..', import.meta.url));
const SIZES = /** @type {const} */ ([
    [1440, 900],
    [1366, 768],
    [1024, 768],
    [390, 844],
]);
const SCHEMES = /** @type {const} */ (['light', 'dark']);
/** A side panel is as narrow. */
const PANEL_SIZES = /** @type {const} */ ([
    [400, 900],
    [320, 768],
]);
const README_SIZE = { width: 1280, height: 800 };
const README_BYTES = 400_000;
const PATIENCE_MS = 180_000;
const NOT_AN_IMAGE = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no image') };

const { values } = parseArgs({ options: { only: { type: 'string' }, readme: { type: 'boolean', default: false } } });

/** Posts for the desk. */
const TABLE = `text
We won the cup! What a night!
I heard steps in the attic last night. I live alone.
Great, the train is late again. Just what I needed.
She would have been ninety today. I miss her.
Who put sour milk back into the fridge? Disgusting!
Three, two, one... Can’t wait to see what it will find out there!
My sister has watched the children for a week. I owe her everything.
I did not expect that at all!
The meeting is on Tuesday at ten.
Dzisiaj jest najgorszy dzień mojego życia
finally home
They cut down every tree in our street.
`;

/** @param {Page} page */
const modelIsReady = (page) => page.waitForSelector('.engine[data-state="ready"]', { state: 'attached' });

/** @param {Page} page */
const isAnswered = (page) =>
    page.waitForSelector('#result:is([data-state="finished"], [data-state="error"]):not([aria-busy])');

/**
 * The states of the page.
 *
 * @param {Page} page
 * @param {string} address
 * @param {Shoot} shoot
 */
async function visitPage(page, address, shoot) {
    const model = `${address}pkg/model/emofuse-default.emofuse`;
    await page.route(model, () => {}); // never answered
    await page.goto(`${address}?backend=cpu`);
    await page.fill('#caption', 'finally home');
    await page.click('#analyse');
    await page.waitForSelector('#result progress[value]');
    await shoot('loading');
    await page.unroute(model);
    await page.goto(`${address}?backend=cpu`);
    await modelIsReady(page);
    await page.waitForSelector('.sample:not(:disabled)');
    await shoot('start');
    for (const sample of ['cat', 'rocket', 'coffee', 'attic']) {
        await page.click(`[data-sample="${sample}"]`);
        await isAnswered(page);
        await shoot(sample);
    }
    await page.click('.chart-switch');
    await shoot('table');
    await page.selectOption('#own-label', 'anticipation');
    await page.waitForSelector('.own-label-buttons:not([hidden])');
    await shoot('own-label');
    await page.click('.status-line summary');
    await shoot('status');
    await page.keyboard.press('Escape');
    await page.fill('#caption', 'Dzisiaj jest najgorszy dzień mojego życia, wszystko stracone');
    await page.click('#analyse');
    await isAnswered(page);
    await shoot('uncertain');
    await page.setInputFiles('#choose-image', NOT_AN_IMAGE);
    await page.waitForSelector('#result[data-state="error"]');
    await shoot('error');
    await page.setInputFiles('#choose-model', { name: 'mine.emofuse', mimeType: '', buffer: Buffer.from('no model') });
    await page.waitForSelector('.model-choice .notice-title');
    await shoot('bad-model');
}

/**
 * The states of the desk: each of its tabs after a run.
 *
 * @param {Page} page
 * @param {string} address
 * @param {Shoot} shoot
 */
async function visitDesk(page, address, shoot) {
    await page.goto(`${address}desk.html?backend=cpu`);
    await modelIsReady(page);
    await shoot('start');
    await giveTable(page);
    await shoot('finished');
    for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await shoot(`tab-${(await tab.innerText()).trim().toLowerCase().replace(/\W+/g, '-')}`);
    }
}

/** @param {Page} page */
async function giveTable(page) {
    await page
        .locator('#choose-table')
        .setInputFiles({ name: 'posts.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
    await page.getByRole('button', { name: /^Put \d+ posts/ }).click();
    await page.waitForSelector('.run[data-state="finished"]', { state: 'attached' });
}

/**
 * The states of the extension's panel.
 *
 * @param {Page} page
 * @param {string} address Of the panel.
 * @param {Shoot} shoot
 */
async function visitPanel(page, address, shoot) {
    await page.goto(address);
    await modelIsReady(page);
    await shoot('start');
    await page.setInputFiles('#choose-image', join(root, 'www/samples/coffee.jpg'));
    await isAnswered(page);
    await shoot('image');
    await page.fill('#caption', 'I miss her so much. Her cup still stands here.');
    await page.click('#analyse');
    await page.waitForSelector('[data-voice="both"]:not(.absent)');
    await shoot('both');
    await page.setInputFiles('#choose-image', NOT_AN_IMAGE);
    await page.waitForSelector('#result[data-state="error"]');
    await shoot('error');
}

/**
 * @param {Page} page
 * @param {string} name
 * @returns {Shoot}
 */
const shooter = (page, name) => async (state) => {
    const file = join(root, 'dist/screenshots', `${name.replace('STATE', state)}.png`);
    await mkdir(join(file, '..'), { recursive: true });
    await page.screenshot({ path: file, animations: 'disabled' });
    console.log(relative(process.cwd(), file));
};

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 */
async function views(browser, address) {
    for (const [view, walk] of /** @type {const} */ ([
        ['page', visitPage],
        ['desk', visitDesk],
    ])) {
        if (values.only && values.only !== view) continue;
        for (const [width, height] of SIZES) {
            for (const colorScheme of SCHEMES) {
                const isPhone = width < 500;
                const context = await browser.newContext({
                    viewport: { width, height },
                    colorScheme,
                    reducedMotion: 'reduce',
                    serviceWorkers: 'block',
                    isMobile: isPhone,
                    hasTouch: isPhone,
                });
                context.setDefaultTimeout(PATIENCE_MS);
                const opened = await context.newPage();
                await walk(opened, address, shooter(opened, `${view}/STATE-${width}x${height}-${colorScheme}`));
                await context.close();
            }
        }
    }
}

/** The panel in a tab as narrow as a side panel. */
async function extension() {
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-extension-'));
    await buildExtension('chrome', folder);
    const { executablePath, args } = chromiumOptions('cpu');
    for (const [width, height] of PANEL_SIZES) {
        for (const colorScheme of SCHEMES) {
            const context = await chromium.launchPersistentContext('', {
                executablePath,
                headless: false, // --headless=new: Playwright's own headless mode has no extensions
                args: [
                    ...args,
                    '--headless=new',
                    '--disable-features=DisableLoadExtensionCommandLineSwitch',
                    `--disable-extensions-except=${folder}`,
                    `--load-extension=${folder}`,
                ],
                viewport: { width, height },
                colorScheme,
                reducedMotion: 'reduce',
            });
            context.setDefaultTimeout(PATIENCE_MS);
            const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
            const opened = await context.newPage();
            const address = new URL('/extension/panel.html', worker.url()).href;
            await visitPanel(opened, address, shooter(opened, `extension/STATE-${width}x${height}-${colorScheme}`));
            await context.close();
        }
    }
    await rm(folder, { recursive: true, force: true });
}

/**
 * The pictures of README.md: small, so that they cost little.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 */
async function readme(browser, address) {
    const context = await browser.newContext({
        viewport: README_SIZE,
        colorScheme: 'light',
        reducedMotion: 'reduce',
        serviceWorkers: 'block',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = await context.newPage();
    const folder = join(root, 'docs/images');
    await mkdir(folder, { recursive: true });
    const shoot = async (/** @type {string} */ name) => {
        const file = join(folder, `${name}.jpg`);
        await opened.screenshot({ path: file, type: 'jpeg', quality: 85, animations: 'disabled' });
        console.log(`${relative(process.cwd(), file)}: ${(await stat(file)).size} bytes`);
        return (await stat(file)).size;
    };
    await opened.goto(`${address}?backend=cpu`);
    await modelIsReady(opened);
    await opened.click('[data-sample="coffee"]');
    await isAnswered(opened);
    let bytes = await shoot('page');
    await opened.goto(`${address}desk.html?backend=cpu`);
    await modelIsReady(opened);
    await opened.getByRole('button', { name: 'Try with 20 sample posts' }).click();
    await opened.getByText('All 20 posts are analysed.').waitFor();
    bytes += await shoot('desk');
    await context.close();
    if (bytes > README_BYTES)
        throw new Error(`the pictures have ${bytes} bytes, more than the ${README_BYTES} allowed`);
}

const { address, close } = await serve(0);
const browser = await chromium.launch(chromiumOptions('cpu'));
if (values.readme) await readme(browser, address);
else {
    await views(browser, address);
    if (!values.only || values.only === 'extension') await extension();
}
await browser.close();
await close();
