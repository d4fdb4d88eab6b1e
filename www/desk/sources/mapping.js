// Which column of a table is what.

import { labelColumns } from './columns.js';

/**
 * @typedef {object} Mapping
 * @property {string | null} caption
 * @property {string | null} image
 * @property {string | null} id
 * @property {string | null} hand The labels that were set by hand.
 */

/** What `emofuse label` takes too, in the order of preference. */
const NAMES = {
    caption: ['caption', 'text', 'title'],
    image: ['image', 'picture', 'file', 'filename', 'file_name', 'path'],
    id: ['id'],
    hand: ['hand_emotion'],
};

/**
 * The columns that the desk or `emofuse label` wrote, else those that are known by their names.
 *
 * @param {string[]} columns
 * @returns {Mapping}
 */
export function guessMapping(columns) {
    const labelled = labelColumns(columns);
    const find = (/** @type {string[]} */ names) => {
        const at = labelled?.get(/** @type {string} */ (names[0]));
        if (at !== undefined) return /** @type {string} */ (columns[at]);
        for (const name of names) {
            const column =
                columns.find((candidate) => candidate === name) ??
                columns.find((candidate) => candidate.toLowerCase() === name);
            if (column !== undefined) return column;
        }
        return null;
    };
    return { caption: find(NAMES.caption), image: find(NAMES.image), id: find(NAMES.id), hand: find(NAMES.hand) };
}
