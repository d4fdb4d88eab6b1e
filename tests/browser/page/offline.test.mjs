// The page without a network: kept after the first visit, one version at a time, renewed only when asked, and
// installable.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { chromium } from 'playwright-core';
import manifest from '../../../pkg/src/manifest.js';
import { buildPage, listOf, pageFiles, writeList } from '../../../tools/page.mjs';
import { chromiumOptions } from '../../support/chromium.mjs';
import { serve } from '../../../server/serve.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { PATIENCE, modelIsReady, openContext, resultIsThere, serveSite, unfoldStatus } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */

const FIRST_LOAD_BYTES = 8_500_000;

/** The views of the page, as there are. */
const VIEWS = readdirSync(fileURLToPath(new URL('../../../www', import.meta.url))).filter((name) =>
    name.endsWith('.html'),
);

/** @type {(() => Promise<unknown>)[]} */
const toEnd = [];
test.afterEach(async () => {
    for (const end of toEnd.splice(0).reverse()) await end();
});

/** @param {Record<string, string>} [roots] */
async function openSite(roots) {
    const site = await serveSite(roots);
    toEnd.push(site.close);
    return site;
}

/** @param {import('../support/harness.mjs').Backend} [kind] What the browser has. */
async function openKeeping(kind = 'cpu') {
    const context = await openContext(kind, { serviceWorkers: 'allow' });
    toEnd.push(() => context.close());
    return context;
}

/** @param {Page} page */
const isKept = (page) => page.waitForSelector('#without-network[data-cached="true"]');

/**
 * Opens the page and waits until it is kept.
 *
 * @param {BrowserContext} context
 * @param {string} address
 */
async function visit(context, address) {
    const page = await context.newPage();
    await page.goto(address);
    await modelIsReady(page);
    await isKept(page);
    return page;
}

/** @param {Page} page */
async function readCaption(page) {
    await page.fill('#caption', 'what a lovely day with all my friends');
    await page.click('#analyse');
    await resultIsThere(page);
    return page.innerText('.headline');
}

/** @param {Page} page */
const cacheNames = (page) => page.evaluate(async () => (await caches.keys()).sort());

/**
 * Waits until there are these caches and no others; the browser may try a version again that could not be kept.
 *
 * @param {Page} page
 * @param {string[]} expected
 */
const cachesAre = (page, expected) => expect.poll(() => cacheNames(page), { timeout: PATIENCE.cpu }).toEqual(expected);

/** @param {string} folder */
const versionOf = async (folder) =>
    /"version": "([^"]*)"/.exec(await readFile(join(folder, 'page-files.js'), 'utf8'))?.[1] ?? '';

test.describe('after a first visit, without a network', () => {
    test('the page opens, whatever its query, loads the model and reads a post as before', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        const before = await readCaption(page);
        await context.setOffline(true);
        await site.close();
        await page.reload();
        await modelIsReady(page);
        assert.equal(await readCaption(page), before);
        await page.getByRole('button', { name: /^Cat/ }).click();
        await resultIsThere(page);
        assert.match(await page.innerText('#without-network'), /You are offline now; everything still works/);
        await page.goto(`${site.address}index.html?backend=cpu&other=1#x`);
        await modelIsReady(page);
        await checkWithAxe(page, 'offline');
    });

    test('each view opens, with all that it is made of', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        await context.setOffline(true);
        await site.close();
        /** @type {string[]} */
        const faults = [];
        page.on('pageerror', (error) => faults.push(String(error)));
        page.on('requestfailed', (request) => {
            const reason = request.failure()?.errorText;
            // Aborted: of a view that was left.
            if (reason !== 'net::ERR_ABORTED') faults.push(`${request.url()}: ${reason}`);
        });
        for (const view of VIEWS) {
            await page.goto(`${site.address}${view}?backend=cpu`);
            await modelIsReady(page);
            await page.waitForLoadState('networkidle');
            assert.ok(await page.innerText('h1'), view);
        }
        assert.ok(VIEWS.includes('index.html'));
        assert.deepEqual(faults, []);
    });

    test('a page that is open goes on without a reload, with a worker that is started anew', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        await context.setOffline(true);
        await site.close();
        await unfoldStatus(page);
        await page.selectOption('#backend', 'auto');
        await page.waitForSelector('.engine[data-state="loading"]', { state: 'attached' });
        await modelIsReady(page);
        assert.ok(await readCaption(page));
    });

    test('where posts are read on WebGPU they still are, and the CPU is there to change to', async () => {
        const site = await openSite();
        const context = await openKeeping('webgpu');
        const page = await visit(context, `${site.address}?backend=webgpu`);
        assert.match(String(await page.textContent('.engine-text')), /on WebGPU/);
        await context.setOffline(true);
        await site.close();
        await page.reload();
        await modelIsReady(page);
        assert.match(String(await page.textContent('.engine-text')), /on WebGPU/);
        await unfoldStatus(page);
        await page.selectOption('#backend', 'cpu');
        await page.getByText('Ready, on the CPU').waitFor();
    });
});

