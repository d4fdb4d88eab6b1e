// The page as a web server needs it: which files it consists of, and the list of them by which its service worker keeps
// them for use without a network.
//
//     node tools/page.mjs [FOLDER]        puts the page together in FOLDER, dist/page unless another is named
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The list's own place in the page. */
export const LIST = 'page-files.js';

/** Which folder of the repository is where in the page. */
const PLACES = { '': join(root, 'www'), 'pkg/': join(root, 'pkg') };

/** Not part of the page, or not of what runs in a browser's page. */
const LEFT_OUT =
    /\.d\.ts$|(^|\/)(README\.md|node_modules\/.*|\..*)$|^wasm\/posts\/manifest\.json$|^extension\/|^pkg\/(package\.json|LICENSE.*|NOTICE|THIRD-PARTY-NOTICES\.txt|sbom\.cdx\.json|extension\.js|large\/(?!.*\.emofuse$).*|(types|src\/node|src\/extension|wasm\/decoder)\/.*|src\/transport\/(node|protocol)\.js)$|(^|\/)types\.js$/;

/** What the package keeps by itself, once it is needed (pkg/src/worker/cache.js). */
const KEPT_BY_PACKAGE = /^pkg\/.*\.(wasm|emofuse)$/;

/** What the service worker does not keep: the browser keeps these two. */
const KEPT_BY_BROWSER = ['service-worker.js', LIST];

/** What the page links to; the service worker does not keep it. */
export const DOCUMENTS = [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'NOTICE',
    'README.md',
    'MODEL_CARD.md',
    'docs/json.md',
    'docs/labels.md',
    'docs/training.md',
    'pkg/README.md',
    'pkg/THIRD-PARTY-NOTICES.txt',
];

/**
 * The files of the page, which may lack the libraries where npm has not installed them.
 *
 * @param {Record<string, string>} [places] Which folder is where, the whole page's own first.
 * @returns {Promise<Map<string, string>>} Paths in the page, in order, and the files.
 */
export async function pageFiles(places = PLACES) {
    /** @type {[string, string][]} */
    const found = [];
    for (const [place, folder] of Object.entries(places)) {
        for (const name of await readdir(folder, { recursive: true })) {
            const path = place + name.split(sep).join('/');
            if (!LEFT_OUT.test(path) && path !== LIST && (await stat(join(folder, name))).isFile())
                found.push([path, join(folder, name)]);
        }
    }
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @type {Map<string, { changed: number, hash: string }>} */
const hashes = new Map();

/** @param {string} file */
async function hashOf(file) {
    const { mtimeMs: changed } = await stat(file);
    const known = hashes.get(file);
    if (known?.changed === changed) return known.hash;
    const hash = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
    hashes.set(file, { changed, hash });
    return hash;
}

/**
 * The list, as the script that the service worker imports. Where any file of the page changes, it changes, and so the
 * browser finds an update.
 *
 * @param {Map<string, string>} files
 */
export async function listOf(files) {
    const hashed = await Promise.all(
        [...files].map(async ([path, file]) => /** @type {const} */ ([path, await hashOf(file)])),
    );
    const version = createHash('sha256').update(JSON.stringify(hashed)).digest('hex');
    const isKeptHere = (/** @type {string} */ path) =>
        !KEPT_BY_PACKAGE.test(path) && !KEPT_BY_BROWSER.includes(path) && !DOCUMENTS.includes(path);
    const page = {
        version,
        policy: await policyOf(files),
        files: Object.fromEntries(hashed.filter(([path]) => isKeptHere(path))),
        programs: Object.fromEntries(hashed.filter(([path]) => KEPT_BY_PACKAGE.test(path))),
    };
    return `// Written by tools/page.mjs: the files of this version of the page, with their SHA-256.\nself.PAGE = ${JSON.stringify(page, null, 1)};\n`;
}

/**
 * The page's security policy, with what only a header can say; the service worker gives it to files that came without
 * one.
 *
 * @param {Map<string, string>} files
 */
async function policyOf(files) {
    const page = files.get('index.html');
    const policy =
        page && /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(await readFile(page, 'utf8'))?.[1];
    if (!policy) throw new Error('index.html states no Content-Security-Policy');
    return `${policy}; frame-ancestors 'none'`;
}

/** The texts under which others' libraries are in the page. */
async function libraryLicences() {
    const names = (await readdir(join(root, 'www/libraries'))).flatMap((name) => /^(.*)\.js$/.exec(name)?.[1] ?? []);
    return names.map((name) => ({
        from: join(root, 'node_modules', name, 'LICENSE'),
        to: `libraries/${name}.LICENSE.txt`,
    }));
}

/**
 * Puts the page together, ready for any web server, at its root or in a folder.
 *
 * @param {string} folder Is emptied first.
 */
export async function buildPage(folder) {
    await rm(folder, { recursive: true, force: true });
    for (const [path, file] of await pageFiles()) await put(file, join(folder, path));
    for (const name of DOCUMENTS) await put(join(root, name), join(folder, name));
    for (const { from, to } of await libraryLicences()) await put(from, join(folder, to));
    await writeList(folder);
}

/**
 * Writes the list of a page that has been put together.
 *
 * @param {string} folder
 */
export async function writeList(folder) {
    await writeFile(join(folder, LIST), await listOf(await pageFiles({ '': folder })));
}

/**
 * @param {string} from
 * @param {string} to
 */
async function put(from, to) {
    await mkdir(dirname(to), { recursive: true });
    await cp(from, to);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const folder = resolve(process.argv[2] ?? join(root, 'dist/page'));
    await buildPage(folder);
    const files = await pageFiles({ '': folder });
    const bytes = (await Promise.all([...files.values()].map(async (file) => (await stat(file)).size))).reduce(
        (sum, size) => sum + size,
        0,
    );
    console.log(
        `${relative(process.cwd(), folder) || '.'}: ${files.size + 1} files, ${(bytes / 1e6).toFixed(1)} MB, version ${/"version": "(.{8})/.exec(await readFile(join(folder, LIST), 'utf8'))?.[1]}`,
    );
    console.log(
        `Serve it with these headers, which bind the workers too:\nContent-Security-Policy: ${await policyOf(files)}\nCross-Origin-Opener-Policy: same-origin`,
    );
}
