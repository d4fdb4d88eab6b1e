// Where program and model come from, where they are kept, and where they run.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import manifest from '../../../pkg/src/manifest.js';
import { PATIENCE, address, alter, openBlank, openContext } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./package.test.mjs').Globals} Globals */

const LARGE = ['model/emofuse-default.emofuse', 'wasm/cpu/emofuse_bg.wasm'];

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/**
 * Loads, classifies and disposes.
 *
 * @param {Page} page
 * @param {string} options Source text of the options; there is `bytes(file)`, a file of the package.
 * @returns {Promise<{ scores: import('../../../pkg/index.js').Scores, backend: string, reason: string } | { name: string,
 *     message: string, expected?: string, found?: string }>}
 */
const loadAndClassify = (page, options) =>
    page.evaluate(async (text) => {
        const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const bytes = async (/** @type {string} */ file) => (await fetch(`/pkg/${file}`)).arrayBuffer();
        try {
            const given = await new Function('bytes', `return (async () => (${text}))();`)(bytes);
            const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu', ...given });
            const {
                scores,
                backend,
                backendReason: reason,
            } = await classifier.classify({ caption: 'what a lovely day' });
            classifier.dispose();
            return { scores, backend, reason };
        } catch (error) {
            if (!(error instanceof Error)) throw error;
            const { name, message, expected, found } = /** @type {Error & { expected?: string, found?: string }} */ (
                error
            );
            return { name, message, ...(expected && { expected }), ...(found && { found }) };
        }
    }, options);

/**
 * A page whose policy lets a test build functions.
 *
 * @param {BrowserContext} opened
 */
async function openLax(opened) {
    await opened.route(`${address}lax`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>lax</title>' }),
    );
    const page = await opened.newPage();
    await page.goto(`${address}lax`);
    await page.evaluate(async (path) => Object.assign(globalThis, { emofuse: await import(path) }), '/pkg/index.js');
    return page;
}

/**
 * Notes which of the large files are asked for.
 *
 * @param {BrowserContext} opened
 */
function fetched(opened) {
    /** @type {string[]} */
    const names = [];
    opened.on('request', (request) => {
        const name = request.url().replace(`${address}pkg/`, '');
        if (LARGE.includes(name)) names.push(name);
    });
    return names;
}

/** @param {Page} page */
const storedKeys = (page) =>
    page.evaluate(async () =>
        (await caches.has('emofuse')) ? (await (await caches.open('emofuse')).keys()).map(({ url }) => url).sort() : [],
    );

/**
 * Waits until something is so; files are stored after the model is there already.
 *
 * @param {() => Promise<boolean>} isSo
 */
const until = (isSo) => expect.poll(isSo, { timeout: PATIENCE.cpu, message: String(isSo) }).toBe(true);

/**
 * @param {Page} page
 * @param {number} count
 */
const storedAre = (page, count) => until(async () => (await storedKeys(page)).length === count);

test.describe('the cache', () => {
    test('keeps program and model by their SHA-256, so that they are fetched once', async () => {
        context = await openContext('cpu');
        const names = fetched(context);
        const page = await openLax(context);
        const first = await loadAndClassify(page, '{}');
        await storedAre(page, 2);
        assert.deepEqual(names.sort(), LARGE);
        for (const { sha256 } of [manifest.model, manifest.wasm.cpu])
            assert.ok((await storedKeys(page)).some((key) => key.endsWith(sha256)));
        names.length = 0;
        await page.reload();
        await page.evaluate(
            async (path) => Object.assign(globalThis, { emofuse: await import(path) }),
            '/pkg/index.js',
        );
        assert.deepEqual(await loadAndClassify(page, '{}'), first);
        assert.deepEqual(names, []);
    });

    test('with a damaged file is mended', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        const first = await loadAndClassify(page, '{}');
        await storedAre(page, 2);
        await page.evaluate(async () => {
            const cache = await caches.open('emofuse');
            for (const key of await cache.keys()) await cache.put(key, new Response('damaged'));
        });
        const names = fetched(context);
        assert.deepEqual(await loadAndClassify(page, '{}'), first);
        assert.equal(names.length, 2);
        const sizes = () =>
            page.evaluate(async () => {
                const cache = await caches.open('emofuse');
                return Promise.all(
                    (await cache.keys()).map(async (key) => (await (await cache.match(key))?.blob())?.size ?? 0),
                );
            });
        await until(async () => (await sizes()).every((size) => size > 1000));
    });

    test('keeps no more than two versions of a file', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        await page.evaluate(async (file) => {
            const cache = await caches.open('emofuse');
            for (const version of ['a', 'b', 'c'])
                await cache.put(`/.emofuse/${file}?sha256=${version}`, new Response(version));
        }, manifest.model.file);
        await loadAndClassify(page, '{}');
        const models = async () =>
            (await storedKeys(page)).filter((key) => key.includes(manifest.model.file)).map((key) => key.split('=')[1]);
        await until(async () => (await models()).join() === [manifest.model.sha256, 'c'].sort().join());
    });

    test('that is full or forbidden is replaced by memory, as long as the page lives', async () => {
        for (const refusal of ['QuotaExceededError', 'SecurityError']) {
            context = await openContext('cpu');
            const refusing = `Cache.prototype.put = async () => { throw new DOMException('no', '${refusal}'); };`;
            await alter(context, 'worker.js', (content) => `${content}\n${refusing}`);
            const page = await openLax(context);
            const first = await loadAndClassify(page, '{}');
            const names = fetched(context);
            assert.deepEqual(await loadAndClassify(page, '{}'), first);
            assert.deepEqual(names, []);
            assert.deepEqual(await storedKeys(page), []);
            await context.close();
        }
        context = undefined;
    });

    test('is left alone where it is not wanted', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        await loadAndClassify(page, '{ cache: false }');
        assert.deepEqual(await storedKeys(page), []);
    });
});

