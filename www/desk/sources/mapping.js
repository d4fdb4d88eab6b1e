// Which column of a table is what.

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
 * @param {string[]} columns
 * @returns {Mapping}
 */
export function guessMapping(columns) {
    const find = (/** @type {string[]} */ names) => {
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
