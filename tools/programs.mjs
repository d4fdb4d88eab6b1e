// The WebAssembly programs: which crate each is, and what it is built from.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where each program lies and what cargo builds it from; tools/wasm.sh builds them.
 *
 * @type {Record<string, { folder: string, name: string, selection: string[] }>}
 */
export const PROGRAMS = {
    cpu: { folder: 'pkg/wasm/cpu', name: 'emofuse', selection: ['emofuse-engine-wasm', '--features', 'flex'] },
    webgpu: { folder: 'pkg/wasm/webgpu', name: 'emofuse', selection: ['emofuse-engine-wasm', '--features', 'webgpu'] },
    decoder: { folder: 'pkg/wasm/decoder', name: 'emofuse', selection: ['emofuse-decoder-wasm'] },
    posts: { folder: 'www/wasm/posts', name: 'posts', selection: ['emofuse-posts-wasm'] },
};

/**
 * A line for each crate that is linked into a program, in order.
 *
 * @param {string} kind
 * @param {string} format As `cargo tree` takes it; a crate of this repository has its folder behind its version.
 * @returns {string[]}
 */
export function linkedCrates(kind, format) {
    const tree = execFileSync(
        'cargo',
        [
            ...['tree', '--quiet', '--locked', '--target', 'wasm32-unknown-unknown'],
            ...['--package', ...PROGRAMS[kind].selection],
            ...['--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', format],
        ],
        { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const lines = tree.split('\n').map((line) => line.replace(/ \(\*\)$/, '').replace(root.replace(/\/$/, ''), ''));
    return [...new Set(lines.filter(Boolean))].sort();
}

/**
 * Hash of all that a program is built from: the folders of its crates here without their `tests`, the exact packages
 * with their features, and the build profiles.
 *
 * @param {string} kind
 * @returns {string} SHA-256, in hexadecimal
 */
export function sourcesHash(kind) {
    const crates = linkedCrates(kind, '{p} {f}');
    const hash = createHash('sha256').update(crates.join('\n')).update(profiles(kind));
    for (const crate of crates) {
        const folder = / \(\/(src\/[^)]*)\)/.exec(crate)?.[1];
        if (!folder) continue;
        const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
            .filter((path) => !path.startsWith(`${folder}/tests/`));
        for (const path of files.sort()) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
    }
    return hash.digest('hex');
}

/**
 * The build profile of a program and those that it inherits from, with what they say of single crates.
 *
 * @param {string} kind
 */
function profiles(kind) {
    const sections = readFileSync(join(root, 'Cargo.toml'), 'utf8').split(/^(?=\[)/m);
    const texts = [];
    for (let profile = `wasm-${kind}`; profile; ) {
        const named = new RegExp(`^\\[profile\\.${profile}[.\\]]`);
        const text = sections.filter((section) => named.test(section)).join('');
        texts.push(text);
        profile = /^inherits = "(.*)"$/m.exec(text)?.[1] ?? '';
    }
    return texts.join('');
}
