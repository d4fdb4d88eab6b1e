// The mapping of a table's columns.

import { loadProgram } from './program.js';

/**
 * @typedef {object} Mapping
 * @property {string | null} caption
 * @property {string | null} image
 * @property {string | null} id
 * @property {string | null} manualLabel The labels that a person set.
 */

/** The number of rows that are examined to identify a column. */
const SAMPLED_ROWS = 100;

/**
 * Guesses the mapping from the names of the columns.
 *
 * @param {string[]} columns
 * @returns {Promise<Mapping>}
 */
export async function guessMapping(columns) {
    const { guessMapping: guess } = await loadProgram();
    const { caption, image, id, manualLabel } = guess(columns);
    return { caption, image, id, manualLabel };
}

/** A mapping as the journal stores it. @typedef {Omit<Mapping, 'manualLabel'> & { hand: string | null }} StoredMapping */

/**
 * @param {Mapping} mapping
 * @returns {StoredMapping}
 */
export const toStoredMapping = ({ manualLabel, ...others }) => ({ ...others, hand: manualLabel });

/**
 * @param {StoredMapping} stored
 * @returns {Mapping}
 */
export const fromStoredMapping = ({ hand, ...others }) => ({ ...others, manualLabel: hand });

/**
 * Returns the first column in which most cells name image files; undefined if there is none.
 *
 * @param {Pick<import('./table.js').Table, 'rows' | 'columns'>} table
 * @returns {Promise<string | undefined>}
 */
export async function columnOfImageNames({ rows, columns }) {
    const { columnOfImageNames: find } = await loadProgram();
    return find({ rows: rows.slice(0, SAMPLED_ROWS), columns });
}
