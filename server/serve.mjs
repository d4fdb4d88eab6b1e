// Serves the page (www/) and the package (pkg/), compressed and under a strict Content-Security-Policy.
//
//     node server/serve.mjs [--port 8080]
//
// Needs nothing but Node.js. If the port is taken, the next free one is used. Once the page has been opened, its
// service worker answers from what it keeps; a file that was changed since is offered as a new version at the next
// reload, and a reload with Shift shows it at once.
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { DOCUMENTS, LIST, listOf, pageFiles } from '../tools/page.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Which folder a path's beginning stands for; the longest that fits is taken. */
const ROOTS = { '/': join(repository, 'www'), '/pkg/': join(repository, 'pkg') };

/**
 * @typedef {object} Options
 * @property {Record<string, string>} [roots] Instead of the page and the package of this repository.
 * @property {(sent: { method: string, url: string, headers: import('node:http').IncomingHttpHeaders, status: number,
 *     bytes: number }) => void} [onReply]
 */

const PORT = 8080;
const PORTS_TRIED = 20;

export const CONTENT_SECURITY_POLICY = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
    "frame-ancestors 'none'", // takes effect in a header only
].join('; ');

/** @type {Record<string, string>} */
const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.md': 'text/markdown; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.txt': 'text/plain; charset=utf-8',
    '.webmanifest': 'application/manifest+json',
    '.wasm': 'application/wasm',
    '.jpg': 'image/jpeg',
    '.png': 'image/png',
};
const OTHER_TYPE = 'application/octet-stream';
const COMPRESSED = ['.html', '.css', '.js', '.json', '.md', '.svg', '.txt', '.webmanifest', '.wasm', '.emofuse'];

const asGzip = promisify(gzip);
const asBrotli = promisify(brotliCompress);

/** Brotli's best level takes half a minute for the larger program; this one a second or two, and little more space. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 } };

/** @typedef {{ status: number, headers: Record<string, string>, body: Buffer | string }} Reply */

/**
 * The file that a request's path stands for.
 *
 * @param {Record<string, string>} roots
 * @param {string} url
 * @returns {Promise<string | null>} Null where there is none below the roots.
 */
async function locate(roots, url) {
    let path;
    try {
        path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
    } catch {
        return null; // a wrong percent sign
    }
    if (!path.startsWith('/') || /[\0\\]/.test(path) || path.split('/').includes('..')) return null;
    const entries = Object.entries(roots).sort(([a], [b]) => b.length - a.length);
    const root = entries.find(([candidate]) => path.startsWith(candidate));
    if (!root) return null;
    const [prefix, folder] = root;
    const name = path.slice(prefix.length);
    try {
        const file = join(folder, name === '' || name.endsWith('/') ? `${name}index.html` : name);
        const isInside = (await realpath(file)).startsWith((await realpath(folder)) + sep);
        return isInside && (await stat(file)).isFile() ? file : null;
    } catch {
        return null; // no such file
    }
}

/**
 * What the page links to is in the repository's root.
 *
 * @param {Record<string, string>} roots
 * @param {string} url
 */
