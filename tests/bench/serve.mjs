// The benchmark's server: the package, the systems beside it, their networks and the page.
//
//     ./build.sh bench page [--port 8090] [--lan] [--certificate FILE --key FILE]
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.mjs': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.wasm': 'application/wasm',
    '.png': 'image/png',
};

/** Workers have no import map, so this file's import of another package is given an address. */
const LITERT = '@litertjs/core/dist/index.js';
const withAddress = (content) =>
    String(content).replace('"@litertjs/wasm-utils"', '"/node_modules/@litertjs/wasm-utils/dist/index.js"');

/**
 * @param {string} networks The folder of the networks.
 * @param {{ port?: number, host?: string, secure?: { cert: Buffer, key: Buffer }, caching?: string }} [options] `caching`
 *     is the Cache-Control of every file.
 * @returns {Promise<import('node:http').Server | import('node:https').Server>}
 */
export async function serve(networks, { port = 0, host = '127.0.0.1', secure, caching = 'max-age=3600' } = {}) {
    const folders = {
        '/pkg/': join(root, 'pkg'),
        '/golden/': join(root, 'tests/golden/image_features'),
        '/node_modules/': join(here, 'node_modules'),
        '/networks/': networks,
        '/workers/': join(here, 'workers'),
        '/browser/': join(here, 'browser'),
        '/': join(here, 'page'),
    };
    const answer = async (request, response) => {
        try {
            const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
            const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate));
            const name = path === '/' ? 'index.html' : path.slice(prefix.length);
            const file = join(folders[prefix], name);
            const { size, mtimeMs } = await stat(file);
            const etag = `"${size}-${mtimeMs}"`;
            const headers = {
                'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
                'cache-control': caching,
                etag,
            };
            if (request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
            const content = await readFile(file);
            const body = path.endsWith(LITERT) ? withAddress(content) : content;
            response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
            response.end(request.method === 'HEAD' ? '' : body);
        } catch {
            response.writeHead(404).end(); // no such file, or no address
        }
    };
    const server = secure ? createSecureServer(secure, answer) : createServer(answer);
    server.listen(port, host);
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    return server;
}

/** This machine's addresses in its own network. */
const ownAddresses = () =>
    Object.values(networkInterfaces())
        .flat()
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address);

async function main() {
    const { values } = parseArgs({
        options: {
            networks: { type: 'string' },
            port: { type: 'string', default: '8090' },
            lan: { type: 'boolean', default: false },
            certificate: { type: 'string' },
            key: { type: 'string' },
        },
    });
    const { networks, lan, certificate, key } = values;
    const secure = certificate && key ? { cert: await readFile(certificate), key: await readFile(key) } : undefined;
    const server = await serve(networks, {
        port: Number(values.port),
        host: lan ? '0.0.0.0' : '127.0.0.1',
        secure,
        caching: 'no-cache', // a changed package is measured at the next reload
    });
    const { port } = server.address();
    for (const address of ['localhost', ...(lan ? ownAddresses() : [])])
        console.log(`The benchmark is at ${secure ? 'https' : 'http'}://${address}:${port}/`);
    if (lan && !secure)
        console.log('Over the network, browsers offer WebGPU only with HTTPS: see tests/bench/README.md.');
    console.log('Ctrl+C ends it.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    try {
        await main();
    } catch (error) {
        console.error(`bench page: ${error.message}`);
        process.exitCode = 2;
    }
}
