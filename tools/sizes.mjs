// What a first visit to the page fetches, with what is kept then for use without a network, as it is and compressed
// with Brotli, as web servers send it, and what npm fetches. Fails above the limits.
//
//     node tools/sizes.mjs [--json]
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { packedLimit, withPacked } from './pack.mjs';
import { listOf, pageFiles } from './page.mjs';

const MB = 1e6;

const files = [...(await pageFiles())];
const list = Buffer.from(await listOf(new Map(files)));
const contents = (pattern) => files.filter(([path]) => pattern.test(path)).map(([, file]) => readFileSync(file));

const parts = {
    page: [...contents(/^(?!pkg\/|libraries\/)/), list],
    libraries: contents(/^libraries\//),
    package: contents(/^pkg\/(?!wasm\/).*\.js$/),
    model: contents(/^pkg\/model\//),
    cpu: contents(/^pkg\/wasm\/cpu\//),
    webgpu: contents(/^pkg\/wasm\/webgpu\//),
    'webgpu glue': contents(/^pkg\/wasm\/webgpu\/.*\.js$/),
};
if (!parts.libraries.length) console.error('the libraries are not there, and not counted: node tools/libraries.mjs');

function measured(contents) {
    const sizes = contents.map((data) => [data.length, brotliCompressSync(data).length]);
    return sizes.reduce(
        ([bytes, compressed], [more, moreCompressed]) => [bytes + more, compressed + moreCompressed],
        [0, 0],
    );
}

const sizes = Object.fromEntries(Object.entries(parts).map(([part, contents]) => [part, measured(contents)]));
const total = (...names) =>
    names.reduce(([bytes, compressed], name) => [bytes + sizes[name][0], compressed + sizes[name][1]], [0, 0]);
const rows = [
    ['page', ...sizes.page],
    ['libraries', ...sizes.libraries],
    ['package', ...sizes.package],
    ['model', ...sizes.model],
    ['CPU program', ...sizes.cpu, 0.45 * MB],
    ['first load, CPU', ...total('page', 'libraries', 'package', 'model', 'cpu', 'webgpu glue'), 8.5 * MB],
    ['WebGPU program', ...sizes.webgpu, 1.2 * MB],
    withPacked(({ unpackedSize, size }) => ['npm package', unpackedSize, size, packedLimit()]),
];

if (process.argv.includes('--json')) {
    console.log(
        JSON.stringify(
            rows.map(([part, bytes, compressed, limit]) => ({ part, bytes, compressed, limit: limit ?? null })),
            null,
            2,
        ),
    );
} else {
    for (const [part, bytes, compressed, limit] of rows) {
        const limited = limit ? `, of ${(limit / MB).toFixed(2)} MB allowed` : '';
        console.log(
            `${part.padEnd(16)} ${(bytes / MB).toFixed(2).padStart(6)} MB, ${(compressed / MB).toFixed(2).padStart(5)} MB ${part === 'npm package' ? 'packed' : 'with Brotli'}${limited}`,
        );
    }
}
if (rows.some(([, , compressed, limit]) => limit && compressed > limit)) {
    console.error('the page or the package is larger than it may be');
    process.exitCode = 1;
}
