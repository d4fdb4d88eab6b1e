// Downloads a file of the package with progress and verifies it.

import { deleteCached, readCached, writeCached } from './cache.js';
import { DownloadError, IntegrityError } from '../errors.js';
import { platform } from '../platform.js';
import { Watchdog } from '../watchdog.js';

/**
 * A file's entry in the manifest, and what to do if the file is not found.
 *
 * @typedef {object} FileEntry
 * @property {string} file
 * @property {number} bytes
 * @property {string} sha256
 * @property {string} [remedy]
 * @property {{ bytes: number, sha256: string }[]} [beginnings] Beginnings of a model file with which captions can be
 *     classified, the shortest first.
 */

/**
 * @typedef {(content: Uint8Array<ArrayBuffer>, loaded: number) => void} PartListener Called with a file that is being
 *     downloaded, and with how many bytes of it are there.
 */

/** How long a download may bring nothing. */
const STALLED_ms = 120_000;

/** How much of a wrong file is read to report its hash. */
const LONGEST = 64 * 1024 * 1024;

/**
 * @typedef {object} Storage
 * @property {boolean} cache Whether the browser's Cache Storage is used.
 * @property {ReadonlyMap<string, Blob>} memory Files in memory, by their SHA-256.
 * @property {(sha256: string, file: Blob) => void} keep Keeps a file in memory because it could not be cached.
 * @property {Promise<void>[]} writing Pending writes to the cache; they never reject.
 */

/**
 * Returns the file from memory, from the cache, or from its URL.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes Called with how many bytes have come, uncompressed.
 * @param {Storage} storage
 * @param {PartListener} [onPart] Called while it comes from its address.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function getFile(url, entry, onBytes, { cache, memory, keep, writing }, onPart = () => {}) {
    onBytes(0);
    const inMemory = memory.get(entry.sha256);
    const stored = inMemory ? new Uint8Array(await inMemory.arrayBuffer()) : cache ? await readCached(entry) : null;
    if (stored && (await isGenuine(stored, entry))) {
        onBytes(stored.length);
        return stored;
    }
    if (stored) await deleteCached(entry);
    const content = await download(url, entry, (part, loaded) => {
        onBytes(loaded);
        onPart(part, loaded);
    });
    if (cache)
        writing.push(
            writeCached(entry, content).then((isCached) => void (isCached || keep(entry.sha256, new Blob([content])))),
        );
    return content;
}

/**
 * Downloads a file. If the browser's HTTP cache has another file than the manifest lists, downloads it again without
 * that cache.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {PartListener} onPart
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function download(url, entry, onPart) {
    try {
        return await downloadOnce(url, entry, onPart, 'default');
    } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        return downloadOnce(url, entry, onPart, 'reload');
    }
}

/**
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {PartListener} onPart
 * @param {RequestCache} cache
 */
async function downloadOnce(url, entry, onPart, cache) {
    const stalled = new AbortController();
    const watchdog = new Watchdog(() => stalled.abort());
    watchdog.watch(STALLED_ms);
    try {
        const response = await request(url, entry, cache, stalled.signal);
        return await read(response, entry, (content, loaded) => {
            watchdog.watch(STALLED_ms);
            onPart(content, loaded);
        });
    } finally {
        watchdog.stop();
    }
}

/**
 * @param {Response} response
 * @param {FileEntry} entry
 * @param {PartListener} onPart
 */
async function read(response, entry, onPart) {
    const content = new Uint8Array(entry.bytes);
    let loaded = 0;
    const reader = response.body?.getReader();
    if (!reader) throw new DownloadError(`${entry.file} came without content; try again`);
    try {
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
            if (loaded + chunk.value.length > content.length) {
                await checkContent(await withRest([content.slice(0, loaded), chunk.value], reader), entry);
            }
            content.set(chunk.value, loaded);
            loaded += chunk.value.length;
            onPart(content, loaded);
        }
    } catch (error) {
        reader.cancel().catch(() => {}); // the first error has the reason
        if (error instanceof IntegrityError) throw error;
        throw new DownloadError(`the connection broke while ${entry.file} was fetched; try again`, { cause: error });
    }
    await checkContent(content.subarray(0, loaded), entry);
    return content;
}

/**
 * Reads the rest of a file that is longer than expected, to report its hash.
 *
 * @param {Uint8Array<ArrayBuffer>[]} chunks The part that has been read.
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 */
async function withRest(chunks, reader) {
    let length = 0;
    for (let chunk = await reader.read(); !chunk.done && length < LONGEST; chunk = await reader.read()) {
        chunks.push(chunk.value);
        length += chunk.value.length;
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {RequestCache} cache
 * @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
async function request(url, { remedy }, cache, signal) {
    const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    let response;
    try {
        response = await platform.fetch(url, { cache, signal });
    } catch (error) {
        const advice = url.protocol === 'file:' && remedy ? remedy : 'check the connection and try again';
        throw new DownloadError(`the file ${name} cannot be fetched; ${advice}`, { cause: error });
    }
    if (response.ok) return response;
    const advice = response.status === 404 && remedy ? remedy : 'try again later';
    throw new DownloadError(`the file ${name} cannot be fetched (HTTP ${response.status}); ${advice}`);
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {FileEntry} entry
 */
const isGenuine = (content, entry) =>
    checkContent(content, entry).then(
        () => true,
        () => false,
    );

/**
 * Rejects with an IntegrityError unless this is the file that the manifest lists.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {FileEntry} entry
 */
export async function checkContent(content, entry) {
    const found = await sha256(content);
    if (found !== null && found !== entry.sha256)
        throw damaged(entry, `its SHA-256 is ${found}, expected ${entry.sha256}`, found);
    if (content.length !== entry.bytes)
        throw damaged(entry, `it has ${content.length} bytes, expected ${entry.bytes}`, found);
}

/**
 * @param {FileEntry} entry
 * @param {string} reason
 * @param {string | null} found
 */
function damaged(entry, reason, found) {
    const message = `the file ${entry.file} is not the one that was published: it is damaged or was altered (${reason}); fetch it again`;
    return new IntegrityError(message, { expected: entry.sha256, found });
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {Promise<string | null>} Null without a secure context, which has no digest; the model file contains its
 *     own, which is checked on loading.
 */
export async function sha256(content) {
    if (!globalThis.crypto?.subtle) return null;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