const rootsFor = (roots, url) =>
    roots === ROOTS && DOCUMENTS.includes(url.replace(/^\//, '').replace(/[?#].*/, '')) ? { '/': repository } : roots;

/** Serves from memory what has not changed since. */
class Files {
    /** @type {Map<string, { changed: number, body: Promise<Buffer> }>} */
    #kept = new Map();

    /**
     * @param {string} file
     * @param {'br' | 'gzip' | 'identity'} encoding
     */
    async read(file, encoding) {
        const key = `${encoding} ${file}`;
        const { mtimeMs: changed } = await stat(file);
        const kept = this.#kept.get(key);
        if (kept?.changed === changed) return kept.body;
        const body = this.#encode(file, encoding);
        this.#kept.set(key, { changed, body });
        return body;
    }

    /**
     * @param {string} file
     * @param {'br' | 'gzip' | 'identity'} encoding
     */
    async #encode(file, encoding) {
        const content = await readFile(file);
        if (encoding === 'br') return asBrotli(content, BROTLI);
        return encoding === 'gzip' ? asGzip(content) : content;
    }
}

/** Of every server in this process: tests start many, and to compress the programs takes seconds. */
const files = new Files();

/**
 * @param {string} file
 * @param {string} accepted The request's Accept-Encoding.
 * @returns {'br' | 'gzip' | 'identity'}
 */
function encodingFor(file, accepted) {
    if (!COMPRESSED.includes(extname(file))) return 'identity';
    const names = accepted.split(',').map((part) => part.trim());
    const takes = (/** @type {string} */ name) =>
        names.some((part) => part === name || (part.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(part)));
    if (takes('br')) return 'br';
    return takes('gzip') ? 'gzip' : 'identity';
}

/**
 * @param {Record<string, string>} roots
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Reply>}
 */
async function reply(roots, request) {
    const common = {
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
    };
    const plain = { ...common, 'content-type': 'text/plain; charset=utf-8' };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        return { status: 405, headers: { ...plain, allow: 'GET, HEAD' }, body: 'only GET and HEAD\n' };
    }
    const list = { ...common, 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' };
    if (roots === ROOTS && request.url?.split('?', 1)[0] === `/${LIST}`)
        return { status: 200, headers: list, body: await listOf(await pageFiles()) };
    const file = await locate(rootsFor(roots, request.url ?? ''), request.url ?? '');
    if (!file) return { status: 404, headers: plain, body: 'not found\n' };
    const encoding = encodingFor(file, String(request.headers['accept-encoding'] ?? ''));
    const body = await files.read(file, encoding);
    /** @type {Record<string, string>} */
    const headers = {
        ...common,
        'content-type': TYPES[extname(file)] ?? OTHER_TYPE,
        // Asked for again each time, and answered by 304 while it is the same.
        'cache-control': 'no-cache',
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        vary: 'accept-encoding',
    };
    if (encoding !== 'identity') headers['content-encoding'] = encoding;
    return request.headers['if-none-match'] === headers.etag
        ? { status: 304, headers, body: '' }
        : { status: 200, headers, body };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(server, port) {
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
            server.off('error', reject);
            resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
        });
    });
}

/**
 * @param {number} port 0 takes any free one.
 * @param {Options} [options]
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function serve(port, { roots = ROOTS, onReply = () => {} } = {}) {
    const server = createServer((request, response) => {
        reply(roots, request)
            .catch((error) => {
                console.error(error);
                return { status: 500, headers: {}, body: 'the server failed\n' };
            })
            .then(({ status, headers, body }) => {
                const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
                response.writeHead(status, { ...headers, ...length });
                const sent = request.method === 'HEAD' ? '' : body;
                response.end(sent);
                onReply({
                    method: request.method ?? '',
                    url: request.url ?? '',
                    headers: request.headers,
                    status,
                    bytes: Buffer.byteLength(sent),
                });
            });
    });
    for (let tried = 0; ; tried++) {
        try {
            const taken = await listen(server, port === 0 ? 0 : port + tried);
            const close = () =>
                new Promise((/** @type {(value: void) => void} */ resolve) => {
                    server.close(() => resolve());
                    server.closeAllConnections();
                });
            return { address: `http://localhost:${taken}/`, close };
        } catch (error) {
            const inUse = /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE';
            if (!inUse || tried === PORTS_TRIED) throw error;
        }
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    try {
        const { values } = parseArgs({ options: { port: { type: 'string', default: String(PORT) } } });
        const port = Number(values.port);
        if (!Number.isInteger(port) || port < 0 || port > 65_535)
            throw new Error(`--port is '${values.port}'; it must be a number from 0 to 65535`);
        const { address } = await serve(port);
        console.log(`emofuse is at ${address} (Ctrl+C ends it)`);
    } catch (error) {
        console.error(`serve: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 2;
    }
}
