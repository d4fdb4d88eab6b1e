// What is in view, what moves, and what the page does before its model is there.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { PATIENCE, address, modelIsReady, openContext, resultIsThere, unfoldStatus } from '../support/harness.mjs';
import { watchLongTasks } from '../support/tasks.mjs';
import { SCREENS, isInView } from '../support/viewport.mjs';

/** The machine may have other things to do. */
const patient = expect.configure({ timeout: PATIENCE.cpu });

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */

const MODEL = `${address}pkg/model/emofuse-default.emofuse`;
const ROCKET = fileURLToPath(new URL('../../../www/samples/rocket.jpg', import.meta.url));
const MOST_SHIFT = 0.05;
/** Of the time from the request to the model being ready, how much the main thread may be blocked. */
const BLOCKED_SHARE = 0.3;
const SMALLEST_TEXT_PX = 12;

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/**
 * Opens the page with everything that moves by itself noted in `globalThis.moved`, and its paints in `painted`.
 *
 * @param {BrowserContext} opened
 */
async function openObserved(opened) {
    const page = await opened.newPage();
    await page.addInitScript(() => {
        const moved = /** @type {{ at_ms: number, value: number, what: string }[]} */ ([]);
        const painted = /** @type {Record<string, number>} */ ({});
        Object.assign(globalThis, { moved, painted });
        new PerformanceObserver((list) => {
            for (const entry of /** @type {any[]} */ (list.getEntries()))
                if (!entry.hadRecentInput)
                    moved.push({
                        at_ms: entry.startTime,
                        value: entry.value,
                        what: entry.sources
                            .map((/** @type {any} */ { node }) => node?.id || node?.className)
                            .join(', '),
                    });
        }).observe({ type: 'layout-shift', buffered: true });
        for (const type of ['paint', 'largest-contentful-paint'])
            new PerformanceObserver((list) => {
                for (const { name, startTime } of list.getEntries()) painted[name || type] = startTime;
            }).observe({ type, buffered: true });
    });
    await page.goto(`${address}?backend=cpu`);
    return page;
}

/** @typedef {{ at_ms: number, value: number, what: string }} Shift */

/**
 * The cumulative layout shift, as browsers report it: the largest sum of shifts that follow each other within a second,
 * for at most five seconds.
 *
 * @param {Shift[]} shifts
 */
function cumulativeShift(shifts) {
    let [largest, sum, began_ms, last_ms] = [0, 0, -Infinity, -Infinity];
    for (const { at_ms, value } of shifts) {
        if (at_ms - last_ms > 1000 || at_ms - began_ms > 5000) [sum, began_ms] = [0, at_ms];
        sum += value;
        last_ms = at_ms;
        largest = Math.max(largest, sum);
    }
    return largest;
}

/**
 * Checks how much has moved since the page was opened.
 *
 * @param {Page} page
 * @param {string} when
 */
async function checkShift(page, when) {
    const shifts = /** @type {Shift[]} */ (await page.evaluate('moved'));
    const shift = cumulativeShift(shifts);
    assert.ok(shift <= MOST_SHIFT, `${when}: the layout shifts by ${shift.toFixed(3)}: ${JSON.stringify(shifts)}`);
    return shift;
}

