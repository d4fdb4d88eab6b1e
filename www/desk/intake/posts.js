// Creates posts for the desk from a folder or a table.

import { labelsInUse } from '../../shared/labels.js';
import { labelFor } from '../labels/own-labels.js';
import { TimeSlice } from '../time-slice.js';
import { findCaption, sidecarFinder, trimmed } from './captions.js';
import { OPTIONAL_COLUMNS, extraColumns, isLabelled, optionalColumn } from './columns.js';
import { isImage } from './listing.js';
import { loadProgram } from './program.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('../types.js').Problem} Problem */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {import('./table.js').Table} Table */

/**
 * @typedef {object} Posts
 * @property {DeskPost[]} posts
 * @property {Problem[]} problems Including those of the folder or the table.
 * @property {number} missing The number of posts whose image was not found.
 */

/** The initial state of a post. */
export const NEW_POST = {
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
 * Creates a post for each image of a folder.
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
                ...NEW_POST,
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
 * Creates a post for each row of a table. A post whose image is not found reports that when it is opened.
 *
 * @param {Table} table
 * @param {Mapping} mapping
 * @param {Listing | null} listing The files with the images; null if none were selected.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Posts>}
 */
export async function postsOfTable(table, mapping, listing, signal) {
    const slice = new TimeSlice(signal);
    const { writtenCaption } = await loadProgram();
    const finder = await imageFinder(table, listing?.files ?? [], slice);
    const place = (/** @type {string | null} */ column) => (column === null ? -1 : table.columns.indexOf(column));
    const places = {
        caption: place(mapping.caption),
        image: place(mapping.image),
        id: place(mapping.id),
        manualLabel: place(mapping.manualLabel),
    };
    const mapped = Object.values(places).filter((at) => at >= 0);
    const ours = optionalPlaces(table.columns, await extraColumns(table.columns, mapped));
    const { extra } = ours;
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
            const manualLabel = label === null ? null : toManualLabel(label, trimmed(row[ours.secondary]), imported);
            if (manualLabel && !labelsInUse().names.includes(manualLabel.emotion))
                problems.push({
                    where: texts.table.line(table.lines[index] ?? 0),
                    reason: texts.table.unknownLabel(manualLabel.emotion),
                });
            posts.push({
                ...NEW_POST,
                index,
                id: trimmed(row[places.id]) ?? image?.replaceAll('\\', '/') ?? String(table.numbers[index]),
                image,
                caption: writtenCaption(row[places.caption] ?? '') ?? null,
                open: image === null ? null : typeof found === 'object' ? found.open : notFound(image, listing, found),
                manualLabel,
                tableLabel: manualLabel?.emotion ?? null,
                note: trimmed(row[ours.note]),
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

/**
 * Finds the columns for second labels and notes in a table that emofuse wrote, and the person's own columns.
 *
 * @param {string[]} columns
 * @param {number[]} extra The places of the columns that are not emofuse's.
 */
function optionalPlaces(columns, extra) {
    const names = extra.map((at) => columns[at] ?? '');
    const [secondary = -1, note = -1] = OPTIONAL_COLUMNS.map((column) => {
        const name = isLabelled(columns) ? optionalColumn(column, names) : null;
        return name === null ? -1 : (extra[names.indexOf(name)] ?? -1);
    });
    return { secondary, note, extra: extra.filter((at) => at !== secondary && at !== note) };
}

/** The number of files added to the finder at once. */
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
 * @param {string | null} second
 * @param {string} at
 * @returns {ManualLabel} One that is none of the labels in use stays as it is.
 */
function toManualLabel(label, second, at) {
    const { names } = labelsInUse();
    const emotion = labelFor(label, names) ?? label;
    const secondary = second === null ? null : (labelFor(second, names) ?? second);
    return { emotion, ...(secondary && { secondary }), at, how: 'import' };
}

/**
 * @param {string} image
 * @param {Listing | null} listing
 * @param {'several' | undefined} found
 * @returns {() => Promise<File>}
 */
function notFound(image, listing, found) {
    return async () => {
        if (!listing) throw new Error(texts.table.noFolder(image));
        const why = found === 'several' ? texts.table.severalImages : texts.table.noImage;
        throw new Error(why(image, listing.name));
    };
}
