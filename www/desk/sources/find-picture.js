// Finds the pictures that a table names among the files that were given.

/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */

/**
 * A path as it is compared: with `/`, without steps to and fro, accents as single characters (macOS takes them apart).
 *
 * @param {string} path
 */
export function plainPath(path) {
    /** @type {string[]} */
    const parts = [];
    for (const part of path.normalize('NFC').replaceAll('\\', '/').split('/')) {
        if (part === '..') parts.pop();
        else if (part !== '' && part !== '.') parts.push(part);
    }
    return parts.join('/');
}

/** @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf('/') + 1);

/** Finds files by what a table calls them. */
export class PictureFinder {
    /** @type {Map<string, ListedFile>} */
    #byPath = new Map();
    /** @type {Map<string, [string, ListedFile][]>} */
    #byName = new Map();
    #place;

    /** @param {string | null} table Where the table is among the files; null where it is not. */
    constructor(table) {
        this.#place = table?.includes('/') ? table.slice(0, table.lastIndexOf('/') + 1) : '';
    }

    /** @param {ListedFile} file */
    add(file) {
        const path = plainPath(file.path);
        this.#byPath.set(path, file);
        const name = nameOf(path);
        const namesakes = this.#byName.get(name);
        if (namesakes) namesakes.push([path, file]);
        else this.#byName.set(name, [[path, file]]);
    }

    /**
     * By its path from the table's own place, else by its path, else by the longest ending of it that only one file has.
     *
     * @param {string} named
     * @returns {ListedFile | null | 'many'} Null where there is none; `many` where it could be several.
     */
    find(named) {
        const path = plainPath(named);
        const there = this.#byPath.get(plainPath(this.#place + named)) ?? this.#byPath.get(path);
        if (there) return there;
        const namesakes = this.#byName.get(nameOf(path)) ?? [];
        /** @type {ListedFile | null | 'many'} */
        let nearest = null;
        let most = 0;
        for (const [other, file] of namesakes) {
            const shared = sharedEnding(path, other);
            if (shared > most) [nearest, most] = [file, shared];
            else if (shared === most) nearest = 'many';
        }
        return nearest;
    }
}

/**
 * How many parts two paths have in common, from the end on.
 *
 * @param {string} one
 * @param {string} other
 */
function sharedEnding(one, other) {
    const [a, b] = [one.split('/').reverse(), other.split('/').reverse()];
    let count = 0;
    while (count < a.length && count < b.length && a[count] === b[count]) count++;
    return count;
}
