// The package with a model of one's own, from wherever it is, on both back ends.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { disguiseAdapter } from '../support/adapter.mjs';
import { PATIENCE, address, CRASH, alter, onCaption, openBlank, openContext } from '../support/harness.mjs';
import { TRAINING_MS, compareScores, flipped, trainOwnModel } from '../support/own-model.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('./package.test.mjs').Globals} Globals */

/** @type {import('../support/own-model.mjs').OwnModel} */
let own;
test.beforeAll(async () => {
    test.setTimeout(TRAINING_MS);
    own = await trainOwnModel();
});
test.afterAll(() => own?.remove());

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/**
 * Serves the model, or something else, beside the package.
 *
 * @param {BrowserContext} where
 * @param {string} name
 * @param {() => Buffer} content
 */
const serveFile = (where, name, content) =>
    where.route(`${address}models/${name}`, (route) =>
        route.fulfill({ contentType: 'application/octet-stream', body: content() }),
    );

/**
 * Loads the model in the page from each kind of source and classifies the posts with the last.
 *
 * @param {Page} page
 * @param {'cpu' | 'webgpu'} backend
 * @param {string[]} kinds
 */
const classifyAll = (page, backend, kinds) =>
    page.evaluate(
        async ({ chosen, wanted, given }) => {
            const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const url = new URL('/models/own.emofuse', location.href);
            const buffer = await (await fetch(url)).arrayBuffer();
            /** @type {Record<string, () => Promise<import('../../../pkg/index.js').ModelFile>>} */
            const sources = {
                string: async () => 'models/own.emofuse',
                URL: async () => url,
                Response: () => fetch(url),
                ArrayBuffer: async () => buffer,
                Uint8Array: async () => new Uint8Array(buffer),
                File: async () => new File([buffer], 'own.emofuse'),
            };
            const loaded = [];
            /** @type {import('../../../pkg/index.js').Result[]} */
            const results = [];
            for (const kind of wanted) {
                const source = sources[kind];
                if (!source) throw new Error(kind);
                /** @type {import('../../../pkg/index.js').LoadProgress[]} */
                const steps = [];
                const classifier = await emofuse.EmotionClassifier.load({
                    backend: chosen,
                    model: await source(),
                    onProgress: (step) => steps.push(step),
                });
                loaded.push({ kind, model: classifier.describe().model, steps });
                if (kind === wanted.at(-1)) {
                    for (const { bytes, caption } of given) {
                        results.push(
                            await classifier.classify({ image: bytes && new Blob([Uint8Array.from(bytes)]), caption }),
                        );
                    }
                }
                classifier.dispose();
            }
            return { loaded, results, left: buffer.byteLength };
        },
        {
            chosen: backend,
            wanted: kinds,
            given: own.posts.map(({ image, caption }) => ({ bytes: image && [...image], caption })),
        },
    );

for (const [backend, kinds] of /** @type {const} */ ([
    ['cpu', ['string', 'URL', 'Response', 'Uint8Array', 'File', 'ArrayBuffer']],
    ['webgpu', ['Response', 'ArrayBuffer']],
])) {
    test(`a model of one’s own says what it says on the command line, on ${backend}`, {
        tag: `@${backend}`,
    }, async () => {
        test.setTimeout(PATIENCE[backend] * 2);
        context = await openContext(backend);
        await serveFile(context, 'own.emofuse', () => own.model);
        const { loaded, results, left } = await classifyAll(await openBlank(context), backend, [...kinds]);
        for (const { kind, model: described, steps } of loaded) {
            assert.deepEqual(described, own.posts[0]?.expected.model, kind);
            const downloads = steps.filter(({ phase }) => phase === 'download');
            assert.ok(
                downloads.some(({ loaded, total }) => loaded === own.model.length && total === own.model.length),
                `${kind}: the model’s own bytes`,
            );
            assert.ok(
                downloads.every(({ loaded, total }) => total === 0 || loaded <= total),
                kind,
            );
            assert.deepEqual([...new Set(steps.map(({ phase }) => phase))], ['download', 'start', 'test'], kind);
        }
        assert.equal(left, own.model.length, 'the buffer stays with its owner');
        assert.equal(results.length, own.posts.length);
        for (const [index, { name, expected }] of own.posts.entries()) {
            const result = results[index];
            assert.ok(result && result.backend === backend);
            compareScores(result.scores, expected.scores, `${name}, both`);
            compareScores(result.image, expected.image, `${name}, image`);
            compareScores(result.caption, expected.caption, `${name}, caption`);
            const labelled = (
                /** @type {import('../support/own-model.mjs').Answer} */ {
                    emotion,
                    secondary,
                    uncertain,
                    uncertain_because,
                },
            ) => ({ emotion, secondary, uncertain, uncertain_because });
            assert.deepEqual(labelled(result), labelled(expected), name);
        }
    });
}

