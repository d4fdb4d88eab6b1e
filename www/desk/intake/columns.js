// The columns of labelled tables; docs/labels.md describes them, and tests/golden/columns.json holds both writers to
// them.
//
// No column of a person's table is lost or overwritten: where it has a column of the name of one of COLUMNS, that one is
// written under the next name of its series, `emotion`, `emofuse_emotion`, `emofuse_emotion 2` and so on. It is always
// the last of its series, by which it is found again.

import { EMOTIONS } from '../../emofuse.js';
import { loadProgram } from './program.js';

/** In their order. The table's own other columns come after them. */
export const COLUMNS = Object.freeze([
    'id',
    'image',
    'caption',
    'emotion',
    'confidence',
    'secondary',
    'uncertain',
    'uncertain_because',
    ...EMOTIONS,
    'image_emotion',
    'image_confidence',
    'caption_emotion',
    'caption_confidence',
    'agreement',
    'hand_emotion',
    'corrected_emotion',
    'corrected_confidence',
    'error',
    'image_sha256',
    'model_sha256',
    'backend',
]);

/**
 * The columns of a labelled table that is to be written.
 *
 * @typedef {object} OutputColumns
 * @property {readonly string[]} added The names of COLUMNS in this table.
 * @property {readonly string[]} extra The person's own, which keep their names and their order.
 * @property {{ name: string, value: boolean } | null} mark The last column, which says whether cells are escaped; null where
 *     there is none, and they are not.
 */

/**
 * @param {string[]} extra The person's own columns.
 * @param {boolean} escapesFormulas
 * @returns {Promise<OutputColumns>}
 */
export async function outputColumns(extra, escapesFormulas) {
    const { outputColumns: find } = await loadProgram();
    const { names, formulasEscaped: value } = find(extra, escapesFormulas);
    return {
        added: names.slice(0, COLUMNS.length),
        extra,
        mark: value === null ? null : { name: names.at(-1) ?? '', value },
    };
}

/** What spreadsheets take for a formula, after any number of `'`. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** @param {string} cell */
export const escapeFormula = (cell) => (FORMULA.test(cell) ? `'${cell}` : cell);
