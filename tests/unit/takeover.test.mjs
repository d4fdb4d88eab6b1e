// `backend: 'auto'`: the CPU answers first, WebGPU takes over where it is measured to be faster, and the CPU takes over
// again where WebGPU fails. The workers are fakes, which run no program.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { EmotionClassifier } from '../../pkg/src/classifier.js';
import { platform } from '../../pkg/src/platform.js';
import { channels } from '../../pkg/src/transport/browser.js';
import { FakeCaches, FakeWorkers, setGlobals } from '../support/fake-browser.mjs';

/** @typedef {import('../../pkg/index.js').Description} Description */
/** @typedef {import('../../pkg/index.js').LoadOptions} LoadOptions */

const TRYING = 'WebGPU is still being tried';
const FASTER = 'it was measured to be 3.0 times as fast as the CPU';
const { openWorker } = channels;
// So that turns of the event loop are all that has to be waited for.
platform.yieldToEventLoop = () => new Promise((resolve) => void setImmediate(resolve));

/** @type {FakeWorkers} */
let workers;
const caches = new FakeCaches();
/** What the browser says of itself. @type {Record<string, any>} */
let navigator;
let restore = () => {};
/** @type {EmotionClassifier | null} */
let classifier = null;
/** What the page was told. @type {Description[]} */
let changes;
/** @type {unknown[]} */
let unhandled;
const note = (/** @type {unknown} */ error) => void unhandled.push(error);

beforeEach(() => {
    caches.clear();
    changes = [];
    unhandled = [];
    process.on('unhandledRejection', note);
    workers = new FakeWorkers();
    workers.behaviour.cpu.measure = async () => 30;
    workers.behaviour.webgpu.measure = async () => 10;
    channels.openWorker = workers.open;
    navigator = {
        userAgent: 'Test/1',
        gpu: { requestAdapter: async () => ({ info: { vendor: 'intel', architecture: 'xe' } }) },
    };
    restore = setGlobals({ caches, navigator, location: { origin: 'https://example.org' } });
});
afterEach(async () => {
    classifier?.dispose();
    classifier = null;
    await settled();
    restore();
    channels.openWorker = openWorker;
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
});

