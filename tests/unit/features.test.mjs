// `classifier.features`: what the networks make of a post. The workers and the engine are fakes, which run no program.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { EmotionClassifier } from '../../pkg/src/classifier.js';
import { platform } from '../../pkg/src/platform.js';
import { channels } from '../../pkg/src/transport/browser.js';
import { featuresOf } from '../../pkg/src/worker/classify.js';
import { FakeWorkers, setGlobals } from '../support/fake-browser.mjs';

const { openWorker } = channels;
const { yieldToEventLoop } = platform;
const MODEL = { id: 'model', sha256: 'abc' };
/** A result and nothing else. */
const RESULT = { explain: false, systems: false };

/** @type {FakeWorkers} */
let workers;
let restore = () => {};
/** @type {EmotionClassifier} */
let classifier;

beforeEach(async () => {
    workers = new FakeWorkers();
    channels.openWorker = workers.open;
    platform.yieldToEventLoop = () => new Promise((resolve) => void setImmediate(resolve));
    restore = setGlobals({ navigator: { userAgent: 'Test/1' }, location: { origin: 'https://example.org' } });
    classifier = await EmotionClassifier.load({ backend: 'cpu' });
});
afterEach(() => {
    classifier.dispose();
    restore();
    platform.yieldToEventLoop = yieldToEventLoop;
    channels.openWorker = openWorker;
});

const asked = () =>
    workers.all.flatMap(({ requests }) =>
        requests.flatMap((request) => (request.type === 'classify' ? [request.wanted] : [])),
    );

test('features are asked of the worker, and come as it sends them', async () => {
    const features = await classifier.features({ caption: 'finally home' });
    assert.deepEqual(/** @type {any} */ (features), { caption: 'finally home' });
    const result = await classifier.classify({ caption: 'finally home' });
    assert.equal(result.backend, 'cpu');
    assert.deepEqual(asked(), ['features', RESULT]);
});

test('posts for features and posts for results do not share a batch', async () => {
    await Promise.all([
        classifier.features({ caption: 'one' }),
        classifier.classify({ caption: 'two' }),
        classifier.classify({ caption: 'three' }, { explain: true }),
    ]);
    assert.deepEqual(asked(), ['features', RESULT, { ...RESULT, explain: true }]);
});

test('a failed worker is replaced, and the features come from the next one', async () => {
    let failures = 1;
    workers.behaviour.cpu = {
        classify: async () => {
            if (failures-- > 0) throw Object.assign(new Error('lost'), { name: 'BackendError' });
        },
    };
    assert.deepEqual(/** @type {any} */ (await classifier.features({ caption: 'again' })), { caption: 'again' });
    assert.equal(workers.all.length, 2);
});

test('what is wrong with a call for features is found at once', async () => {
    await assert.rejects(classifier.features({}), { name: 'EmptyPostError' });
    await assert.rejects(classifier.features({ caption: 'a' }, /** @type {any} */ ({ explain: true })), TypeError);
    await assert.rejects(classifier.features({ caption: 'a' }, { signal: AbortSignal.abort() }), {
        name: 'AbortError',
    });
    const controller = new AbortController();
    workers.behaviour.cpu = { classify: () => new Promise(() => {}) };
    const waiting = classifier.features({ caption: 'a' }, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(waiting, { name: 'AbortError' });
    classifier.dispose();
    await assert.rejects(classifier.features({ caption: 'a' }), { name: 'DisposedError' });
});

test('in the worker, each post that can be read has features, and each of the others its error', async () => {
    const freed = /** @type {string[]} */ ([]);
    const engine = /** @type {any} */ ({
        prepare: (
            /** @type {any} */ _data,
            /** @type {number} */ _width,
            /** @type {number} */ _height,
            /** @type {string} */ caption,
        ) => {
            if (caption === '?') throw Object.assign(new Error('no word'), { name: 'EmptyPostError' });
            return { caption, free: () => freed.push(caption) };
        },
        features: async (/** @type {{ caption: string }[]} */ posts) =>
            posts.map(({ caption }) => ({ image: null, caption: Float32Array.of(caption.length) })),
    });
    const posts = ['one', '?', 'three'].map((caption) => ({ image: null, caption }));
    const [first, second, third] = /** @type {any[]} */ (await featuresOf(engine, MODEL, posts));
    assert.deepEqual(first, { value: { image: null, caption: Float32Array.of(3), model: MODEL } });
    assert.equal(second.error.name, 'EmptyPostError');
    assert.deepEqual(third.value.caption, Float32Array.of(5));
    await assert.rejects(featuresOf(engine, MODEL, posts, AbortSignal.abort()));
});