test.describe('keeping the page', () => {
    test('begins when the model is there, and the whole first visit stays in its budget', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await context.newPage();
        await page.goto(site.address);
        await modelIsReady(page);
        await isKept(page);
        const paths = site.sent.map(({ url }) => url);
        assert.ok(
            paths.indexOf('/service-worker.js') > paths.findIndex((path) => path.endsWith('.emofuse')),
            'the model comes first',
        );
        const bytes = site.sent.reduce((sum, reply) => sum + reply.bytes, 0);
        const again = site.sent.filter(({ status }) => status === 304).length;
        console.log(
            `first visit with all that is kept: ${bytes} bytes in ${site.sent.length} answers, ${again} of them without content`,
        );
        assert.ok(bytes <= FIRST_LOAD_BYTES, `${bytes} bytes`);
        assert.equal(paths.filter((path) => path.endsWith('.emofuse')).length, 1);
        for (const path of new Set(paths))
            assert.ok(
                site.sent.filter(({ url, status }) => url === path && status === 200).length <=
                    (path === '/page-files.js' || path === '/service-worker.js' ? 3 : 1),
                `${path} is sent once`,
            );
    });

    test('stores each file of the list once, and program and model only with the package', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        const { files } = JSON.parse(
            (await listOf(await pageFiles())).replace(/^.*\nself\.PAGE = /, '').replace(/;\s*$/, ''),
        );
        const names = await cacheNames(page);
        assert.equal(names.length, 2);
        assert.equal(names[0], 'emofuse');
        const stored = await page.evaluate(
            async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url),
            names[1] ?? '',
        );
        assert.deepEqual(
            stored.sort(),
            Object.keys(files)
                .map((path) => site.address + path)
                .sort(),
        );
        assert.ok(stored.some((url) => url.endsWith('wasm/webgpu/emofuse.js')));
        assert.ok(!stored.some((url) => /\/pkg\/.*\.(wasm|emofuse)$/.test(url)));
        assert.ok(
            stored.some((url) => url.endsWith('/wasm/posts/posts_bg.wasm')),
            'the desk works without a network',
        );
        assert.equal(await page.evaluate(async () => (await (await caches.open('emofuse')).keys()).length), 2);
    });

    test('leaves everything else to the network: other methods, parts of files, files that are not listed', async () => {
        const site = await openSite();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        site.sent.length = 0;
        const answers = await page.evaluate(async () => {
            const attempts = [
                fetch('./samples/cat.jpg?again'),
                fetch('./samples/cat.jpg', { headers: { range: 'bytes=0-99' }, cache: 'no-store' }),
                fetch('./page/app.js', { method: 'POST', body: 'x' }),
                fetch('./nothing-of-this-name'),
            ];
            return (await Promise.all(attempts)).map(({ status }) => status);
        });
        assert.deepEqual(answers, [200, 200, 405, 404]);
        assert.deepEqual(site.sent.map(({ method, url }) => `${method} ${url}`).sort(), [
            'GET /nothing-of-this-name',
            'GET /samples/cat.jpg',
            'POST /page/app.js',
        ]);
    });

    test('gives worker and page the policy, where the server does not send one', async () => {
        const site = await openSite();
        const lax = createServer(async ({ url }, response) => {
            const answer = await fetch(new URL(url ?? '', site.address));
            const type = answer.headers.get('content-type') ?? '';
            response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
        });
        await new Promise((resolve) => lax.listen(0, '127.0.0.1', () => resolve(undefined)));
        toEnd.push(async () => void lax.close().closeAllConnections());
        const address = `http://localhost:${/** @type {import('node:net').AddressInfo} */ (lax.address()).port}/`;
        assert.equal((await fetch(address)).headers.get('content-security-policy'), null);
        const page = await visit(await openKeeping(), `${address}?backend=cpu`);
        const policy = await page.evaluate(async () =>
            (await fetch('./pkg/worker.js')).headers.get('content-security-policy'),
        );
        assert.match(policy ?? '', /^default-src 'none'.*frame-ancestors 'none'$/);
    });
});