/** Waits until nothing goes on any more but what waits for a test. */
async function settled() {
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

/** @param {LoadOptions} [options] */
async function load(options = {}) {
    classifier = await EmotionClassifier.load({
        onBackendChange: (description) => void changes.push(description),
        ...options,
    });
    return classifier;
}

/** A promise that a test resolves or rejects. */
function gate() {
    /** @type {(value: any) => void} */
    let open = () => {};
    /** @type {(error: Error) => void} */
    let refuse = () => {};
    const opened = new Promise((resolve, reject) => {
        open = resolve;
        refuse = reject;
    });
    opened.catch(() => {});
    return {
        opened,
        open: (/** @type {unknown} */ value) => open(value),
        refuse: (/** @type {Error} */ error) => refuse(error),
    };
}

const backendError = (/** @type {string} */ message) => Object.assign(new Error(message), { name: 'BackendError' });

/** @param {EmotionClassifier} asked */
function inShort(asked) {
    const { backend, backendReason, measured_ms } = asked.describe();
    return [backend, backendReason, measured_ms];
}

/** How often a worker was asked for something. @param {'cpu' | 'webgpu'} backend @param {string} type */
const asked = (backend, type) =>
    workers.on(backend).flatMap(({ requests }) => requests.filter((request) => request.type === type)).length;

test('loading waits for the CPU alone, and WebGPU takes over once it is measured to be faster', async () => {
    const started = gate();
    workers.behaviour.webgpu.load = () => started.opened;
    const auto = await load();
    assert.deepEqual(inShort(auto), ['cpu', TRYING, null]);
    await settled();
    assert.deepEqual(workers.running, ['cpu', 'webgpu']);
    const before = await auto.classify({ caption: 'one' });
    assert.deepEqual([before.backend, before.backendReason], ['cpu', TRYING]);
    assert.deepEqual(changes, []);

    started.open(undefined);
    await settled();
    assert.deepEqual(inShort(auto), ['webgpu', FASTER, { cpu: 30, webgpu: 10 }]);
    assert.deepEqual(changes, [auto.describe()]);
    assert.deepEqual([asked('cpu', 'measure'), asked('webgpu', 'measure')], [3, 3]);
    const after = await auto.classify({ caption: 'two' });
    assert.deepEqual([after.backend, after.backendReason], ['webgpu', FASTER]);
    assert.deepEqual(workers.running, ['cpu', 'webgpu'], 'the CPU is still there');
});

test('a CPU that is as fast keeps the posts, and the other worker ends', async () => {
    workers.behaviour.webgpu.measure = async () => 28;
    const auto = await load();
    await settled();
    const reason = 'WebGPU was measured to be hardly faster: 28 ms a post, the CPU 30 ms';
    assert.deepEqual(inShort(auto), ['cpu', reason, { cpu: 30, webgpu: 28 }]);
    assert.deepEqual(changes, [auto.describe()]);
    assert.deepEqual(workers.running, ['cpu']);
});

test('the median of the runs counts, not a run that something disturbed', async () => {
    const times = { cpu: [30, 900, 31], webgpu: [10, 9, 500] };
    workers.behaviour.cpu.measure = async () => times.cpu.shift() ?? 0;
    workers.behaviour.webgpu.measure = async () => times.webgpu.shift() ?? 0;
    const auto = await load();
    await settled();
    assert.deepEqual(auto.describe().measured_ms, { cpu: 31, webgpu: 10 });
});

test('the CPU is measured between posts, not while one waits', async () => {
    const answered = gate();
    workers.behaviour.cpu.classify = () => answered.opened;
    const auto = await load();
    const classifying = auto.classify({ caption: 'one' });
    await settled();
    assert.deepEqual([asked('cpu', 'measure'), workers.on('webgpu').length], [0, 0], 'the first post comes first');
    answered.open(undefined);
    await classifying;
    const measured = gate();
    workers.behaviour.webgpu.measure = () => measured.opened;
    await settled();
    assert.equal(asked('cpu', 'measure'), 1);
    const late = gate();
    workers.behaviour.cpu.classify = () => late.opened;
    const waiting = auto.classify({ caption: 'two' });
    measured.open(10);
    await settled();
    assert.equal(asked('cpu', 'measure'), 1, 'the second run waits for the post');
    late.open(undefined);
    assert.equal((await waiting).backend, 'cpu');
    await settled();
    assert.equal(auto.describe().backend, 'webgpu');
});

test('a list that never ends is measured in between, and loses nothing and keeps its order when WebGPU takes over', async () => {
    const auto = await load();
    const captions = Array.from({ length: 400 }, (_, index) => `post ${index}`);
    const found = [];
    for await (const result of auto.classifyAll(captions.map((caption) => ({ caption })))) found.push(result);
    assert.deepEqual(
        found.map((result) => /** @type {any} */ (result).caption),
        captions,
    );
    const backends = found.map(({ backend }) => backend);
    const first = backends.indexOf('webgpu');
    assert.ok(first > 0, `${first}`);
    assert.ok(backends.slice(first).every((backend) => backend === 'webgpu'));
    const batches = workers
        .on('webgpu')
        .flatMap(({ requests }) =>
            requests.flatMap((request) => (request.type === 'classify' ? [request.posts.length] : [])),
        );
    assert.ok(batches.includes(8), `batches of ${batches}`);
});

test('posts that are under way when WebGPU takes over end on the CPU', async () => {
    const measured = gate();
    let runs = 0;
    workers.behaviour.webgpu.measure = () => (++runs === 3 ? measured.opened : Promise.resolve(10));
    const auto = await load();
    await settled();
    const answered = gate();
    workers.behaviour.cpu.classify = () => answered.opened;
    const underWay = auto.classify({ caption: 'one' });
    await settled();
    measured.open(10);
    await settled();
    assert.equal(auto.describe().backend, 'webgpu');
    answered.open(undefined);
    assert.equal((await underWay).backend, 'cpu');
    assert.equal((await auto.classify({ caption: 'two' })).backend, 'webgpu');
});

test('progress is that of the CPU, and there is none once the classifier is loaded', async () => {
    /** @type {string[]} */
    const progress = [];
    await load({ onProgress: ({ backend }) => void progress.push(backend) });
    await settled();
    assert.equal(asked('webgpu', 'load'), 1);
    assert.deepEqual([...new Set(progress)], ['cpu']);
    assert.equal(progress.length, 1);
});

test('aborting has no effect once the classifier is loaded', async () => {
    const controller = new AbortController();
    const started = gate();
    workers.behaviour.webgpu.load = () => started.opened;
    const auto = await load({ signal: controller.signal });
    await settled();
    controller.abort();
    started.open(undefined);
    await settled();
    assert.equal((await auto.classify({ caption: 'one' })).backend, 'webgpu');
});

test.describe('a verdict that is kept', () => {
    test('for WebGPU starts it in the background, without another measurement', async () => {
        await load();
        await settled();
        classifier?.dispose();
        workers.all.length = 0;
        const auto = await load();
        assert.deepEqual(inShort(auto), ['cpu', TRYING, null]);
        await settled();
        assert.deepEqual(inShort(auto), ['webgpu', FASTER, { cpu: 30, webgpu: 10 }]);
        assert.deepEqual([asked('cpu', 'measure'), asked('webgpu', 'measure')], [0, 0]);
    });

    test('for the CPU starts nothing else', async () => {
        workers.behaviour.webgpu.measure = async () => 60;
        await load();
        await settled();
        classifier?.dispose();
        workers.all.length = 0;
        const auto = await load();
        await settled();
        const reason = 'WebGPU was measured to be slower: 60 ms a post, the CPU 30 ms';
        assert.deepEqual(inShort(auto), ['cpu', reason, { cpu: 30, webgpu: 60 }]);
        assert.equal(workers.on('webgpu').length, 0);
    });

    test('is measured again for another browser or another adapter', async () => {
        await load();
        await settled();
        for (const change of [
            () => (navigator['userAgent'] = 'Test/2'),
            () => (navigator['gpu'] = { requestAdapter: async () => ({ info: { vendor: 'amd' } }) }),
        ]) {
            classifier?.dispose();
            workers.all.length = 0;
            change();
            await load();
            await settled();
            assert.equal(asked('webgpu', 'measure'), 3);
        }
    });

    test('is neither stored nor read with `cache: false`', async () => {
        await load({ cache: false });
        await settled();
        assert.deepEqual(caches.urls('emofuse'), []);
        classifier?.dispose();
        await load();
        await settled();
        classifier?.dispose();
        workers.all.length = 0;
        await load({ cache: false });
        await settled();
        assert.equal(asked('webgpu', 'measure'), 3);
    });
});

test.describe('WebGPU is not started', () => {
    /** @type {[when: string, change: () => unknown, reason: string][]} */
    const cases = [
        ['without it', () => delete navigator['gpu'], 'this browser has no WebGPU'],
        [
            'without an adapter',
            () => (navigator['gpu'].requestAdapter = async () => null),
            'this browser offers no graphics adapter',
        ],
        [
            'on an adapter that is software',
            () => (navigator['gpu'].requestAdapter = async () => ({ info: { architecture: 'swiftshader' } })),
            'the only graphics adapter is software',
        ],
        [
            'on battery',
            () => (navigator['getBattery'] = async () => ({ charging: false })),
            'the device runs on battery',
        ],
        [
            'where data is to be saved',
            () => (navigator['connection'] = { saveData: true }),
            'the browser is asked to save data',
        ],
    ];
    for (const [when, change, reason] of cases) {
        test(when, async () => {
            change();
            const auto = await load();
            await settled();
            assert.deepEqual(inShort(auto), ['cpu', reason, null]);
            assert.equal(workers.on('webgpu').length, 0);
        });
    }

    test('where a back end was chosen', async () => {
        for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
            const chosen = await load({ backend });
            await settled();
            assert.deepEqual(inShort(chosen), [backend, 'chosen', null]);
            assert.deepEqual(workers.running, [backend]);
            assert.deepEqual(changes, []);
            chosen.dispose();
        }
    });
});

