// `onCaptionsReady`: captions are classified while the model is being loaded. The workers are fakes, which run no
// program; early-captions.test.mjs has what happens in a worker.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { EmotionClassifier } from '../../pkg/src/classifier.js';
import { platform } from '../../pkg/src/platform.js';
import { channels } from '../../pkg/src/transport/browser.js';
import { FakeWorkers, setGlobals } from '../support/fake-browser.mjs';

/** @typedef {import('../../pkg/index.js').CaptionClassifier} CaptionClassifier */
/** @typedef {import('../../pkg/index.js').LoadOptions} LoadOptions */

const { openWorker } = channels;
const { yieldToEventLoop } = platform;

/** @type {FakeWorkers} */
let workers;
let restore = () => {};
/** What was given to `onCaptionsReady`. @type {CaptionClassifier[]} */
let given;
/** @type {unknown[]} */
let unhandled;
const note = (/** @type {unknown} */ error) => void unhandled.push(error);
/** @type {EmotionClassifier | null} */
let classifier;

beforeEach(() => {
    [given, unhandled, classifier] = [[], [], null];
    process.on('unhandledRejection', note);
    workers = new FakeWorkers();
    channels.openWorker = workers.open;
    platform.yieldToEventLoop = () => new Promise((resolve) => void setImmediate(resolve));
    restore = setGlobals({ navigator: { userAgent: 'Test/1' }, location: { origin: 'https://example.org' } });
});
afterEach(async () => {
    classifier?.dispose();
    await settled();
    restore();
    platform.yieldToEventLoop = yieldToEventLoop;
    channels.openWorker = openWorker;
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
});

