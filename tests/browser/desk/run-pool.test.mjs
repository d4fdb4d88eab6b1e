// A few classifiers that share the work.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { PATIENCE, address, openContext } from '../support/harness.mjs';
import { inDesk, openDesk } from './run.mjs';

/** @type {import('../support/harness.mjs').BrowserContext} */
let context;
/** @type {import('../support/harness.mjs').Page} */
let page;
/** @type {string[]} What is asked of the server. */
let asked;

test.beforeEach(async () => {
    context = await openContext('cpu');
    asked = [];
    page = await openDesk(context);
    context.on('request', (request) => asked.push(request.url().replace(address, '')));
});
test.afterEach(() => context.close());

/**
 * Waits until so many workers are left; that one has ended is told a little later.
 *
 * @param {number} count
 */
const workersAre = (count) => expect.poll(() => page.workers().length, { timeout: PATIENCE.cpu }).toBe(count);

test('the model is fetched once, both workers read, and both end', async () => {
    const { together, alone, ahead, phases, described, workers } = await inDesk(
        page,
        async ({ ClassifierPool, image }) => {
            /** @type {Set<string>} */
            const phases = new Set();
            const pool = await ClassifierPool.load({
                backend: 'cpu',
                workers: 2,
                onProgress: ({ phase }) => phases.add(phase),
            });
            Object.assign(globalThis, { pool });
            const files = await Promise.all([1, 2, 3, 4, 5, 6].map(image));
            const read = async (/** @type {File} */ image) => (await pool.classify({ image })).scores;
            const together = await Promise.all(files.map(read));
            const alone = [];
            for (const file of files) alone.push(await read(file));
            return {
                together,
                alone,
                ahead: pool.ahead,
                phases: [...phases],
                described: pool.describe().backend,
                workers: pool.workers,
            };
        },
        null,
    );
    assert.deepEqual(together, alone);
    assert.deepEqual([described, workers], ['cpu', 2]);
    assert.ok(ahead >= 8 && ahead <= 16, `${ahead} posts`);
    assert.deepEqual(phases, ['download', 'start', 'test']);
    assert.equal(asked.filter((path) => path.endsWith('.emofuse')).length, 1);
    assert.equal(asked.filter((path) => path.endsWith('.wasm')).length, 1);
    await workersAre(2);
    const name = await inDesk(
        page,
        (desk) => {
            const { pool } = /** @type {{ pool: import('../../../www/desk/labelling/pool.js').ClassifierPool }} */ (
                /** @type {unknown} */ (desk)
            );
            const pending = pool.classify({ caption: 'so happy' });
            pool.dispose();
            return pending.then(
                () => 'read',
                (error) => error.name,
            );
        },
        null,
    );
    assert.equal(name, 'DisposedError');
    await workersAre(0);
});

test('there is one worker for each core, four at most, where nothing else is asked for', async () => {
    const [workers, cores] = await inDesk(
        page,
        async ({ ClassifierPool }) => {
            const pool = await ClassifierPool.load({ backend: 'cpu' });
            const { workers } = pool;
            pool.dispose();
            return [workers, navigator.hardwareConcurrency];
        },
        null,
    );
    assert.equal(workers, Math.min(4, cores ?? 1));
});

test('a model of one’s own is read by each worker', async () => {
    const [expected, found] = await inDesk(
        page,
        async ({ ClassifierPool }) => {
            const path = '/pkg/src/manifest.js';
            const manifest = /** @type {typeof import('../../../pkg/src/manifest.js').default} */ (
                (await import(path)).default
            );
            const model = await (await fetch(`/pkg/${manifest.model.file}`)).blob();
            const pool = await ClassifierPool.load({ backend: 'cpu', workers: 2, model });
            const results = await Promise.all(['one', 'two', 'three'].map((caption) => pool.classify({ caption })));
            pool.dispose();
            return [
                manifest.model.bytes,
                [...new Set(results.map((result) => result.model.id))].length * manifest.model.bytes,
            ];
        },
        null,
    );
    assert.equal(found, expected);
});

test('an aborted load rejects and leaves no worker behind', async () => {
    const names = await inDesk(
        page,
        async ({ ClassifierPool }) => {
            const names = [];
            for (const last of /** @type {const} */ (['download', 'test'])) {
                const abort = new AbortController();
                const loading = ClassifierPool.load({
                    backend: 'cpu',
                    workers: 3,
                    signal: abort.signal,
                    onProgress: ({ phase }) => phase === last && abort.abort(),
                });
                names.push(
                    await loading.then(
                        () => 'loaded',
                        (error) => error.name,
                    ),
                );
            }
            const abort = new AbortController();
            const { emofuse } = /** @type {{ emofuse: typeof import('../../../pkg/index.js') }} */ (
                /** @type {unknown} */ (globalThis)
            );
            const { load } = emofuse.EmotionClassifier;
            let loads = 0;
            emofuse.EmotionClassifier.load = function (...given) {
                if (++loads === 3) queueMicrotask(() => abort.abort()); // the first is there, the others are not
                return load.apply(this, given);
            };
            names.push(
                await ClassifierPool.load({ backend: 'cpu', workers: 3, signal: abort.signal }).then(
                    () => 'loaded',
                    (error) => error.name,
                ),
                loads,
            );
            return names;
        },
        null,
    );
    assert.deepEqual(names, ['AbortError', 'AbortError', 'AbortError', 3]);
    await workersAre(0);
});

test('where not all workers can be started, the others do the work', async () => {
    const [workers, emotion] = await inDesk(
        page,
        async ({ emofuse, ClassifierPool }) => {
            const { load } = emofuse.EmotionClassifier;
            let loads = 0;
            emofuse.EmotionClassifier.load = function (...given) {
                return ++loads === 2 ? Promise.reject(new emofuse.BackendError('no memory')) : load.apply(this, given);
            };
            const pool = await ClassifierPool.load({ backend: 'cpu', workers: 3 });
            const { emotion } = await pool.classify({ caption: 'so happy today' });
            return [pool.workers, emotion];
        },
        null,
    );
    assert.equal(workers, 2);
    assert.equal(typeof emotion, 'string');
});
