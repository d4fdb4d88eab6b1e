// What a first visit to the page fetches, as it is and compressed with Brotli, as web servers send it, and what npm
// fetches. Fails above the limits.
//
//     node tools/sizes.mjs [--json]
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { packedLimit, withPacked } from './pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MB = 1e6;

const files = (folder, ...extensions) =>
    readdirSync(join(root, folder), { recursive: true })
        .map((name) => join(folder, name))
        .filter((name) => extensions.includes(extname(name)) && !name.includes('node_modules') && !name.includes('extension'));

const parts = {
    page: files('www', '.html', '.css', '.js', '.svg'),
    package: files('pkg', '.js').filter((name) => !name.startsWith(join('pkg', 'wasm'))),
    model: files('pkg/model', '.emofuse'),
    cpu: files('pkg/wasm/cpu', '.js', '.wasm'),
    webgpu: files('pkg/wasm/webgpu', '.js', '.wasm'),
};

function measured(names) {
    const sizes = names.map((name) => readFileSync(join(root, name))).map((data) => [data.length, brotliCompressSync(data).length]);
    return sizes.reduce(([bytes, compressed], [more, moreCompressed]) => [bytes + more, compressed + moreCompressed], [0, 0]);
}

const sizes = Object.fromEntries(Object.entries(parts).map(([part, names]) => [part, measured(names)]));
const total = (...names) => names.reduce(([bytes, compressed], name) => [bytes + sizes[name][0], compressed + sizes[name][1]], [0, 0]);
const rows = [
    ['page', ...sizes.page],
    ['package', ...sizes.package],
    ['model', ...sizes.model],
    ['CPU program', ...sizes.cpu, 0.6 * MB],
    ['first load, CPU', ...total('page', 'package', 'model', 'cpu'), 8.5 * MB],
    ['WebGPU program', ...sizes.webgpu, 2.5 * MB],
    withPacked(({ unpackedSize, size }) => ['npm package', unpackedSize, size, packedLimit()]),
];

if (process.argv.includes('--json')) {
    console.log(JSON.stringify(rows.map(([part, bytes, compressed, limit]) => ({ part, bytes, compressed, limit: limit ?? null })), null, 2));
} else {
    for (const [part, bytes, compressed, limit] of rows) {
        const limited = limit ? `, of ${(limit / MB).toFixed(1)} MB allowed` : '';
        console.log(`${part.padEnd(16)} ${(bytes / MB).toFixed(2).padStart(6)} MB, ${(compressed / MB).toFixed(2).padStart(5)} MB ${part === 'npm package' ? 'packed' : 'with Brotli'}${limited}`);
    }
}
if (rows.some(([, , compressed, limit]) => limit && compressed > limit)) {
    console.error('the page or the package is larger than it may be');
    process.exitCode = 1;
}
