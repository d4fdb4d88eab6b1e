// The crates that are linked into a WebAssembly program.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A line for each crate, in order, without the places of this machine.
 *
 * @param {string[]} selection What cargo is to look at: `--features` or `--package` with a name.
 * @param {string} format As `cargo tree` takes it.
 * @returns {string[]}
 */
export function linkedCrates(selection, format) {
    const tree = execFileSync(
        'cargo',
        [
            ...['tree', '--quiet', '--locked', '--target', 'wasm32-unknown-unknown', '--no-default-features'],
            ...[...selection, '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', format],
        ],
        {
            cwd: fileURLToPath(new URL('..', import.meta.url)),
            encoding: 'utf8',
            maxBuffer: 1 << 28,
            stdio: ['ignore', 'pipe', 'pipe'],
        },
    );
    const lines = tree.split('\n').map((line) => line.replace(/ \(\*\)$/, '').replace(/ \(\/[^)]*\)/, ''));
    return [...new Set(lines)].sort();
}
