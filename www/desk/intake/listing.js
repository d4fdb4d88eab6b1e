// The files that a person selected or dropped: a folder, several, or files. They are never changed.

import { loadProgram } from './program.js';
import { TimeSlice } from '../time-slice.js';
import { FolderWalker, branchOfEntry, branchOfFile, branchOfHandle, listed } from './folder-walker.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Problem} Problem */
/** @typedef {import('./folder-walker.js').Branch} Branch */
/** @typedef {import('./folder-walker.js').Handle} Handle */

/**
 * @typedef {object} ListedFile
 * @property {string} path Relative to the selected folder, with `/`.
 * @property {() => Promise<File>} open Rejects with an Error whose message says what to do.
 */

/**
 * @typedef {object} Listing
 * @property {string} name A short name of the source.
 * @property {ListedFile[]} files Sorted by path.
 * @property {FileSystemHandle[]} handles If the browser provides handles that can be stored; they give the same listing
 *     again.
 * @property {Problem[]} problems
 */

/**
 * @typedef {object} ListingOptions
 * @property {((count: number) => void) | undefined} [onProgress] Called a few times a second with the number of files
 *     found.
 * @property {AbortSignal | undefined} [signal]
 */

const PROGRESS_MS = 100;

/** How many files are sorted at once. */
const SORTED_AT_ONCE = 2000;

const IMAGES = /\.(?:jpe?g|jfif|png|webp|gif|bmp|avif)$/i;
const TABLES = /\.(?:csv|tsv|tab|jsonl|ndjson)$/i;

/** @param {string} path */
export const isImage = (path) => IMAGES.test(path);

/** @param {string} path */
export const isTable = (path) => TABLES.test(path);

/**
 * Lists what was dropped. Must be called during the event, because the browser clears the data afterwards.
 *
 * @param {DataTransfer} dataTransfer
 * @param {ListingOptions} [options]
 * @returns {Promise<Listing>}
 */
export async function listDrop(dataTransfer, options = {}) {
    const given = [...dataTransfer.items]
        .filter(({ kind }) => kind === 'file')
        .map((item) => {
            const { getAsFileSystemHandle } = /** @type {{ getAsFileSystemHandle?: () => Promise<Handle | null> }} */ (
                /** @type {unknown} */ (item)
            );
            return {
                handle: getAsFileSystemHandle?.call(item).catch(() => null),
                entry: item.webkitGetAsEntry?.() ?? null,
                file: item.getAsFile(),
            };
        });
    /** @type {Branch[]} */
    const roots = [];
    const handles = [];
    for (const { handle: promised, entry, file } of given) {
        const handle = (await promised) ?? null;
        if (handle) handles.push(handle);
        if (handle) roots.push(branchOfHandle(handle));
        else if (entry) roots.push(branchOfEntry(entry));
        else if (file) roots.push(branchOfFile(file));
    }
    return list(roots, handles.length === roots.length ? handles : [], [], options);
}

/**
 * Lists files by handles: of a folder that was picked, or stored on the last visit. Requests the permission to read if
 * it is missing, which browsers grant only after a click.
 *
 * @param {FileSystemHandle[]} handles
 * @param {ListingOptions} [options]
 * @returns {Promise<Listing>}
 */
export async function listHandles(handles, options = {}) {
    const readable = [];
    /** @type {Problem[]} */
    const problems = [];
    for (const handle of /** @type {Handle[]} */ (handles)) {
        if (await mayBeRead(handle)) readable.push(handle);
        else problems.push({ where: handle.name, reason: texts.listing.notAllowed });
    }
    return list(readable.map(branchOfHandle), readable, problems, options);
}

/** @param {Handle} handle */
async function mayBeRead(handle) {
    try {
        if (!handle.queryPermission || (await handle.queryPermission({ mode: 'read' })) === 'granted') return true;
        return (await handle.requestPermission?.({ mode: 'read' })) === 'granted';
    } catch {
        return false; // requested without a click
    }
}

/**
 * Lists what was chosen with `<input type="file">`, a folder or files.
 *
 * @param {Iterable<File>} files
 * @param {ListingOptions} [options]
 * @returns {Promise<Listing>}
 */