test.describe('a trial that fails leads to the CPU, with its reason:', () => {
    /** @type {[what: string, behave: () => unknown, reason: RegExp][]} */
    const cases = [
        [
            'the start',
            () =>
                (workers.behaviour.webgpu.load = async () => Promise.reject(backendError('the limits are too small'))),
            /^the WebGPU back end cannot be used: the limits are too small$/,
        ],
        [
            'the model',
            () =>
                (workers.behaviour.webgpu.load = async () =>
                    Promise.reject(Object.assign(new Error('no connection'), { name: 'DownloadError' }))),
            /^the WebGPU back end cannot be used: no connection$/,
        ],
        [
            'the measurement',
            () =>
                (workers.behaviour.webgpu.measure = async () =>
                    Promise.reject(backendError('lost\n\nCaused by: lost'))),
            /^WebGPU stopped working: lost$/,
        ],
        [
            'the worker, between two runs',
            () => {
                let runs = 0;
                workers.behaviour.cpu.measure = async () => {
                    if (++runs === 2) workers.on('webgpu')[0]?.fail('gone');
                    return 30;
                };
            },
            /^WebGPU stopped working: gone$/,
        ],
        [
            'the worker, while the verdict is stored',
            () => {
                const open = caches.open.bind(caches);
                mock.method(caches, 'open', async (/** @type {string} */ name) => {
                    if (asked('webgpu', 'measure') === 3) workers.on('webgpu')[0]?.fail('gone');
                    return open(name);
                });
            },
            /^WebGPU stopped working: gone$/,
        ],
    ];
    for (const [what, behave, reason] of cases) {
        test(what, async () => {
            behave();
            const auto = await load();
            await settled();
            mock.restoreAll();
            const [backend, found] = inShort(auto);
            assert.equal(backend, 'cpu');
            assert.match(String(found), reason);
            assert.deepEqual(workers.running, ['cpu']);
            assert.equal((await auto.classify({ caption: 'one' })).backend, 'cpu');
            assert.equal(changes.length, 1);
        });
    }

    test('a driver that hangs', async () => {
        mock.timers.enable({ apis: ['setTimeout'] });
        workers.behaviour.webgpu.load = () => new Promise(() => {});
        const auto = await load();
        await settled();
        assert.deepEqual(inShort(auto), ['cpu', TRYING, null]);
        mock.timers.tick(5 * 60_000);
        mock.timers.reset();
        await settled();
        assert.deepEqual(inShort(auto), [
            'cpu',
            'the WebGPU back end cannot be used: it gave no answer within 5 minutes',
            null,
        ]);
        assert.deepEqual(workers.running, ['cpu']);
    });
});

