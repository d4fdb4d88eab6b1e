// The large model as a choice on the page and on the desk: nothing is fetched before it is asked for, and it is kept
// like the default one.
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import manifest from '../../../pkg/src/manifest.js';
import { buildPage, writeList } from '../../../tools/page.mjs';
import { rowsOf } from '../../support/csv.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import {
    PATIENCE,
    address,
    alter,
    modelIsReady,
    openContext,
    openPage,
    resultIsThere,
    serveSite,
    tabTo,
    unfoldStatus,
} from '../support/harness.mjs';
import { flipped } from '../support/own-model.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */

const { large, model: standard } = manifest;
const LARGE_URL = `${address}pkg/${large.file}`;
const megabytes = (/** @type {number} */ bytes) => (bytes / 1_000_000).toFixed(1);
const OFFER = `Use the large model (${Math.round(large.bytes / 1_000_000)} MB)`;
const OFFER_OF_KEPT = 'Use the large model (on this device)';
const LARGE_NAME = new RegExp(`^Large model: \\S+ ${large.sha256.slice(0, 8)}$`);
const DEFAULT_NAME = new RegExp(`^Default model: \\S+ ${standard.sha256.slice(0, 8)}$`);

/** @type {(() => Promise<unknown>)[]} */
const toEnd = [];
test.afterEach(async () => {
    for (const end of toEnd.splice(0).reverse()) await end();
});

/**
 * @param {import('../support/harness.mjs').Backend} [kind]
 * @param {Parameters<typeof openContext>[1]} [options]
 */
async function open(kind = 'cpu', options = {}) {
    const context = await openContext(kind, options);
    toEnd.push(() => context.close());
    return context;
}

/**
 * Notes which model files are asked for.
 *
 * @param {BrowserContext} context
 */
function modelsAsked(context) {
    /** @type {string[]} */
    const files = [];
    context.on('request', (request) => {
        const path = new URL(request.url()).pathname;
        if (path.endsWith('.emofuse')) files.push(path.replace('/pkg/', ''));
    });
    return files;
}

/**
 * @param {Page} page
 * @param {'default' | 'large' | 'own'} kind
 */
const isUsed = (page, kind) => page.waitForSelector(`.model-choice[data-model="${kind}"]`, { state: 'attached' });

/** @param {Page} page */
const nameOf = async (page) => (await page.textContent('.model-name')) ?? '';

/** @param {Page} page */
const modelInAddress = (page) => new URL(page.url()).searchParams.get('model');

/** @param {Page} page */
async function read(page) {
    await page.fill('#caption', 'not a single one of them came to my birthday');
    await page.click('#analyse');
    await resultIsThere(page);
}

/**
 * The digest of the model that gave the result on the page.
 *
 * @param {Page} page
 */
async function modelOfResult(page) {
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    return JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).model.sha256;
}

