// What callers may pass, and how errors travel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackendError, IntegrityError, fromPlainError, toPlainError } from '../../pkg/errors.js';
import { checkedClassifyOptions, checkedLoadOptions, checkedPost } from '../../pkg/options.js';
import { transfers } from '../../pkg/protocol.js';

test('an option that is not known is refused with the known ones', () => {
    assert.throws(() => checkedLoadOptions({ backends: 'cpu' }), { name: 'TypeError', message: /'backends'.*backend, model, onProgress, signal/ });
    assert.throws(() => checkedClassifyOptions({ abort: 1 }), { name: 'TypeError', message: /'abort'.*signal, explain/ });
    assert.throws(() => checkedPost({ picture: 1 }), { name: 'TypeError', message: /'picture'.*image, caption/ });
});

test('an option of the wrong type is refused', () => {
    for (const options of [{ backend: 'gpu' }, { backend: 1 }, { model: 5 }, { model: {} }, { onProgress: 'yes' }, { signal: {} }, null, 'cpu', []]) {
        assert.throws(() => checkedLoadOptions(options), TypeError);
    }
    assert.throws(() => checkedClassifyOptions({ explain: true }), TypeError);
    assert.throws(() => checkedPost({ caption: 5 }), TypeError);
    assert.throws(() => checkedPost('a caption'), TypeError);
});

test('what is left out has its default', () => {
    const { backend, model, signal, onProgress } = checkedLoadOptions({});
    assert.deepEqual({ backend, model, signal }, { backend: 'auto', model: null, signal: null });
    assert.equal(typeof onProgress, 'function');
    assert.deepEqual(checkedClassifyOptions({ explain: false, signal: undefined }), { signal: null });
    assert.deepEqual(checkedPost({ caption: 'words' }), { image: null, caption: 'words' });
    assert.deepEqual(checkedPost({}), { image: null, caption: null });
});

test('an error keeps its class and message on its way out of the worker', () => {
    const arrived = fromPlainError(structuredClone(toPlainError(new IntegrityError('damaged'))));
    assert.ok(arrived instanceof IntegrityError);
    assert.deepEqual([arrived.name, arrived.message], ['IntegrityError', 'damaged']);
});

test('an error of no known name is a failure of the back end', () => {
    const arrived = fromPlainError(toPlainError(new WebAssembly.RuntimeError('unreachable')));
    assert.ok(arrived instanceof BackendError);
    assert.match(arrived.message, /unreachable/);
    assert.ok(fromPlainError(toPlainError('a string')) instanceof BackendError);
});

test('only a bitmap changes hands', () => {
    const bitmap = /** @type {ImageBitmap} */ ({});
    assert.deepEqual(transfers({ type: 'classify', id: 1, image: { kind: 'bitmap', bitmap }, caption: null }), [bitmap]);
    assert.deepEqual(transfers({ type: 'classify', id: 1, image: { kind: 'file', file: new Blob() }, caption: null }), []);
    assert.deepEqual(transfers({ type: 'load', id: 1, backend: 'cpu', model: new Blob() }), []);
});
