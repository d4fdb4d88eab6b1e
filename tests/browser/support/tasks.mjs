// How long the tasks of a page's main thread take.
import assert from 'node:assert/strict';

/**
 * The tasks of the main threads while something is done, by the processor's time: what else runs on this machine makes
 * tasks longer by the clock. A collection of the whole heap's garbage does not count: when it comes, and in how many turns,
 * is up to the browser, and most of it closes the browser's own objects.
 *
 * @template R
 * @param {import('./harness.mjs').Page} page
 * @param {() => Promise<R>} action
 * @returns {Promise<{ result: R, tasks_ms: number[] }>} The longest first.
 */
export async function traced(page, action) {
    const browser = page.context().browser();
    assert.ok(browser);
    const session = await browser.newBrowserCDPSession();
    /** @type {{ name: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args: { name?: string } }[]} */
    const events = [];
    session.on('Tracing.dataCollected', ({ value }) => {
        for (const event of /** @type {typeof events} */ (/** @type {unknown} */ (value)))
            if (/^thread_name$|RunTask$|^MajorGC$/.test(event.name)) events.push(event);
    });
    const ended = new Promise((resolve) => session.on('Tracing.tracingComplete', resolve));
    const traceConfig = {
        recordMode: /** @type {const} */ ('recordAsMuchAsPossible'),
        includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'],
        excludedCategories: ['*'],
    };
    await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
    const result = await action();
    await session.send('Tracing.end');
    await ended;
    await session.detach();
    const thread = (/** @type {typeof events[number]} */ { pid, tid }) => `${pid} ${tid}`;
    const main = new Set(events.filter(({ args }) => args.name === 'CrRendererMain').map(thread));
    // One that was under way at the end has no duration.
    const tasks = events.filter(
        (event) => event.name.endsWith('RunTask') && event.tdur !== undefined && main.has(thread(event)),
    );
    const collections = events.filter(({ name }) => name === 'MajorGC');
    const own_us = (/** @type {typeof events[number]} */ task) => {
        const { ts, dur = 0, tdur = NaN } = task;
        const within = collections.filter(
            (event) => thread(event) === thread(task) && event.ts >= ts && event.ts < ts + dur,
        );
        return tdur - within.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
    };
    return { result, tasks_ms: tasks.map((task) => own_us(task) / 1000).sort((one, other) => other - one) };
}

/**
 * The longest task of the page's main thread while something is done, as a share of the time that it takes. Only tasks
 * of more than 50 ms count.
 *
 * @typedef {{ start: () => Promise<void>, finish: () => Promise<number> }} LongTasks
 */

/**
 * Puts `globalThis.longTasks` into the page. What the browser has to tell of a task comes later; after a long one that
 * was made on purpose has been told, all before it have.
 *
 * @param {import('./harness.mjs').Page} page
 */
export const watchLongTasks = (page) =>
    page.evaluate(() => {
        /** @type {PerformanceEntry[]} */
        let tasks = [];
        let began = 0;
        let noticed = () => {};
        new PerformanceObserver((list) => {
            tasks.push(...list.getEntries());
            noticed();
        }).observe({ type: 'longtask' });
        const allAreTold = async () => {
            await new Promise((resolve) => setTimeout(resolve)); // a task of its own
            const from = performance.now();
            while (performance.now() < from + 60);
            const isTold = () => tasks.some(({ startTime, duration }) => startTime + duration > from);
            while (!isTold()) {
                await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
                    noticed = resolve;
                });
            }
        };
        /** @type {LongTasks} */
        const longTasks = {
            async start() {
                await allAreTold();
                tasks = [];
                began = performance.now();
            },
            async finish() {
                const ended = performance.now();
                await allAreTold();
                const durations = tasks.filter(({ startTime }) => startTime < ended).map(({ duration }) => duration);
                return Math.max(0, ...durations) / (ended - began);
            },
        };
        Object.assign(globalThis, { longTasks });
    });

/** How much of all that the main thread did one task may be: a page that works in short turns has thousands of them. */
const LONGEST_SHARE = 0.03;

/**
 * Fails if a task is long beside all of them together, which holds on fast and slow computers alike.
 *
 * @param {number[]} tasks_ms The longest first.
 * @param {string} what
 */
export function checkShortTurns(tasks_ms, what) {
    const whole = tasks_ms.reduce((sum, time_ms) => sum + time_ms, 0);
    const longest = tasks_ms
        .slice(0, 3)
        .map((time_ms) => time_ms.toFixed(1))
        .join(', ');
    const told = `${what}: ${tasks_ms.length} tasks of the main thread, ${whole.toFixed(0)} ms in all, the longest of ${longest} ms`;
    console.log(told);
    assert.ok((tasks_ms[0] ?? 0) <= LONGEST_SHARE * whole, told);
}
