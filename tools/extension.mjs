// Puts the extension together: one source, www/extension/ with what it shares with the page, and a build for each
// browser.
//
//     node tools/extension.mjs        writes dist/extension/chrome and dist/extension/firefox
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {'chrome' | 'firefox'} Browser */
/** @typedef {Record<string, unknown>} Manifest */

/** What goes in, below www/ and pkg/. A folder goes in with all that is in it. */
const SHARED = ['shared'];
/** Of that, what only the page and the desk need. */
const PAGE_ONLY =
    /\/(model|model-choice|offline|offline-page|privacy-panel|traffic|update-notice|status-line|label-store|download)\.js$|\/privacy\.css$/;
const OWN = [
    'alternative-text.js',
    'background.js',
    'icons',
    'in-page.js',
    'messages.js',
    'obstacle-notice.js',
    'open-panel.js',
    'panel-model.js',
    'panel.css',
    'panel.html',
    'panel.js',
    'pixels.js',
    'post-summary.js',
    'post.js',
    'site-list.js',
    'sites.js',
    'texts.js',
    'welcome.css',
    'welcome.html',
    'welcome.js',
];
/** Of the package, what runs. */
const isNeeded = (/** @type {string} */ file) =>
    !/\.d\.ts$|\/pkg\/(README\.md|package\.json|LICENSE.*|NOTICE|sbom\.cdx\.json|types|src\/node|large|wasm\/decoder)(\/|$)/.test(
        file,
    );

/** Only Chrome has offscreen documents. */
const OFFSCREEN = /\/src\/extension\/offscreen\.(html|js)$/;

/** @param {string} file */
const readJson = async (file) => /** @type {Manifest} */ (JSON.parse(await readFile(join(root, file), 'utf8')));

/**
 * @param {Browser} browser
 * @returns {Promise<Manifest>}
 */
export async function manifestFor(browser) {
    const [shared, own, { version }] = await Promise.all(
        ['www/extension/manifest.json', `www/extension/manifest.${browser}.json`, 'pkg/package.json'].map(readJson),
    );
    return { .../** @type {Manifest} */ (shared), version, ...own };
}

/**
 * Writes a build.
 *
 * @param {Browser} browser
 * @param {string} folder Is emptied first.
 * @param {(manifest: Manifest) => Manifest} [change] For tests.
 */
export async function buildExtension(browser, folder, change = (manifest) => manifest) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const isWanted = (/** @type {string} */ file) => isNeeded(file) && (browser === 'chrome' || !OFFSCREEN.test(file));
    await cp(join(root, 'pkg'), join(folder, 'pkg'), { recursive: true, filter: isWanted });
    for (const file of SHARED)
        await cp(join(root, 'www', file), join(folder, file), {
            recursive: true,
            filter: (name) => !PAGE_ONLY.test(name),
        });
    for (const file of OWN)
        await cp(join(root, 'www/extension', file), join(folder, 'extension', file), { recursive: true });
    for (const file of ['LICENSE-APACHE', 'LICENSE-MIT', 'NOTICE']) await cp(join(root, file), join(folder, file));
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(change(await manifestFor(browser)), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    for (const browser of /** @type {const} */ (['chrome', 'firefox'])) {
        const folder = join(root, 'dist/extension', browser);
        await buildExtension(browser, folder);
        console.log(folder.slice(dirname(root).length));
    }
}
