// Which back end is the faster one, and how long that is believed.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import manifest from '../../pkg/src/manifest.js';
import { circumstances, isFaster, keepVerdict, readVerdict, reasonOf } from '../../pkg/src/verdict.js';
import { FakeCaches, setGlobals } from '../support/fake-browser.mjs';

const ADAPTER = { vendor: 'intel', architecture: 'gen-12lp', device: '', description: '' };
const MEASURED = { cpu: 31, webgpu: 10 };

const caches = new FakeCaches();
let restore = () => {};
beforeEach(() => {
    caches.clear();
    restore = setGlobals({ caches, location: { origin: 'https://example.org' }, navigator: { userAgent: 'Test/1' } });
});
afterEach(() => restore());

test('WebGPU takes over from 1.2 times on, and the reason has the figures', () => {
    assert.ok(isFaster({ cpu: 12, webgpu: 10 }));
    assert.ok(!isFaster({ cpu: 11.9, webgpu: 10 }));
    assert.equal(reasonOf(MEASURED), 'it was measured to be 3.1 times as fast as the CPU');
    assert.equal(reasonOf({ cpu: 300, webgpu: 10 }), 'it was measured to be 30 times as fast as the CPU');
    assert.equal(reasonOf({ cpu: 15, webgpu: 40 }), 'WebGPU was measured to be slower: 40 ms a post, the CPU 15 ms');
    assert.equal(
        reasonOf({ cpu: 9.04, webgpu: 8 }),
        'WebGPU was measured to be hardly faster: 8.0 ms a post, the CPU 9.0 ms',
    );
    assert.equal(reasonOf({ cpu: 15, webgpu: 15 }), 'WebGPU was measured to be no faster: 15 ms a post, the CPU 15 ms');
});

test('a verdict is read again, next to the model that it is for', async () => {
    const here = await circumstances(ADAPTER, 'abc');
    assert.deepEqual(here, {
        adapter: ADAPTER,
        browser: 'Test/1',
        program: manifest.wasm.webgpu.sha256,
        model: 'abc',
    });
    assert.equal(await readVerdict(here), null);
    await keepVerdict({ ...here, measured_ms: MEASURED });
    assert.deepEqual((await readVerdict(here))?.measured_ms, MEASURED);
    assert.deepEqual(caches.urls('emofuse'), ['https://example.org/.emofuse/verdict.json?sha256=abc']);
});

test('a verdict is not believed once something has changed', async () => {
    const here = await circumstances(ADAPTER, 'abc');
    await keepVerdict({ ...here, measured_ms: MEASURED });
    for (const changed of [
        { ...here, adapter: { ...ADAPTER, architecture: 'xe' } },
        { ...here, browser: 'Test/2' },
        { ...here, program: 'another' },
        { ...here, model: 'another' },
    ])
        assert.equal(await readVerdict(changed), null, JSON.stringify(changed));
    assert.deepEqual((await readVerdict(here))?.measured_ms, MEASURED);
});

test('the full version of the browser counts where it is known', async () => {
    const fullVersionList = [
        { brand: 'Chromium', version: '156.0.1.2' },
        { brand: 'Not A;Brand', version: '99.0' },
    ];
    const userAgentData = { getHighEntropyValues: async () => ({ fullVersionList }) };
    restore();
    restore = setGlobals({ navigator: { userAgent: 'Test/1', userAgentData } });
    assert.equal((await circumstances(ADAPTER, 'abc')).browser, 'Chromium 156.0.1.2, Not A;Brand 99.0');
    restore();
    const refusing = { getHighEntropyValues: () => Promise.reject(new Error('not allowed')) };
    restore = setGlobals({ navigator: { userAgent: 'Test/1', userAgentData: refusing } });
    assert.equal((await circumstances(ADAPTER, 'abc')).browser, 'Test/1');
});

test('a damaged verdict, or a cache that refuses, is as if there were none', async () => {
    const here = await circumstances(ADAPTER, 'abc');
    await keepVerdict({ ...here, measured_ms: MEASURED });
    const [url = ''] = caches.urls('emofuse');
    for (const content of [
        '',
        'no JSON',
        'null',
        JSON.stringify({ ...here }),
        JSON.stringify({ ...here, measured_ms: { cpu: 'fast' } }),
    ]) {
        await (await caches.open('emofuse')).put(url, new Response(content));
        assert.equal(await readVerdict(here), null, content);
    }
    restore();
    restore = setGlobals({ navigator: { userAgent: 'Test/1' } });
    await keepVerdict({ ...here, measured_ms: MEASURED });
    assert.equal(await readVerdict(here), null);
});
