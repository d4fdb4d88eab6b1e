// `backend: 'auto'` with the real programs: the CPU answers first, WebGPU is tried where there is a graphics adapter, and
// whatever goes wrong there leads to the CPU. The adapter here is software; where it has to be tried, it is disguised.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { EMOTIONS } from '../../../pkg/src/emotions.js';
import manifest from '../../../pkg/src/manifest.js';
import { disguiseAdapter, storeVerdict } from '../support/adapter.mjs';
import { PATIENCE, address, alter, openBlank, openContext } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../../../pkg/index.js').Description} Description */
/**
 * What pages under test have as globals.
 *
 * @typedef {import('./package.test.mjs').Globals & { changes: Description[], progress: string[] }} Globals
 */

/** As much as a score may differ between back ends. */
const TOLERANCE = 2e-3;
const TRYING = 'WebGPU is still being tried';

/** @type {BrowserContext} */
let context;
/** Errors that no page has caught. @type {string[]} */
let uncaught;
/** How often the WebGPU program was fetched. */
let fetched = 0;

test.beforeEach(async () => {
    test.setTimeout(PATIENCE.webgpu);
    context = await openContext('webgpu');
    uncaught = [];
    fetched = 0;
    context.on('weberror', (error) => void uncaught.push(String(error.error())));
    context.on('request', (request) => {
        if (request.url() === `${address}pkg/${manifest.wasm.webgpu.file}`) fetched += 1;
    });
});
test.afterEach(async () => {
    await context.close();
    assert.deepEqual(uncaught, []);
});

/**
 * Loads a classifier with `backend: 'auto'`.
 *
 * @param {Page} page
 * @returns {Promise<Description>} As it is right after loading.
 */
const load = (page) =>
    page.evaluate(async () => {
        const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        globals.changes = [];
        globals.progress = [];
        globals.classifier = await globals.emofuse.EmotionClassifier.load({
            onBackendChange: (description) => globals.changes.push(description),
            onProgress: ({ backend }) => globals.progress.push(backend),
        });
        return globals.classifier.describe();
    });

/** @param {Page} page */
const changesOf = (page) => page.evaluate(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).changes);

/**
 * Waits for the end of the trial.
 *
 * @param {Page} page
 * @returns {Promise<Description>}
 */
async function decided(page) {
    await expect.poll(async () => (await changesOf(page)).length, { timeout: PATIENCE.webgpu }).toBeGreaterThan(0);
    const [description] = await changesOf(page);
    assert.ok(description);
    return description;
}

/**
 * Waits until so many workers are left; that one has ended is told a little later.
 *
 * @param {Page} page
 * @param {number} count
 */
const workersAre = (page, count) => expect.poll(() => page.workers().length, { timeout: PATIENCE.webgpu }).toBe(count);

/** @param {Page} page */
const backendOfOne = (page) =>
    page.evaluate(async () => {
        const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        return (await classifier.classify({ caption: 'so happy today' })).backend;
    });

test.describe('where WebGPU is not worth a try, its program is not fetched:', { tag: '@webgpu' }, () => {
    test('the adapter is software', async () => {
        const page = await openBlank(context);
        await load(page);
        await expect
            .poll(() => page.evaluate(() => /** @type {any} */ (globalThis).classifier.describe().backendReason))
            .toBe('the only graphics adapter is software');
        assert.equal(await backendOfOne(page), 'cpu');
        assert.equal(fetched, 0);
    });

    for (const [when, reason, change] of /** @type {const} */ ([
        [
            'the device runs on battery',
            'the device runs on battery',
            () => Object.assign(Navigator.prototype, { getBattery: async () => ({ charging: false }) }),
        ],
        [
            'the browser is asked to save data',
            'the browser is asked to save data',
            () => Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) }),
        ],
    ])) {
        test(when, async () => {
            await disguiseAdapter(context);
            await context.addInitScript(change);
            const page = await openBlank(context);
            await load(page);
            const { backend, backendReason } = await decided(page);
            assert.deepEqual([backend, backendReason], ['cpu', reason]);
            assert.equal(fetched, 0);
        });
    }

    test('the CPU was measured to be faster on an earlier visit', async () => {
        await disguiseAdapter(context);
        const page = await openBlank(context);
        await storeVerdict(page, { cpu: 15, webgpu: 40 });
        await load(page);
        const { backend, backendReason, measured_ms } = await decided(page);
        assert.deepEqual(
            [backend, backendReason, measured_ms],
            ['cpu', 'WebGPU was measured to be slower: 40 ms a post, the CPU 15 ms', { cpu: 15, webgpu: 40 }],
        );
        assert.equal(fetched, 0);
    });
});

