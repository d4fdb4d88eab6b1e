// What interrupts a classifier (crashes, lost graphics devices, sleeping pages) and how it goes on.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { CRASH, PATIENCE, alter, onCaption, openBlank, openContext } from '../support/harness.mjs';
import { REMEMBER_DEVICE, disguiseAdapter, storeVerdict, webGpuWorker } from '../support/adapter.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./package.test.mjs').Globals} Globals */

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/**
 * A page with a loaded classifier.
 *
 * @param {BrowserContext} opened
 * @param {import('../../../pkg/index.js').Backend | 'auto'} backend
 */
async function openLoaded(opened, backend) {
    const page = await openBlank(opened);
    await load(page, backend);
    return page;
}

/**
 * @param {Page} page
 * @param {import('../../../pkg/index.js').Backend | 'auto'} backend
 * @param {number} [timeout_ms]
 */
const load = (page, backend, timeout_ms) =>
    page.evaluate(
        async (options) => {
            const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            globals.classifier = await globals.emofuse.EmotionClassifier.load(options);
        },
        { backend, ...(timeout_ms && { timeout_ms }) },
    );

/**
 * @param {Page} page
 * @param {string[]} captions
 */
const classifyAtOnce = (page, captions) =>
    page.evaluate(async (words) => {
        const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const calls = words.map((caption) => classifier.classify({ caption }));
        return Promise.all(
            calls.map((call) =>
                call.then(
                    ({ backend, emotion }) => ({ backend, emotion }),
                    (error) => `${error.name}: ${error.message}`,
                ),
            ),
        );
    }, captions);

/**
 * Waits until so many workers are left; that one has ended is told a little later.
 *
 * @param {Page} page
 * @param {number} count
 */
const workersAre = (page, count) => expect.poll(() => page.workers().length, { timeout: PATIENCE.webgpu }).toBe(count);