test.describe('a built page', () => {
    /** @type {string} */
    let built;
    /** @type {string} */
    let folder;
    test.beforeAll(async () => {
        built = await mkdtemp(join(tmpdir(), 'emofuse-page-'));
        await buildPage(built);
    });
    test.afterAll(() => rm(built, { recursive: true, force: true }));

    /** A copy to change. */
    async function openCopy(prefix = '/') {
        folder = await mkdtemp(join(tmpdir(), 'emofuse-site-'));
        toEnd.push(() => rm(folder, { recursive: true, force: true }));
        await cp(built, folder, { recursive: true });
        return openSite({ [prefix]: `${folder}` });
    }

    /** Puts up a new version. */
    async function change(marker = 'second') {
        await appendFile(join(folder, 'page/app.js'), `\ndocument.documentElement.dataset.version = '${marker}';\n`);
        await writeList(folder);
    }

    /** @param {Page} page */
    const marker = (page) => page.evaluate(() => document.documentElement.dataset['version'] ?? 'first');

    test('has what runs and the texts of all licences, and nothing else', () => {
        const names = readdirSync(built, { recursive: true }).map(String);
        for (const name of [
            'index.html',
            'page-files.js',
            'service-worker.js',
            'manifest.webmanifest',
            'LICENSE-MIT',
            'LICENSE-APACHE',
            'NOTICE',
        ])
            assert.ok(names.includes(name), name);
        for (const name of ['idb']) {
            assert.ok(names.includes(join('libraries', `${name}.js`)), name);
            assert.match(readFileSync(join(built, 'libraries', `${name}.LICENSE.txt`), 'utf8'), /copyright|mozilla/i);
        }
        const linked = ['README.md', 'pkg/README.md']; // documents that the page links to
        const others = names.filter((name) => !linked.includes(name));
        assert.deepEqual(
            others.filter((name) => /\.d\.ts$|README|^extension|^pkg\/(types|node|extension)$|decoder|^\./.test(name)),
            [],
        );
    });

    test('works in a folder of a server, and without a network there', async () => {
        const site = await openCopy('/some/where/');
        const context = await openKeeping();
        const address = `${site.address}some/where/`;
        const page = await visit(context, `${address}?backend=cpu`);
        assert.ok(site.sent.every(({ url }) => url.startsWith('/some/where/')));
        const names = await cacheNames(page);
        assert.deepEqual(names, ['emofuse', `emofuse-page ${address} ${await versionOf(folder)}`]);
        await context.setOffline(true);
        await site.close();
        await page.goto(`${address}index.html?backend=cpu`);
        await modelIsReady(page);
        assert.ok(await readCaption(page));
    });

    test('has views that work without a network before they were ever visited', async () => {
        const site = await openCopy();
        await writeFile(
            join(folder, 'view.html'),
            '<!doctype html><title>a view</title><script type="module" src="./view.js"></script>',
        );
        await writeFile(
            join(folder, 'view.js'),
            "import { capitalised } from './shared/words.js';\nimport './libraries/idb.js';\ndocument.title = capitalised(document.title);\n",
        );
        await writeList(folder);
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        await context.setOffline(true);
        await site.close();
        for (const name of ['view.html?query', 'view']) {
            await page.goto(site.address + name);
            await page.waitForFunction(() => document.title === 'A view');
        }
    });

    test('that is renewed is offered, used when asked for, and the old one is gone then', async () => {
        const site = await openCopy();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        await page.evaluate(async () => {
            await caches.open('somebody else’s');
            await caches.open('emofuse-page http://elsewhere/ 1');
        });
        const old = `emofuse-page ${site.address} ${await versionOf(folder)}`;
        await change();
        const fresh = `emofuse-page ${site.address} ${await versionOf(folder)}`;
        await page.reload();
        const notice = page.getByRole('status').filter({ hasText: 'A new version of this page is available.' });
        await notice.waitFor();
        assert.equal(await marker(page), 'first');
        await modelIsReady(page);
        await checkWithAxe(page, 'update offered');

        await page.getByRole('button', { name: 'Later' }).click();
        await notice.waitFor({ state: 'detached' });
        await page.reload();
        await notice.waitFor();
        assert.equal(await marker(page), 'first', 'a reload is no consent');
        await modelIsReady(page);
        assert.ok((await cacheNames(page)).includes(old));

        await page.evaluate(() => Object.assign(globalThis, { isOld: true }));
        await page.getByRole('button', { name: 'Use it now' }).click();
        await page.waitForFunction(
            () => !('isOld' in globalThis) && document.documentElement.dataset['version'] === 'second',
        );
        await modelIsReady(page);
        await isKept(page);
        assert.deepEqual(
            await cacheNames(page),
            ['emofuse', fresh, 'emofuse-page http://elsewhere/ 1', 'somebody else’s'].sort(),
        );
        assert.equal(await page.getByRole('button', { name: 'Use it now' }).count(), 0);
        await context.setOffline(true);
        await site.close();
        await page.reload();
        assert.equal(await marker(page), 'second');
    });

    test('that is renewed tells what a reload would lose before it does it', async () => {
        const site = await openCopy();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        await change();
        await page.reload();
        await modelIsReady(page);
        await page.fill('#caption', 'unfinished');
        await page.getByRole('button', { name: 'Use it now' }).click();
        await page
            .getByRole('status')
            .filter({ hasText: 'the page must reload. The post in the form will be lost.' })
            .waitFor();
        assert.equal(await page.inputValue('#caption'), 'unfinished');
        await page.getByRole('button', { name: 'Reload now' }).click();
        await page.waitForFunction(() => document.documentElement.dataset['version'] === 'second');
    });

    test('that is renewed is not forced on other tabs', async () => {
        const site = await openCopy();
        const context = await openKeeping();
        const first = await visit(context, `${site.address}?backend=cpu`);
        const second = await visit(context, `${site.address}?backend=cpu`);
        await change();
        await first.reload();
        await modelIsReady(first);
        await first.getByRole('button', { name: 'Use it now' }).click();
        await first.getByRole('status').filter({ hasText: 'is also open in another tab' }).waitFor();
        assert.deepEqual([await marker(first), await marker(second)], ['first', 'first']);
        assert.equal(
            await second.evaluate(async () =>
                (await (await fetch('./page/app.js')).text()).includes('dataset.version'),
            ),
            false,
        );
        await second.close();
        await first.getByRole('button', { name: 'Use it now' }).click();
        await first.waitForFunction(() => document.documentElement.dataset['version'] === 'second');
    });

    test('that is renewed with another program works at once without a network', async () => {
        const site = await openCopy();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        const program = join(folder, 'pkg', manifest.wasm.cpu.file);
        const content = Buffer.concat([await readFile(program), Buffer.of(0, 2, 1, 0x61)]); // a section without meaning
        const sha256 = createHash('sha256').update(content).digest('hex');
        await writeFile(program, content);
        const listed = join(folder, 'pkg/src/manifest.js');
        const text = (await readFile(listed, 'utf8'))
            .replace(manifest.wasm.cpu.sha256, sha256)
            .replace(`"bytes": ${manifest.wasm.cpu.bytes}`, `"bytes": ${content.length}`);
        await writeFile(listed, text);
        await change();
        await page.reload();
        await page.getByRole('button', { name: 'Use it now' }).waitFor();
        await context.setOffline(true);
        await site.close();
        await page.getByRole('button', { name: 'Use it now' }).click();
        await page.waitForFunction(() => document.documentElement.dataset['version'] === 'second');
        await modelIsReady(page);
        assert.ok(await readCaption(page));
    });

    test('of which files and list do not belong together is not kept, says why, and works with the network', async () => {
        const site = await openCopy();
        await appendFile(join(folder, 'shared/words.js'), '\n// of another version\n');
        const context = await openKeeping();
        const page = await context.newPage();
        await page.goto(`${site.address}?backend=cpu`);
        await modelIsReady(page);
        await page.getByText('shared/words.js is not the file that page-files.js lists').waitFor();
        await cachesAre(page, ['emofuse']);
        assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
        assert.ok(await readCaption(page));
        await checkWithAxe(page, 'not kept');
        await writeList(folder);
        await page.reload();
        await isKept(page);
    });

    test('that is renewed with files that do not belong together is not offered, and the old one goes on', async () => {
        const site = await openCopy();
        const context = await openKeeping();
        const page = await visit(context, `${site.address}?backend=cpu`);
        const old = await versionOf(folder);
        await change();
        await appendFile(join(folder, 'shared/words.js'), '\n// of another version\n');
        const warned = page.waitForEvent('console', (message) =>
            message.text().includes('shared/words.js is not the file that page-files.js lists'),
        );
        await page.reload();
        await warned;
        await modelIsReady(page);
        assert.equal(await marker(page), 'first');
        assert.equal(await page.getByRole('button', { name: 'Use it now' }).count(), 0);
        await cachesAre(page, ['emofuse', `emofuse-page ${site.address} ${old}`]);
        assert.match(await page.innerText('#without-network'), /Everything is kept here/);
    });
});

