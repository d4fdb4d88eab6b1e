// Posts for the desk, of a folder or of a table.

import { EMOTIONS } from '../../pkg/index.js';
import { findCaption, sidecarPaths, trimmed } from './captions.js';
import { extraColumns } from './columns.js';
import { PictureFinder } from './find-picture.js';
import { isPicture } from './listing.js';
import { lineName } from './table.js';
import { Turn } from './turn.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').HandLabel} HandLabel */
/** @typedef {import('../types.js').Problem} Problem */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {import('./table.js').Table} Table */

/**
 * @typedef {object} Posts
 * @property {DeskPost[]} posts
 * @property {Problem[]} problems Those of the folder or the table among them.
 * @property {number} missing How many posts have a picture that was not found.
 */

/** What a post is before anything is known of it. */
const NEW = {
    state: /** @type {const} */ ('waiting'),
    error: null,
    imageSha256: null,
    key: null,
    judgement: null,
    hand: null,
    repeated: false,
    own: null,
    findCaption: null,
};

/** Pictures that cameras and other programs write, and browsers do not read. */
const OTHER_PICTURES = /\.(?:heic|heif|tiff?|jxl|jp2|psd|dng|cr2|cr3|nef|arw|orf|rw2)$/i;

/**
 * A post for each picture of a folder.
 *
 * @param {Listing} listing
 * @param {AbortSignal} [signal]
 * @returns {Promise<Posts>}
 */
export async function postsOfFolder({ name, files, problems }, signal) {
    const turn = new Turn(signal);
    /** @type {Map<string, ListedFile>} */
    const sidecars = new Map();
    for (const file of files) {
        if (/\.(?:txt|json)$/.test(file.path)) sidecars.set(file.path, file);
        if (turn.isOver) await turn.end();
    }
    /** @type {DeskPost[]} */
    const posts = [];
    /** @type {Map<string, number>} */
    const passedOver = new Map();
    for (const { path, open } of files) {
        if (turn.isOver) await turn.end();
        const [other] = OTHER_PICTURES.exec(path) ?? [];
        if (other) passedOver.set(other.toLowerCase(), (passedOver.get(other.toLowerCase()) ?? 0) + 1);
        if (!isPicture(path)) continue;
        const beside = sidecars.size === 0 ? [] : sidecarPaths(path).flatMap((other) => sidecars.get(other) ?? []);
        posts.push({
            ...NEW,
            index: posts.length,
            id: path,
            image: path,
            caption: null,
            open,
            findCaption: (picture) => findCaption(beside, picture),
        });
    }
    return { posts, problems: [...problems, ...otherPictures(name, passedOver)], missing: 0 };
}

/**
 * One for all of them: there may be thousands.
 *
 * @param {string} where
 * @param {Map<string, number>} counts By ending.
 * @returns {Problem[]}
 */
function otherPictures(where, counts) {
    if (counts.size === 0) return [];
    const kinds = [...counts].map(([ending, count]) => `${count} with ${ending}`).join(', ');
    return [
        { where, reason: `Pictures of kinds that browsers do not read were passed over: ${kinds}. Save them as JPEG.` },
    ];
}

/**
 * A post for each row of a table. One whose picture is not found is there too, and says so when it is opened.
 *
 * @param {Table} table
 * @param {Mapping} mapping
 * @param {Listing | null} listing Where the pictures are; null where none was given.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Posts>}
 */
export async function postsOfTable(table, mapping, listing, signal) {
    const turn = new Turn(signal);
    const finder = new PictureFinder(table.path);
    for (const file of listing?.files ?? []) {
        finder.add(file);
        if (turn.isOver) await turn.end();
    }
    const place = (/** @type {string | null} */ column) => (column === null ? -1 : table.columns.indexOf(column));
    const places = {
        caption: place(mapping.caption),
        image: place(mapping.image),
        id: place(mapping.id),
        hand: place(mapping.hand),
    };
    const extra = extraColumns(table.columns, Object.values(places));
    const columns = extra.map((at) => /** @type {[string, number]} */ ([table.columns[at] ?? '', at]));
    const problems = [...(listing?.problems ?? []), ...table.problems];
    const imported = new Date().toISOString();
    /** @type {DeskPost[]} */
    const posts = [];
    let missing = 0;
    for (const [index, row] of table.rows.entries()) {
        if (turn.isOver) await turn.end();
        const image = trimmed(row[places.image]);
        const found = image === null ? null : finder.find(image);
        if (image !== null && (found === null || found === 'many')) missing += 1;
        const label = trimmed(row[places.hand]);
        const hand = label === null ? null : handLabel(label, imported);
        if (label !== null && !hand)
            problems.push({
                where: lineName(table.lines[index] ?? 0),
                reason: `“${label}” is none of the nine labels; the post has no label set by hand.`,
            });
        posts.push({
            ...NEW,
            index,
            id: trimmed(row[places.id]) ?? image?.replaceAll('\\', '/') ?? String(table.numbers[index]),
            image,
            caption: trimmed(row[places.caption]),
            open: image === null ? null : found && found !== 'many' ? found.open : notFound(image, listing, found),
            hand,
            own: extra.length === 0 ? null : Object.fromEntries(columns.map(([column, at]) => [column, row[at] ?? ''])),
        });
    }
    return { posts, problems, missing };
}

/**
 * @param {string} label
 * @param {string} at
 * @returns {HandLabel | null} Null where it is none of the nine labels.
 */
function handLabel(label, at) {
    const emotion = /** @type {Emotion} */ (label.toLowerCase());
    return EMOTIONS.includes(emotion) ? { emotion, at, how: 'import' } : null;
}

/**
 * @param {string} image
 * @param {Listing | null} listing
 * @param {null | 'many'} found
 * @returns {() => Promise<File>}
 */
function notFound(image, listing, found) {
    return async () => {
        if (!listing)
            throw new Error(
                `The picture “${image}” cannot be read: no folder with pictures was given. Give the table once more, with its pictures’ folder.`,
            );
        if (found === 'many')
            throw new Error(
                `The folder “${listing.name}” has several pictures that “${image}” may mean. Write more of the path into the table.`,
            );
        throw new Error(`The picture “${image}” is not in the folder “${listing.name}” that was given.`);
    };
}