test.describe('a crash', () => {
    test('is not noticed where the fresh worker does better: everything pending is answered', async () => {
        context = await openContext('cpu');
        let starts = 0;
        await alter(context, 'wasm/cpu/emofuse.js', (content) =>
            starts++ < 2 ? `${content}\n${onCaption('crash', CRASH)}` : content,
        );
        const page = await openLoaded(context, 'cpu'); // the glue is fetched by the page and by its worker
        const alone = await classifyAtOnce(page, ['one', 'two']);
        const outcomes = await classifyAtOnce(page, ['crash', 'one', 'two']);
        assert.equal(starts, 3);
        assert.deepEqual(outcomes.slice(1), alone);
        assert.equal(typeof outcomes[0] === 'object' && outcomes[0].backend, 'cpu');
    });

    test('that comes again rejects what caused it and nothing else', async () => {
        context = await openContext('cpu');
        await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${onCaption('crash', CRASH)}`);
        const page = await openLoaded(context, 'cpu');
        const [crashed, ...others] = await classifyAtOnce(page, ['crash', 'one', 'two']);
        assert.match(String(crashed), /^BackendError: .*crashed/);
        assert.deepEqual(others, await classifyAtOnce(page, ['one', 'two']));
    });

    test('of a worker that cannot even start is an error that says so', async () => {
        context = await openContext('cpu');
        await alter(context, 'worker.js', () => 'throw new Error("no such luck");');
        const page = await openBlank(context);
        const message = await page.evaluate(() => {
            const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            return emofuse.EmotionClassifier.load({ backend: 'cpu' }).then(
                () => 'loaded',
                (error) => `${error.name}: ${error.message}`,
            );
        });
        assert.match(message, /^BackendError: the worker failed: .*no such luck/);
    });
});

/** What to do instead of classifying, to never end. */
const HANG = '() => { for (;;); }';

test.describe('a post that hangs', () => {
    test('is given up by name, its worker is replaced, and the others are answered', async () => {
        context = await openContext('cpu');
        await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${onCaption('hang', HANG)}`);
        const page = await openBlank(context);
        await load(page, 'cpu', 1000);
        const worker = page.workers()[0];
        const [one, hung, two] = await classifyAtOnce(page, ['one', 'hang', 'two']);
        assert.match(
            String(hung),
            /^TimeoutError: the post “hang” was given up: it took longer than \d+ s in the worker/,
        );
        assert.deepEqual([one, two], await classifyAtOnce(page, ['one', 'two']));
        await workersAre(page, 1);
        assert.notEqual(page.workers()[0], worker);
        const list = await page.evaluate(async () => {
            const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const captions = ['one', 'hang', 'two', 'hang', 'three'];
            /** @type {[string, number][]} */
            const told = [];
            let count = 0;
            for await (const _ of classifier.classifyAll(
                captions.map((caption) => ({ caption })),
                { onError: ({ name }, _, index) => void told.push([name, index]) },
            ))
                count += 1;
            return { told, count };
        });
        assert.deepEqual(list, {
            told: [
                ['TimeoutError', 1],
                ['TimeoutError', 3],
            ],
            count: 3,
        });
    });

    test('while its image is decoded, holds up no other once it is aborted, and is given up otherwise', async () => {
        context = await openContext('cpu');
        const hanging = 'self.createImageBitmap = () => new Promise(() => {});';
        await alter(context, 'worker.js', (content) => `${content}\n${hanging}`);
        const page = await openBlank(context);
        await load(page, 'cpu', 1000);
        const outcomes = await page.evaluate(
            async (bytes) => {
                const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const image = new File([Uint8Array.from(bytes)], 'meadow.png');
                const nameOf = (/** @type {Error} */ error) => error.name;
                const outcomes = [];
                for (let time = 0; time < 5; time++) {
                    const abort = new AbortController();
                    const aborted = classifier.classify({ image }, { signal: abort.signal }).catch(nameOf);
                    await new Promise((resolve) => setTimeout(resolve, 20));
                    abort.abort();
                    const next = classifier.classify({ caption: 'next' });
                    outcomes.push(await aborted, (await next).backend);
                }
                outcomes.push(
                    await classifier
                        .classify({ image })
                        .catch((/** @type {Error} */ { message }) => message.slice(0, 40)),
                );
                return outcomes;
            },
            [...MEADOW],
        );
        assert.deepEqual(outcomes, [
            ...Array.from({ length: 5 }, () => ['AbortError', 'cpu']).flat(),
            'the post “meadow.png” was given up: it t',
        ]);
    });
});

test.describe('a lost graphics device', { tag: '@webgpu' }, () => {
    test.describe.configure({ timeout: PATIENCE.webgpu });
    test('is repeated on the CPU at once; WebGPU is tried again, and given up the second time', async () => {
        context = await openContext('webgpu');
        await disguiseAdapter(context);
        const counting = `
            const { submit } = GPUQueue.prototype;
            self.submitted = 0;
            GPUQueue.prototype.submit = function (...commands) {
                self.submitted += 1;
                return submit.apply(this, commands);
            };`;
        await alter(context, 'worker.js', (content) => `${content}\n${REMEMBER_DEVICE}\n${counting}`);
        const page = await openBlank(context);
        await storeVerdict(page, { cpu: 30, webgpu: 10 }); // on a software adapter it would be the other way round
        await load(page, 'auto');
        /** How often the worker on WebGPU has handed work over to the device. */
        const submitted = async () => Number(await (await webGpuWorker(page)).evaluate('self.submitted'));
        const destroy = async () => (await webGpuWorker(page)).evaluate('self.device.destroy()');
        /** @param {import('../../../pkg/index.js').Backend} backend */
        const isUsed = (backend) =>
            expect
                .poll(
                    () =>
                        page.evaluate(
                            () =>
                                /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).classifier.describe()
                                    .backend,
                        ),
                    { timeout: PATIENCE.webgpu },
                )
                .toBe(backend);
        await isUsed('webgpu');
        const [before] = await classifyAtOnce(page, ['so happy today']);
        assert.ok(typeof before === 'object' && before.backend === 'webgpu');

        // Lost while nothing runs.
        const first = await webGpuWorker(page);
        await destroy();
        assert.deepEqual(await classifyAtOnce(page, ['so happy today']), [{ ...before, backend: 'cpu' }]);
        await isUsed('webgpu');
        await workersAre(page, 2);
        assert.notEqual(await webGpuWorker(page), first, 'the worker is another one');
        const submittedBefore = await submitted();

        // Lost while an image is read.
        const reading = page.evaluate(
            async (bytes) => {
                const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const { backend, backendReason } = await classifier.classify({
                    image: new Blob([Uint8Array.from(bytes)]),
                    caption: 'so happy today',
                });
                return { backend, backendReason, described: classifier.describe().backend };
            },
            [...MEADOW],
        );
        await expect.poll(submitted, { timeout: PATIENCE.webgpu }).toBeGreaterThan(submittedBefore);
        await destroy();
        const { backend, backendReason, described } = await reading;
        assert.deepEqual([backend, described], ['cpu', 'cpu']);
        // Whichever is noticed first.
        assert.match(backendReason, /^WebGPU stopped working 2 times: .*(lost|destroyed|could not be mapped)/i);
        await workersAre(page, 1);
    });
});

