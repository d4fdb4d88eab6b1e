// Fetches a file of the package with progress and makes sure that it is the right one.

import { deleteCached, readCached, writeCached } from './cache.js';
import { DownloadError, IntegrityError } from '../errors.js';
import { platform } from '../platform.js';

/**
 * A file's entry in the manifest, and what to do if the file is not found.
 *
 * @typedef {{ file: string, bytes: number, sha256: string, remedy?: string }} FileEntry
 */

/** So much of a file that is not the right one is read to report its hash. */
const LONGEST = 64 * 1024 * 1024;

/**
 * @typedef {object} Storage
 * @property {boolean} cache Whether the browser's Cache Storage is used.
 * @property {ReadonlyMap<string, Blob>} memory Files that are in memory, by their SHA-256.
 * @property {(sha256: string, file: Blob) => void} keep Takes a file into memory, because the cache would not.
 * @property {Promise<void>[]} writing What is being written into the cache; never rejects.
 */

/**
 * The file from memory, from the cache, or from its address.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes Called with how many bytes have come, uncompressed.
 * @param {Storage} storage
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function getFile(url, entry, onBytes, { cache, memory, keep, writing }) {
    onBytes(0);
    const inMemory = memory.get(entry.sha256);
    const stored = inMemory ? new Uint8Array(await inMemory.arrayBuffer()) : cache ? await readCached(entry) : null;
    if (stored && (await isGenuine(stored, entry))) {
        onBytes(stored.length);
        return stored;
    }
    if (stored) await deleteCached(entry);
    const content = await download(url, entry, onBytes);
    if (cache)
        writing.push(
            writeCached(entry, content).then((isCached) => void (isCached || keep(entry.sha256, new Blob([content])))),
        );
    return content;
}

/**
 * Fetches a file, once more past the browser's HTTP cache if what was in it is not the file that the manifest names.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function download(url, entry, onBytes) {
    try {
        return await downloadOnce(url, entry, onBytes, 'default');
    } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        return downloadOnce(url, entry, onBytes, 'reload');
    }
}

/**
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes
 * @param {RequestCache} cache
 */
async function downloadOnce(url, entry, onBytes, cache) {
    const response = await request(url, entry, cache);
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
            onBytes(loaded);
        }
    } catch (error) {
        reader.cancel().catch(() => {}); // it has failed already; the first error says why
        if (error instanceof IntegrityError) throw error;
        throw new DownloadError(`the connection broke while ${entry.file} was fetched; try again`, { cause: error });
    }
    await checkContent(content.subarray(0, loaded), entry);
    return content;
}

/**
 * All of a file that is longer than it should be, to say what it is.
 *
 * @param {Uint8Array<ArrayBuffer>[]} chunks What has come of it.
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
 * @returns {Promise<Response>}
 */
async function request(url, { remedy }, cache) {
    const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    let response;
    try {
        response = await platform.fetch(url, { cache });
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
 * Rejects with an IntegrityError unless this is the file that the manifest names.
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
 * @returns {Promise<string | null>} Null without a secure context, where there is no digest; the model file has its
 *     own, which is checked on loading.
 */
async function sha256(content) {
    if (!globalThis.crypto?.subtle) return null;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
