// pkg/src/manifest.js: what the package consists of, and what it was built from. Likewise www/wasm/posts/manifest.json
// for the desk's program, which is part of the page and not of the package.
//
//     ./build.sh package-manifest write cpu|webgpu|decoder|posts|model|large    after that file was made
//     ./build.sh package-manifest check                                        fails where a file is altered or out of date
//
// The large model is a package of its own in pkg/large, whose module is written along with the manifest.
//
// `sources` of a program is the hash of what it is built from (tools/programs.mjs). `stamp` is a hash over all the rest of
// the manifest, so it names one exact package.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { beginningsOf } from './model-beginnings.mjs';
import { PROGRAMS, sourcesHash } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestFile = join(root, 'pkg/src/manifest.js');
const models = { model: 'model/emofuse-default.emofuse', large: 'large/emofuse-large.emofuse' };
const largeModule = join(root, 'pkg/large/index.js');
/** Programs of the package. */
const programs = ['cpu', 'webgpu', 'decoder'];

const desk = join(root, PROGRAMS.posts.folder);
const deskFiles = { program: 'posts_bg.wasm', glue: 'posts.js', types: 'posts.d.ts' };
/** What a visitor of the desk fetches for its program, compressed with Brotli. */
const deskLimit = 120_000;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

function digest(file) {
    const data = readFileSync(join(root, 'pkg', file));
    return { file, bytes: data.length, sha256: sha256(data) };
}

function binary(kind) {
    return {
        ...digest(`wasm/${kind}/emofuse_bg.wasm`),
        glue: digest(`wasm/${kind}/emofuse.js`),
        sources: sourcesHash(kind),
    };
}

/** The default model has beginnings: captions are classified while it is being downloaded. */
function modelRecord(part) {
    const record = digest(models[part]);
    if (part !== 'model') return record;
    const beginnings = beginningsOf(readFileSync(join(root, 'pkg', models[part])));
    return beginnings.length ? { ...record, beginnings } : record;
}

/** The manifest with its keys in one order and its stamp. */
function stamped({ model, large, wasm = {} }) {
    const content = { model, large, wasm: Object.fromEntries(programs.map((kind) => [kind, wasm[kind]])) };
    return { stamp: sha256(JSON.stringify(content)), ...content };
}

const HEADING = '// What the package consists of; tools/package-manifest.mjs writes it.\nexport default ';

function read() {
    return existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8').slice(HEADING.length, -2)) : {};
}

function write(part) {
    const manifest = read();
    if (part === 'posts') return writeDesk();
    if (part in models) manifest[part] = modelRecord(part);
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
    if (!found.length && JSON.stringify(modelRecord('model')) !== JSON.stringify(manifest.model)) {
        found.push(
            'pkg/src/manifest.js names other beginnings than the default model has; run ./build.sh package-manifest write model',
        );
    }
    for (const kind of programs) {
        const command = `./build.sh build ${kind}`;
        const committed = manifest.wasm?.[kind];
        if (!committed) {
            found.push(`pkg/src/manifest.js names no ${kind} binary; run ${command}`);
            continue;
        }
        compare(committed, command);
        compare(committed.glue, command);
        if (sourcesHash(kind) !== committed.sources)
            found.push(`the ${kind} binary is older than its sources; run ${command}`);
    }
    if (!found.length && stamped(manifest).stamp !== manifest.stamp)
        found.push('pkg/src/manifest.js was changed by hand');
    return found;
}

function deskRecord() {
    const digests = Object.entries(deskFiles).map(([part, name]) => [part, sha256(readFileSync(join(desk, name)))]);
    return { ...Object.fromEntries(digests), sources: sourcesHash('posts') };
}

function writeDesk() {
    writeFileSync(join(desk, 'manifest.json'), `${JSON.stringify(deskRecord(), null, 4)}\n`);
}

/** What is wrong with the desk's committed program, each with what to do. */
function deskFaults() {
    const { folder } = PROGRAMS.posts;
    const command = 'run ./build.sh build posts';
    const missing = [...Object.values(deskFiles), 'manifest.json'].filter((name) => !existsSync(join(desk, name)));
    if (missing.length) return missing.map((name) => `${folder}/${name} is missing; ${command}`);
    const committed = JSON.parse(readFileSync(join(desk, 'manifest.json'), 'utf8'));
    const { sources, ...files } = deskRecord();
    const found = Object.keys(files)
        .filter((part) => files[part] !== committed[part])
        .map((part) => `${folder}/${deskFiles[part]} is not the file that was built; ${command}`);
    if (sources !== committed.sources) found.push(`${folder} is older than its sources; ${command}`);
    const size = brotliCompressSync(readFileSync(join(desk, deskFiles.program))).length;
    if (size > deskLimit) found.push(`${deskFiles.program} has ${size} bytes with Brotli, of ${deskLimit} allowed`);
    return found;
}

process.on('uncaughtException', (error) => {
    console.error(`package-manifest: ${error.message}`);
    process.exit(1);
});
const [action, part] = process.argv.slice(2);
if (action === 'write' && (part in models || part in PROGRAMS)) {
    write(part);
} else if (action === 'check') {
    const found = [...faults(), ...deskFaults()];
    for (const fault of found) console.error(fault);
    if (!found.length) console.log(`the committed package is up to date: ${read().stamp}`);
    process.exitCode = found.length ? 1 : 0;
} else {
    console.error('usage: ./build.sh package-manifest write cpu|webgpu|decoder|posts|model|large, or check');
    process.exitCode = 2;
}
