// What the browser tests share: the server, the browsers, the package's files with a fault put in.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../../support/chromium.mjs';
import { serve } from '../../../server/serve.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('../../support/chromium.mjs').Backend} Backend */

/** On a software GPU the kernels are compiled for minutes before the first answer. */
export const PATIENCE = { cpu: 180_000, webgpu: 900_000 };

/**
 * Started once in each process that runs tests, and ended with it.
 *
 * @type {Map<string, Promise<import('playwright-core').Browser>>}
 */
const browsers = new Map();
/**
 * The contexts that are open, and the test file that each belongs to.
 *
 * @type {Map<BrowserContext, string>}
 */
const contexts = new Map();

export const { address } = await serve(0);

/**
 * Serves the page once more, at an address of its own.
 *
 * @param {Record<string, string>} [roots] Instead of the page of this repository.
 */
export async function serveSite(roots) {
    /**
     * @type {{ method: string, url: string, headers: import('node:http').IncomingHttpHeaders, status: number,
     *     bytes: number }[]}
     */
    const sent = [];
    const site = await serve(0, { ...(roots && { roots }), onReply: (reply) => sent.push(reply) });
    let isOpen = true;
    const close = async () => {
        if (isOpen) await site.close();
        isOpen = false;
    };
    return { address: site.address, sent, close };
}

/**
 * A browser that has WebGPU or has not.
 *
 * @param {Backend} kind
 * @param {boolean} keepsPages Whether pages that were left are kept for the back button, which Playwright turns off.
 */
function browserWith(kind, keepsPages) {
    const key = `${kind} ${keepsPages}`;
    let browser = browsers.get(key);
    if (!browser) {
        browser = chromium.launch({
            ...chromiumOptions(kind),
            ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [],
        });
        browsers.set(key, browser);
        browser.then(
            (started) => started.on('disconnected', () => browsers.delete(key)),
            () => browsers.delete(key),
        );
    }
    return browser;
}

/**
 * Closes what other test files have left open, so that nothing of theirs goes on beside this one.
 *
 * @param {string} file
 */
async function closeOthers(file) {
    for (const [context, owner] of contexts) if (owner !== file) await context.close();
}

/**
 * Without service workers, unless they are asked for: what one answers is not seen by `context.route`.
 *
 * @param {Backend} kind What the browser has.
 * @param {import('playwright-core').BrowserContextOptions & { keepsPages?: boolean }} [options]
 * @returns {Promise<BrowserContext>}
 */
export async function openContext(kind, { keepsPages = false, ...options } = {}) {
    const { file } = test.info();
    const browser = await browserWith(kind, keepsPages);
    const context = await browser.newContext({
        permissions: ['clipboard-read', 'clipboard-write'],
        serviceWorkers: 'block',
        ...options,
    });
    context.setDefaultTimeout(PATIENCE[kind]);
    await closeOthers(file);
    contexts.set(context, file);
    context.on('close', () => contexts.delete(context));
    return context;
}

/**
 * Opens the page, without waiting for the model.
 *
 * @param {BrowserContext} context
 * @param {string} [query]
 */
export async function openPage(context, query = '') {
    const page = await context.newPage();
    await page.goto(address + query);
    return page;
}

/**
 * Waits for the model, but not for one that has failed.
 *
 * @param {Page} page
 */
export async function modelIsReady(page) {
    await page.waitForSelector('.engine:is([data-state="ready"], [data-state="failed"])', { state: 'attached' });
    if ((await page.getAttribute('.engine', 'data-state')) === 'failed')
        throw new Error(await page.innerText('.engine .notice'));
}

/**
 * Unfolds the line at the top, which has the back ends and the models.
 *
 * @param {Page} page
 */
export async function unfoldStatus(page) {
    if (!(await page.locator('.engine').isVisible())) await page.click('.status-line summary');
    await page.waitForSelector('.engine');
}

/**
 * Waits for the result, but not for one after an error.
 *
 * @param {Page} page
 */
export async function resultIsThere(page) {
    await page.waitForSelector(
        '#result:is([data-state="finished"], [data-state="error"]):not([aria-busy]), .engine[data-state="failed"]',
    );
    if ((await page.getAttribute('#result', 'data-state')) !== 'finished')
        throw new Error((await page.locator('.notice').allInnerTexts()).join('\n'));
}