test.describe('the program', () => {
    test('comes from an address, from bytes, or compiled, and is the same', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        const expected = await loadAndClassify(page, '{}');
        const file = '/pkg/wasm/cpu/emofuse_bg.wasm';
        for (const wasm of [
            `'${file}'`,
            `new URL('${file}', location.href)`,
            `{ cpu: '${file}' }`,
            "await bytes('wasm/cpu/emofuse_bg.wasm')",
            "new Uint8Array(await bytes('wasm/cpu/emofuse_bg.wasm'))",
            "await WebAssembly.compile(await bytes('wasm/cpu/emofuse_bg.wasm'))",
        ]) {
            assert.deepEqual(await loadAndClassify(page, `{ wasm: ${wasm} }`), expected, wasm);
        }
    });

    test('that is another file is refused with the hash it should have and the hash it has', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        for (const wasm of [
            "(await bytes('wasm/cpu/emofuse_bg.wasm')).slice(0, -1)",
            "'/pkg/wasm/cpu/emofuse.js'",
            "'/pkg/model/emofuse-default.emofuse'",
        ]) {
            const refused = await loadAndClassify(page, `{ wasm: ${wasm} }`);
            assert.ok('found' in refused && refused.name === 'IntegrityError', JSON.stringify(refused));
            assert.equal(refused.expected, manifest.wasm.cpu.sha256);
            assert.match(refused.found ?? '', /^[0-9a-f]{64}$/);
            assert.ok(
                refused.message.includes(refused.expected ?? '?') && refused.message.includes(refused.found ?? '?'),
            );
        }
    });
});

test('an altered model of the package is refused with both hashes', async () => {
    context = await openContext('cpu');
    await alter(context, 'model/emofuse-default.emofuse', (content) =>
        Buffer.concat([content.subarray(0, -1), Buffer.of((content.at(-1) ?? 0) ^ 1)]),
    );
    const refused = await loadAndClassify(await openLax(context), '{}');
    assert.ok('expected' in refused && refused.name === 'IntegrityError', JSON.stringify(refused));
    assert.equal(refused.expected, manifest.model.sha256);
    assert.match(refused.found ?? '', /^[0-9a-f]{64}$/);
    assert.notEqual(refused.found, refused.expected);
});

test.describe('where it runs', () => {
    test('without a worker it runs in the page, on the CPU, with the same scores', async () => {
        context = await openContext('cpu');
        const page = await openLax(context);
        const { scores } = /** @type {{ scores: object }} */ (await loadAndClassify(page, '{}'));
        const inline = await loadAndClassify(page, "{ backend: 'auto', worker: false }");
        assert.deepEqual(inline, { scores, backend: 'cpu', reason: 'it runs without a worker' });
        assert.equal(page.workers().length, 0);
    });

    test('in a service worker it classifies images and captions', async () => {
        context = await openContext('cpu', { serviceWorkers: 'allow' });
        await context.route(`${address}service.js`, (route) =>
            route.fulfill({
                contentType: 'text/javascript',
                body: `
                    import { EmotionClassifier } from '/pkg/index.js';
                    let classifier;
                    addEventListener('message', async ({ data, ports: [port] }) => {
                        try {
                            classifier ??= EmotionClassifier.load({ worker: false });
                            const { scores, backend } = await (await classifier).classify(data);
                            port.postMessage({ scores, backend });
                        } catch (error) {
                            port.postMessage(String(error));
                        }
                    });`,
            }),
        );
        const page = await openBlank(context);
        const [inService, expected] = await page.evaluate(
            async (bytes) => {
                const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const post = { image: new Blob([Uint8Array.from(bytes)]), caption: 'what a lovely day' };
                const registration = await navigator.serviceWorker.register('/service.js', { type: 'module' });
                await navigator.serviceWorker.ready;
                const { port1, port2 } = new MessageChannel();
                const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
                registration.active?.postMessage(post, [port2]);
                const found = await answer;
                const { scores, backend } = await (await emofuse.EmotionClassifier.load({ backend: 'cpu' })).classify(
                    post,
                );
                return [found, { scores, backend }];
            },
            [...MEADOW],
        );
        assert.deepEqual(inService, expected);
    });
});
