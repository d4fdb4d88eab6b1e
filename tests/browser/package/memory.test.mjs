// A thousand posts leave no more behind than fifty.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { alter, openContext, address } from '../support/harness.mjs';
import { png } from '../../support/images.mjs';

/** @typedef {import('./package.test.mjs').Globals} Globals */

const POSTS = 1000;
const SETTLED = 50;
const GROWTH = 1.1;
const MEGABYTE = 1_000_000;

/** Gives the bytes of the program's memory, which the browser's own measure leaves out. */
const MEMORY = '\nself.programBytes = () => wasm.memory.buffer.byteLength;';

test('the worker’s memory after a thousand classifications is within a tenth of that after fifty', {
    tag: ['@measures', '@slow'],
}, async () => {
    const context = await openContext('cpu');
    await alter(context, 'wasm/cpu/emofuse.js', (content) => content + MEMORY);
    // Only such a page may measure itself.
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    await context.route(`${address}pkg/worker.js`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
    });
    await context.route(`${address}isolated`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>isolated</title>', headers }),
    );
    const page = await context.newPage();
    await page.goto(`${address}isolated`);
    const measured = async () => {
        const [worker] = page.workers();
        const program = await worker?.evaluate(() =>
            /** @type {{ programBytes: () => number }} */ (/** @type {unknown} */ (self)).programBytes(),
        );
        const scripts = await page.evaluate(async () => {
            const { measureUserAgentSpecificMemory } =
                /** @type {{ measureUserAgentSpecificMemory(): Promise<{ breakdown: { bytes: number, attribution: { scope: string }[] }[] }> }} */ (
                    /** @type {unknown} */ (performance)
                );
            const { breakdown } = await measureUserAgentSpecificMemory.call(performance);
            return breakdown
                .filter(({ attribution }) => attribution.some(({ scope }) => scope.includes('Worker')))
                .reduce((sum, { bytes }) => sum + bytes, 0);
        });
        assert.ok(program && scripts);
        return { program, scripts };
    };

    await page.evaluate(async (path) => {
        const emofuse = await import(path);
        Object.assign(globalThis, { emofuse, classifier: await emofuse.EmotionClassifier.load({ backend: 'cpu' }) });
    }, '/pkg/index.js');
    const images = [
        png(300, 200, (x, y) => [x & 255, y & 255, 90, 255]),
        png(640, 480, (x, y) => [(x * y) & 255, x & 255, 9, 200]),
        png(90, 1200, (x, y) => [y & 255, 7, x & 255, 255]),
    ];
    const classify = (/** @type {number} */ count) =>
        page.evaluate(
            async ({ files, posts }) => {
                const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const encoded = files.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
                async function* source() {
                    for (let index = 0; index < posts; index++) {
                        yield {
                            image: index % 4 === 3 ? null : new Blob([encoded[index % 3] ?? '']),
                            caption: index % 5 === 0 && index % 4 !== 3 ? null : `post number ${index} is a lovely one`,
                        };
                    }
                }
                let read = 0;
                for await (const { explanation } of classifier.classifyAll(source(), { explain: true }))
                    read += explanation ? 1 : 0;
                return read;
            },
            { files: images.map((file) => file.toString('base64')), posts: count },
        );

    assert.equal(await classify(SETTLED), SETTLED);
    const before = await measured();
    assert.equal(await classify(POSTS - SETTLED), POSTS - SETTLED);
    const after = await measured();
    console.log(
        `after ${SETTLED}: ${(before.program / MEGABYTE).toFixed(1)} MB program, ${(before.scripts / MEGABYTE).toFixed(1)} MB scripts; ` +
            `after ${POSTS}: ${(after.program / MEGABYTE).toFixed(1)} and ${(after.scripts / MEGABYTE).toFixed(1)} MB`,
    );
    assert.ok(
        after.program + after.scripts <= GROWTH * (before.program + before.scripts),
        `${JSON.stringify(before)}, ${JSON.stringify(after)}`,
    );
    await context.close();
});
