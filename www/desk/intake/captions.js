// Finds an image's caption: in sidecar files, then in the image's metadata, as described in docs/labels.md.

import { SidecarError, embeddedCaption, sidecarCaption } from './caption-reader.js';
import { loadProgram } from './program.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').FoundCaption} FoundCaption */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('../time-slice.js').TimeSlice} TimeSlice */

/** Larger files are not read completely. The program has its own limit. */
const MOST_SIDECAR_BYTES = 10_000_000;

const SIDECAR = /\.(?:txt|json)$/i;

/**
 * Trims a text; null if nothing is left.
 *
 * @param {string | null | undefined} text
 */
export const trimmed = (text) => text?.trim() || null;

/** @param {string} path */
const folderOf = (path) => path.slice(0, path.lastIndexOf('/') + 1);

/** @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf('/') + 1);

/**
 * Creates a finder for the sidecar files of an image, in order of preference.
 *
 * @param {ListedFile[]} files
 * @param {TimeSlice} slice
 * @returns {Promise<{ find(image: string): ListedFile[], free(): void }>} Must be freed after use.
 */
export async function sidecarFinder(files, slice) {
    const { SidecarFinder } = await loadProgram();
    /** @type {Map<string, ListedFile[]>} */
    const folders = new Map();
    for (const file of files) {
        if (slice.isOver) await slice.yieldToEventLoop();
        if (!SIDECAR.test(file.path)) continue;
        const folder = folderOf(file.path);
        const listed = folders.get(folder);
        if (listed) listed.push(file);
        else folders.set(folder, [file]);
    }
    /** @type {Map<string, { finder: InstanceType<typeof SidecarFinder>, listed: ListedFile[] }>} */
    const finders = new Map();
    for (const [folder, listed] of folders) {
        finders.set(folder, { finder: new SidecarFinder(listed.map(({ path }) => nameOf(path))), listed });
        if (slice.isOver) await slice.yieldToEventLoop();
    }
    return {
        find(image) {
            const there = finders.get(folderOf(image));
            return there ? [...there.finder.find(nameOf(image))].flatMap((place) => there.listed[place] ?? []) : [];
        },
        free() {
            for (const { finder } of finders.values()) finder.free();
        },
    };
}

/**
 * @param {ListedFile[]} sidecars In the order of preference.
 * @param {ArrayBuffer} image
 * @returns {Promise<FoundCaption | null>} Rejects if a sidecar file is invalid: it was meant to contain the caption.
 */
export async function findCaption(sidecars, image) {
    for (const sidecar of sidecars) {
        const text = await readSidecar(sidecar);
        if (text !== undefined) return { text, from: 'sidecar' };
    }
    const text = await embeddedCaption(image);
    return text === undefined ? null : { text, from: 'metadata' };
}

/** @param {ListedFile} sidecar */
async function readSidecar(sidecar) {
    const file = await sidecar.open();
    let bytes;
    try {
        bytes = await file.slice(0, MOST_SIDECAR_BYTES).arrayBuffer();
    } catch (cause) {
        throw new Error(texts.listing.sidecarFailed(sidecar.path), { cause });
    }
    try {
        return await sidecarCaption(nameOf(sidecar.path), bytes);
    } catch (cause) {
        if (!(cause instanceof SidecarError)) throw cause;
        throw new Error(`${cause.message.charAt(0).toUpperCase()}${cause.message.slice(1)}.`, { cause });
    }
}
