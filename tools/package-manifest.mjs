// pkg/src/manifest.js: what the package consists of, and what it was built from.
//
//     ./build.sh package-manifest write cpu|webgpu|decoder|model|large    after that file was made
//     ./build.sh package-manifest check                                  fails where a file is altered or out of date
//
// The large model is a package of its own in pkg/large, whose module is written along with the manifest.
//
// `sources` of a binary is a hash over what really enters it: the sources without tests, comments, training and
// command line, the exact packages with their features, and the build profile. `stamp` is a hash over all the rest of
// the manifest, so it names one exact package.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkedCrates } from './cargo-tree.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifestFile = join(root, 'pkg/src/manifest.js');
const models = { model: 'model/emofuse-default.emofuse', large: 'large/emofuse-large.emofuse' };
const largeModule = join(root, 'pkg/large/index.js');
const features = { cpu: 'flex', webgpu: 'webgpu', decoder: 'decoder' };
/** Parts of src/ that none of these programs is made from. */
const nativeOnly = ['train', 'cli', 'posts', 'wasm', 'main.rs', 'table.rs'];
/** Parts that only one of them is made from. */
const onlyOf = { 'image/decode': 'decoder' };

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

function digest(file) {
    const data = readFileSync(join(root, 'pkg', file));
    return { file, bytes: data.length, sha256: sha256(data) };
}

function* rustFiles(folder, kind) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        const name = relative(join(root, 'src'), path);
        if (nativeOnly.includes(name) || (onlyOf[name] ?? kind) !== kind) continue;
        if (entry.isDirectory()) yield* rustFiles(path, kind);
        else if (entry.name.endsWith('.rs') && entry.name !== 'tests.rs') yield path;
    }
}

/** A source file without what the compiler drops: tests, native modules, comments and blank lines. */
function compiledText(path) {
    const lines = readFileSync(path, 'utf8')
        .replace(/^#\[cfg\(test\)\]\nmod (?:\w+ \{\n[\s\S]*?^\}|tests;)\n/gm, '')
        .replace(/^#\[cfg\(any\(feature = "cli", feature = "train"\)\)\]\npub mod \w+;\n/gm, '')
        .split('\n');
    // In src/web comments stay: wasm-bindgen copies them into the glue code.
    const comments = path.includes(join('src', 'web'));
    return lines.filter((line) => line.trim() && (comments || !/^\s*\/\//.test(line))).join('\n');
}

/** Every package that is linked in, with version and features. */
const packages = (feature) => linkedCrates(['--features', feature], '{p} {f}').join('\n');

/** The build profile of a binary and the one it inherits from. */
function profiles(kind) {
    const lines = readFileSync(join(root, 'Cargo.toml'), 'utf8').split('\n');
    const sections = lines
        .filter((line) => line.trim() && !line.startsWith('#'))
        .join('\n')
        .split(/^(?=\[)/m);
    return sections
        .filter((section) => /^\[profile\.([^.\]]+)/.exec(section)?.[1].match(`^(release|wasm-${kind})$`))
        .join('');
}

function sources(kind) {
    const hash = createHash('sha256').update(packages(features[kind])).update(profiles(kind));
    for (const path of [...rustFiles(join(root, 'src'), kind)].sort()) {
        hash.update(`\0${relative(root, path)}\0${compiledText(path)}`);
    }
    return hash.digest('hex');
}

function binary(kind) {
    return {
        ...digest(`wasm/${kind}/emofuse_bg.wasm`),
        glue: digest(`wasm/${kind}/emofuse.js`),
        sources: sources(kind),
    };
}

/** The manifest with its keys in one order and its stamp. */
function stamped({ model, large, wasm = {} }) {
    const content = { model, large, wasm: Object.fromEntries(Object.keys(features).map((kind) => [kind, wasm[kind]])) };
    return { stamp: sha256(JSON.stringify(content)), ...content };
}

const HEADING = '// What the package consists of; tools/package-manifest.mjs writes it.\nexport default ';

function read() {
    return existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8').slice(HEADING.length, -2)) : {};
}

function write(part) {
    const manifest = read();
    if (part in models) manifest[part] = digest(models[part]);
    else manifest.wasm = { ...manifest.wasm, [part]: binary(part) };
    writeFileSync(manifestFile, `${HEADING}${JSON.stringify(stamped(manifest), null, 4)};\n`);
    if (part === 'large') writeFileSync(largeModule, largeModuleText(manifest.large));
}

/** The module of the package emofuse-large. */
const largeModuleText = ({
    file,
    bytes,
    sha256,
}) => `// The large model of emofuse, for \`EmotionClassifier.load({ model })\`; tools/package-manifest.mjs writes this file.
export default {
    file: '${file}',
    url: new URL('./emofuse-large.emofuse', import.meta.url),
    bytes: ${bytes},
    sha256: '${sha256}',
};
`;

/** What is wrong with the committed package, each with what to do. */
function faults() {
    const manifest = read();
    const found = [];
    const compare = (committed, command) => {
        if (!existsSync(join(root, 'pkg', committed.file)))
            found.push(`pkg/${committed.file} is missing; run ${command}`);
        else if (digest(committed.file).sha256 !== committed.sha256) {
            found.push(`pkg/${committed.file} is not the file that pkg/src/manifest.js names; run ${command}`);
        }
    };
    for (const [part, command] of Object.entries({ model: './build.sh model', large: './build.sh model' })) {
        if (manifest[part]) compare(manifest[part], command);
        else found.push(`pkg/src/manifest.js names no ${models[part]}; run ${command}`);
    }
    if (
        manifest.large &&
        (!existsSync(largeModule) || readFileSync(largeModule, 'utf8') !== largeModuleText(manifest.large))
    ) {
        found.push('pkg/large/index.js does not name the large model; run ./build.sh model');
    }
    for (const kind of Object.keys(features)) {
        const command = `./build.sh build ${kind}`;
        const committed = manifest.wasm?.[kind];
        if (!committed) {
            found.push(`pkg/src/manifest.js names no ${kind} binary; run ${command}`);
            continue;
        }
        compare(committed, command);
        compare(committed.glue, command);
        if (sources(kind) !== committed.sources)
            found.push(`the ${kind} binary is older than its sources; run ${command}`);
    }
    if (!found.length && stamped(manifest).stamp !== manifest.stamp)
        found.push('pkg/src/manifest.js was changed by hand');
    return found;
}

process.on('uncaughtException', (error) => {
    console.error(`package-manifest: ${error.message}`);
    process.exit(1);
});
const [action, part] = process.argv.slice(2);
if (action === 'write' && (part in models || part in features)) {
    write(part);
} else if (action === 'check') {
    const found = faults();
    for (const fault of found) console.error(fault);
    if (!found.length) console.log(`the committed package is up to date: ${read().stamp}`);
    process.exitCode = found.length ? 1 : 0;
} else {
    console.error('usage: ./build.sh package-manifest write cpu|webgpu|decoder|model|large, or check');
    process.exitCode = 2;
}
