// What never answers: a browser's storage, and a server. Loading goes on without the one, and ends without the other.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { within } from '../../pkg/src/abortable.js';
import { platform } from '../../pkg/src/platform.js';
import { deleteCached, isCached, readCached } from '../../pkg/src/worker/cache.js';
import { getFile } from '../../pkg/src/worker/download.js';
import { setGlobals } from '../support/fake-browser.mjs';

const never = () => new Promise(() => {});
const { fetch } = platform;
const entry = { file: 'a file', bytes: 2, sha256: 'abc' };
let restore = () => {};

beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    restore = setGlobals({ location: { origin: 'https://example.org' }, caches: { open: never } });
});
afterEach(() => {
    mock.timers.reset();
    restore();
    platform.fetch = fetch;
});

async function settled() {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

test('a file counts as not stored if the storage does not answer', async () => {
    const answers = Promise.all([readCached(entry), isCached(entry), deleteCached(entry)]);
    await settled();
    mock.timers.tick(15_000);
    assert.deepEqual(await answers, [null, false, undefined]);
});

test('what answers in time is not held up, and its error is its own', async () => {
    assert.equal(await within(10, Promise.resolve(5)), 5);
    await assert.rejects(within(10, Promise.reject(new Error('broken'))), /broken/);
});

/** @param {string} url */
function get(url) {
    const storage = { cache: false, memory: new Map(), keep: () => {}, writing: [] };
    const outcome = getFile(new URL(url), entry, () => {}, storage).catch((error) => error);
    let isOver = false;
    void outcome.then(() => (isOver = true));
    return { outcome, isOver: () => isOver };
}

/** A server that sends this much, and no more, as long as the request is not aborted. @param {Uint8Array[]} chunks */
function serve(chunks) {
    platform.fetch = async (_url, { signal }) =>
        new Response(
            new ReadableStream({
                start(controller) {
                    for (const chunk of chunks) controller.enqueue(chunk);
                    signal?.addEventListener('abort', () => controller.error(signal.reason));
                },
            }),
        );
}

test('a download that stalls ends after two minutes with an error that says what to do', async () => {
    serve([Uint8Array.of(1)]);
    const { outcome, isOver } = get('https://example.org/stalls');
    await settled();
    mock.timers.tick(119_000);
    await settled();
    assert.equal(isOver(), false);
    mock.timers.tick(1000);
    const { name, message } = await outcome;
    assert.deepEqual([name, message], ['DownloadError', 'the connection broke while a file was fetched; try again']);
});

test('so does one that never begins', async () => {
    platform.fetch = (_url, { signal }) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const { outcome } = get('https://example.org/silent');
    await settled();
    mock.timers.tick(120_000);
    assert.equal((await outcome).name, 'DownloadError');
});
