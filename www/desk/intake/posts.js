// Posts for the desk, of a folder or of a table.

import { EMOTIONS } from '../../emofuse.js';
import { findCaption, sidecarFinder, trimmed } from './captions.js';
import { isImage } from './listing.js';
import { loadProgram } from './program.js';
import { lineName } from './table.js';
import { TimeSlice } from '../time-slice.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('../types.js').Problem} Problem */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {import('./table.js').Table} Table */

/**
 * @typedef {object} Posts
 * @property {DeskPost[]} posts
 * @property {Problem[]} problems Those of the folder or the table among them.
 * @property {number} missing How many posts have an image that was not found.
 */

/** What a post is before anything is known of it. */
const NEW = {
    state: /** @type {const} */ ('waiting'),
    error: null,
    imageSha256: null,
    key: null,
    prediction: null,
    manualLabel: null,
    repeated: false,
    own: null,
    findCaption: null,
};

/**
 * A post for each image of a folder.
 *
 * @param {Listing} listing
 * @param {AbortSignal} [signal]
 * @returns {Promise<Posts>}
 */
export async function postsOfFolder({ name, files, problems }, signal) {
    const slice = new TimeSlice(signal);
    const { SkippedFiles } = await loadProgram();
    const sidecars = await sidecarFinder(files, slice);
    /** @type {DeskPost[]} */
    const posts = [];
    const skipped = new SkippedFiles();
    try {
        for (const { path, open } of files) {
            if (slice.isOver) await slice.yieldToEventLoop();
            if (!isImage(path)) {
                skipped.add(path);
                continue;
            }
            const beside = sidecars.find(path);
            posts.push({
                ...NEW,
                index: posts.length,
                id: path,
                image: path,
                caption: null,
                open,
                findCaption: (image) => findCaption(beside, image),
            });
        }
        const notes = skipped.notes().map((note) => ({ where: name, reason: `${note}.` }));
        return { posts, problems: [...problems, ...notes], missing: 0 };
    } finally {
        sidecars.free();
        skipped.free();
    }
}

/**
 * A post for each row of a table. One whose image is not found is there too, and says so when it is opened.
 *
 * @param {Table} table
 * @param {Mapping} mapping
 * @param {Listing | null} listing Where the images are; null where none was given.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Posts>}
 */
export async function postsOfTable(table, mapping, listing, signal) {
    const slice = new TimeSlice(signal);
    const { extraColumns, writtenCaption } = await loadProgram();
    const finder = await imageFinder(table, listing?.files ?? [], slice);
    const place = (/** @type {string | null} */ column) => (column === null ? -1 : table.columns.indexOf(column));
    const places = {
        caption: place(mapping.caption),
        image: place(mapping.image),
        id: place(mapping.id),
        manualLabel: place(mapping.manualLabel),
    };
    const mapped = Object.values(places).filter((at) => at >= 0);
    const extra = [...extraColumns(table.columns, Uint32Array.from(mapped))];
    const columns = extra.map((at) => /** @type {[string, number]} */ ([table.columns[at] ?? '', at]));
    const problems = [...(listing?.problems ?? []), ...table.problems];
    const imported = new Date().toISOString();
    /** @type {DeskPost[]} */
    const posts = [];
    let missing = 0;
    try {
        for (const [index, row] of table.rows.entries()) {
            if (slice.isOver) await slice.yieldToEventLoop();
            const image = trimmed(row[places.image]);
            const found = image === null ? undefined : fileOf(finder.find(image), listing);
            if (image !== null && typeof found !== 'object') missing += 1;
            const label = trimmed(row[places.manualLabel]);
            const manualLabel = label === null ? null : toManualLabel(label, imported);
            if (label !== null && !manualLabel)
                problems.push({
                    where: lineName(table.lines[index] ?? 0),
                    reason: `“${label}” is not one of the nine labels; the post counts as unlabelled.`,
                });
            posts.push({
                ...NEW,
                index,
                id: trimmed(row[places.id]) ?? image?.replaceAll('\\', '/') ?? String(table.numbers[index]),
                image,
                caption: writtenCaption(row[places.caption] ?? '') ?? null,
                open: image === null ? null : typeof found === 'object' ? found.open : notFound(image, listing, found),
                manualLabel,
                own:
                    extra.length === 0
                        ? null
                        : Object.fromEntries(columns.map(([column, at]) => [column, row[at] ?? ''])),
            });
        }
    } finally {
        finder.free();
    }
    return { posts, problems, missing };
}

/** How many files are added to the finder in one go. */
const FILES_AT_ONCE = 1000;

/**
 * @param {Table} table
 * @param {ListedFile[]} files
 * @param {TimeSlice} slice
 */
async function imageFinder({ path }, files, slice) {
    const { ImageFinder } = await loadProgram();
    const finder = new ImageFinder(path?.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
    for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
        finder.add(files.slice(start, start + FILES_AT_ONCE).map((file) => file.path));
        if (slice.isOver) await slice.yieldToEventLoop();
    }
    return finder;
}

/**
 * @param {number | 'several' | undefined} found
 * @param {Listing | null} listing
 */
const fileOf = (found, listing) => (typeof found === 'number' ? listing?.files[found] : found);

/**
 * @param {string} label
 * @param {string} at
 * @returns {ManualLabel | null} Null if it is not one of the nine labels.
 */
function toManualLabel(label, at) {
    const emotion = /** @type {Emotion} */ (label.toLowerCase());
    return EMOTIONS.includes(emotion) ? { emotion, at, how: 'import' } : null;
}

/**
 * @param {string} image
 * @param {Listing | null} listing
 * @param {'several' | undefined} found
 * @returns {() => Promise<File>}
 */
function notFound(image, listing, found) {
    return async () => {
        if (!listing)
            throw new Error(
                `The image “${image}” cannot be read: no folder with images was given. Give the table once more, with its images’ folder.`,
            );
        if (found === 'several')
            throw new Error(
                `The folder “${listing.name}” has several images that “${image}” may mean. Write more of the path into the table.`,
            );
        throw new Error(`The image “${image}” is not in the folder “${listing.name}” that was given.`);
    };
}
