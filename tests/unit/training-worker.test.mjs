// The training worker and its client. The worker's code runs in this thread, behind a `Worker` that copies messages.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, test } from 'node:test';
import { readModelFile, sha256 } from '../../www/desk/training/model-file.js';
import { generator } from '../../www/desk/training/random.js';
import { Trainer } from '../../www/desk/training/trainer.js';
import { setGlobals } from '../support/fake-browser.mjs';

const WIDTHS = { image: 2854, caption: 484 };
const LABELS = ['calm', 'proud'];
const base = new Uint8Array(await readFile(new URL('../../pkg/model/emofuse-default.emofuse', import.meta.url)));

/** @typedef {{ onmessage: ((event: { data: unknown }) => void) | null }} Receiver */
/** @type {FakeWorker | null} */
let current = null;

class FakeWorker {
    /** @type {((event: { data: unknown }) => void) | null} */
    onmessage = null;
    isEnded = false;

    constructor() {
        current = this;
    }

    /** @param {unknown} message */
    postMessage(message) {
        const data = structuredClone(message);
        setImmediate(
            () => this.isEnded || /** @type {Receiver} */ (/** @type {unknown} */ (globalThis)).onmessage?.({ data }),
        );
    }

    terminate() {
        this.isEnded = true;
    }
}

const restore = setGlobals({
    Worker: FakeWorker,
    postMessage: (/** @type {unknown} */ answer) => {
        const worker = current;
        const data = structuredClone(answer);
        setImmediate(() => worker && !worker.isEnded && worker.onmessage?.({ data }));
    },
});
await import('../../www/desk/training/worker.js');

/** @type {Trainer} */
let trainer;
afterEach(() => trainer.end());
process.once('exit', restore);

/** A worker that has the features of labelled posts. @param {number} count */
function withPosts(count) {
    trainer = new Trainer(WIDTHS);
    const random = generator(5);
    const posts = Array.from({ length: count }, (_, index) => {
        const label = index % 2;
        const side = (/** @type {number} */ width) =>
            Float32Array.from(
                { length: width },
                (_value, place) => random() + random() + (place % 2 === label ? 0.4 : 0),
            );
        const key = `post ${index}`;
        trainer.keep(key, { image: side(WIDTHS.image), caption: index % 4 === 0 ? null : side(WIDTHS.caption) });
        return { key, label: LABELS[label] ?? '', second: null, alike: [key], before: null };
    });
    return posts;
}

/** @param {AbortSignal} [signal] */
const listening = (signal = new AbortController().signal) => {
    /** @type {number[]} */
    const shares = [];
    return { shares, signal, onProgress: (/** @type {number} */ share) => void shares.push(share) };
};

test('posts are kept, learnt, and become a model file', async () => {
    const posts = withPosts(60);
    assert.ok(trainer.has('post 0') && !trainer.has('another'));
    const listener = listening();
    const report = await trainer.train(posts, { labels: LABELS }, listener);
    assert.equal(report.posts, 60);
    assert.equal(report.accuracy.value, 1);
    assert.ok(listener.shares.length > 10);
    const testFeatures = { image: new Float32Array(WIDTHS.image), caption: new Float32Array(WIDTHS.caption) };
    const naming = { id: 'mine', labels: LABELS.map((name) => ({ name })), none: null, origin: {}, testFeatures };
    const built = await trainer.build({ base: new Blob([base]), baseSha256: await sha256(base), naming });
    const { manifest, sha256: digest } = await readModelFile(new Uint8Array(await built.file.arrayBuffer()));
    assert.deepEqual(manifest.labels, LABELS);
    assert.equal(digest, built.sha256);
    await assert.rejects(trainer.build({ base: new Blob([base]), baseSha256: 'another', naming }), /has changed/);
});

test('a cancelled training ends at once, and the next one is not disturbed', async () => {
    const posts = withPosts(80);
    const controller = new AbortController();
    const cancelled = trainer.train(
        posts,
        { labels: LABELS },
        {
            signal: controller.signal,
            onProgress: (share) => {
                if (share > 0.1) controller.abort();
            },
        },
    );
    await assert.rejects(cancelled, { name: 'AbortError' });
    const again = await trainer.train(posts.slice(0, 50), { labels: LABELS }, listening());
    assert.equal(again.posts, 50);
    await assert.rejects(trainer.train(posts, { labels: LABELS }, listening(AbortSignal.abort())), {
        name: 'AbortError',
    });
});
