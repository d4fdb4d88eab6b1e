// Fetches a file with progress and makes sure that it is the right one.

import { DownloadError, IntegrityError } from './errors.js';

/**
 * What the manifest says of a file.
 *
 * @typedef {{ file: string, bytes: number, sha256: string }} FileEntry
 */

/**
 * @param {URL} url
 * @param {RequestCache} cache
 * @returns {Promise<Response>}
 */
async function request(url, cache) {
    const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    let response;
    try {
        response = await fetch(url, { cache });
    } catch (error) {
        throw new DownloadError(`the file ${name} cannot be fetched; check the connection and try again`, { cause: error });
    }
    if (!response.ok) throw new DownloadError(`the file ${name} cannot be fetched (HTTP ${response.status}); try again later`);
    return response;
}

/**
 * @param {URL} url
 * @returns {Promise<unknown>}
 */
export async function downloadJson(url) {
    // Always asked for anew, so that it never belongs to other files than the server has now.
    const response = await request(url, 'no-cache');
    try {
        return await response.json();
    } catch (error) {
        throw new IntegrityError(`${url.pathname} is damaged; try again`, { cause: error });
    }
}

/**
 * Fetches a file, once more past the browser's cache if what was in it is not the file that the manifest names.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes Told how many bytes have come, uncompressed.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function download(url, entry, onBytes) {
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
    const response = await request(url, cache);
    const content = new Uint8Array(entry.bytes);
    let loaded = 0;
    onBytes(loaded);
    const reader = response.body?.getReader();
    if (!reader) throw new DownloadError(`${entry.file} came without content; try again`);
    try {
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
            if (loaded + chunk.value.length > content.length) throw damaged(entry);
            content.set(chunk.value, loaded);
            loaded += chunk.value.length;
            onBytes(loaded);
        }
    } catch (error) {
        reader.cancel().catch(() => {}); // it has failed already; the first error says why
        if (error instanceof IntegrityError) throw error;
        throw new DownloadError(`the connection broke while ${entry.file} was fetched; try again`, { cause: error });
    }
    if (loaded !== content.length) throw damaged(entry);
    // Without a secure context there is no digest; the model file has its own, which is checked on loading.
    if (globalThis.crypto?.subtle && (await sha256(content)) !== entry.sha256) throw damaged(entry);
    return content;
}

/** @param {FileEntry} entry */
function damaged(entry) {
    return new IntegrityError(`the file ${entry.file} is not the one that was published: it is damaged or was altered; fetch it again`);
}

/** @param {Uint8Array<ArrayBuffer>} content */
async function sha256(content) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
