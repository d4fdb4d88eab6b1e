// Files of the package in the browser's Cache Storage, by their SHA-256. If it fails (a full disk, a private window, no secure
// context), or does not answer, the file counts as not cached.

import { within } from '../abortable.js';

/** @typedef {Pick<import('./download.js').FileEntry, 'file' | 'sha256'>} FileEntry */

const NAME = 'emofuse';

/** After so long without an answer of the browser's a file counts as not cached. */
const ANSWERS_WITHIN_ms = 15_000;

/** How many versions of a file are cached: sites on one origin may use different versions. */
const VERSIONS = 2;

/** The cache's keys must be URLs; these are never requested. */
const pathOf = (/** @type {FileEntry} */ { file }) => `/.emofuse/${file}`;
const keyOf = (/** @type {FileEntry} */ entry) =>
    new URL(`${pathOf(entry)}?sha256=${entry.sha256}`, location.origin).href;

/**
 * @param {FileEntry} entry
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
 */
export async function readCached(entry) {
    try {
        return await within(ANSWERS_WITHIN_ms, readNow(entry));
    } catch {
        return null;
    }
}

/** @param {FileEntry} entry */
async function readNow(entry) {
    const cache = await caches.open(NAME);
    const response = await cache.match(keyOf(entry));
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
}

/**
 * @param {FileEntry} entry
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {Promise<boolean>} Whether it is cached now.
 */
export async function writeCached(entry, content) {
    try {
        const cache = await caches.open(NAME);
        // Old versions are deleted first: the worker may end before the large file is written.
        const others = (await cache.keys()).filter(
            ({ url }) => new URL(url).pathname === pathOf(entry) && url !== keyOf(entry),
        );
        await Promise.all(others.slice(0, Math.max(0, others.length - VERSIONS + 1)).map((key) => cache.delete(key)));
        await cache.put(
            keyOf(entry),
            new Response(content, { headers: { 'content-type': 'application/octet-stream' } }),
        );
        return true;
    } catch {
        return false;
    }
}

/** @param {FileEntry} entry */
export async function deleteCached(entry) {
    try {
        await within(
            ANSWERS_WITHIN_ms,
            caches.open(NAME).then((cache) => cache.delete(keyOf(entry))),
        );
    } catch {
        // then it is not cached
    }
}

/**
 * Whether a file is cached. Its content is not checked.
 *
 * @example
 * import { isCached, manifest } from 'emofuse/storage';
 *
 * if (!(await isCached(manifest.model))) console.log('The model has to be downloaded.');
 *
 * @param {FileEntry} entry
 * @returns {Promise<boolean>}
 */
export async function isCached(entry) {
    try {
        const match = caches.open(NAME).then((cache) => cache.match(keyOf(entry)));
        return Boolean(await within(ANSWERS_WITHIN_ms, match));
    } catch {
        return false;
    }
}
