// The programs' constructors: wasm-ld puts them into every exported function, tools/constructors.mjs lets them run
// once.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const WARM_UP = 1000;
const CALLS = 1000;

/**
 * How long a program takes, without a browser around it, for what it does with every object that it is given.
 *
 * @param {string} kind
 */
async function medianOfAllocation(kind) {
    const module = await WebAssembly.compile(
        await readFile(new URL(`../../pkg/wasm/${kind}/emofuse_bg.wasm`, import.meta.url)),
    );
    /** @type {Record<string, Record<string, () => void>>} */
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module))
        imports[from] = { ...imports[from], [name]: () => {} };
    const { exports } = await WebAssembly.instantiate(module, imports);
    const name = Object.keys(exports).find((candidate) => candidate.startsWith('__externref_table_alloc')) ?? '';
    const allocate = /** @type {() => number} */ (exports[name]);
    const times_ms = Array.from({ length: WARM_UP + CALLS }, () => {
        const started = performance.now();
        allocate();
        return performance.now() - started;
    });
    return times_ms.slice(WARM_UP).sort((a, b) => a - b)[CALLS / 2] ?? NaN;
}

test('constructors run once, and not in each call', async () => {
    const [cpu, webgpu] = [await medianOfAllocation('cpu'), await medianOfAllocation('webgpu')];
    assert.ok(webgpu < 20 * cpu, `a call takes ${webgpu} ms, and ${cpu} ms where there are no constructors`);
});