/** @param {Page} page */
export const errorIsThere = (page) => page.waitForSelector('#result[data-state="error"] .notice-title');

/**
 * The table as a screen reader gets it: each emotion's bar and number.
 *
 * @param {Page} page
 * @returns {Promise<Record<string, { bar: number, number: string }>>}
 */
export function readTable(page) {
    return page.$$eval('table.scores tbody tr', (rows) =>
        Object.fromEntries(
            rows.map((row) => [
                row.querySelector('th')?.textContent ?? '',
                {
                    bar: row.querySelector('meter')?.value ?? NaN,
                    number: (row.querySelector('td.number')?.textContent ?? '').replace('\u00a0', ' '),
                },
            ]),
        ),
    );
}

/**
 * Drops files onto the image's field as the browser itself would.
 *
 * @param {Page} page
 * @param {string[]} files
 */
export async function drop(page, files) {
    const box = await page.locator('#drop').boundingBox();
    assert.ok(box);
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
        await session.send('Input.dispatchDragEvent', {
            type,
            x: box.x + box.width / 2,
            y: box.y + box.height / 2,
            data,
        });
    }
    await session.detach();
}

/**
 * Presses Tab until the element that this describes has the focus, which must show.
 *
 * @param {Page} page
 * @param {string} description The accessible name, or its beginning.
 */
export async function tabTo(page, description) {
    for (let pressed = 0; pressed < 30; pressed++) {
        await page.keyboard.press('Tab');
        const { name, outline } = await page.evaluate(() => {
            const focused = /** @type {HTMLElement & { labels?: NodeListOf<HTMLLabelElement> }} */ (
                document.activeElement
            );
            const style = getComputedStyle(focused);
            return {
                name: focused.labels?.[0]?.textContent ?? focused.textContent ?? '',
                outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
            };
        });
        if (!name.startsWith(description)) continue;
        assert.ok(outline >= 2, `the focus on '${description}' shows`);
        return;
    }
    assert.fail(`Tab does not reach '${description}'`);
}

/**
 * Serves a file of the package changed.
 *
 * @param {BrowserContext} context
 * @param {string} file Below pkg/.
 * @param {(content: Buffer) => Buffer | string} change
 * @returns {Promise<() => Promise<void>>} Takes the change back.
 */
export async function alter(context, file, change) {
    const url = `${address}pkg/${file}`;
    await context.route(url, async (route) => {
        const response = await route.fetch();
        const headers = { ...response.headers() };
        for (const name of ['content-encoding', 'content-length', 'etag']) delete headers[name]; // the body is changed
        await route.fulfill({ status: response.status(), headers, body: change(await response.body()) });
    });
    return () => context.unroute(url);
}

/** Source text that makes `trap()` end in a real WebAssembly trap. */
export const TRAP = `
const trap = () => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(
    [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11]))).exports.f();
`;

/**
 * Source text for the glue that makes posts with a certain caption do something else.
 *
 * @param {string} caption
 * @param {string} action A function; it is given one that classifies after all.
 */
export const onCaption = (caption, action) => `
const { prepare, classify } = Engine.prototype;
let asked;
Engine.prototype.prepare = function (...post) {
    asked = post[3];
    return prepare.apply(this, post);
};
Engine.prototype.classify = function (...posts) {
    const goOn = () => classify.apply(this, posts);
    return asked === ${JSON.stringify(caption)} ? (${action})(goOn) : goOn();
};`;

/** What to do instead of classifying, to end in an error outside of any promise. */
export const CRASH = `() => new Promise(() => queueMicrotask(() => { throw new Error('crashed'); }))`;

/**
 * A page of the server with nothing on it, to use the package directly; `globalThis.emofuse` is its module.
 *
 * @param {BrowserContext} context
 */
export async function openBlank(context) {
    const url = `${address}blank`;
    await context.route(url, async (route) => {
        const response = await route.fetch({ url: address });
        const headers = { ...response.headers() };
        for (const name of ['content-encoding', 'content-length', 'etag']) delete headers[name];
        await route.fulfill({ status: 200, headers, body: '<!doctype html><title>blank</title>' });
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(
        async ([policy, path]) => {
            await import(policy);
            Object.assign(globalThis, { emofuse: await import(path) });
        },
        /** @type {const} */ (['/pkg/src/trusted-types.js', '/pkg/index.js']),
    );
    return page;
}
