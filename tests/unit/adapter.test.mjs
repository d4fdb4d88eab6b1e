// Which graphics adapters WebGPU is tried on, and where nothing is fetched for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAdapter } from '../../pkg/src/adapter.js';
import { reasonToSave } from '../../pkg/src/saving.js';

const REAL = { vendor: 'intel', architecture: 'gen-12lp', device: '', description: '' };

/** @param {unknown} adapter What the browser gives, or the error it rejects with. */
const gpuWith = (adapter) => ({
    requestAdapter: async () => {
        if (adapter instanceof Error) throw adapter;
        return /** @type {GPUAdapter | null} */ (adapter);
    },
});

test('a real adapter is found, with its names', async () => {
    assert.deepEqual(await findAdapter('browser', gpuWith({ info: REAL, isFallbackAdapter: false })), {
        adapter: REAL,
    });
    const old = { adapter: { vendor: '', architecture: '', device: '', description: '' } };
    assert.deepEqual(await findAdapter('browser', gpuWith({})), old, 'a browser that names none');
});

test('an adapter that is only software is recognised, however it is named', async () => {
    for (const adapter of [
        { info: REAL, isFallbackAdapter: true },
        { info: { ...REAL, isFallbackAdapter: true } },
        { info: { ...REAL, vendor: 'google', architecture: 'swiftshader' } },
        { info: { ...REAL, description: 'llvmpipe (LLVM 19.1.7, 256 bits)' } },
        { info: { ...REAL, device: 'Mesa Lavapipe' } },
        { info: { ...REAL, vendor: 'microsoft', architecture: 'warp' } },
        { info: { ...REAL, description: 'Microsoft Basic Render Driver' } },
    ]) {
        const found = await findAdapter('browser', gpuWith(adapter));
        assert.deepEqual(found, { reason: 'the only graphics adapter is software' }, JSON.stringify(adapter));
    }
    const { adapter } = /** @type {any} */ (await findAdapter('browser', gpuWith({ info: { vendor: 'warped' } })));
    assert.equal(adapter.vendor, 'warped', 'a name that only resembles one');
});

test('without an adapter the reason says what is missing', async () => {
    assert.deepEqual(await findAdapter('browser', undefined), { reason: 'this browser has no WebGPU' });
    assert.deepEqual(await findAdapter('browser', gpuWith(null)), {
        reason: 'this browser offers no graphics adapter',
    });
    assert.deepEqual(await findAdapter('browser', gpuWith(new Error('the GPU process crashed'))), {
        reason: 'this browser offers no graphics adapter: the GPU process crashed',
    });
});

test('without HTTPS there is no WebGPU, and the reason says why', async () => {
    Object.assign(globalThis, { isSecureContext: false });
    const found = await findAdapter('browser', undefined);
    Reflect.deleteProperty(globalThis, 'isSecureContext');
    assert.deepEqual(found, { reason: 'WebGPU needs a page served over HTTPS' });
});

test('on battery, or where data is to be saved, nothing large is fetched', async () => {
    const battery = (/** @type {boolean} */ charging) => ({ getBattery: async () => ({ charging }) });
    assert.equal(await reasonToSave(battery(false)), 'the device runs on battery');
    assert.equal(await reasonToSave(battery(true)), null);
    assert.equal(await reasonToSave({ connection: { saveData: true } }), 'the browser is asked to save data');
    assert.equal(await reasonToSave({ connection: { saveData: false }, ...battery(true) }), null);
    assert.equal(await reasonToSave({}), null);
    assert.equal(await reasonToSave({ getBattery: async () => Promise.reject(new Error('not allowed')) }), null);
});
