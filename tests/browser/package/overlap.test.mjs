// While the engine reads one post, the images of the next are decoded; the engine itself does one thing after
// another.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { alter, onCaption, CRASH, openBlank, openContext } from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE } from '../../support/images.mjs';

/** @typedef {import('./package.test.mjs').Globals} Globals */

/** What is told of in the worker, in its order. */
/**
 * @typedef {{ what: 'arrived' | 'decoding' | 'decoded' | 'read' | 'prepared' | 'began' | 'ended' | 'answered',
 *     number: number }} Event
 */

const IN_FLIGHT = 4;
const DECODED_AHEAD = 3;

/**
 * Makes the worker note what it does. Its engine takes its time, as on a graphics device, where the worker is free
 * meanwhile.
 */
const NOTING = `{
self.noted = [];
const counts = {};
const note = (what) => self.noted.push({ what, number: (counts[what] = (counts[what] ?? -1) + 1) });
const { createImageBitmap: create, postMessage: post } = self;
self.createImageBitmap = async (...given) => {
    note('decoding');
    const bitmap = await create.apply(self, given);
    note('decoded');
    const close = bitmap.close.bind(bitmap);
    bitmap.close = () => (note('read'), close());
    return bitmap;
};
self.postMessage = (message) => {
    if (message.type === 'classified') note('answered');
    post.call(self, message);
};
self.addEventListener('message', ({ data }) => data.type === 'classify' && note('arrived'), { capture: true });
self.slow = async (work) => {
    note('began');
    await new Promise((resolve) => setTimeout(resolve, 60));
    const result = await work();
    note('ended');
    return result;
};
self.note = note;
}`;
const SLOW = `
const { prepare: prepareNow, classify: classifyNow } = Engine.prototype;
Engine.prototype.prepare = function (...given) {
    self.note?.('prepared');
    return prepareNow.apply(this, given);
};
Engine.prototype.classify = function (...given) {
    return self.slow ? self.slow(() => classifyNow.apply(this, given)) : classifyNow.apply(this, given);
};`;

/** @type {import('../support/harness.mjs').Page} */
let page;

test.beforeAll(async () => {
    const context = await openContext('cpu');
    // Imports come first, whatever stands above them, so that this is in place when the first message is.
    await alter(context, 'worker.js', (content) => `${content}\n${NOTING}`);
    await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${SLOW}`);
    page = await openBlank(context);
    await page.evaluate(async () => {
        const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        globals.classifier = await globals.emofuse.EmotionClassifier.load({ backend: 'cpu' });
    });
});
test.afterAll(() => page?.context().close());

/** @returns {Promise<Event[]>} What the worker noted since it was asked last. */
async function noted() {
    const [worker] = page.workers();
    assert.ok(worker);
    return worker.evaluate(() => /** @type {{ noted: Event[] }} */ (/** @type {unknown} */ (self)).noted.splice(0));
}

/**
 * How many have begun and not ended, at most.
 *
 * @param {Event[]} events
 * @param {Event['what']} begins
 * @param {Event['what']} ends
 */
function mostAtOnce(events, begins, ends) {
    let now = 0;
    let most = 0;
    for (const { what } of events) {
        if (what === begins) most = Math.max(most, ++now);
        if (what === ends) now -= 1;
    }
    return most;
}

/**
 * @param {Buffer[]} files
 * @returns {Promise<string[]>}
 */
const classifyAll = (files) =>
    page.evaluate(
        async (contents) => {
            const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const calls = contents.map((bytes) => classifier.classify({ image: new Blob([Uint8Array.from(bytes)]) }));
            return Promise.all(
                calls.map((call) =>
                    call.then(
                        ({ emotion }) => emotion,
                        (error) => error.name,
                    ),
                ),
            );
        },
        files.map((file) => [...file]),
    );

test('the images of the next posts are decoded while one is read', async () => {
    await noted();
    const answers = await classifyAll(Array(10).fill(MEADOW));
    assert.ok(
        answers.every((answer) => answer === answers[0] && answer !== 'UnsupportedImageError'),
        answers.join(),
    );
    const events = await noted();
    const place = (/** @type {Event['what']} */ what, /** @type {number} */ order) => {
        const places = events.flatMap((event, index) => (event.what === what ? [index] : []));
        return places[order] ?? assert.fail(`there is no '${what}' number ${order}`);
    };
    for (let number = 1; number < 10; number++) {
        assert.ok(
            place('decoded', number) < place('ended', number - 1),
            `image ${number} is decoded before post ${number - 1} is read`,
        );
    }
});

test('a few requests are in flight, and fewer images are decoded ahead', async () => {
    await noted();
    await classifyAll(Array(12).fill(MEADOW));
    const events = await noted();
    assert.equal(mostAtOnce(events, 'arrived', 'answered'), IN_FLIGHT);
    assert.equal(mostAtOnce(events, 'decoding', 'read'), DECODED_AHEAD);
});

test('the engine does one request after the other, and pixels are read just before', async () => {
    await noted();
    await classifyAll([MEADOW, MEADOW, NOT_AN_IMAGE, MEADOW, MEADOW, NOT_AN_IMAGE, MEADOW]);
    const events = await noted();
    const engine = events
        .filter(({ what }) => ['read', 'prepared', 'began', 'ended'].includes(what))
        .map(({ what }) => what);
    assert.deepEqual(engine, Array(5).fill(['read', 'prepared', 'began', 'ended']).flat());
});

test('images that cannot be decoded leave room for others, and each post has its own answer', async () => {
    const answers = await classifyAll([...Array(6).fill(NOT_AN_IMAGE), MEADOW, ...Array(6).fill(NOT_AN_IMAGE), MEADOW]);
    const read = answers.filter((answer) => answer !== 'UnsupportedImageError');
    assert.equal(read.length, 2);
    assert.deepEqual([answers[6], answers[13]], read);
});

test('a call by itself is answered before a long list is', async () => {
    const place = await page.evaluate(
        async (bytes) => {
            const { classifier } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const image = new Blob([Uint8Array.from(bytes)]);
            let read = 0;
            let place = Infinity;
            for await (const _ of classifier.classifyAll(Array(30).fill({ image }))) {
                if (++read === 5) void classifier.classify({ caption: 'so happy today' }).then(() => (place = read));
            }
            return place;
        },
        [...MEADOW],
    );
    assert.ok(place <= 5 + IN_FLIGHT + 2, `it was answered after ${place}`);
});

test('what a crash takes with it is repeated, and only the post that caused it fails', async () => {
    const context = await openContext('cpu');
    await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${onCaption('crash', CRASH)}`);
    const other = await openBlank(context);
    const outcomes = await other.evaluate(
        async (bytes) => {
            const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
            const image = new Blob([Uint8Array.from(bytes)]);
            const captions = ['one', 'two', 'crash', 'three', 'crash', 'four', 'five', 'six'];
            return Promise.all(
                captions.map((caption) =>
                    classifier.classify({ image, caption }).then(
                        ({ backend }) => backend,
                        (error) => error.name,
                    ),
                ),
            );
        },
        [...MEADOW],
    );
    assert.deepEqual(outcomes, ['cpu', 'cpu', 'BackendError', 'cpu', 'BackendError', 'cpu', 'cpu', 'cpu']);
    await context.close();
});
