// The columns of labelled tables. docs/labels.md describes them, and tests/golden/columns.json is the test for both
// writers.
//
// No column of a person's table is lost or overwritten: if the table has a column with a name from COLUMNS, emofuse's
// column gets the next name of its series: `emotion`, `emofuse_emotion`, `emofuse_emotion 2` and so on. It is always
// the last of its series, which is how it is found again.

import { COLUMNS, scoreColumn } from '../../shared/label-columns.js';
import { labelsInUse } from '../../shared/labels.js';
import { loadProgram } from './program.js';

/**
 * Columns that a file has only if a post has a value for them, after COLUMNS. The command line does not write them.
 */
export const OPTIONAL_COLUMNS = Object.freeze(['hand_secondary', 'hand_note']);

/** The last column of a table whose cells are escaped. */
const FORMULAS_ESCAPED = 'formulas_escaped';

/**
 * The columns of a labelled table to write.
 *
 * @typedef {object} OutputColumns
 * @property {readonly string[]} columns Those of the desk.
 * @property {readonly string[]} added Their names in this table.
 * @property {readonly { column: string, name: string }[]} optional Those of OPTIONAL_COLUMNS that it has, with their names.
 * @property {readonly string[]} extra The person's own columns, with their names and order.
 * @property {{ name: string, value: boolean } | null} mark The last column, which shows whether cells are escaped; null
 *     if there is none and cells are not escaped.
 */

/**
 * @param {string[]} extra The person's own columns.
 * @param {boolean} escapesFormulas
 * @param {readonly string[]} [columns] Those of the desk; COLUMNS if left out.
 * @param {readonly string[]} [optional] Those of OPTIONAL_COLUMNS that are used.
 * @returns {OutputColumns}
 */
export function outputColumns(extra, escapesFormulas, columns = COLUMNS, optional = []) {
    const name = (/** @type {string} */ column) => freeName(column, extra);
    // A person's column of that name must not be taken for the desk's.
    const isMarked = escapesFormulas || lastOfSeries(FORMULAS_ESCAPED, extra) !== null;
    return {
        columns,
        added: columns.map(name),
        optional: optional.map((column) => ({ column, name: name(column) })),
        extra,
        mark: isMarked ? { name: name(FORMULAS_ESCAPED), value: escapesFormulas } : null,
    };
}

/**
 * The places of a person's own columns in a table; those of emofuse are left out if it wrote the table.
 *
 * @param {string[]} columns
 * @param {readonly number[]} mapped The places of ids, images, captions and labels.
 * @returns {Promise<number[]>}
 */
export async function extraColumns(columns, mapped) {
    const { extraColumns: find } = await loadProgram();
    const extra = [...find(columns, Uint32Array.from(mapped))];
    if (!isLabelled(columns)) return extra;
    // The program knows the default model's labels.
    const scores = labelsInUse().names.map((label) => optionalColumn(scoreColumn(label), columns));
    return extra.filter((at) => !scores.includes(columns[at] ?? ''));
}

/** @param {readonly string[]} columns Whether emofuse wrote a table with these columns. */
export const isLabelled = (columns) =>
    ['hand_emotion', 'model_sha256'].every((column) => optionalColumn(column, columns) !== null);

/**
 * Returns the next free name in a column's series.
 *
 * @param {string} column
 * @param {readonly string[]} taken
 */
function freeName(column, taken) {
    const last = lastOfSeries(column, taken);
    return last === null ? column : nameInSeries(column, last + 1);
}

/**
 * Returns the column of a labelled table with the values of one of OPTIONAL_COLUMNS: the last of its series.
 *
 * @param {string} column
 * @param {readonly string[]} columns Those of the table.
 * @returns {string | null}
 */
export function optionalColumn(column, columns) {
    const last = lastOfSeries(column, columns);
    return last === null ? null : nameInSeries(column, last);
}

/**
 * @param {string} column
 * @param {readonly string[]} names
 * @returns {number | null} Null if there is none.
 */
function lastOfSeries(column, names) {
    let last = null;
    for (const name of names) {
        const place = placeInSeries(column, name);
        if (place !== null && (last === null || place > last)) last = place;
    }
    return last;
}

/**
 * `note` is 0, `emofuse_note` 1, `emofuse_note 2` is 2 and so on.
 *
 * @param {string} column
 * @param {string} name
 * @returns {number | null}
 */
function placeInSeries(column, name) {
    if (name === column) return 0;
    if (!name.startsWith(`emofuse_${column}`)) return null;
    const rest = name.slice(`emofuse_${column}`.length);
    if (rest === '') return 1;
    const [, digits] = /^ ([1-9]\d{0,8})$/.exec(rest) ?? [];
    return digits && Number(digits) >= 2 ? Number(digits) : null;
}

/**
 * @param {string} column
 * @param {number} place
 */
const nameInSeries = (column, place) => (place === 0 ? column : `emofuse_${column}${place === 1 ? '' : ` ${place}`}`);

/** What spreadsheets treat as a formula, and what begins a cell for those that separate cells by semicolons or tabs. */
const FORMULA = /(^|[;\t\r\n])(?=['"]*[=+\-@＝＋－＠])/g;

/** What else is escaped at the beginning of a cell. */
const BLANK = /^(?=['"]*[\t\r\n])/;

/**
 * As `escape_formula` of src/posts/csv_writer.rs.
 *
 * @param {string} cell
 */
export const escapeFormula = (cell) => cell.replace(FORMULA, "$1'").replace(BLANK, "'");
