// Reading a model file of one's own, from wherever it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_MODEL_BYTES, isOwn, readModel } from '../../pkg/src/worker/model-file.js';
import { checkedLoadOptions } from '../../pkg/src/options.js';

const LENGTH = 100;

/**
 * A file that begins as a model does.
 *
 * @param {number} [announced] The length that it says it has.
 */
function modelLike(announced = LENGTH) {
    const bytes = new Uint8Array(LENGTH).map((_, index) => index);
    bytes.set(Buffer.from('EMOFUSE\0\x01\0\0\0', 'latin1'));
    new DataView(bytes.buffer).setBigUint64(16, BigInt(announced), true);
    return bytes;
}

/**
 * A response whose body comes in pieces.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} size Of a piece.
 */
function inPieces(bytes, size) {
    let sent = 0;
    const pull = (/** @type {ReadableStreamDefaultController} */ controller) => {
        controller.enqueue(bytes.slice(sent, sent + size));
        sent += size;
        if (sent >= bytes.length) controller.close();
    };
    return new Response(new ReadableStream({ pull }));
}

const ignore = () => {};

test('every kind of model is read to the same bytes, and is not altered', async () => {
    const bytes = modelLike();
    const address = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;
    const kinds = {
        ArrayBuffer: bytes.buffer,
        Uint8Array: new Uint8Array([0, ...bytes]).subarray(1),
        Blob: new Blob([bytes]),
        Response: new Response(bytes),
        URL: new URL(address),
        string: address,
    };
    for (const [kind, model] of Object.entries(kinds)) {
        const { model: source } = checkedLoadOptions({ model });
        assert.ok(isOwn(source), kind);
        const read = await readModel(source, ignore, null);
        assert.deepEqual(new Uint8Array(await read.arrayBuffer()), bytes, kind);
    }
    assert.equal(kinds.ArrayBuffer.byteLength, LENGTH, 'a buffer stays with its owner');
});

test('a buffer that is transferred afterwards is not missed', async () => {
    const bytes = modelLike();
    const { model } = checkedLoadOptions({ model: bytes });
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    assert.ok(isOwn(model));
    assert.equal((await readModel(model, ignore, null)).size, LENGTH);
});

test('progress goes to the length that the file itself announces', async () => {
    /** @type {[number, number][]} */
    const steps = [];
    await readModel(inPieces(modelLike(), 10), (loaded, total) => steps.push([loaded, total]), null);
    const loaded = Array.from({ length: 11 }, (_, index) => index * 10);
    assert.deepEqual(
        steps,
        loaded.map((bytes) => [bytes, bytes < 24 ? 0 : LENGTH]),
    );
});

test('what is no model is refused before all of it has come', async () => {
    let pieces = 0;
    const endless = new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.from(`<!doctype html> ${pieces++}`)) }),
    );
    await assert.rejects(readModel(endless, ignore, null), {
        name: 'ModelFormatError',
        message: /not an emofuse model file; make one with `emofuse train`/,
    });
    assert.ok(pieces < 10);
});

test('what is too large is refused by what it says of itself, and by what comes', async () => {
    const tooLarge = {
        name: 'ModelFormatError',
        message: /257 megabytes, more than the 256 allowed; train one with fewer words/,
    };
    await assert.rejects(readModel(new Blob([modelLike(MAX_MODEL_BYTES + 1)]), ignore, null), tooLarge);
    const endless = (/** @type {ReadableStreamDefaultController} */ controller) =>
        controller.enqueue(new Uint8Array(64 * 1024 * 1024));
    const start = (/** @type {ReadableStreamDefaultController} */ controller) => controller.enqueue(modelLike());
    await assert.rejects(readModel(new Response(new ReadableStream({ start, pull: endless })), ignore, null), tooLarge);
});

test('a file shorter than it announces is left to the loader, which says so', async () => {
    assert.equal((await readModel(new Blob([modelLike(LENGTH * 2)]), ignore, null)).size, LENGTH);
    assert.equal((await readModel(new Blob([modelLike().subarray(0, 20)]), ignore, null)).size, 20);
});

test('a response that is no success, has no content or breaks off says what to do', async () => {
    const failed = { name: 'DownloadError', message: /HTTP 404.*check the address/ };
    await assert.rejects(readModel(new Response('', { status: 404 }), ignore, null), failed);
    await assert.rejects(readModel(new Response(null), ignore, null), {
        name: 'DownloadError',
        message: /without content/,
    });
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    await assert.rejects(readModel(new Response(broken), ignore, null), {
        name: 'DownloadError',
        message: /connection broke/,
    });
    await assert.rejects(readModel(new URL('http://127.0.0.1:1/model'), ignore, null), {
        name: 'DownloadError',
        message: /check the address.*Content-Security-Policy/,
    });
});

test('aborting ends the reading at once, also while nothing comes', async () => {
    await assert.rejects(readModel(new Blob([modelLike()]), ignore, AbortSignal.abort()), { name: 'AbortError' });
    const abort = new AbortController();
    let cancelled = false;
    const start = (/** @type {ReadableStreamDefaultController} */ controller) => controller.enqueue(modelLike());
    const cancel = () => {
        cancelled = true;
    };
    const silent = new ReadableStream({ start, cancel });
    const reading = readModel(
        new Response(silent),
        (loaded) => loaded && setTimeout(() => abort.abort()),
        abort.signal,
    );
    await assert.rejects(reading, { name: 'AbortError' });
    assert.ok(cancelled);
});

test('an error of the caller’s own listener stays what it is', async () => {
    const listener = () => {
        throw new RangeError('mine');
    };
    await assert.rejects(readModel(new Blob([modelLike()]), listener, null), { name: 'RangeError' });
});

test('a response that has been read and an address that is none are refused', async () => {
    const used = new Response(modelLike());
    await used.arrayBuffer();
    assert.throws(() => checkedLoadOptions({ model: used }), {
        name: 'TypeError',
        message: /has been read; fetch it again/,
    });
    assert.throws(() => checkedLoadOptions({ model: 'http://[' }), { name: 'TypeError', message: /no address/ });
});
