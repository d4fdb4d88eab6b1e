// Imports of the JavaScript go one way: docs/architecture.md has the diagram.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const IMPORT = /(?:^|[\s;}])(?:import|from)\s*\(?\s*['"](\.[^'"]+\.js)['"]/g;
const GENERATED = /\/wasm\/|\/libraries\/|\/types\/|\/node_modules\//;

/**
 * What each file imports, of those in pkg and www.
 *
 * @returns {Promise<Map<string, string[]>>}
 */
async function imports() {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const folder of ['pkg', 'www']) {
        for (const name of await readdir(join(root, folder), { recursive: true })) {
            const file = join(folder, name).split(sep).join('/');
            if (!file.endsWith('.js') || GENERATED.test(file)) continue;
            const code = (await readFile(join(root, file), 'utf8')).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
            const imported = [...code.matchAll(IMPORT)].map(([, path = '']) => join(dirname(file), path));
            // The package is served below the page.
            found.set(
                file,
                imported.map((path) =>
                    path
                        .split(sep)
                        .join('/')
                        .replace(/^www\/pkg\//, 'pkg/'),
                ),
            );
        }
    }
    return found;
}

/** What may import what, besides itself: the longest beginning of a path decides. */
const MAY_IMPORT = {
    'pkg/src/worker/': [
        ...['abortable', 'errors', 'limits', 'manifest', 'models', 'platform', 'watchdog'].map(
            (name) => `pkg/src/${name}.js`,
        ),
        'pkg/files.js',
        'pkg/wasm/',
    ],
    'pkg/src/transport/': ['pkg/src/errors.js', 'pkg/src/watchdog.js', 'pkg/src/worker/', 'pkg/start-worker.js'],
    'pkg/src/extension/': ['pkg/src/abortable.js', 'pkg/src/errors.js', 'pkg/src/trusted-types.js', 'pkg/index.js'],
    'pkg/src/': ['pkg/'],
    'pkg/': ['pkg/'],
    'www/emofuse.js': ['pkg/'],
    'www/shared/': ['www/emofuse.js'],
    'www/page/': ['www/emofuse.js', 'www/shared/'],
    'www/desk/': ['www/emofuse.js', 'www/shared/', 'www/libraries/', 'www/wasm/'],
    'www/extension/': ['www/shared/', 'pkg/extension.js', 'pkg/src/trusted-types.js'],
};

/** @param {string} file */
const placeOf = (file) =>
    Object.keys(MAY_IMPORT)
        .filter((place) => file.startsWith(place))
        .sort((a, b) => b.length - a.length)[0];

test('pages and package import what is below them, and nothing else', async () => {
    const files = await imports();
    assert.ok(files.size > 100);
    for (const [file, imported] of files) {
        const place = placeOf(file);
        if (place === undefined) {
            assert.deepEqual(imported, [], `${file} stands alone`);
            continue;
        }
        const allowed = [place, ...MAY_IMPORT[/** @type {keyof typeof MAY_IMPORT} */ (place)]];
        for (const other of imported)
            assert.ok(
                allowed.some((beginning) => other.startsWith(beginning)),
                `${file} imports ${other}`,
            );
    }
});

test('no file imports itself by way of others', async () => {
    const files = await imports();
    /** @type {Set<string>} */
    const done = new Set();
    const visit = (/** @type {string} */ file, /** @type {string[]} */ path) => {
        const start = path.indexOf(file);
        assert.equal(start, -1, [...path.slice(start), file].join(' → '));
        if (done.has(file)) return;
        for (const other of files.get(file) ?? []) visit(other, [...path, file]);
        done.add(file);
    };
    for (const file of files.keys()) visit(file, []);
});

test('the page preloads the modules that load the model, and no others', async () => {
    const files = await imports();
    /** @type {Set<string>} */
    const needed = new Set();
    const visit = (/** @type {string} */ file) => {
        if (needed.has(file) || !/\.js$/.test(file)) return;
        needed.add(file);
        for (const other of files.get(file) ?? []) visit(other);
    };
    for (const file of files.get('www/page/first-load.js') ?? []) visit(file);
    needed.delete('pkg/wasm/webgpu/emofuse.js'); // imported where there is a graphics adapter
    const html = await readFile(join(root, 'www/index.html'), 'utf8');
    const preloaded = [...html.matchAll(/rel="modulepreload" href="\.\/([^"]+)"/g)].map(([, path = '']) =>
        path.startsWith('pkg/') ? path : `www/${path}`,
    );
    assert.deepEqual(preloaded.sort(), [...needed].sort());
});
