// What callers may pass, and how errors travel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as errors from '../../pkg/src/errors.js';
import manifest from '../../pkg/src/manifest.js';
import {
    checkedClassifyAllOptions,
    checkedClassifyOptions,
    checkedLoadOptions,
    checkedPost,
} from '../../pkg/src/options.js';

const { BackendError, IntegrityError, fromPlainError, toPlainError } = errors;

test('an option that is not known is refused with the known ones', () => {
    assert.throws(() => checkedLoadOptions({ backends: 'cpu' }), {
        name: 'TypeError',
        message:
            /'backends'.*backend, model, wasm, worker, cache, timeout_ms, onProgress, onCaptionsReady, onBackendChange, signal/,
    });
    assert.throws(() => checkedClassifyOptions({ abort: 1 }), {
        name: 'TypeError',
        message: /'abort'.*signal, explain, systems/,
    });
    assert.throws(() => checkedPost({ picture: 1 }), { name: 'TypeError', message: /'picture'.*image, caption/ });
});

test('an option of the wrong type is refused', () => {
    for (const options of [
        { backend: 'gpu' },
        { backend: 1 },
        { model: 5 },
        { model: {} },
        { wasm: 5 },
        { wasm: { gpu: 'x' } },
        { wasm: { cpu: 5 } },
        { worker: 5 },
        { cache: 'yes' },
        { timeout_ms: 0 },
        { timeout_ms: '20' },
        { timeout_ms: Infinity },
        { onProgress: 'yes' },
        { onCaptionsReady: true },
        { onBackendChange: 'yes' },
        { signal: {} },
        null,
        'cpu',
        [],
    ]) {
        assert.throws(() => checkedLoadOptions(options), TypeError);
    }
    assert.throws(() => checkedClassifyOptions({ explain: 'yes' }), TypeError);
    assert.throws(() => checkedClassifyAllOptions({ onError: 'yes' }), TypeError);
    assert.throws(() => checkedClassifyOptions({ onError: () => {} }), TypeError);
    assert.throws(() => checkedPost({ caption: 5 }), TypeError);
    assert.throws(() => checkedPost('a caption'), TypeError);
});

test('what is left out has its default', () => {
    const { onProgress, onBackendChange, ...others } = checkedLoadOptions({});
    assert.deepEqual(others, {
        ...{ backend: 'auto', model: null, wasm: {}, worker: true, cache: true, signal: null },
        timeout_ms: 20_000,
        onCaptionsReady: null,
    });
    assert.equal(checkedLoadOptions({ timeout_ms: null }).timeout_ms, null);
    assert.equal(typeof onProgress, 'function');
    assert.equal(typeof onBackendChange, 'function');
    assert.deepEqual(checkedClassifyOptions({ signal: undefined }), { signal: null, explain: false, systems: false });
    assert.deepEqual(checkedClassifyAllOptions({ explain: true }), {
        ...{ signal: null, explain: true, systems: false },
        onError: null,
    });
    assert.throws(() => checkedClassifyOptions({ systems: 1 }), TypeError);
    assert.deepEqual(checkedPost({ caption: 'words' }), { image: null, caption: 'words' });
    assert.deepEqual(checkedPost({}), { image: null, caption: null });
});

test('a published model is named, or given as its package exports it', () => {
    const { model } = checkedLoadOptions({ model: 'large' });
    assert.ok(model && 'sha256' in model);
    const { file, bytes, sha256 } = manifest.large;
    assert.deepEqual([model.file, model.bytes, model.sha256], [file, bytes, sha256]);
    assert.match(model.url, /\/pkg\/large\/emofuse-large\.emofuse$/);
    const url = new URL('https://example.org/large.emofuse');
    assert.deepEqual(checkedLoadOptions({ model: { file, url, bytes, sha256 } }).model, {
        file,
        url: url.href,
        bytes,
        sha256,
    });
    assert.deepEqual(
        checkedLoadOptions({ model: 'https://example.org/large' }).model,
        new URL('https://example.org/large'),
    );
    for (const wrong of [{ sha256 }, { file, url, bytes: 'many', sha256 }, { file, url, bytes, sha256, more: 1 }]) {
        assert.throws(() => checkedLoadOptions({ model: wrong }), { name: 'TypeError' });
    }
});

test('a program alone belongs to the back end that is named', () => {
    const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    assert.deepEqual(checkedLoadOptions({ backend: 'cpu', wasm: module }).wasm, { cpu: module });
    assert.deepEqual(checkedLoadOptions({ wasm: { webgpu: module } }).wasm, { webgpu: module });
    const { wasm } = checkedLoadOptions({ backend: 'webgpu', wasm: 'https://example.org/gpu.wasm' });
    assert.deepEqual(wasm, { webgpu: new URL('https://example.org/gpu.wasm') });
    assert.ok(checkedLoadOptions({ backend: 'cpu', wasm: new Uint8Array(4) }).wasm.cpu instanceof Blob);
    assert.throws(() => checkedLoadOptions({ wasm: module }), { name: 'TypeError', message: /name its backend/ });
});

test('an error keeps its class and message on its way out of the worker', () => {
    const arrived = fromPlainError(
        structuredClone(toPlainError(new IntegrityError('damaged', { expected: 'a1', found: 'b2' }))),
    );
    assert.ok(arrived instanceof IntegrityError);
    assert.deepEqual(
        [arrived.name, arrived.message, arrived.expected, arrived.found],
        ['IntegrityError', 'damaged', 'a1', 'b2'],
    );
    for (const [name, Known] of Object.entries(errors)) {
        if (!name.endsWith('Error') || /^(to|from)|^Emofuse/.test(name)) continue;
        const other = fromPlainError(toPlainError(new /** @type {new (message: string) => Error} */ (Known)('so')));
        assert.deepEqual([other.constructor, other.name, other.message], [Known, name, 'so']);
    }
});

test('an error of no known name is a failure of the back end', () => {
    const arrived = fromPlainError(toPlainError(new WebAssembly.RuntimeError('unreachable')));
    assert.ok(arrived instanceof BackendError);
    assert.match(arrived.message, /unreachable/);
    assert.ok(fromPlainError(toPlainError('a string')) instanceof BackendError);
});