test.describe('a lost graphics device', () => {
    test('leads back to the CPU at once, which repeats what was under way; then WebGPU is tried again', async () => {
        const auto = await load();
        await settled();
        const again = gate();
        workers.behaviour.webgpu.load = () => again.opened;
        workers.behaviour.webgpu.classify = () => new Promise(() => {});
        const results = ['one', 'two', 'three'].map((caption) => auto.classify({ caption }));
        await settled();
        workers.on('webgpu')[0]?.fail('the device was lost');
        const found = await Promise.all(results);
        assert.deepEqual(
            found.map((result) => [/** @type {any} */ (result).caption, result.backend]),
            [
                ['one', 'cpu'],
                ['two', 'cpu'],
                ['three', 'cpu'],
            ],
        );
        const reason = 'WebGPU stopped working and is being tried again: the device was lost';
        assert.deepEqual(inShort(auto), ['cpu', reason, { cpu: 30, webgpu: 10 }]);
        assert.equal(workers.on('cpu').length, 1, 'the CPU was never ended');

        again.open(undefined);
        await settled();
        assert.deepEqual(inShort(auto), ['webgpu', FASTER, { cpu: 30, webgpu: 10 }]);
        assert.equal(asked('cpu', 'measure'), 3, 'it is not measured again');
        assert.deepEqual(
            changes.map(({ backend }) => backend),
            ['webgpu', 'cpu', 'webgpu'],
        );
    });

    test('is given up after the second time', async () => {
        const auto = await load();
        for (const message of ['the device was lost', 'lost again']) {
            await settled();
            assert.equal(auto.describe().backend, 'webgpu');
            workers.on('webgpu').at(-1)?.fail(message);
        }
        await settled();
        const reason = 'WebGPU stopped working 2 times: lost again';
        assert.deepEqual(inShort(auto), ['cpu', reason, { cpu: 30, webgpu: 10 }]);
        assert.equal(workers.on('webgpu').length, 2);
        assert.deepEqual(workers.running, ['cpu']);
        assert.equal((await auto.classify({ caption: 'one' })).backend, 'cpu');
    });

    test('is not tried again where the adapter has gone with it', async () => {
        const auto = await load();
        await settled();
        navigator['gpu'].requestAdapter = async () => null;
        workers.on('webgpu')[0]?.fail('the device was lost');
        await settled();
        assert.equal(auto.describe().backendReason, 'this browser offers no graphics adapter');
        assert.equal(workers.on('webgpu').length, 1);
    });

    test('is measured again where there is another adapter since', async () => {
        const auto = await load({ cache: false });
        await settled();
        workers.behaviour.webgpu.measure = async () => 60;
        navigator['gpu'].requestAdapter = async () => ({ info: { vendor: 'amd' } });
        workers.on('webgpu')[0]?.fail('the device was lost');
        await settled();
        const reason = 'WebGPU was measured to be slower: 60 ms a post, the CPU 30 ms';
        assert.deepEqual(inShort(auto), ['cpu', reason, { cpu: 30, webgpu: 60 }]);
    });

    test('of a back end that was chosen is started again, and is an error the second time', async () => {
        const chosen = await load({ backend: 'webgpu' });
        workers.behaviour.webgpu.classify = async () => Promise.reject(backendError('the device was lost'));
        await assert.rejects(chosen.classify({ caption: 'one' }), { name: 'BackendError', message: /was lost/ });
        assert.equal(workers.on('webgpu').length, 2);
        assert.equal(workers.on('cpu').length, 0);
    });
});

