// No two files of a crate import each other, not even by way of others. Between crates the compiler sees to it.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * The folders of the crates, the roots of modules in them by their paths (`a::b`), and each module's code.
 *
 * @returns {Promise<Map<string, Map<string, { file: string, code: string }>>>}
 */
async function crates() {
    const names = (await readdir(source, { recursive: true })).map((name) => name.split(sep).join('/'));
    const folders = names.filter((name) => name.endsWith('/Cargo.toml')).map((name) => dirname(name));
    const found = new Map(folders.map((folder) => [folder, new Map()]));
    found.set('cli', new Map());
    for (const name of names.filter((name) => name.endsWith('.rs'))) {
        const crate = [...found.keys()]
            .filter((folder) => name.startsWith(`${folder}/`))
            .sort((a, b) => b.length - a.length)[0];
        const inside = crate && relative(crate, name).split(sep).join('/');
        if (!crate || !inside || inside.startsWith('tests/')) continue;
        const path = inside.replace(/(?:^|\/)(?:lib|mod)\.rs$|\.rs$/, '').replaceAll('/', '::');
        const code = (await readFile(join(source, name), 'utf8'))
            .replace(/^#\[cfg\(test\)\]\nmod \w+ \{\n[\s\S]*?^\}/gm, '')
            .replace(/\/\/.*$/gm, '');
        found.get(crate)?.set(path, { file: name, code });
    }
    return found;
}

/**
 * The paths that a tree of `use` stands for: `a::{b, c::{self, d}}` is `a::b`, `a::c` and `a::c::d`.
 *
 * @param {string} tree
 * @returns {string[]}
 */
function paths(tree) {
    const open = tree.indexOf('{');
    if (open < 0) return [tree.replace(/ as \w+$/, '').replace(/::(?:self|\*)$/, '')];
    const before = tree.slice(0, open);
    const items = [];
    let depth = 0;
    let item = '';
    for (const letter of tree.slice(open + 1, tree.lastIndexOf('}'))) {
        if (letter === '{') depth++;
        if (letter === '}') depth--;
        if (letter === ',' && depth === 0) {
            items.push(item);
            item = '';
        } else item += letter;
    }
    items.push(item);
    return items.filter(Boolean).flatMap((item) => paths(before + item));
}

/**
 * The path from the crate's root that a path in a module stands for; null for one that leads out of the crate.
 *
 * @param {string} path
 * @param {string[]} module
 * @param {string} root How modules name the crate's root.
 */
function absolute(path, module, root) {
    let [first, ...rest] = path.split('::');
    if (first === root) return rest;
    if (first === 'self') return [...module, ...rest];
    if (first !== 'super') return null;
    let place = module;
    while (first === 'super') {
        place = place.slice(0, -1);
        [first, ...rest] = rest;
    }
    return [...place, ...(first === undefined ? [] : [first]), ...rest];
}

/**
 * What each module imports of its crate; a module that gathers others does not count as importing them.
 *
 * @param {Map<string, { file: string, code: string }>} modules
 * @param {string} root
 */
function imports(modules, root) {
    const uses = new Map(
        [...modules].map(([path, { code }]) => {
            const own = path === '' ? [] : path.split('::');
            const statements = [...code.matchAll(/^\s*(pub(?:\([^)]*\))? )?use ([^;]+);/gm)];
            const trees = statements.flatMap(([, visible, tree = '']) =>
                paths(tree.replace(/\s+/g, '')).map((path) => ({ path, isPublic: visible !== undefined })),
            );
            const inline = [...code.matchAll(/\b(?:crate|super)(?:::\w+)+/g)].map(([path]) => ({
                path,
                isPublic: false,
            }));
            const found = [...trees, ...inline].flatMap(({ path, isPublic }) => {
                const target =
                    absolute(path, own, root) ??
                    // `pub use child::Name`
                    (modules.has([...own, path.split('::')[0]].join('::')) ? [...own, ...path.split('::')] : null);
                return target ? [{ target, isPublic }] : [];
            });
            return [path, found];
        }),
    );
    /** The module in which a path's item is, through re-exports. @type {(path: string[], depth?: number) => string | null} */
    const home = (path, depth = 0) => {
        for (let length = path.length; length >= 0; length--) {
            const module = path.slice(0, length).join('::');
            if (!modules.has(module)) continue;
            const name = path[length];
            const again = uses.get(module)?.find(({ target, isPublic }) => isPublic && target.at(-1) === name);
            return again && name !== undefined && depth < 8 ? home(again.target, depth + 1) : module;
        }
        return null;
    };
    return new Map(
        [...uses].map(([module, found]) => {
            const imported = new Set(found.map(({ target }) => home(target)).filter((other) => other !== null));
            const below = module === '' ? '' : `${module}::`;
            return [module, [...imported].filter((other) => other !== module && !other.startsWith(below))];
        }),
    );
}

/**
 * A way from a module back to itself.
 *
 * @param {Map<string, string[]>} graph
 * @returns {string[] | null}
 */
function cycle(graph) {
    /** @type {Set<string>} */
    const done = new Set();
    /** @type {(module: string, way: string[]) => string[] | null} */
    const visit = (module, way) => {
        if (way.includes(module)) return [...way.slice(way.indexOf(module)), module];
        if (done.has(module)) return null;
        for (const other of graph.get(module) ?? []) {
            const found = visit(other, [...way, module]);
            if (found) return found;
        }
        done.add(module);
        return null;
    };
    for (const module of graph.keys()) {
        const found = visit(module, []);
        if (found) return found;
    }
    return null;
}

test('a cycle of modules is found, also through a re-export', () => {
    const module = (/** @type {string} */ code) => ({ file: '', code });
    const modules = new Map([
        ['', module('mod a;\nmod b;\npub use b::{Beta, other};')],
        ['a', module('use super::Beta;\nuse std::fmt;')],
        ['b', module('use crate::{a::{self, Alpha}};')],
    ]);
    assert.deepEqual(cycle(imports(modules, 'crate')), ['a', 'b', 'a']);
    modules.set('b', module('use std::fmt;'));
    assert.equal(cycle(imports(modules, 'crate')), null);
});

for (const [crate, modules] of await crates()) {
    test(`the modules of src/${crate} import one way`, () => {
        assert.ok(modules.size > 0);
        // The command line is a module of the program, whose root it never names.
        assert.equal(cycle(imports(modules, 'crate'))?.join(' → ') ?? null, null);
    });
}