test('a reload past all caches shows what is on the server, and does not break what is kept', async () => {
    const site = await openSite();
    const context = await openKeeping();
    const page = await visit(context, `${site.address}?backend=cpu`);
    site.sent.length = 0;
    const session = await context.newCDPSession(page);
    const reloaded = page.waitForEvent('domcontentloaded');
    await session.send('Page.reload', { ignoreCache: true });
    await reloaded;
    await modelIsReady(page);
    await isKept(page);
    assert.ok(site.sent.some(({ url, status }) => url === '/page/app.js' && status === 200));
    assert.ok(await page.evaluate(() => navigator.serviceWorker.controller));
});

test('on one’s own machine, a page that is not served any more makes way for what is', async () => {
    const site = await openSite();
    const context = await openKeeping();
    const page = await visit(context, `${site.address}?backend=cpu`);
    await site.close();
    const empty = await mkdtemp(join(tmpdir(), 'emofuse-other-'));
    toEnd.push(() => rm(empty, { recursive: true, force: true }));
    await writeFile(join(empty, 'index.html'), '<!doctype html><title>something else</title>');
    const other = await serve(Number(new URL(site.address).port), { roots: { '/': empty } });
    toEnd.push(other.close);
    assert.equal(other.address, site.address);
    await page.reload();
    await page.getByText('it is no longer served at this address').waitFor();
    assert.deepEqual(await cacheNames(page), ['emofuse']);
    await page.reload();
    assert.equal(await page.title(), 'something else');
});

