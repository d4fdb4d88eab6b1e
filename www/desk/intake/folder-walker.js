// Lists the files of folders, given as handles or as entries.

import { loadProgram } from './program.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Problem} Problem */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('../time-slice.js').TimeSlice} TimeSlice */

/**
 * A file or a folder.
 *
 * @typedef {object} Branch
 * @property {string} name
 * @property {(() => Promise<File>) | null} open Null for a folder.
 * @property {(() => AsyncIterable<Branch>) | null} children Null for a file.
 */

/**
 * A handle in Chromium; TypeScript's library lacks some of its methods.
 *
 * @typedef {FileSystemHandle & {
 *     queryPermission?: (descriptor: { mode: 'read' }) => Promise<PermissionState>,
 *     requestPermission?: (descriptor: { mode: 'read' }) => Promise<PermissionState>,
 *     values?: () => AsyncIterable<Handle>,
 *     getFile?: () => Promise<File>,
 * }} Handle
 */

/**
 * @param {Handle} handle
 * @returns {Branch}
 */
export function branchOfHandle(handle) {
    if (handle.kind === 'file')
        return {
            name: handle.name,
            open: () => /** @type {() => Promise<File>} */ (handle.getFile).call(handle),
            children: null,
        };
    return {
        name: handle.name,
        open: null,
        async *children() {
            for await (const child of /** @type {() => AsyncIterable<Handle>} */ (handle.values).call(handle))
                yield branchOfHandle(child);
        },
    };
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Branch}
 */
export function branchOfEntry(entry) {
    if (!entry.isDirectory) {
        const file = /** @type {FileSystemFileEntry} */ (entry);
        return {
            name: entry.name,
            open: () => new Promise((resolve, reject) => file.file(resolve, reject)),
            children: null,
        };
    }
    const reader = () => /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    return {
        name: entry.name,
        open: null,
        async *children() {
            const from = reader();
            for (;;) {
                // Returns up to a hundred at a time, and none at the end.
                const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) =>
                    from.readEntries(resolve, reject),
                );
                if (some.length === 0) return;
                yield* some.map(branchOfEntry);
            }
        },
    };
}

/**
 * @param {File} file
 * @returns {Branch}
 */
export const branchOfFile = (file) => ({ name: file.name, open: async () => file, children: null });

/** Lists all files of a folder and its subfolders. A folder that cannot be read is reported as a problem. */
export class FolderWalker {
    #found;
    #slice;
    #onFound;

    /**
     * @param {{ files: ListedFile[], problems: Problem[] }} found Receives files and problems.
     * @param {TimeSlice} slice
     * @param {() => void} onFound Called for each file and folder.
     */
    constructor(found, slice, onFound) {
        this.#found = found;
        this.#slice = slice;
        this.#onFound = onFound;
    }

    /**
     * @param {Branch} folder
     * @param {string} prefix The beginning of the paths.
     */
    async walk(folder, prefix) {
        if (!folder.children) return;
        const { isPassedOver } = await loadProgram();
        try {
            for await (const child of folder.children()) {
                if (this.#slice.isOver) await this.#slice.yieldToEventLoop();
                if (isPassedOver(child.name)) continue;
                const path = prefix + child.name;
                if (child.children) await this.walk(child, `${path}/`);
                else this.#found.files.push(listed(path, child));
                this.#onFound();
            }
        } catch (error) {
            if (this.#slice.isAborted) throw error;
            this.#found.problems.push({
                where: prefix === '' ? folder.name : prefix.slice(0, -1),
                reason: texts.listing.folderFailed(whyNot(error)),
            });
        }
    }
}

/**
 * @param {string} path
 * @param {Branch} branch
 * @returns {ListedFile}
 */
export function listed(path, { open }) {
    return {
        path,
        async open() {
            try {
                return await /** @type {() => Promise<File>} */ (open)();
            } catch (error) {
                throw new Error(texts.listing.fileFailed(path, whyNot(error)), { cause: error });
            }
        },
    };
}

/** @param {unknown} error */
function whyNot(error) {
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    const { gone, noPermission, refused, other } = texts.listing;
    if (name === 'NotFoundError') return gone;
    if (name === 'NotAllowedError' || name === 'SecurityError') return noPermission;
    if (name === 'NotReadableError') return refused;
    return other(error instanceof Error ? error.message : String(error));
}
