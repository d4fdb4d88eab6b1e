// The page over a line that a test controls: a slow one, or one on which the model comes as far as the test allows.
import { createServer, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import manifest from '../../../pkg/src/manifest.js';
import { address } from './harness.mjs';

const MODEL = `/pkg/${manifest.model.file}`;

/**
 * How fast a line is: resolves with how many bytes of a file may follow, once they may.
 *
 * @typedef {(file: { path: string, sent: number, left: number }) => Promise<number>} Pace
 */

/**
 * A reply of the page's server, as it is sent.
 *
 * @param {string} path
 * @param {import('node:http').RequestOptions} options
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
function fetchRaw(path, options) {
    return new Promise((resolve, reject) => {
        const asked = httpRequest(new URL(path, address), options, (response) => {
            /** @type {Buffer[]} */
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
                resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
            );
        });
        asked.on('error', reject);
        asked.end();
    });
}

/**
 * @param {Pace} pace
 * @param {object} [options]
 * @param {(path: string, body: Buffer) => Buffer} [options.change] What becomes of a file.
 * @param {boolean} [options.compressed] Whether files are sent compressed.
 * @param {number} [options.latency_ms] Of each reply.
 */
async function serveAt(pace, { change = (_, body) => body, compressed = true, latency_ms = 0 } = {}) {
    /** @type {Map<string, number>} */
    const sentOf = new Map();
    const server = createServer(async ({ url = '/', method = 'GET', headers: asked }, response) => {
        const path = url.split('?', 1)[0] ?? '';
        try {
            const headers = { ...asked, ...(!compressed && { 'accept-encoding': 'identity' }) };
            const from = await fetchRaw(url, { method, headers });
            const body = change(path, from.body);
            await delay(latency_ms);
            const length = body.length > 0 && { 'content-length': String(body.length) };
            response.writeHead(from.status, { ...from.headers, ...length });
            for (let sent = 0; sent < body.length && !response.destroyed; ) {
                const size = await pace({ path, sent, left: body.length - sent });
                const chunk = body.subarray(sent, sent + size);
                response.write(chunk);
                sent += chunk.length;
                sentOf.set(path, (sentOf.get(path) ?? 0) + chunk.length);
            }
            response.end();
        } catch (error) {
            response.destroy(error instanceof Error ? error : undefined);
        }
    });
    await new Promise((/** @type {(value: void) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return {
        address: `http://localhost:${port}/`,
        /** Bytes that were sent of each file. */
        sentOf,
        /** Bytes that were sent of all files. */
        sent: () => [...sentOf.values()].reduce((sum, bytes) => sum + bytes, 0),
        close: () =>
            new Promise((/** @type {(value: void) => void} */ resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

/** So much is sent at once. */
const CHUNK = 4096;

/** What a late timer has held up follows at once, up to so much. */
const LATE_MS = 200;

/**
 * A slow line, which all files share.
 *
 * @param {object} line
 * @param {number} line.bytesPerSecond
 * @param {number} line.latency_ms
 */
export function serveSlowly({ bytesPerSecond, latency_ms }) {
    let freeAt = 0;
    const pace = async (/** @type {{ left: number }} */ { left }) => {
        const size = Math.min(CHUNK, left);
        const now = performance.now();
        freeAt = Math.max(freeAt, now - LATE_MS) + (1000 * size) / bytesPerSecond;
        await delay(freeAt - now);
        return size;
    };
    return serveAt(pace, { latency_ms });
}

/**
 * A fast line that holds the model back.
 *
 * @param {number} bytes Of the model that are sent at once.
 * @param {(path: string, body: Buffer) => Buffer} [change] What becomes of a file.
 */
export async function serveHeld(bytes, change) {
    let allowed = bytes;
    /** @type {(value: void) => void} */
    let wake = () => {};
    const nextChange = () => new Promise((/** @type {(value: void) => void} */ resolve) => (wake = resolve));
    let changed = nextChange();
    const line = await serveAt(
        async ({ path, sent }) => {
            if (path !== MODEL) return Infinity;
            while (sent >= allowed) await changed;
            return allowed - sent;
        },
        { compressed: false, ...(change && { change }) },
    );
    return {
        ...line,
        /** @param {number} more Of the model may be sent now, from its beginning. */
        allow(more) {
            allowed = more;
            wake();
            changed = nextChange();
        },
    };
}