/** @param {Page} page */
const widerThanTheScreen = (page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.describe('on the page', () => {
    test('its size is shown before anything is fetched; it is used, shown, left, and taken from the cache the next time', async () => {
        const context = await open();
        const asked = modelsAsked(context);
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        assert.match(await nameOf(page), DEFAULT_NAME);
        await unfoldStatus(page);
        assert.ok(await page.getByRole('button', { name: OFFER }).isVisible());
        assert.ok(
            await page
                .getByText('reads captions better and takes longer. It is downloaded once, then kept on this device.')
                .isVisible(),
        );
        await read(page);
        assert.deepEqual(asked, [standard.file]);

        await unfoldStatus(page);
        await page.getByRole('button', { name: OFFER }).click();
        await isUsed(page, 'large');
        assert.match(await nameOf(page), LARGE_NAME);
        assert.match((await page.textContent('#announcement')) ?? '', /^Large model \S+ is in use\.$/);
        assert.match(await page.innerText('.privacy-model'), new RegExp(large.sha256));
        assert.equal(modelInAddress(page), 'large');
        assert.match((await page.getAttribute('.views a:last-child', 'href')) ?? '', /desk\.html\?model=large$/);
        assert.ok(
            !(await page.locator('#large-model, #large-model-hint').filter({ visible: true }).count()),
            'it is not offered any more',
        );
        assert.ok(await page.getByText('The model has changed').isVisible());
        await read(page);
        await page.getByText('The model has changed').waitFor({ state: 'hidden' });
        assert.equal(await modelOfResult(page), large.sha256);
        assert.deepEqual(asked, [standard.file, large.file]);

        await unfoldStatus(page);
        await page.getByRole('button', { name: 'Back to the default model' }).click();
        await isUsed(page, 'default');
        assert.match(await nameOf(page), DEFAULT_NAME);
        assert.equal(modelInAddress(page), null);
        assert.match((await page.getAttribute('.views a:last-child', 'href')) ?? '', /desk\.html$/);
        await unfoldStatus(page);
        await page.getByRole('button', { name: OFFER_OF_KEPT }).click();
        await isUsed(page, 'large');
        assert.deepEqual(asked, [standard.file, large.file]);
    });

    for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
        test(`it is loaded in place of the default one where the address asks for it, and needs no request the next time, on ${backend}`, {
            tag: `@${backend}`,
        }, async () => {
            test.setTimeout(PATIENCE[backend] * 3);
            const context = await open(backend);
            const asked = modelsAsked(context);
            const page = await openPage(context, `?backend=${backend}&model=large`);
            await modelIsReady(page);
            assert.match(await nameOf(page), LARGE_NAME);
            await read(page);
            assert.equal(await modelOfResult(page), large.sha256);
            assert.match(
                String(await page.textContent('.engine-text')),
                backend === 'cpu' ? /on the CPU/ : /on WebGPU/,
            );
            assert.deepEqual(asked, [large.file]);
            await page.reload();
            await modelIsReady(page);
            assert.match(await nameOf(page), LARGE_NAME);
            assert.deepEqual(asked, [large.file]);
        });
    }

    test('any other model that the address asks for is ignored', async () => {
        const context = await open();
        const page = await openPage(context, '?backend=cpu&model=huge');
        await modelIsReady(page);
        assert.match(await nameOf(page), DEFAULT_NAME);
        assert.equal(modelInAddress(page), null);
    });

    test('how far it has come is shown, it is fetched once however often it is asked for, and cancelling keeps the model in use', async () => {
        const context = await open();
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        await context.route(LARGE_URL, () => {}); // never answered
        const asked = modelsAsked(context);
        await unfoldStatus(page);
        await page.click('#large-model');
        await page.waitForSelector('.engine[data-state="loading"] progress[value]', { state: 'attached' });
        const total = megabytes(manifest.wasm.cpu.bytes + large.bytes);
        assert.match(
            await page.innerText('.engine-text'),
            new RegExp(`^Loading the model: \\d+\\.\\d of ${total} MB, \\d+\\s%`),
        );
        await unfoldStatus(page);
        await page.click('#large-model');
        await unfoldStatus(page);
        await page.getByRole('button', { name: 'Cancel loading' }).click();
        await page.waitForSelector('.engine[data-state="ready"]', { state: 'attached' });
        assert.deepEqual(asked, [large.file]);
        assert.match(await nameOf(page), DEFAULT_NAME);
        assert.equal(modelInAddress(page), null);
        assert.equal(await page.textContent('.model-choice .notice'), '');
        await read(page);
        assert.equal(await modelOfResult(page), standard.sha256);

        await context.unroute(LARGE_URL);
        await unfoldStatus(page);
        await page.getByRole('button', { name: OFFER }).click();
        await isUsed(page, 'large');
    });

    test('where it cannot be fetched, or arrives altered, the page says so and the model in use stays', async () => {
        const context = await open();
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        /** @param {Parameters<BrowserContext['route']>[1]} handler */
        const answer = async (handler) => {
            await context.route(LARGE_URL, handler);
            return () => context.unroute(LARGE_URL);
        };
        const fetched = /^The large model could not be downloaded.*choose it again.*stays in use/s;
        for (const [fault, message] of /** @type {const} */ ([
            [() => answer((route) => route.fulfill({ status: 404 })), fetched],
            [() => answer((route) => route.abort()), fetched],
            [
                () => alter(context, large.file, flipped),
                /^The large model arrived damaged.*choose it again.*stays in use.*SHA-256/is,
            ],
        ])) {
            const mend = await fault();
            await unfoldStatus(page);
            await page.getByRole('button', { name: OFFER }).click();
            await page.waitForSelector('.engine[data-state="ready"]', { state: 'attached' });
            assert.match(await page.innerText('.model-choice .notice'), message);
            assert.match(await nameOf(page), DEFAULT_NAME);
            assert.equal(modelInAddress(page), null);
            await read(page);
            assert.equal(await modelOfResult(page), standard.sha256);
            await mend();
        }
        await unfoldStatus(page);
        await page.getByRole('button', { name: OFFER }).click();
        await isUsed(page, 'large');
        assert.equal(await page.textContent('.model-choice .notice'), '');
    });

    test('where the address asks for it and it cannot be fetched, the page says so and uses the default one', async () => {
        const context = await open();
        await context.route(LARGE_URL, (route) => route.fulfill({ status: 404 }));
        const page = await openPage(context, '?backend=cpu&model=large');
        await isUsed(page, 'default');
        assert.match(
            await page.innerText('.model-choice .notice'),
            /^The large model could not be downloaded.*The default model is used instead\./s,
        );
        assert.equal(modelInAddress(page), null);
        await read(page);
    });

    test('another back end runs the same model', async () => {
        const context = await open();
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        await unfoldStatus(page);
        await page.click('#large-model');
        await isUsed(page, 'large');
        await unfoldStatus(page);
        await page.selectOption('#backend', 'auto');
        await modelIsReady(page);
        await page.waitForFunction(() => document.querySelector('#engine-reason')?.textContent !== 'As chosen.');
        assert.match(await nameOf(page), LARGE_NAME);
        assert.equal(new URL(page.url()).search, '?backend=auto&model=large');
    });

    test('it works by keyboard, and the focus is not lost', async () => {
        const context = await open();
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        const focused = () => page.evaluate(() => document.activeElement?.id);
        await unfoldStatus(page);
        await tabTo(page, 'Use the large model');
        await page.keyboard.press('Enter');
        await isUsed(page, 'large');
        assert.equal(await focused(), 'use-model');
        await unfoldStatus(page);
        await tabTo(page, 'Back to the default model');
        await page.keyboard.press('Space');
        await isUsed(page, 'default');
        assert.equal(await focused(), 'use-model');
    });
});

