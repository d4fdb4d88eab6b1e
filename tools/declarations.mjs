// pkg/types: the declarations of the package, generated from the comments of its JavaScript.
//
//     ./build.sh declarations write
//     ./build.sh declarations check     fails where they are not those of the sources
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const published = join(root, 'pkg/types');
const entries = ['index', 'worker', 'extension', 'src/extension/offscreen', 'src/storage'];

/** What the compiler makes of every file that an entry needs. */
function generate() {
    const folder = mkdtempSync(join(tmpdir(), 'emofuse-types-'));
    try {
        const project = join(folder, 'tsconfig.json');
        const compilerOptions = {
            ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: false },
            ...{
                outDir: join(folder, 'out'),
                rootDir: join(root, 'pkg'),
                typeRoots: [join(root, 'node_modules/@types')],
            },
        };
        const files = entries.map((entry) => join(root, 'pkg', `${entry}.js`)).filter(existsSync);
        writeFileSync(
            project,
            JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }),
        );
        execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', project], {
            stdio: 'inherit',
        });
        const of = (name) => readFileSync(join(folder, 'out', name), 'utf8');
        return Object.fromEntries([...reachable(of, files)].sort().map((name) => [name, of(name)]));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** The declarations that the entries import, directly or not: what is internal to the package is not published. */
function reachable(of, files) {
    const found = new Set(files.map((file) => relative(join(root, 'pkg'), file).replace(/\.js$/, '.d.ts')));
    for (const name of found) {
        const code = of(name).replace(/\/\*[\s\S]*?\*\//g, '');
        for (const [, path] of code.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]*)\.js['"]/g))
            found.add(`${join(dirname(name), path)}.d.ts`);
    }
    return found;
}

function committed() {
    if (!existsSync(published)) return {};
    const names = readdirSync(published, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
    return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(published, name), 'utf8')]));
}

const [action] = process.argv.slice(2);
if (action === 'write') {
    const generated = generate();
    rmSync(published, { recursive: true, force: true });
    for (const [name, content] of Object.entries(generated)) {
        mkdirSync(dirname(join(published, name)), { recursive: true });
        writeFileSync(join(published, name), content);
    }
    console.log(`pkg/types: ${Object.keys(generated).join(', ')}`);
} else if (action === 'check') {
    if (JSON.stringify(generate()) !== JSON.stringify(committed())) {
        console.error('pkg/types is not what the sources declare; run ./build.sh declarations write');
        process.exitCode = 1;
    }
} else {
    console.error('usage: ./build.sh declarations write, or check');
    process.exitCode = 2;
}