test.describe('a page that sleeps', () => {
    test('stopped while it reads, it goes on when it runs again', async () => {
        context = await openContext('cpu');
        const page = await openLoaded(context, 'cpu');
        const session = await context.newCDPSession(page);
        // Headless Chromium does not freeze pages that it shows; a debugger stops their scripts as well.
        await session.send('Debugger.enable');
        const stopped = new Promise((resolve) => session.once('Debugger.paused', resolve));
        const reading = page.evaluate(async () => {
            const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const calls = ['one', 'two', 'three'].map((caption) => classifier.classify({ caption }));
            // biome-ignore lint/suspicious/noDebugger: it stops the page here, with three posts under way
            debugger;
            return (await Promise.all(calls)).map(({ backend, emotion }) => ({ backend, emotion }));
        });
        await stopped;
        await session.send('Debugger.resume');
        assert.deepEqual(await reading, await classifyAtOnce(page, ['one', 'two', 'three']));
    });

    test('out of sight it still reads, and after it came back too', async () => {
        context = await openContext('cpu');
        const page = await openLoaded(context, 'cpu');
        const other = await context.newPage();
        await other.bringToFront();
        const [hidden] = await classifyAtOnce(page, ['one']);
        await page.bringToFront();
        assert.deepEqual(await classifyAtOnce(page, ['one']), [hidden]);
    });

    test('left and returned to by the back button, it reads as before', async () => {
        context = await openContext('cpu', { keepsPages: true });
        const page = await openLoaded(context, 'cpu');
        const before = await classifyAtOnce(page, ['one']);
        await page.evaluate(() =>
            addEventListener('pageshow', (event) => Object.assign(globalThis, { persisted: event.persisted })),
        );
        await page.goto('about:blank');
        await page.goBack({ waitUntil: 'commit' }); // it does not load again
        assert.equal(
            await page.evaluate(() => Object.getOwnPropertyDescriptor(globalThis, 'persisted')?.value),
            true,
            'the page came out of the back/forward cache',
        );
        assert.deepEqual(await classifyAtOnce(page, ['one']), before);
    });
});

test.describe('two classifiers on one page', () => {
    test('work side by side, and one outlives the other', async () => {
        context = await openContext('cpu');
        const page = await openLoaded(context, 'cpu');
        const outcome = await page.evaluate(
            async (bytes) => {
                const { emofuse, classifier: one } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const other = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
                const post = { image: new Blob([Uint8Array.from(bytes)]), caption: 'a day in the meadow' };
                const [left, right] = await Promise.all([one.classify(post), other.classify(post)]);
                one.dispose();
                const after = await other.classify(post);
                other.dispose();
                return [left.scores, right.scores, after.scores];
            },
            [...MEADOW],
        );
        assert.deepEqual(outcome[1], outcome[0]);
        assert.deepEqual(outcome[2], outcome[0]);
        await workersAre(page, 0);
    });
});