for (const [screen, viewport] of Object.entries(SCREENS)) {
    test(`nothing moves while the page loads and when the answer comes, which is in view with image and reasons, ${screen}`, async () => {
        context = await openContext('cpu', { viewport, reducedMotion: 'reduce' });
        /** @type {(value?: unknown) => void} */
        let release = () => {};
        const held = new Promise((resolve) => (release = resolve));
        await context.route(MODEL, async (route) => {
            await held;
            await route.continue();
        });
        const page = await openObserved(context);
        await patient(page.locator('.sample:not(:disabled)')).toHaveCount(4);
        await isInView(page.locator('.drop'), 'the field for the image');
        await isInView(page.locator('#analyse'), 'the button');
        await page.fill('#caption', 'There she goes!');
        const loading = await checkShift(page, 'while it loads');

        await page.setInputFiles('#choose-image', ROCKET);
        await page.waitForSelector('#result[data-state="working"]');
        await page.waitForFunction(() => document.querySelector('img.preview')?.checkVisibility());
        // What has changed by the person's doing is on the screen now; from here on, only the answer comes.
        await page.evaluate(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        await page.evaluate('moved.length = 0');
        release();
        await resultIsThere(page);
        for (const [selector, what] of /** @type {const} */ ([
            ['.preview', 'the image'],
            ['.heat-frame', 'what the model sees of it'],
            ['#headline', 'the answer'],
            ['.explanation', 'the score'],
            ['.comparison', 'what they say together'],
            ['.reasons-words', 'the words'],
            ['#analyse', 'the button'],
        ]))
            await isInView(page.locator(selector), what);
        const answering = await checkShift(page, 'when the answer comes');
        console.log(
            `${screen}: the layout shifts by ${loading.toFixed(4)}, with the answer by ${answering.toFixed(4)}`,
        );
        const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, 'nothing is wider than the screen');
    });

    test(`no text is smaller than ${SMALLEST_TEXT_PX} pixels, ${screen}`, async () => {
        context = await openContext('cpu', { viewport });
        await context.route(MODEL, () => {}); // never answered: the sample's stored result is enough
        const page = await openObserved(context);
        await page.getByRole('button', { name: /^Coffee/ }).click();
        await resultIsThere(page);
        const small = await page.evaluate((least) => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            /** @type {string[]} */
            const found = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const parent = node.parentElement;
                if (!node.textContent?.trim() || !parent?.checkVisibility() || parent.closest('.image-tools > button'))
                    continue;
                const drawing = parent.closest('svg');
                const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
                const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
                if (size < least - 0.01) found.push(`${node.textContent.trim()}: ${size.toFixed(1)}`);
            }
            return found;
        }, SMALLEST_TEXT_PX);
        assert.deepEqual(small, []);
    });
}

test('the page is painted, largest part and all, while the model is still on its way', async () => {
    context = await openContext('cpu');
    const page = await openObserved(context);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).painted['largest-contentful-paint'] > 0);
    await modelIsReady(page);
    const painted = /** @type {Record<string, number>} */ (await page.evaluate('painted'));
    const ready = Number(await page.evaluate('performance.now()'));
    console.log(`painted: ${JSON.stringify(painted)}; the model was ready after ${ready.toFixed(0)} ms`);
    assert.ok((painted['largest-contentful-paint'] ?? Infinity) < ready);
});

test('the main thread is free while the page loads', { tag: '@measures' }, async () => {
    context = await openContext('cpu');
    const page = await context.newPage();
    await page.goto(`${address}?backend=cpu`);
    await modelIsReady(page); // once, so that the server has compressed all
    await page.addInitScript(() => {
        /** @type {number[]} */
        const blocked = [];
        Object.assign(globalThis, { blocked });
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) blocked.push(duration - 50);
        }).observe({ type: 'longtask', buffered: true });
    });
    await page.reload();
    await modelIsReady(page);
    await watchLongTasks(page);
    const { blocked, ready } = /** @type {{ blocked: number[], ready: number }} */ (
        await page.evaluate('({ blocked, ready: performance.now() })')
    );
    const total = blocked.reduce((sum, time) => sum + time, 0);
    console.log(`blocked for ${total.toFixed(0)} ms of ${ready.toFixed(0)} ms`);
    assert.ok(total <= BLOCKED_SHARE * ready, `${total} of ${ready} ms`);
});

test('while the model is on its way, the answer’s place shows bytes, share and what follows', async () => {
    context = await openContext('cpu');
    await context.route(MODEL, () => {}); // never answered
    const page = await context.newPage();
    await page.goto(`${address}?backend=cpu`);
    await page.fill('#caption', 'finally home');
    await page.click('#analyse');
    await patient(page.locator('.explanation')).toHaveText(/^Loading the model: \d+\.\d of \d+\.\d MB, \d+\s%/);
    await isInView(page.locator('#result progress'), 'the bar');
    await patient(page.locator('.status-text')).toHaveText(/^Loading \d+ %$/);
    await unfoldStatus(page);
    await page.getByRole('button', { name: 'Cancel loading' }).click();
    await page.waitForSelector('#result[data-state="empty"]', { state: 'attached' });
});
