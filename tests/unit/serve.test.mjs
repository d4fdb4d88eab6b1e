// The server: types, compression, policy, and nothing outside of its folders.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { CONTENT_SECURITY_POLICY, serve } from '../../server/serve.mjs';

const server = await serve(0);
after(() => server.close());

/**
 * A request as it is written; fetch would tidy the path up.
 *
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
function ask(path, headers = {}, method = 'GET') {
    const { port } = new URL(server.address);
    return new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
            /** @type {Buffer[]} */
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () =>
                resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
            );
        });
        sent.on('error', reject);
        sent.end();
    });
}

test('every kind of file has its type', async () => {
    const types = {
        '/': 'text/html; charset=utf-8',
        '/shared/style.css': 'text/css; charset=utf-8',
        '/page/app.js': 'text/javascript; charset=utf-8',
        '/pkg/index.js': 'text/javascript; charset=utf-8',
        '/pkg/wasm/cpu/emofuse_bg.wasm': 'application/wasm',
        '/pkg/model/emofuse-default.emofuse': 'application/octet-stream',
        '/icon.svg': 'image/svg+xml',
        '/samples/cat.jpg': 'image/jpeg',
    };
    for (const [path, type] of Object.entries(types)) {
        const { status, headers } = await ask(path);
        assert.deepEqual([path, status, headers['content-type']], [path, 200, type]);
        assert.equal(headers['content-security-policy'], CONTENT_SECURITY_POLICY);
        assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
        assert.equal(headers['x-content-type-options'], 'nosniff');
    }
});

test('a file travels compressed as the browser likes it', async () => {
    const source = await readFile(new URL('../../www/shared/style.css', import.meta.url));
    const brotli = await ask('/shared/style.css', { 'accept-encoding': 'gzip, deflate, br, zstd' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.equal(Number(brotli.headers['content-length']), brotli.body.length);
    assert.deepEqual(brotliDecompressSync(brotli.body), source);
    const gzip = await ask('/shared/style.css', { 'accept-encoding': 'gzip;q=0.8, br;q=0' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(gzip.body), source);
    const plain = await ask('/shared/style.css');
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.deepEqual(plain.body, source);
});

test('what the browser has is not sent again', async () => {
    const { headers } = await ask('/page/app.js');
    const again = await ask('/page/app.js', { 'if-none-match': String(headers.etag) });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
});

test('nothing outside of the page and the package is served', async () => {
    const paths = [
        '/../Cargo.toml',
        '/pkg/../package.json',
        '/..%2fCargo.toml',
        '/pkg/%2e%2e/package.json',
        '/pkg/..\\package.json',
        '/%00',
        '/%zz',
        '/src/lib.rs',
        '/samples',
        '/none',
    ];
    for (const path of paths) assert.equal((await ask(path)).status, 404, path);
});

test('only reading is allowed', async () => {
    const head = await ask('/', {}, 'HEAD');
    assert.deepEqual([head.status, head.body.length], [200, 0]);
    assert.equal((await ask('/', {}, 'POST')).status, 405);
});

test('a port that is taken is passed over', async () => {
    const taken = Number(new URL(server.address).port);
    const second = await serve(taken);
    assert.notEqual(second.address, server.address);
    await second.close();
});

test('the page states the same policy as the header, but for what only a header can', async () => {
    const { body } = await ask('/');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(body.toString())?.[1];
    assert.equal(`${policy}; frame-ancestors 'none'`, CONTENT_SECURITY_POLICY);
});
