// Nothing leaves: no request after loading, and none that the policy would let through.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from '@playwright/test';
import { CONTENT_SECURITY_POLICY } from '../../../server/serve.mjs';
import manifest from '../../../pkg/src/manifest.js';
import { address, modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** Another place, which would answer anybody. */
let visits = 0;
const elsewhere = createServer((_, response) => {
    visits += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end('');
});
let elsewhereAddress = '';

test.beforeAll(async () => {
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', () => resolve(undefined)));
    elsewhereAddress = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (elsewhere.address()).port}/`;
});
test.afterAll(() => elsewhere.close());

test('only the page’s own origin is asked, and nobody once the model is there', async () => {
    const context = await openContext('cpu');
    /** @type {string[]} */
    const requests = [];
    context.on('request', (request) => requests.push(request.url()));
    const overNetwork = () => requests.filter((url) => !/^(blob|data):/.test(url));
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.waitForFunction(() => document.querySelectorAll('.sample:not(:disabled)').length === 4);
    const loading = overNetwork();
    assert.ok(
        loading.some((url) => url.endsWith('.emofuse')),
        'what the worker asks for is recorded too',
    );
    for (const url of loading) assert.ok(url.startsWith(address), url);

    await page.setInputFiles('#choose-image', { name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await resultIsThere(page);
    await page.fill('#caption', 'finally home https://example.org/');
    await page.click('#analyse');
    await page.waitForSelector('.voice[data-voice="both"]:not(.absent)');
    await page.getByRole('button', { name: /^Cat/ }).click();
    await page.waitForFunction(() => !document.querySelector('#result')?.hasAttribute('aria-busy'));
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await page.click('#clear');
    assert.deepEqual(overNetwork().slice(loading.length), []);
    await context.close();
});

test('the policy is sent, and keeps page and worker from contacting anybody else', async () => {
    const context = await openContext('cpu');
    const page = await context.newPage();
    const response = await page.goto(`${address}?backend=cpu`);
    assert.equal(response?.headers()['content-security-policy'], CONTENT_SECURITY_POLICY);
    await modelIsReady(page);

    const attempt = async (/** @type {string} */ url) => {
        const refused = new Promise((resolve) =>
            addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
        );
        const answer = await fetch(url).then(
            () => 'answered',
            () => 'failed',
        );
        return answer === 'answered' ? answer : refused;
    };
    assert.equal(await page.evaluate(attempt, elsewhereAddress), 'connect-src');
    const [worker] = page.workers();
    assert.ok(worker);
    assert.equal(await worker.evaluate(attempt, elsewhereAddress), 'connect-src');

    const refusedElement = async (/** @type {{ name: string, url: string }} */ { name, url }) => {
        const refused = new Promise((resolve) =>
            addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
        );
        document.body.append(Object.assign(document.createElement(name), { src: url }));
        return refused;
    };
    assert.equal(await page.evaluate(refusedElement, { name: 'img', url: elsewhereAddress }), 'img-src');
    assert.equal(visits, 0);
    await context.close();
});

test('no text becomes markup or code, in the page and in its worker', async () => {
    const context = await openContext('cpu');
    const page = await context.newPage();
    await page.goto(`${address}?backend=cpu`);
    await modelIsReady(page);
    const refused = await page.evaluate((elsewhere) => {
        const script = document.createElement('script');
        const attempts = {
            'a script from elsewhere': () => (script.src = elsewhere),
            'a script as text': () => (script.textContent = 'globalThis.ran = true'),
            'a worker from elsewhere': () => new Worker(elsewhere),
            'a worker from a blob': () => new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))),
            markup: () => (document.body.innerHTML = '<b>text</b>'),
            'a document': () => new DOMParser().parseFromString('<b>text</b>', 'text/html'),
            'a handler': () => document.body.setAttribute('onclick', 'globalThis.ran = true'),
        };
        return Object.entries(attempts).map(([name, attempt]) => {
            try {
                attempt();
                return `${name}: done`;
            } catch (error) {
                return `${name}: ${error instanceof Error ? error.name : error}`;
            }
        });
    }, elsewhereAddress);
    assert.deepEqual(
        refused.filter((answer) => !answer.endsWith(': TypeError')),
        [],
    );
    const [worker] = page.workers();
    assert.ok(worker);
    const inWorker = await worker.evaluate(() => {
        try {
            new Worker('./other.js');
            return 'done';
        } catch (error) {
            return error instanceof Error ? error.name : error;
        }
    });
    assert.equal(inWorker, 'TypeError');
    assert.equal(visits, 0);
    await context.close();
});

test.describe('the privacy panel', () => {
    /** What the package's worker fetches by itself. */
    const BY_WORKER = [manifest.model.file, manifest.wasm.cpu.file].map((file) => `${address}pkg/${file}`);

    /** @param {import('../support/harness.mjs').Page} page */
    const numbersOf = async (page) => {
        const text = await page.innerText('#requested-here');
        const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(text)?.[1] ?? 0);
        return {
            here: number(/^(\d+) requests? to/),
            toKeep: number(/(\d+) requests? more, to keep/),
            kept: number(/(\d+) files? came/),
        };
    };

    /**
     * Requests as Playwright sees them, but for those that the page does not learn of.
     *
     * @param {import('../support/harness.mjs').BrowserContext} context
     */
    function listen(context) {
        const seen = { page: 0, worker: 0, toKeep: 0 };
        context.on('request', (request) => {
            const url = request.url();
            if (/^(blob|data):/.test(url)) return;
            if (request.serviceWorker()) seen.toKeep += /\/(service-worker|page-files)\.js$/.test(url) ? 0 : 1;
            else if (BY_WORKER.includes(url)) seen.worker += 1;
            else seen.page += 1;
        });
        return seen;
    }

    /** @param {import('../support/harness.mjs').Page} page */
    async function isThere(page) {
        await modelIsReady(page);
        await page.waitForFunction(() => document.querySelectorAll('.sample:not(:disabled)').length === 4);
    }

    test('counts what Playwright counts, and no more once a post is read', async () => {
        const context = await openContext('cpu');
        const seen = listen(context);
        const page = await openPage(context, '?backend=cpu');
        await isThere(page);
        await page.waitForFunction(
            (count) => document.querySelector('#requested-here')?.textContent?.startsWith(`${count} requests to`),
            seen.page,
        );
        assert.ok(seen.page > 40 && seen.worker === 2);
        const before = await page.innerText('#requested-here');
        assert.match(before, new RegExp(`to ${new URL(address).host}, \\d+ kB`));
        await page.getByRole('button', { name: /^Cat/ }).click();
        await resultIsThere(page);
        assert.equal(await page.innerText('#requested-here'), before);
        assert.equal(await page.innerText('#requested-elsewhere'), 'None.');
        assert.match(await page.innerText('#blocked-by-policy'), /^Nothing/);
        assert.match(
            await page.innerText('#last-request'),
            /^At .*\d.*, (a moment|\d+ (seconds|minutes)) ago\. None since\.$/,
        );
        await context.close();
    });

    test('counts what is asked to keep the page, and afterwards what workers ask', async () => {
        const context = await openContext('cpu', { serviceWorkers: 'allow' });
        const seen = listen(context);
        const page = await openPage(context, '?backend=cpu');
        await isThere(page);
        await page.waitForSelector('#without-network[data-cached="true"]');
        const first = await numbersOf(page);
        assert.deepEqual(first, { here: seen.page, toKeep: seen.toKeep, kept: 0 });
        assert.match(
            await page.innerText('#requested-by-workers'),
            /does not list these to the page\. Since the page is cached: None\.$/,
        );

        await page.reload();
        await isThere(page);
        assert.deepEqual(await numbersOf(page), { here: 0, toKeep: 0, kept: first.here });
        assert.equal(await page.innerText('#requested-by-workers'), 'None.');
        assert.match(await page.innerText('#last-request'), /^None since it was opened at /);

        await page.evaluate(() => caches.delete('emofuse'));
        await page.reload();
        await isThere(page);
        await page.getByText('2 requests, in all tabs of this page together.').waitFor();
        await context.close();
    });

    test('shows what the policy stopped, once each, and that nobody was reached', async () => {
        const context = await openContext('cpu');
        const page = await openPage(context, '?backend=cpu');
        await page.evaluate(async (url) => {
            await fetch(url).catch(() => {});
            document.body.append(Object.assign(document.createElement('img'), { src: url, alt: '' }));
        }, elsewhereAddress);
        const { origin } = new URL(elsewhereAddress);
        await page.getByText(`2 attempts: ${origin} (connect-src), ${origin} (img-src).`).waitFor();
        assert.equal(await page.innerText('#requested-elsewhere'), 'None.');
        assert.equal(visits, 0);
        await context.close();
    });

    test('would name any other place that was asked', async () => {
        const lax = createServer(async ({ url }, response) => {
            const answer = await fetch(new URL(url ?? '', address));
            const type = answer.headers.get('content-type') ?? '';
            const content = Buffer.from(await answer.arrayBuffer());
            const body = type.startsWith('text/html')
                ? content.toString().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
                : content;
            response.writeHead(answer.status, { 'content-type': type }).end(body);
        });
        await new Promise((resolve) => lax.listen(0, '127.0.0.1', () => resolve(undefined)));
        const context = await openContext('cpu');
        const page = await context.newPage();
        await page.goto(`http://localhost:${/** @type {import('node:net').AddressInfo} */ (lax.address()).port}/`);
        await page.evaluate((url) => fetch(url), elsewhereAddress);
        await page.getByText(`1 request, to ${new URL(elsewhereAddress).origin}.`).waitFor();
        await context.close();
        lax.close().closeAllConnections();
    });

    test('names the model with its whole hash, which can be copied, and never speaks up', async () => {
        const context = await openContext('cpu');
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        assert.match(await page.innerText('.privacy-model'), new RegExp(manifest.model.sha256));
        await page.getByRole('button', { name: 'Copy the SHA-256' }).click();
        await page.locator('.privacy').getByRole('button', { name: 'Copied' }).waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), manifest.model.sha256);
        assert.equal(await page.locator('.privacy :is([aria-live], [role="status"], [role="alert"])').count(), 0);
        await context.close();
    });
});