/** Waits until nothing goes on any more but what waits for a test. */
async function settled() {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

/** A load whose captions are ready at once, and whose rest comes when a test says so. @param {LoadOptions} [options] */
async function slowLoad(options = {}) {
    /** @type {(value: any) => void} */
    let finish = () => {};
    /** @type {(error: Error) => void} */
    let refuse = () => {};
    const rest = new Promise((resolve, reject) => ([finish, refuse] = [resolve, reject]));
    workers.behaviour.cpu = { ...workers.behaviour.cpu, captions: Promise.resolve(), load: () => rest };
    const loading = EmotionClassifier.load({ onCaptionsReady: (captions) => void given.push(captions), ...options });
    loading.then(
        (loaded) => (classifier = loaded),
        () => {},
    );
    await settled();
    const [captions] = given;
    assert.ok(captions && given.length === 1);
    return { loading, captions, finish: () => finish(undefined), refuse };
}

/** What becomes of a promise. @param {Promise<unknown>} promise */
function follow(promise) {
    const followed = { isSettled: false, value: /** @type {any} */ (null), error: /** @type {any} */ (null) };
    promise
        .then(
            (value) => Object.assign(followed, { value }),
            (error) => Object.assign(followed, { error }),
        )
        .then(() => Object.assign(followed, { isSettled: true }));
    return followed;
}

/** What the CPU's worker was asked to classify. */
const asked = () =>
    workers
        .on('cpu')
        .flatMap(({ requests }) => requests.flatMap((request) => (request.type === 'classify' ? [request] : [])));

test('a caption is classified before the model is loaded', async () => {
    const { captions, finish, loading } = await slowLoad();
    const early = await captions.classify('finally home', { explain: true });
    assert.deepEqual(
        [/** @type {any} */ (early).caption, early.backend, early.backendReason],
        ['finally home', 'cpu', 'this browser has no WebGPU'],
    );
    assert.deepEqual(
        asked().map(({ posts, wanted }) => [posts, wanted]),
        [[[{ image: null, caption: 'finally home' }], { explain: true, systems: false }]],
    );
    finish();
    const loaded = await loading;
    assert.deepEqual(await captions.classify('finally home'), await loaded.classify({ caption: 'finally home' }));
    assert.equal(workers.all.length, 1, 'by the same worker');
    assert.equal(given.length, 1);
});

test('captions that wait for more of the model do not hold up others, and are answered after loading', async () => {
    let answer = () => {};
    const comes = new Promise((/** @type {(value: void) => void} */ resolve) => (answer = resolve));
    workers.behaviour.cpu.classify = async (caption) => (caption === 'rare' ? comes : undefined);
    const { captions, finish, loading } = await slowLoad();
    const rare = follow(captions.classify('rare'));
    await settled();
    assert.equal(/** @type {any} */ (await captions.classify('frequent')).caption, 'frequent');
    finish();
    await loading;
    assert.ok(!rare.isSettled);
    answer();
    await settled();
    assert.equal(rare.value.caption, 'rare');
});

test('if loading fails, pending and later calls reject with its error', async () => {
    workers.behaviour.cpu.classify = () => new Promise(() => {});
    const { captions, refuse, loading } = await slowLoad();
    const pending = Array.from({ length: 9 }, (_, index) => follow(captions.classify(`caption ${index}`)));
    await settled();
    refuse(Object.assign(new Error('the line broke'), { name: 'DownloadError' }));
    const error = await loading.catch((thrown) => thrown);
    assert.deepEqual([error.name, error.message], ['DownloadError', 'the line broke']);
    await settled();
    assert.deepEqual(
        pending.map((call) => call.error),
        pending.map(() => error),
    );
    await assert.rejects(captions.classify('later'), (thrown) => thrown === error);
    assert.deepEqual(workers.running, [], 'no worker is started again');
});

test('if loading is aborted, pending and later calls reject with an AbortError', async () => {
    workers.behaviour.cpu.classify = () => new Promise(() => {});
    const controller = new AbortController();
    const { captions, loading } = await slowLoad({ signal: controller.signal });
    const pending = follow(captions.classify('one'));
    await settled();
    controller.abort();
    await assert.rejects(loading, { name: 'AbortError', message: 'loading was aborted' });
    await settled();
    assert.equal(pending.error.message, 'loading was aborted');
    await assert.rejects(captions.classify('later'), { name: 'AbortError' });
    assert.deepEqual(workers.running, []);
});

test('if the worker stops meanwhile, loading fails, and nothing is started again', async () => {
    workers.behaviour.cpu.classify = () => new Promise(() => {});
    const { captions, loading } = await slowLoad();
    const pending = follow(captions.classify('one'));
    await settled();
    workers.on('cpu')[0]?.fail('the program stopped');
    await assert.rejects(loading, { name: 'BackendError', message: 'the program stopped' });
    await settled();
    assert.equal(pending.error.message, 'the program stopped');
    assert.equal(workers.all.length, 1);
});

test('a caption that is under way when the worker stops after loading is repeated', async () => {
    workers.behaviour.cpu.classify = () => new Promise(() => {});
    const { captions, loading, finish } = await slowLoad();
    const pending = follow(captions.classify('one'));
    await settled();
    finish();
    await loading;
    workers.behaviour.cpu = {};
    workers.on('cpu')[0]?.fail('the program stopped');
    await settled();
    assert.equal(pending.value.caption, 'one');
    assert.equal(workers.all.length, 2);
});

test('a single call can be aborted, and what is not a caption is refused', async () => {
    workers.behaviour.cpu.classify = () => new Promise(() => {});
    const { captions } = await slowLoad();
    const controller = new AbortController();
    const pending = follow(captions.classify('one', { signal: controller.signal }));
    await settled();
    controller.abort();
    await settled();
    assert.deepEqual([pending.error.name, pending.error.message], ['AbortError', 'the call was aborted']);
    await assert.rejects(captions.classify(' '), { name: 'EmptyPostError' });
    await assert.rejects(captions.classify(/** @type {any} */ (7)), { name: 'TypeError' });
    await assert.rejects(captions.classify('one', /** @type {any} */ ({ explian: true })), { name: 'TypeError' });
});

test('after `dispose`, captions are refused like other posts', async () => {
    const { captions, loading, finish } = await slowLoad();
    finish();
    (await loading).dispose();
    await assert.rejects(captions.classify('one'), { name: 'DisposedError' });
});

test('early captions are asked for only if somebody wants them', async () => {
    const captionsAskedFor = () =>
        workers.all.map(({ backend, requests: [load] }) => [backend, load?.type === 'load' && load.captions]);
    (await EmotionClassifier.load({ backend: 'cpu' })).dispose();
    assert.deepEqual(captionsAskedFor(), [['cpu', false]]);
    await assert.rejects(EmotionClassifier.load(/** @type {any} */ ({ onCaptionsReady: true })), {
        name: 'TypeError',
        message: 'onCaptionsReady must be a function',
    });
});