test.describe('without a network', () => {
    /** @param {Record<string, string>} [roots] */
    async function openSite(roots) {
        const site = await serveSite(roots);
        toEnd.push(site.close);
        return site;
    }

    /**
     * @param {Page} page
     * @param {boolean} isKept
     */
    const worksOffline = (page, isKept = true) => page.waitForSelector(`#without-network[data-cached="${isKept}"]`);

    /**
     * Opens the page and waits until it is kept.
     *
     * @param {string} url
     */
    async function visit(url) {
        const context = await open('cpu', { serviceWorkers: 'allow' });
        const page = await context.newPage();
        await page.goto(url);
        await modelIsReady(page);
        await worksOffline(page);
        return { context, page };
    }

    test('page and desk open with it after one visit with it, which fetches no other model', async () => {
        const site = await openSite();
        const { context, page } = await visit(`${site.address}?backend=cpu&model=large`);
        assert.deepEqual(
            site.sent.map(({ url }) => url).filter((url) => url.endsWith('.emofuse')),
            [`/pkg/${large.file}`],
        );
        await context.setOffline(true);
        await site.close();
        await page.reload();
        await modelIsReady(page);
        assert.match(await nameOf(page), LARGE_NAME);
        await read(page);
        assert.match(await page.innerText('#without-network'), /You are offline now; everything still works/);
        await page.getByRole('link', { name: 'Labelling desk' }).click();
        await page.waitForURL(`${site.address}desk.html?model=large`);
        await modelIsReady(page);
        assert.match(await nameOf(page), LARGE_NAME);
        await worksOffline(page);
    });

    test('the page says that it works only where the model that it opens with is kept', async () => {
        const site = await openSite();
        const { page } = await visit(`${site.address}?backend=cpu&model=large`);
        const buffer = await readFile(fileURLToPath(new URL(`../../../pkg/${standard.file}`, import.meta.url)));
        await page.setInputFiles('#choose-model', { name: 'mine.emofuse', mimeType: '', buffer });
        await isUsed(page, 'own');
        await worksOffline(page, false);
        assert.match(await page.innerText('#without-network'), /does not store the model that the page opens with/);
        await unfoldStatus(page);
        await page.click('#default-model');
        await isUsed(page, 'default');
        await worksOffline(page);
        await unfoldStatus(page);
        await page.click('#large-model');
        await isUsed(page, 'large');
        await worksOffline(page);
    });

    for (const [visited, isRenewed] of /** @type {const} */ ([
        ['?backend=cpu&model=large', true],
        ['?backend=cpu', false],
    ])) {
        test(`a new version of the page ${isRenewed ? 'brings its large model where the old one is kept' : 'brings no large model where none is kept'}`, async () => {
            const folder = await mkdtemp(join(tmpdir(), 'emofuse-site-'));
            toEnd.push(() => rm(folder, { recursive: true, force: true }));
            await buildPage(folder);
            const site = await openSite({ '/': folder });
            const { page } = await visit(site.address + visited);
            await appendFile(join(folder, 'pkg', large.file), 'of a new version');
            await writeList(folder);
            site.sent.length = 0;
            await page.reload();
            await page.getByRole('button', { name: 'Use it now' }).waitFor();
            const versions = await page.evaluate(
                async (file) =>
                    (await (await caches.open('emofuse')).keys()).filter(({ url }) => url.includes(file)).length,
                large.file,
            );
            assert.equal(versions, isRenewed ? 2 : 0, 'the one in use, and the new one');
            assert.equal(
                site.sent.some(({ url }) => url === `/pkg/${large.file}`),
                isRenewed,
            );
        });
    }
});