test('the faster back end is measured, and used without another measurement on the next visit', {
    tag: '@webgpu',
}, async () => {
    await disguiseAdapter(context);
    const page = await openBlank(context);
    const first = await load(page);
    assert.deepEqual([first.backend, first.backendReason, first.measured_ms], ['cpu', TRYING, null]);
    assert.equal(await backendOfOne(page), 'cpu');
    const { backend, backendReason, measured_ms } = await decided(page);
    assert.ok(measured_ms && measured_ms.cpu > 0 && measured_ms.webgpu > 0, backendReason);
    const isFaster = measured_ms.cpu >= 1.2 * measured_ms.webgpu;
    assert.equal(backend, isFaster ? 'webgpu' : 'cpu');
    assert.match(
        backendReason,
        isFaster ? /times as fast as the CPU$/ : /^WebGPU was measured to be .* a post, the CPU/,
    );
    assert.equal(await backendOfOne(page), backend);
    await workersAre(page, isFaster ? 2 : 1);
    assert.equal(fetched, 1);

    const next = await openBlank(context);
    await load(next);
    assert.deepEqual((await decided(next)).measured_ms, measured_ms);
    assert.equal(fetched, 1);
});

test('WebGPU takes over in the middle of a list: the order stays, nothing is lost, and the scores agree', {
    tag: '@webgpu',
}, async () => {
    await disguiseAdapter(context);
    const page = await openBlank(context);
    await storeVerdict(page, { cpu: 30, webgpu: 10 });
    assert.deepEqual((await load(page)).backend, 'cpu');
    const { results, expected, given, progress } = await page.evaluate(
        async (bytes) => {
            const { emofuse, classifier, changes, progress } = /** @type {Globals} */ (
                /** @type {unknown} */ (globalThis)
            );
            const image = new Blob([Uint8Array.from(bytes)]);
            // Most images are read before the takeover: a software adapter takes seconds for one.
            const post = (/** @type {number} */ place, isAfter = changes.length > 0) => ({
                image: isAfter ? null : image,
                caption: ['so happy today', 'I am furious', 'what a loss'][place % 3] ?? null,
            });
            let given = 0;
            function* posts() {
                // More than one batch follows the takeover.
                for (let after = 0; after < 12; after += changes.length) yield post(given++);
            }
            const results = [];
            for await (const { backend, scores, image } of classifier.classifyAll(posts()))
                results.push({ backend, scores, isAfter: image === null });
            const cpu = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
            const expected = [];
            for (const isAfter of [false, true])
                for (const place of [0, 1, 2]) expected.push((await cpu.classify(post(place, isAfter))).scores);
            cpu.dispose();
            return { results, expected, given, progress };
        },
        [...MEADOW],
    );
    assert.equal(results.length, given);
    for (const [place, { scores, isAfter }] of results.entries())
        for (const emotion of EMOTIONS)
            assert.ok(
                Math.abs(scores[emotion] - (expected[(place % 3) + (isAfter ? 3 : 0)]?.[emotion] ?? NaN)) <= TOLERANCE,
                `post ${place}: ${emotion}`,
            );
    const backends = results.map(({ backend }) => backend);
    const first = backends.indexOf('webgpu');
    assert.ok(first > 0, `the first post on WebGPU is number ${first}`);
    assert.ok(backends.slice(first).every((backend) => backend === 'webgpu'));
    assert.deepEqual([...new Set(progress)], ['cpu'], 'nothing is told of what happens in the background');
    const { backend, backendReason } = await decided(page);
    assert.deepEqual([backend, backendReason], ['webgpu', 'it was measured to be 3.0 times as fast as the CPU']);
});

test('disposing while WebGPU is tried ends all workers', { tag: '@webgpu' }, async () => {
    await disguiseAdapter(context);
    const page = await openBlank(context);
    await load(page);
    await workersAre(page, 2);
    await page.evaluate(() => /** @type {any} */ (globalThis).classifier.dispose());
    await workersAre(page, 0);
    assert.deepEqual(await changesOf(page), []);
});

/**
 * Source text that replaces a method.
 *
 * @param {string} type
 * @param {string} method
 * @param {string} body Has `original` and `given`.
 */