export async function listFiles(files, options = {}) {
    const all = [...files];
    if (!all[0]?.webkitRelativePath) return list(all.map(branchOfFile), [], [], options);
    const slice = new TimeSlice(options.signal);
    const { isPassedOver } = await loadProgram();
    /** @type {ListedFile[]} */
    const found = [];
    for (const file of all) {
        if (slice.isOver) await slice.yieldToEventLoop();
        const [, ...parts] = file.webkitRelativePath.split('/'); // the first is the folder itself
        if (!parts.some(isPassedOver)) found.push(listed(parts.join('/'), branchOfFile(file)));
    }
    return {
        name: all[0].webkitRelativePath.split('/', 1)[0] ?? '',
        files: await sorted(found, slice),
        handles: [],
        problems: [],
    };
}

/** Whether the browser has a folder picker. */
export const canPickFolder = () => 'showDirectoryPicker' in globalThis;

/**
 * Lets the person choose a folder, which is only read.
 *
 * @returns {Promise<FileSystemHandle | null>} Null if they chose none, or if the browser has no folder picker.
 */
export async function pickFolder() {
    const { showDirectoryPicker } =
        /** @type {{ showDirectoryPicker?: (options: { mode: 'read', id: string }) => Promise<FileSystemHandle> }} */ (
            /** @type {unknown} */ (globalThis)
        );
    try {
        return (await showDirectoryPicker?.({ mode: 'read', id: 'emofuse' })) ?? null;
    } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') return null;
        throw error;
    }
}

/**
 * @param {Branch[]} roots
 * @param {FileSystemHandle[]} handles
 * @param {Problem[]} problems
 * @param {ListingOptions} options
 * @returns {Promise<Listing>}
 */
async function list(roots, handles, problems, { onProgress, signal }) {
    const slice = new TimeSlice(signal);
    const { isPassedOver } = await loadProgram();
    const found = { files: /** @type {ListedFile[]} */ ([]), problems };
    let reported = performance.now();
    const onFound = () => {
        if (performance.now() - reported < PROGRESS_MS) return;
        reported = performance.now();
        onProgress?.(found.files.length);
    };
    const walker = new FolderWalker(found, slice, onFound);
    const names = new Set();
    const isOneFolder = roots.length === 1 && roots[0]?.children;
    for (const root of roots) {
        signal?.throwIfAborted();
        if (isPassedOver(root.name) && !isOneFolder) continue;
        const name = unique(root.name, names);
        if (root.children) await walker.walk(root, isOneFolder ? '' : `${name}/`);
        else found.files.push(listed(name, root));
    }
    return { name: nameOf(roots), files: await sorted(found.files, slice), handles, problems };
}

/** @param {Branch[]} roots */
function nameOf(roots) {
    const [first] = roots;
    if (!first) return '';
    if (roots.length === 1) return first.name;
    return roots.every(({ children }) => !children)
        ? texts.listing.files(roots.length)
        : texts.listing.andMore(first.name, roots.length - 1);
}

/**
 * Makes names of folders unique: the second of two gets a number.
 *
 * @param {string} name
 * @param {Set<string>} taken
 */
export function unique(name, taken) {
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
    taken.add(free);
    return free;
}

/**
 * Sorts by code units after a split at `/`, so that a folder's files stay together.
 *
 * @param {ListedFile[]} files
 * @param {TimeSlice} slice
 * @returns {Promise<ListedFile[]>}
 */
async function sorted(files, slice) {
    /** @typedef {{ key: string, file: ListedFile }} Keyed */
    /** @type {Keyed[][]} */
    let runs = [];
    for (let start = 0; start < files.length; start += SORTED_AT_ONCE) {
        if (slice.isOver) await slice.yieldToEventLoop();
        const run = files
            .slice(start, start + SORTED_AT_ONCE)
            .map((file) => ({ key: file.path.replaceAll('/', '\0'), file }));
        runs.push(run.sort((a, b) => (a.key < b.key ? -1 : 1)));
    }
    while (runs.length > 1) {
        const merged = [];
        for (let index = 0; index < runs.length; index += 2)
            merged.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], slice));
        runs = merged;
    }
    return (runs[0] ?? []).map(({ file }) => file);
}

/**
 * @template {{ key: string }} T
 * @param {T[]} left
 * @param {T[]} right
 * @param {TimeSlice} slice
 */
async function merge(left, right, slice) {
    const both = [];
    let [at, other] = [0, 0];
    while (at < left.length || other < right.length) {
        const [a, b] = [left[at], right[other]];
        if (a && (!b || a.key <= b.key)) {
            both.push(a);
            at++;
        } else if (b) {
            both.push(b);
            other++;
        }
        if (both.length % SORTED_AT_ONCE === 0 && slice.isOver) await slice.yieldToEventLoop();
    }
    return both;
}
