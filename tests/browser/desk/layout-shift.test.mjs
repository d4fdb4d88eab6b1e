// How far the desk's contents jump while it loads and works: the sum of all layout shifts that no input explains.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, modelIsReady, openContext } from '../support/harness.mjs';

/** Google's limit for a good page is 0.1, for the worst five seconds. Here it is the sum. */
const MOST = 0.05;

for (const [device, viewport] of /** @type {const} */ ([
    ['desktop', { width: 1440, height: 900 }],
    ['laptop', { width: 1366, height: 768 }],
    ['phone', { width: 390, height: 844 }],
])) {
    test(`the desk stays where it is while it loads, analyses and evaluates, ${device}`, async () => {
        const context = await openContext('cpu', { viewport });
        context.setDefaultTimeout(300_000);
        const page = await context.newPage();
        await page.addInitScript(() => {
            /** @type {{ value: number, nodes: string[] }[]} */
            const shifts = [];
            Object.assign(globalThis, { shifts });
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) {
                    const { value, hadRecentInput, sources } =
                        /** @type {PerformanceEntry & { value: number, hadRecentInput: boolean, sources: { node: Element | null }[] }} */ (
                            entry
                        );
                    if (!hadRecentInput)
                        shifts.push({
                            value,
                            nodes: sources.map(({ node }) => node?.className || node?.nodeName || ''),
                        });
                }
            }).observe({ type: 'layout-shift', buffered: true });
        });
        const check = async (/** @type {string} */ what) => {
            const shifts = await page.evaluate(
                () =>
                    /** @type {{ shifts: { value: number, nodes: string[] }[] }} */ (
                        /** @type {unknown} */ (globalThis)
                    ).shifts,
            );
            const sum = shifts.reduce((total, { value }) => total + value, 0);
            const largest = shifts.sort((one, other) => other.value - one.value).slice(0, 3);
            console.log(`${device}, ${what}: ${sum.toFixed(3)}`);
            assert.ok(sum <= MOST, `${what}: ${sum.toFixed(3)} ${JSON.stringify(largest)}`);
        };
        const open = async () => {
            await page.goto(`${address}desk.html?backend=cpu`);
            await modelIsReady(page);
        };
        await open();
        await check('loaded');
        await page.getByRole('button', { name: 'Try with 20 sample posts' }).click();
        await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
        await page.waitForSelector('.list-item:not([hidden])');
        await check('analysed');
        await open();
        await page.getByRole('heading', { name: 'Continue where you left off' }).waitFor();
        await check('loaded again');
        await page.locator('#choose-table').setInputFiles({
            name: 'mine.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from('text,mood\nWe won!,joy\nI am afraid,anger\nHe is gone,sadness\n'),
        });
        await page.locator('#column-manualLabel').selectOption({ label: 'mood' });
        await page.getByRole('button', { name: 'Put 3 posts on the desk' }).click();
        await page.getByText('All 3 labels of your table are compared').waitFor();
        await check('evaluated');
        await context.close();
    });
}