test('where the browser keeps no pages, the page says so and works', async () => {
    const site = await openSite();
    const context = await openContext('cpu', { serviceWorkers: 'block' });
    toEnd.push(() => context.close());
    const page = await context.newPage();
    await page.goto(`${site.address}?backend=cpu`);
    await modelIsReady(page);
    await page.getByText('The page needs the network').waitFor();
    assert.ok(await readCaption(page));
});

test('Chromium finds nothing that would keep the page from being installed', async () => {
    const site = await openSite();
    const profile = await mkdtemp(join(tmpdir(), 'emofuse-profile-'));
    toEnd.push(() => rm(profile, { recursive: true, force: true }));
    const context = await chromium.launchPersistentContext(profile, chromiumOptions('cpu'));
    toEnd.push(() => context.close());
    const page = await context.newPage();
    await page.goto(`${site.address}?backend=cpu`);
    await modelIsReady(page);
    const session = await context.newCDPSession(page);
    const app = await session.send('Page.getAppManifest');
    assert.deepEqual(app.errors, []);
    assert.equal(app.url, `${site.address}manifest.webmanifest`);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, []);
    const stated = JSON.parse(app.data ?? '{}');
    for (const { src, sizes } of stated.icons) {
        if (sizes === 'any') continue;
        const size = await page.evaluate(async (url) => {
            const { width, height } = await createImageBitmap(await (await fetch(url)).blob());
            return `${width}x${height}`;
        }, new URL(src, app.url).href);
        assert.equal(size, sizes, src);
    }
});
