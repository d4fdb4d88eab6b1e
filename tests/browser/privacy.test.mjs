// Nothing leaves: no request after loading, and none that the policy would let through.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { CONTENT_SECURITY_POLICY } from '../serve.mjs';
import { address, modelIsReady, openContext, openPage, resultIsThere } from './harness.mjs';
import { MEADOW } from './pictures.mjs';

/** Another place, which would answer anybody. */
let visits = 0;
const elsewhere = createServer((_, response) => {
    visits += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end('');
});
let elsewhereAddress = '';

before(async () => {
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', () => resolve(undefined)));
    elsewhereAddress = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (elsewhere.address()).port}/`;
});
after(() => elsewhere.close());

test('only the page’s own origin is asked, and nobody once the model is there', async () => {
    const context = await openContext('cpu');
    /** @type {string[]} */
    const requests = [];
    context.on('request', (request) => requests.push(request.url()));
    const overNetwork = () => requests.filter((url) => !/^(blob|data):/.test(url));
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.waitForFunction(() => document.querySelectorAll('.sample:not(:disabled)').length === 3);
    const loading = overNetwork();
    assert.ok(loading.some((url) => url.endsWith('.emofuse')), 'what the worker asks for is recorded too');
    for (const url of loading) assert.ok(url.startsWith(address), url);

    await page.setInputFiles('#choose-picture', { name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await resultIsThere(page);
    await page.fill('#caption', 'finally home https://example.org/');
    await page.click('#read');
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
        const refused = new Promise((resolve) => addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }));
        const answer = await fetch(url).then(() => 'answered', () => 'failed');
        return answer === 'answered' ? answer : refused;
    };
    assert.equal(await page.evaluate(attempt, elsewhereAddress), 'connect-src');
    const [worker] = page.workers();
    assert.ok(worker);
    assert.equal(await worker.evaluate(attempt, elsewhereAddress), 'connect-src');

    const refusedElement = async (/** @type {{ name: string, url: string }} */ { name, url }) => {
        const refused = new Promise((resolve) => addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }));
        document.body.append(Object.assign(document.createElement(name), { src: url }));
        return refused;
    };
    assert.equal(await page.evaluate(refusedElement, { name: 'img', url: elsewhereAddress }), 'img-src');
    assert.equal(await page.evaluate(refusedElement, { name: 'script', url: elsewhereAddress }), 'script-src-elem');
    assert.equal(visits, 0);

    const evaluated = await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.inlineRan = true';
        document.body.append(script);
        return 'inlineRan' in globalThis;
    });
    assert.equal(evaluated, false);
    await context.close();
});
