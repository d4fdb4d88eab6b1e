// The desk's WebAssembly program in www/wasm/posts, which `./build.sh build posts` makes: what it was built from.
//
//     node tools/posts-program.mjs write     after it was built
//     node tools/posts-program.mjs check     fails if it is altered or older than its sources
//
// Its sources are the folders of its crates, the exact packages with their features, and the build profile.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { linkedCrates } from './cargo-tree.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'www/wasm/posts');
const record = join(folder, 'manifest.json');
const FILES = { program: 'posts_bg.wasm', glue: 'posts.js', types: 'posts.d.ts' };
const CRATES = ['src/posts', 'src/wasm/posts'];
const PACKAGE = 'emofuse-posts-wasm';
const PROFILES = /^\[profile\.(?:release|wasm-cpu|wasm-posts)\]/;

/** What a visitor of the desk fetches for it, compressed with Brotli. */
const LIMIT = 120_000;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const digests = () =>
    Object.fromEntries(Object.entries(FILES).map(([part, name]) => [part, sha256(readFileSync(join(folder, name)))]));

/** Every package that is linked in, with version and features. */
const packages = () => linkedCrates(['--package', PACKAGE], '{p} {f}').join('\n');

/** The profiles that it is built with. */
function profiles() {
    const sections = readFileSync(join(root, 'Cargo.toml'), 'utf8').split(/^(?=\[)/m);
    return sections.filter((section) => PROFILES.test(section)).join('');
}

function sources() {
    const hash = createHash('sha256').update(packages()).update(profiles());
    for (const crate of CRATES) {
        const files = readdirSync(join(root, crate), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
            .filter((path) => !relative(join(root, crate), path).startsWith('tests'));
        for (const path of files.sort()) hash.update(`\0${relative(root, path)}\0${readFileSync(path)}`);
    }
    return hash.digest('hex');
}

/** What is wrong with the committed program, each with what to do. */
function faults() {
    const command = 'run ./build.sh build posts';
    const missing = [...Object.values(FILES), 'manifest.json'].filter((name) => !existsSync(join(folder, name)));
    if (missing.length) return missing.map((name) => `www/wasm/posts/${name} is missing; ${command}`);
    const committed = JSON.parse(readFileSync(record, 'utf8'));
    const found = Object.entries(digests())
        .filter(([part, digest]) => digest !== committed[part])
        .map(([part]) => `www/wasm/posts/${FILES[part]} is not the file that was built; ${command}`);
    if (sources() !== committed.sources) found.push(`www/wasm/posts is older than its sources; ${command}`);
    const size = brotliCompressSync(readFileSync(join(folder, FILES.program))).length;
    if (size > LIMIT) found.push(`${FILES.program} has ${size} bytes with Brotli, of ${LIMIT} allowed`);
    return found;
}

const [action] = process.argv.slice(2);
if (action === 'write') {
    writeFileSync(record, `${JSON.stringify({ ...digests(), sources: sources() }, null, 4)}\n`);
} else if (action === 'check') {
    const found = faults();
    for (const fault of found) console.error(fault);
    if (!found.length) console.log('the program of the desk is up to date');
    process.exitCode = found.length ? 1 : 0;
} else {
    console.error('usage: node tools/posts-program.mjs write|check');
    process.exitCode = 2;
}
