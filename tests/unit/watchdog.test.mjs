// A post with which the worker is silent for too long is given up, the worker is replaced, and everything else goes on.
// The workers are fakes, which run no program, and the clock is the tests'.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { EmotionClassifier } from '../../pkg/src/classifier.js';
import { AbortError, TimeoutError } from '../../pkg/src/errors.js';
import { platform } from '../../pkg/src/platform.js';
import { Watchdog } from '../../pkg/src/watchdog.js';
import { channels } from '../../pkg/src/transport/browser.js';
import { FakeCaches, FakeWorkers, setGlobals } from '../support/fake-browser.mjs';

const { openWorker } = channels;
platform.yieldToEventLoop = () => new Promise((resolve) => void setImmediate(resolve));

/** @type {FakeWorkers} */
let workers;
/** @type {Record<string, any>} */
let navigator;
let restore = () => {};
/** @type {EmotionClassifier | null} */
let classifier = null;

beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    workers = new FakeWorkers();
    workers.areSerial = true;
    channels.openWorker = workers.open;
    navigator = {};
    restore = setGlobals({ caches: new FakeCaches(), navigator, location: { origin: 'https://example.org' } });
    // As a program does that never ends, and one that waits for a device that never answers.
    for (const backend of /** @type {const} */ (['cpu', 'webgpu']))
        workers.behaviour[backend].classify = async (caption) => {
            if (caption?.startsWith('hang')) await new Promise(() => {});
        };
});
afterEach(async () => {
    classifier?.dispose();
    classifier = null;
    await settled();
    restore();
    channels.openWorker = openWorker;
    mock.timers.reset();
});