test('a model is kept for a start afresh after a crash, though its address gives another', async () => {
    context = await openContext('cpu');
    await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${onCaption('crash', CRASH)}`);
    let visits = 0;
    await serveFile(context, 'own.emofuse', () => (visits++ === 0 ? own.model : Buffer.from('gone')));
    const page = await openBlank(context);
    const outcome = await page.evaluate(async () => {
        const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu', model: '/models/own.emofuse' });
        const before = (await classifier.classify({ caption: 'so sad' })).scores;
        const crashed = await classifier.classify({ caption: 'crash' }).then(
            () => 'read',
            (error) => error.name,
        );
        const { scores, model } = await classifier.classify({ caption: 'so sad' });
        return { before, crashed, scores, model };
    });
    assert.equal(outcome.crashed, 'BackendError');
    assert.deepEqual(outcome.scores, outcome.before);
    assert.deepEqual(outcome.model, own.posts[0]?.expected.model);
    assert.equal(visits, 1);
});

test('a model that fails its self-test on WebGPU runs on the CPU, though its buffer is gone', {
    tag: '@webgpu',
}, async () => {
    test.setTimeout(PATIENCE.webgpu);
    context = await openContext('webgpu');
    await disguiseAdapter(context);
    const failing =
        'Engine.prototype.selfTest = async () => ({ passed: false, max_difference: 0.25, tolerance: 0.002 });';
    await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${failing}`);
    await serveFile(context, 'own.emofuse', () => own.model);
    const page = await openBlank(context);
    const described = await page.evaluate(async () => {
        const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const buffer = await (await fetch('/models/own.emofuse')).arrayBuffer();
        /** @type {Promise<import('../../../pkg/index.js').Description>} */
        const changed = new Promise((resolve, reject) => {
            emofuse.EmotionClassifier.load({ model: buffer, onBackendChange: resolve }).catch(reject);
        });
        structuredClone(buffer, { transfer: [buffer] });
        return changed;
    });
    assert.equal(described.backend, 'cpu');
    assert.match(described.backendReason, /fails its self-test/);
    assert.deepEqual(described.model, own.posts[0]?.expected.model);
});

test('what is wrong with a model file is named, and the next load works', async () => {
    context = await openContext('cpu');
    const files = {
        damaged: flipped(own.model),
        'cut-short': own.model.subarray(0, -1000),
        'only-begun': own.model.subarray(0, 12),
        text: Buffer.from('<!doctype html><title>Not found</title>'),
        image: MEADOW,
        empty: Buffer.alloc(0),
        newer: Buffer.concat([own.model.subarray(0, 8), Buffer.from([9, 0, 0, 0]), own.model.subarray(12)]),
    };
    for (const [name, content] of Object.entries(files)) await serveFile(context, name, () => content);
    await context.route(`${address}models/absent`, (route) => route.fulfill({ status: 404 }));
    await serveFile(context, 'own.emofuse', () => own.model);
    const page = await openBlank(context);
    const outcomes = await page.evaluate(
        async (names) => {
            const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            /** @type {Record<string, string>} */
            const outcomes = {};
            for (const name of names) {
                outcomes[name] = await emofuse.EmotionClassifier.load({
                    backend: 'cpu',
                    model: `/models/${name}`,
                }).then(
                    (classifier) => {
                        classifier.dispose();
                        return 'loaded';
                    },
                    (error) => `${error.name}: ${error.message}`,
                );
            }
            return outcomes;
        },
        [...Object.keys(files), 'absent', 'own.emofuse'],
    );
    assert.match(outcomes['damaged'] ?? '', /^IntegrityError: the model file is altered: .*; fetch it again/);
    assert.match(
        outcomes['cut-short'] ?? '',
        new RegExp(
            `^ModelFormatError: the model file should have ${own.model.length} bytes but has ${own.model.length - 1000}; fetch it again`,
        ),
    );
    assert.match(outcomes['only-begun'] ?? '', /^ModelFormatError: the model file should have .* bytes but has 12/);
    for (const name of ['text', 'image', 'empty'])
        assert.match(
            outcomes[name] ?? '',
            /^ModelFormatError: this is not an emofuse model file; make one with `emofuse train`/,
            name,
        );
    assert.match(outcomes['newer'] ?? '', /^ModelFormatError: .*format version 9.*update emofuse/);
    assert.match(outcomes['absent'] ?? '', /^DownloadError: .*HTTP 404/);
    assert.equal(outcomes['own.emofuse'], 'loaded');
});

test('a model is not loaded once aborted', async () => {
    context = await openContext('cpu');
    await serveFile(context, 'own.emofuse', () => own.model);
    await context.route(`${address}models/silent`, () => {}); // never answered
    const page = await openBlank(context);
    const names = await page.evaluate(async () => {
        const { EmotionClassifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).emofuse;
        const attempts = [
            EmotionClassifier.load({ model: '/models/own.emofuse', signal: AbortSignal.abort() }),
            EmotionClassifier.load({ model: '/models/silent', signal: AbortSignal.timeout(100) }),
        ];
        return Promise.all(
            attempts.map((attempt) =>
                attempt.then(
                    () => 'loaded',
                    (error) => error.name,
                ),
            ),
        );
    });
    assert.deepEqual(names, ['AbortError', 'AbortError']);
});