test.describe('disposing', () => {
    /** @type {[when: string, behave: () => unknown][]} */
    const moments = [
        ['while the adapter is asked for', () => (navigator['gpu'].requestAdapter = () => new Promise(() => {}))],
        ['while WebGPU starts', () => (workers.behaviour.webgpu.load = () => new Promise(() => {}))],
        ['while WebGPU is measured', () => (workers.behaviour.webgpu.measure = () => new Promise(() => {}))],
        ['while the CPU is measured', () => (workers.behaviour.cpu.measure = () => new Promise(() => {}))],
        ['after WebGPU took over', () => {}],
    ];
    for (const [when, behave] of moments) {
        test(`${when} ends everything`, async () => {
            behave();
            const auto = await load();
            await settled();
            const told = changes.length;
            auto.dispose();
            await settled();
            assert.deepEqual(workers.running, []);
            assert.equal(changes.length, told);
            await assert.rejects(auto.classify({ caption: 'one' }), { name: 'DisposedError' });
        });
    }

    test('right after loading starts no other worker', async () => {
        (await load()).dispose();
        await settled();
        assert.equal(workers.on('webgpu').length, 0);
        assert.deepEqual(changes, []);
    });
});

test('an error of the page in onBackendChange is the page’s own', async () => {
    const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    const auto = await load({
        onBackendChange: () => {
            throw new Error('mine');
        },
    });
    assert.match(String(await thrown), /mine/);
    process.setUncaughtExceptionCaptureCallback(null);
    assert.equal((await auto.classify({ caption: 'one' })).backend, 'webgpu');
});
