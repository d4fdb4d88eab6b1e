// A page with the desk's styles and nothing else on it, for tests of single panels and modules.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlank, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {typeof import('../../../www/desk/intake/index.js')} Sources */
/** @typedef {{ desk: { sources: Sources } }} SourcesPage What `openSources` puts into the page’s globals. */

/** @type {string[]} */
const folders = [];
process.once('exit', () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests. */
export async function temporaryFolder() {
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-desk-'));
    folders.push(folder);
    return folder;
}

/**
 * `globalThis.desk` has the modules, by name.
 *
 * @param {BrowserContext} context
 * @param {Record<string, string>} modules Paths below /desk/.
 * @returns {Promise<Page>}
 */
export async function openPanels(context, modules) {
    const page = await openBlank(context);
    await page.evaluate(async (paths) => {
        document.documentElement.lang = 'en';
        const [header, title] = [document.createElement('header'), document.createElement('h1')];
        title.textContent = 'The desk';
        header.append(title);
        document.body.append(header, document.createElement('main'));
        const meta = document.createElement('meta');
        Object.assign(meta, { name: 'color-scheme', content: 'light dark' });
        document.head.append(meta);
        for (const href of ['/shared/style.css', '/desk/in-out.css']) {
            const link = document.createElement('link');
            Object.assign(link, { rel: 'stylesheet', href });
            document.head.append(link);
            await new Promise((resolve) => link.addEventListener('load', resolve, { once: true }));
        }
        /** @type {Record<string, unknown>} */
        const desk = {};
        for (const [name, path] of Object.entries(paths)) desk[name] = await import(`/desk/${path}`);
        Object.assign(globalThis, { desk });
    }, modules);
    return page;
}

/** A page with the modules, a field for drops, and inputs for a folder and for files. */
export async function openSources() {
    const context = await openContext('cpu');
    const page = await openPanels(context, { sources: 'intake/index.js' });
    await page.evaluate(() => {
        const field = document.createElement('div');
        field.id = 'drop';
        field.style.setProperty('height', '100px');
        const [folder, files] = [document.createElement('input'), document.createElement('input')];
        Object.assign(folder, { type: 'file', id: 'folder', webkitdirectory: true });
        Object.assign(files, { type: 'file', id: 'files', multiple: true });
        document.querySelector('main')?.append(field, folder, files);
        field.addEventListener('dragover', (event) => event.preventDefault());
        const { desk } = /** @type {SourcesPage} */ (/** @type {unknown} */ (globalThis));
        field.addEventListener('drop', (event) => {
            event.preventDefault();
            if (event.dataTransfer) Object.assign(globalThis, { dropped: desk.sources.listDrop(event.dataTransfer) });
        });
    });
    return { context, page };
}
