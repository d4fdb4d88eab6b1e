// The packages as npm packs them: how large they are, and whether bundlers and TypeScript will find their way about
// them.
//
//     ./build.sh pack check     fails where it is too large, or publint or attw find a fault
//     ./build.sh pack record    after a size that is meant to be
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const recordFile = join(root, 'tools/packed-size.json');
const MB = 1e6;
const LARGEST = 12 * MB;
/** What it may grow by unnoticed. */
const GROWTH = 1.1;

/** @typedef {{ path: string, size: number, unpackedSize: number, files: { path: string, size: number }[] }} Packed */

/**
 * Packs a package.
 *
 * @param {string} folder Where to.
 * @param {string} [source] The package's own folder.
 * @returns {Packed}
 */
export function pack(folder, source = './pkg') {
    const options = ['--json', '--foreground-scripts=false', '--pack-destination', folder];
    const report = execFileSync('npm', ['pack', source, ...options], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [packed] = JSON.parse(report);
    return { ...packed, path: join(folder, packed.filename) };
}

/** What the package may weigh, packed: the limit, or less where it was less before. */
export function packedLimit() {
    return Math.min(LARGEST, JSON.parse(readFileSync(recordFile, 'utf8')).bytes * GROWTH);
}

/**
 * Packs a package for as long as something is done with it.
 *
 * @template T
 * @param {(packed: Packed) => T} use
 * @param {string} [source] The package's own folder.
 * @returns {T}
 */
export function withPacked(use, source) {
    const folder = mkdtempSync(join(tmpdir(), 'emofuse-pack-'));
    try {
        return use(pack(folder, source));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const inMegabytes = (/** @type {number} */ bytes) => `${(bytes / MB).toFixed(2).padStart(6)} MB`;

/**
 * Prints the sizes and says whether they may be.
 *
 * @param {Packed} packed
 */
function checkSize({ size, unpackedSize, files }) {
    for (const file of files.toSorted((a, b) => b.size - a.size).slice(0, 8))
        console.log(`${inMegabytes(file.size)}  ${file.path}`);
    console.log(`${inMegabytes(unpackedSize)}  in all, ${files.length} files`);
    console.log(`${inMegabytes(size)}  packed, of ${inMegabytes(packedLimit()).trim()} allowed`);
    if (size <= packedLimit()) return true;
    const why =
        size > LARGEST
            ? `it may have ${LARGEST / MB} MB`
            : 'it grew by more than a tenth; ./build.sh pack record allows it';
    console.error(`the packed package has ${size} bytes: ${why}`);
    return false;
}

/**
 * Runs a checker, which prints what it finds.
 *
 * @param {string} checker
 * @param {string[]} options
 */
function passes(checker, ...options) {
    try {
        execFileSync(join(root, 'node_modules/.bin', checker), options, { stdio: 'inherit' });
        return true;
    } catch {
        return false;
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [action] = process.argv.slice(2);
    if (action === 'record') {
        const bytes = withPacked(({ size }) => size);
        writeFileSync(recordFile, `${JSON.stringify({ bytes })}\n`);
    } else if (action === 'check') {
        const passed = withPacked((packed) => [
            checkSize(packed),
            passes('publint', 'run', packed.path, '--strict'),
            // There is no CommonJS to look at: Node.js 20.19 and later `require` the modules themselves.
            passes('attw', packed.path, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'),
        ]);
        const large = withPacked(({ path, files }) => {
            console.log(
                `${inMegabytes(files.reduce((sum, { size }) => sum + size, 0))}  emofuse-large, ${files.length} files`,
            );
            return passes('publint', 'run', path, '--strict');
        }, './pkg/large');
        process.exitCode = [...passed, large].every(Boolean) ? 0 : 1;
    } else {
        console.error('usage: ./build.sh pack check, or record');
        process.exitCode = 2;
    }
}