async function settled() {
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

/** @param {number} ms */
async function pass(ms) {
    await settled();
    mock.timers.tick(ms);
    await settled();
}

/** @param {import('../../pkg/index.js').LoadOptions} [options] */
async function load(options = {}) {
    classifier = await EmotionClassifier.load({ backend: 'cpu', ...options });
    return classifier;
}

/**
 * @param {EmotionClassifier} asked
 * @param {string[]} captions
 */
const classifyAtOnce = (asked, captions) =>
    Promise.all(
        captions.map((caption) =>
            asked.classify({ caption }).then(
                (result) => /** @type {any} */ (result).caption,
                (error) => error,
            ),
        ),
    );

test('the post is given up by name, and the others are answered by a new worker', async () => {
    const cpu = await load();
    const outcomes = classifyAtOnce(cpu, ['one', 'hang on', 'two', 'three']);
    await pass(19_000);
    assert.equal(workers.all.length, 1, 'not yet');
    await pass(1000);
    const [one, hung, ...others] = await outcomes;
    assert.ok(hung instanceof TimeoutError);
    assert.match(hung.message, /^the post “hang on” was given up: it took longer than 20 s in the worker; /);
    assert.deepEqual([one, ...others], ['one', 'two', 'three']);
    assert.deepEqual(workers.running, ['cpu']);
    assert.equal(workers.all.length, 2);
    assert.deepEqual(await classifyAtOnce(cpu, ['four']), ['four']);
});

test('each of several that hang is given up after its own time, and nothing else', async () => {
    const cpu = await load();
    const outcomes = classifyAtOnce(cpu, ['hang one', 'a', 'hang two', 'b', 'hang three', 'c']);
    for (let time = 0; time < 3; time++) await pass(20_000);
    const names = (await outcomes).map((outcome) => (outcome instanceof Error ? outcome.name : outcome));
    assert.deepEqual(names, ['TimeoutError', 'a', 'TimeoutError', 'b', 'TimeoutError', 'c']);
});

test('a list goes on without the post, and hears its name and its place', async () => {
    const cpu = await load();
    /** @type {[string, string, unknown, number][]} */
    const told = [];
    const image = new File(['x'], 'holiday.jpg');
    const posts = [{ caption: 'one' }, { image, caption: 'hang' }, { caption: 'two' }];
    const found = (async () => {
        const captions = [];
        const onError = (
            /** @type {Error} */ { name, message },
            /** @type {unknown} */ post,
            /** @type {number} */ index,
        ) => void told.push([name, message.replace(/ was given up.*/, ''), post, index]);
        for await (const result of cpu.classifyAll(posts, { onError }))
            captions.push(/** @type {any} */ (result).caption);
        return captions;
    })();
    await pass(20_000);
    assert.deepEqual(await found, ['one', 'two']);
    assert.deepEqual(told, [['TimeoutError', 'the post “holiday.jpg” at index 1', posts[1], 1]]);
});

test('a worker that shows that it is alive goes on for as long as it takes', async () => {
    const cpu = await load();
    const outcome = classifyAtOnce(cpu, ['hang']);
    for (let time = 0; time < 10; time++) {
        await pass(15_000);
        workers.all[0]?.begin(1);
    }
    workers.all[0]?.begin(10); // what takes as long as ten posts
    await pass(199_000);
    assert.equal(workers.all.length, 1);
    await pass(1000);
    assert.match(String(await outcome), /longer than 200 s/);
});

test('a slow device gets ten times as long as its test took', async () => {
    workers.behaviour.cpu.test_ms = 30_000;
    const outcome = classifyAtOnce(await load(), ['hang']);
    await pass(299_000);
    assert.equal(workers.all[0]?.isEnded, false);
    await pass(1000);
    assert.match(String(await outcome), /longer than 300 s/);
});

test('the limit can be another, or none', async () => {
    const outcome = classifyAtOnce(await load({ timeout_ms: 800 }), ['hang']);
    await pass(800);
    assert.match(String(await outcome), /^TimeoutError/);
    classifier?.dispose();
    workers.all.length = 0;
    const unlimited = await load({ timeout_ms: null });
    void classifyAtOnce(unlimited, ['hang']);
    await pass(100_000);
    assert.deepEqual(workers.running, ['cpu']);
});

test('time in which no timer fires, because the page is frozen or the computer sleeps, is one look of eight', () => {
    /** @type {(() => void)[]} */
    const looks = [];
    const fakeInterval = mock.method(globalThis, 'setInterval', (/** @type {() => void} */ look) => looks.push(look));
    let silences = 0;
    const onSilence = () => {
        silences += 1;
    };
    new Watchdog(onSilence).watch(20_000);
    fakeInterval.mock.restore();
    const [look = () => {}] = looks;
    for (let time = 0; time < 7; time++) look();
    assert.equal(silences, 0);
    look();
    assert.equal(silences, 1);
});

test('nothing is watched while nothing is asked', async () => {
    const cpu = await load();
    await classifyAtOnce(cpu, ['one']);
    await pass(100_000);
    assert.equal(workers.all.length, 1);
    assert.deepEqual(await classifyAtOnce(cpu, ['two']), ['two']);
});

test('of posts that run together, only the one that hangs is given up', async () => {
    navigator['gpu'] = { requestAdapter: async () => ({ info: { vendor: 'intel' } }) };
    const webgpu = await load({ backend: 'webgpu' });
    const outcomes = classifyAtOnce(webgpu, ['one', 'two', 'hang', 'three']);
    for (let time = 0; time < 2; time++) await pass(20_000);
    const [one, two, hung, three] = await outcomes;
    assert.deepEqual([one, two, three], ['one', 'two', 'three']);
    assert.ok(hung instanceof TimeoutError);
    assert.ok(workers.on('cpu').length === 0);
});

test('a graphics device that hangs leads to the CPU, which classifies the post', async () => {
    navigator['gpu'] = { requestAdapter: async () => ({ info: { vendor: 'intel' } }) };
    workers.behaviour.cpu.measure = async () => 30;
    workers.behaviour.cpu.classify = async () => {};
    const auto = await load({ backend: 'auto' });
    await settled();
    assert.equal(auto.describe().backend, 'webgpu');
    const outcomes = Promise.all(['hang', 'one'].map((caption) => auto.classify({ caption })));
    await pass(40_000);
    assert.deepEqual(
        (await outcomes).map((result) => [/** @type {any} */ (result).caption, result.backend]),
        [
            ['hang', 'cpu'],
            ['one', 'cpu'],
        ],
    );
    assert.equal(workers.on('webgpu')[0]?.isEnded, true);
});

test('an aborted call is not waited for: the next one is sent at once', async () => {
    workers.areSerial = false;
    const cpu = await load();
    const abort = new AbortController();
    const hung = cpu.classify({ caption: 'hang' }, { signal: abort.signal });
    await settled();
    abort.abort();
    await assert.rejects(hung, AbortError);
    assert.ok(workers.all[0]?.requests.some(({ type }) => type === 'drop'));
    const next = classifyAtOnce(cpu, ['next']);
    await settled();
    assert.deepEqual(await next, ['next']);
});

test('a worker that goes on with an aborted post is replaced soon if another waits, which is not given up', async () => {
    const cpu = await load();
    const abort = new AbortController();
    const hung = cpu.classify({ caption: 'hang' }, { signal: abort.signal });
    await settled();
    abort.abort();
    await assert.rejects(hung, AbortError);
    await pass(60_000);
    assert.equal(workers.all.length, 1, 'nobody waits');
    const next = classifyAtOnce(cpu, ['next']);
    await pass(2000);
    assert.deepEqual(await next, ['next']);
    assert.equal(workers.all.length, 2);
});

test('disposing ends a list whose source never goes on', async () => {
    const cpu = await load();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const results = cpu.classifyAll(/** @type {any} */ (never));
    const next = results.next();
    await settled();
    cpu.dispose();
    await assert.rejects(next, { name: 'DisposedError' });
});

test('a list can be left while it waits for a source that never goes on', async () => {
    const cpu = await load();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const results = cpu.classifyAll(/** @type {any} */ (never));
    const next = results.next();
    await settled();
    assert.deepEqual(await results.return(), { done: true, value: undefined });
    assert.deepEqual(await next, { done: true, value: undefined });
});
