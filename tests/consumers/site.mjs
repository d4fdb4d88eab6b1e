// A web server for what a consumer has built: any folder, below any path, under the policy that the package asks for.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

/** Nothing but what the package's README names. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** @typedef {{ path: string, bytes: number }} Fetched */

/**
 * @param {string} folder
 * @param {string} prefix The path that the folder is served below, with a slash on either end.
 * @returns {Promise<{ address: string, fetched: Fetched[], close: () => void }>}
 */
export async function serveSite(folder, prefix) {
    /** @type {Fetched[]} */
    const fetched = [];
    const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const name = pathname.slice(prefix.length) || 'index.html';
        try {
            if (!pathname.startsWith(prefix)) throw new Error('outside of the site');
            const body = await readFile(join(folder, name));
            fetched.push({ path: name, bytes: body.length });
            response.writeHead(200, {
                'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
                'content-security-policy': POLICY,
            });
            response.end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((/** @type {(value: void) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return {
        address: `http://localhost:${port}${prefix}`,
        fetched,
        close() {
            server.close();
            server.closeAllConnections();
        },
    };
}
