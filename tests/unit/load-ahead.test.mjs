// The page's first load begins before anything asks for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoadAhead } from '../../www/page/load-ahead.js';

/** @typedef {import('../../www/shared/model.js').LoadRequest} LoadRequest */

const EXPECTED = /** @type {const} */ ({ backend: 'auto', model: null });
const CAPTIONS = { classify: async () => /** @type {any} */ ({}) };
const progress = (loaded = 0) => /** @type {const} */ ({ phase: 'download', loaded, total: 10, backend: 'cpu' });

/** A load ahead, with the loads that it has begun. */
function ahead() {
    /** @type {(LoadRequest & { finish(classifier: unknown): void, fail(error: Error): void })[]} */
    const loads = [];
    const load = (/** @type {LoadRequest} */ request) =>
        new Promise((finish, fail) => void loads.push({ ...request, finish, fail }));
    return { loads, ahead: new LoadAhead(EXPECTED, /** @type {any} */ (load)) };
}

/**
 * A request that notes what it is told.
 *
 * @param {Partial<LoadRequest>} [other]
 */
function request(other = {}) {
    /** @type {unknown[]} */
    const told = [];
    const controller = new AbortController();
    /** @type {LoadRequest} */
    const asked = {
        ...EXPECTED,
        onProgress: ({ loaded }) => told.push(loaded),
        onCaptionsReady: (captions) => told.push(captions),
        onBackendChange: (description) => told.push(description),
        signal: controller.signal,
        ...other,
    };
    return { asked, told, controller };
}

test('the first request takes the load that has begun, with how far it is', async () => {
    const { loads, ahead: first } = ahead();
    assert.equal(loads.length, 1);
    const [load] = loads;
    load?.onProgress(progress(1));
    load?.onProgress(progress(2));
    load?.onCaptionsReady(CAPTIONS);
    const { asked, told } = request();
    const taken = first.take(asked);
    assert.deepEqual(told, [2, CAPTIONS]);
    load?.onProgress(progress(3));
    const description = /** @type {any} */ ({ backend: 'webgpu' });
    load?.onBackendChange(description);
    assert.deepEqual(told, [2, CAPTIONS, 3, description]);
    load?.finish('the classifier');
    assert.equal(await taken, 'the classifier');
    assert.equal(loads.length, 1);
});

test('aborting the request aborts the load', () => {
    const { loads, ahead: first } = ahead();
    const { asked, controller } = request();
    void first.take(asked);
    assert.equal(loads[0]?.signal.aborted, false);
    controller.abort();
    assert.equal(loads[0]?.signal.aborted, true);
});

test('a load that has failed before it is asked for rejects the request', async () => {
    const { loads, ahead: first } = ahead();
    loads[0]?.fail(new Error('no line'));
    await new Promise(setImmediate);
    await assert.rejects(first.take(request().asked), /no line/);
});

test('later requests are loads of their own', () => {
    const { loads, ahead: first } = ahead();
    void first.take(request().asked);
    void first.take(request().asked);
    assert.deepEqual([loads.length, loads[0]?.signal.aborted], [2, false]);
});

test('another request than the expected one ends the load that has begun', () => {
    for (const other of /** @type {Partial<LoadRequest>[]} */ ([{ backend: 'cpu' }, { model: 'large' }])) {
        const { loads, ahead: first } = ahead();
        void first.take(request(other).asked);
        assert.deepEqual([loads.length, loads[0]?.signal.aborted], [2, true]);
        assert.deepEqual([loads[1]?.backend, loads[1]?.model], [...Object.values({ ...EXPECTED, ...other })]);
    }
});
