// The page's model: what classifies captions while it is being loaded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from '../../www/shared/model.js';

/** @typedef {import('../../www/shared/model.js').LoadRequest} LoadRequest */

const PROGRESS = /** @type {const} */ ({ phase: 'download', loaded: 4, total: 10, backend: 'cpu' });

/** Waits until nothing goes on any more but what waits for a test. */
async function settled() {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

/** A model whose loads end when a test says so. */
function slowModel() {
    /** @type {(LoadRequest & { finish(): void, fail(error: Error): void })[]} */
    const loads = [];
    /** What the status line was given. @type {unknown[][]} */
    const shown = [];
    const classifier = { describe: () => ({ model: { id: 'model-1' } }), dispose() {} };
    const status = {
        loading: (/** @type {{ loaded: number }} */ { loaded }, /** @type {unknown} */ _, /** @type {boolean} */ has) =>
            shown.push([loaded, has]),
        ready: () => shown.push(['ready']),
        failed: () => shown.push(['failed']),
        refused() {},
    };
    const choice = { forget() {}, show() {}, fail() {} };
    const load = (/** @type {LoadRequest} */ request) =>
        new Promise((resolve, reject) => {
            loads.push({ ...request, finish: () => resolve(classifier), fail: reject });
        });
    const model = new Model(
        /** @type {any} */ (load),
        /** @type {any} */ (status),
        /** @type {any} */ (choice),
        () => {},
    );
    return { model, loads, shown };
}

const CAPTIONS = { classify: async () => /** @type {any} */ ({}) };

test('captions can be classified before the model is loaded, and the status line says so', async () => {
    const { model, loads, shown } = slowModel();
    const captions = model.captions('auto');
    const [load] = loads;
    assert.ok(load);
    load.onProgress(PROGRESS);
    load.onCaptionsReady(CAPTIONS);
    assert.equal(await captions, CAPTIONS);
    load.onProgress({ ...PROGRESS, loaded: 5 });
    assert.deepEqual(shown, [
        [0, false],
        [4, false],
        [4, true],
        [5, true],
    ]);
    assert.equal(await model.captions('auto'), CAPTIONS);
});

test('there is nothing before the model where it is loaded first, or fails', async () => {
    const { model, loads } = slowModel();
    const first = model.captions('cpu');
    loads[0]?.fail(new Error('no line'));
    assert.equal(await first, null);
    const second = model.captions('cpu');
    assert.equal(loads.length, 2, 'it is tried again');
    loads[1]?.finish();
    assert.equal(await second, null);
    assert.equal(await model.captions('cpu'), null);
});

test('each load has its own captions, and its own status', async () => {
    const { model, loads, shown } = slowModel();
    model.load('auto');
    loads[0]?.onCaptionsReady(CAPTIONS);
    model.load('cpu');
    const captions = model.captions('cpu');
    const other = { ...CAPTIONS };
    shown.length = 0;
    loads[0]?.onCaptionsReady(CAPTIONS);
    await settled();
    assert.deepEqual(shown, [], 'one that was given up changes nothing');
    loads[1]?.onProgress(PROGRESS);
    loads[1]?.onCaptionsReady(other);
    assert.equal(await captions, other);
    assert.deepEqual(shown, [
        [4, false],
        [4, true],
    ]);
});
