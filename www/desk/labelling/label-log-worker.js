// Writes the label log: appends to its file, or empties it, one tab at a time.

import { FILE_NAME } from './label-log.js';

/**
 * A file that is written in place; TypeScript's types of pages lack it.
 *
 * @typedef {object} SyncAccessHandle
 * @property {() => number} getSize
 * @property {(bytes: Uint8Array, options: { at: number }) => number} write
 * @property {(size: number) => void} truncate
 * @property {() => void} flush
 * @property {() => void} close
 */

const scope =
    /** @type {{ onmessage: (event: MessageEvent<string | null>) => void, postMessage: (message: unknown) => void }} */ (
        /** @type {unknown} */ (globalThis)
    );

/** @param {(handle: SyncAccessHandle) => void} action */
async function withFile(action) {
    const folder = await navigator.storage.getDirectory();
    const file = /** @type {FileSystemFileHandle & { createSyncAccessHandle: () => Promise<SyncAccessHandle> }} */ (
        await folder.getFileHandle(FILE_NAME, { create: true })
    );
    const handle = await file.createSyncAccessHandle();
    try {
        action(handle);
        handle.flush();
    } finally {
        handle.close();
    }
}

/**
 * @param {SyncAccessHandle} handle
 * @param {string} text
 */
function append(handle, text) {
    const bytes = new TextEncoder().encode(text);
    const size = handle.getSize();
    try {
        if (handle.write(bytes, { at: size }) < bytes.length)
            throw new DOMException('the file could not be written to its end', 'QuotaExceededError');
    } catch (error) {
        handle.truncate(size);
        throw error;
    }
}

scope.onmessage = async ({ data: text }) => {
    try {
        // While one tab has the file open, the browser refuses it to others.
        await navigator.locks.request(FILE_NAME, () =>
            withFile((handle) => (text === null ? handle.truncate(0) : append(handle, text))),
        );
        scope.postMessage(null);
    } catch (error) {
        const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
        scope.postMessage({ name, message });
    }
};