test.describe('on the desk', () => {
    const CAPTIONS = ['We won!', 'I am afraid of the dark', 'He left without a word', 'not what I had hoped for'];

    /**
     * @param {BrowserContext} context
     * @param {string} query
     */
    async function openDesk(context, query) {
        const page = await context.newPage();
        await page.goto(`${address}desk.html?backend=cpu&workers=3${query}`);
        await modelIsReady(page);
        return page;
    }

    /** @param {Page} page */
    async function giveTable(page) {
        await page.locator('#choose-table').setInputFiles({
            name: 'few.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from(`text\n${CAPTIONS.join('\n')}\n`),
        });
        await page.getByRole('button', { name: `Put ${CAPTIONS.length} posts on the desk` }).click();
        await isFinished(page);
    }

    /** @param {Page} page */
    const isFinished = (page) => page.waitForSelector('.run[data-state="finished"]');

    /**
     * By which models the posts were labelled.
     *
     * @param {Page} page
     */
    async function modelsOfLabels(page) {
        await page.getByRole('tab', { name: 'Export' }).click();
        await page.getByRole('radio', { name: /^CSV/ }).check();
        const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('button', { name: /^Save \d/ }).click(),
        ]);
        return rowsOf(await readFile(await download.path(), 'utf8')).map(({ model_sha256 }) => model_sha256);
    }

    test('several workers label with it, and it is fetched once', async () => {
        const context = await open('cpu', { acceptDownloads: true });
        const asked = modelsAsked(context);
        const page = await openDesk(context, '&model=large');
        assert.match(await nameOf(page), LARGE_NAME);
        await giveTable(page);
        assert.equal(page.workers().length, 3);
        assert.deepEqual(
            await modelsOfLabels(page),
            CAPTIONS.map(() => large.sha256),
        );
        assert.deepEqual(asked, [large.file]);
    });

    test('chosen where posts are labelled already, it labels them anew, and the default one after it', async () => {
        const context = await open('cpu', { acceptDownloads: true });
        const asked = modelsAsked(context);
        const page = await openDesk(context, '');
        await giveTable(page);
        assert.deepEqual(
            await modelsOfLabels(page),
            CAPTIONS.map(() => standard.sha256),
        );
        assert.deepEqual(asked, [standard.file]);
        await unfoldStatus(page);
        await page.getByRole('button', { name: OFFER }).click();
        await isUsed(page, 'large');
        await isFinished(page);
        assert.equal(modelInAddress(page), 'large');
        assert.deepEqual(
            await modelsOfLabels(page),
            CAPTIONS.map(() => large.sha256),
        );
        await unfoldStatus(page);
        await page.click('#default-model');
        await isUsed(page, 'default');
        await isFinished(page);
        assert.deepEqual(
            await modelsOfLabels(page),
            CAPTIONS.map(() => standard.sha256),
        );
        assert.deepEqual(asked, [standard.file, large.file]);
    });

    test('where it cannot be fetched, the desk says so and goes on with the model in use', async () => {
        const context = await open();
        const page = await openDesk(context, '');
        await context.route(LARGE_URL, (route) => route.fulfill({ status: 503 }));
        await unfoldStatus(page);
        await page.click('#large-model');
        await page.waitForSelector('.model-choice .notice-title');
        assert.match(
            await page.innerText('.model-choice .notice'),
            /^The large model could not be downloaded.*stays in use/s,
        );
        await giveTable(page);
        assert.match(await nameOf(page), DEFAULT_NAME);
    });
});

for (const view of ['', 'desk.html']) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        test(`axe finds nothing with the large model, nor without it, and nothing is wider than a phone, ${view || 'page'}, ${colorScheme}`, async () => {
            const context = await open('cpu', {
                colorScheme,
                viewport: { width: 390, height: 844 },
                reducedMotion: 'reduce',
            });
            const page = await openPage(context, `${view}?backend=cpu`);
            /** @param {string} state */
            const check = async (state) => {
                await checkWithAxe(page, state);
                assert.equal(await widerThanTheScreen(page), 0, state);
            };
            await modelIsReady(page);
            await context.route(LARGE_URL, (route) => route.fulfill({ status: 503 }));
            await unfoldStatus(page);
            await page.click('#large-model');
            await page.waitForSelector('.model-choice .notice-title');
            await check('it cannot be fetched');
            await context.unroute(LARGE_URL);
            await unfoldStatus(page);
            await page.click('#large-model');
            await isUsed(page, 'large');
            await check('in use');
            await unfoldStatus(page);
            await page.click('#default-model');
            await page.getByRole('button', { name: OFFER_OF_KEPT }).waitFor();
            await check('kept');
        });
    }
}
