// What a WebAssembly program is made of: bytes of code by the crate that each function is named after, before wasm-opt.
//
//     node tools/program-parts.mjs [FILE]
//
// FILE is the linker's output, which has names still; without one, that of the WebGPU program.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CODE = 10;
const DATA = 11;
const CUSTOM = 0;
const FUNCTION_NAMES = 1;

const cache = process.env.EMOFUSE_CACHE ?? join(homedir(), '.cache/emofuse');
const built = 'target-wasm/wasm32-unknown-unknown/wasm-webgpu/emofuse_engine_wasm.wasm';
const file = process.argv[2] ?? join(cache, built);

/** Reads numbers and names one after another. */
class Reader {
    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    get isAtEnd() {
        return this.at >= this.bytes.length;
    }

    number() {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            const byte = this.bytes[this.at++];
            value += (byte & 0x7f) * 2 ** shift;
            if (byte < 0x80) return value;
        }
    }

    /** @param {number} length */
    take(length) {
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
    }

    text() {
        return new TextDecoder().decode(this.take(this.number()));
    }
}

/** @param {Uint8Array} program */
function sections(program) {
    const reader = new Reader(program);
    reader.take(8);
    /** @type {{ kind: number, content: Uint8Array }[]} */
    const found = [];
    while (!reader.isAtEnd) {
        const [kind] = reader.take(1);
        found.push({ kind, content: reader.take(reader.number()) });
    }
    return found;
}

/**
 * The names of functions by their index.
 *
 * @param {Uint8Array} content Of the custom section `name`.
 */
function functionNames(content) {
    const names = new Map();
    const reader = new Reader(content);
    while (!reader.isAtEnd) {
        const [kind] = reader.take(1);
        const part = new Reader(reader.take(reader.number()));
        if (kind !== FUNCTION_NAMES) continue;
        for (let left = part.number(); left > 0; left--) {
            const index = part.number();
            names.set(index, part.text());
        }
    }
    return names;
}

/** Their generic functions are of whoever calls them. */
const STANDARD = ['core', 'alloc', 'std', 'hashbrown'];

/**
 * The first crate in a mangled name that is not the standard library.
 *
 * @param {string} name In Rust's v0 mangling, which has `Cs…_4name` for a crate.
 */
function crateOf(name) {
    const crates = [...name.matchAll(/Cs[0-9A-Za-z]+_(\d+)_?([a-z]\w*)/g)].map(([, length, rest]) =>
        rest?.slice(0, Number(length)),
    );
    return crates.find((crate) => crate && !STANDARD.includes(crate)) ?? crates[0] ?? 'others';
}

const program = sections(await readFile(file));
const custom = program.filter(({ kind }) => kind === CUSTOM).map(({ content }) => new Reader(content));
const nameSection = custom.find((reader) => reader.text() === 'name');
if (!nameSection) throw new Error(`${file} has no names`);
const names = functionNames(nameSection.bytes.subarray(nameSection.at));
const code = new Reader(program.find(({ kind }) => kind === CODE)?.content ?? new Uint8Array());
const count = code.number();
const imported = Math.max(...names.keys()) + 1 - count;
/** @type {Map<string, number>} */
const sizes = new Map();
for (let index = imported; index < imported + count; index++) {
    const length = code.number();
    code.take(length);
    const crate = crateOf(names.get(index) ?? '');
    sizes.set(crate, (sizes.get(crate) ?? 0) + length);
}
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
const data = program.find(({ kind }) => kind === DATA)?.content.length ?? 0;
console.log(`${total} bytes of code in ${count} functions, ${data} of data`);
for (const [crate, size] of [...sizes].sort(([, one], [, other]) => other - one).slice(0, 30))
    console.log(`${String(size).padStart(9)}  ${((100 * size) / total).toFixed(1).padStart(4)} %  ${crate}`);