const replacing = (type, method, body) => `{
    const original = ${type}.prototype.${method};
    ${type}.prototype.${method} = function (...given) { ${body} };
}`;
const remembering = replacing(
    'GPUAdapter',
    'requestDevice',
    'return original.apply(this, given).then((device) => (self.device = device));',
);
/** @param {string} type @param {string} method */
const losingAt = (type, method) =>
    remembering + replacing(type, method, 'self.device.destroy(); return original.apply(this, given);');

test.describe('whatever goes wrong on WebGPU leads to the CPU, with its reason:', { tag: '@webgpu' }, () => {
    const LOST = /^the WebGPU back end cannot be used: .*\bdevice was (?:lost|destroyed)/i;
    /** @type {[what: string, worker: string, reason: RegExp][]} */
    const cases = [
        [
            'the worker gets no adapter',
            replacing('GPU', 'requestAdapter', 'return Promise.resolve(null);'),
            /^the WebGPU back end cannot be used: this browser offers no graphics adapter$/,
        ],
        [
            'the limits are too small for a device',
            replacing(
                'GPUAdapter',
                'requestDevice',
                'return original.call(this, { ...given[0], requiredLimits: { maxBufferSize: 2 ** 50 } });',
            ),
            /^the WebGPU back end cannot be used: .*\blimit/i,
        ],
        [
            'the limits are too small for the model',
            ['maxBufferSize', 'maxStorageBufferBindingSize']
                .map((limit) => `Object.defineProperty(GPUSupportedLimits.prototype, '${limit}', { get: () => 64 });`)
                .join(''),
            /^the WebGPU back end cannot be used: /,
        ],
        [
            'a shader is refused',
            replacing('GPUDevice', 'createShaderModule', "return original.call(this, { code: 'no shader' });"),
            /^the WebGPU back end cannot be used: /,
        ],
        [
            'no shader can be made',
            replacing('GPUDevice', 'createShaderModule', "throw new TypeError('forced');"),
            /^the WebGPU back end cannot be used: .*forced/,
        ],
        [
            'no pipeline can be made',
            replacing('GPUDevice', 'createComputePipeline', "throw new TypeError('forced');") +
                replacing('GPUDevice', 'createComputePipelineAsync', "return Promise.reject(new TypeError('forced'));"),
            /^the WebGPU back end cannot be used: .*forced/,
        ],
        [
            'the device is lost at once',
            replacing(
                'GPUAdapter',
                'requestDevice',
                'return original.apply(this, given).then((device) => (device.destroy(), device));',
            ),
            LOST,
        ],
        ['the device is lost while shaders are compiled', losingAt('GPUDevice', 'createShaderModule'), LOST],
        ['the device is lost while it computes', losingAt('GPUQueue', 'submit'), LOST],
        ['the device is lost while results are read back', losingAt('GPUBuffer', 'mapAsync'), LOST],
        [
            'results cannot be read back',
            replacing('GPUBuffer', 'mapAsync', "return Promise.reject(new DOMException('forced', 'OperationError'));"),
            /^the WebGPU back end cannot be used: /,
        ],
    ];
    for (const [what, patch, reason] of cases) {
        test(what, async () => {
            await disguiseAdapter(context);
            await alter(context, 'worker.js', (content) => `${patch}\n${content}`);
            const page = await openBlank(context);
            await load(page);
            const { backend, backendReason, measured_ms } = await decided(page);
            assert.deepEqual([backend, measured_ms], ['cpu', null]);
            assert.match(backendReason, reason);
            assert.ok(backendReason.length < 300, backendReason);
            await workersAre(page, 1);
            assert.equal(await backendOfOne(page), 'cpu');
        });
    }

    test('the device is lost while it is measured', async () => {
        await disguiseAdapter(context);
        // The self-test of the start is the first one, the first measured run the second.
        const failing = `
            const { selfTest } = Engine.prototype;
            let runs = 0;
            Engine.prototype.selfTest = function () {
                if (++runs > 1) self.device.destroy();
                return selfTest.call(this);
            };`;
        await alter(context, 'worker.js', (content) => `${remembering}\n${content}`);
        await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${failing}`);
        const page = await openBlank(context);
        await load(page);
        const { backend, backendReason, measured_ms } = await decided(page);
        assert.deepEqual([backend, measured_ms], ['cpu', null]);
        assert.match(backendReason, /^WebGPU stopped working: .*(?:lost|destroyed)/i);
        await workersAre(page, 1);
        assert.equal(await backendOfOne(page), 'cpu');
    });
});
