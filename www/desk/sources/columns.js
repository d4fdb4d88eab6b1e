// The columns of labelled tables; docs/labels.md describes them, and tests/golden/columns.json holds both writers to them.
//
// No column of a person's table is lost or overwritten: where it has a column of the name of one of COLUMNS, that one is
// written under the next name of its series, `emotion`, `emofuse_emotion`, `emofuse_emotion 2` and so on. It is always
// the last of its series, by which it is found again.

import { EMOTIONS } from '../../pkg/index.js';

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

/** The column, behind all others, that is `true` in each row of a file whose cells are escaped against formulas. */
const FORMULAS_ESCAPED = 'formulas_escaped';

/** Columns that hold a person's own words, also in a labelled table. */
const INPUTS = ['id', 'image', 'caption', 'hand_emotion'];

/** Columns that a labelled table always has. */
const REQUIRED = ['hand_emotion', 'model_sha256'];

const ALL = new Set([...COLUMNS, FORMULAS_ESCAPED]);

const HIGHEST_NUMBER = 2 ** 32 - 2;

/**
 * Which column's series a name is of, and which of its names it is, from 0.
 *
 * @param {string} name
 * @returns {{ column: string, number: number } | null}
 */
function seriesOf(name) {
    if (ALL.has(name)) return { column: name, number: 0 };
    const [, prefixed = ''] = /^emofuse_(.+)$/s.exec(name) ?? [];
    if (ALL.has(prefixed)) return { column: prefixed, number: 1 };
    const [, column = '', digits] = /^(.+) ([1-9]\d*)$/s.exec(prefixed) ?? [];
    const number = Number(digits);
    return ALL.has(column) && number > 1 && number <= HIGHEST_NUMBER ? { column, number } : null;
}

/**
 * @param {string} column
 * @param {number} number
 */
function nameInSeries(column, number) {
    if (number === 0) return column;
    return number === 1 ? `emofuse_${column}` : `emofuse_${column} ${number}`;
}

/**
 * Of each series the last name that a table has.
 *
 * @param {readonly string[]} columns
 * @returns {Map<string, { number: number, at: number }>} By the column's own name.
 */
function lastOfSeries(columns) {
    const last = new Map();
    for (const [at, name] of columns.entries()) {
        const found = seriesOf(name);
        if (found && (last.get(found.column)?.number ?? -1) < found.number)
            last.set(found.column, { number: found.number, at });
    }
    return last;
}

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
 * @param {readonly string[]} extra The person's own columns.
 * @param {boolean} [escapesFormulas]
 * @returns {OutputColumns}
 */
export function outputColumns(extra, escapesFormulas = false) {
    const last = lastOfSeries(extra);
    const nameOf = (/** @type {string} */ column) => nameInSeries(column, (last.get(column)?.number ?? -1) + 1);
    // A person's column of that name must not be taken for the mark.
    const hasMark = escapesFormulas || last.has(FORMULAS_ESCAPED);
    return {
        added: COLUMNS.map(nameOf),
        extra,
        mark: hasMark ? { name: nameOf(FORMULAS_ESCAPED), value: escapesFormulas } : null,
    };
}

/**
 * Where the columns are in a table that the desk or `emofuse label` wrote, by the names of COLUMNS.
 *
 * @param {readonly string[]} columns
 * @returns {Map<string, number> | null} Null where it is not such a table, which has at least `hand_emotion` and
 *     `model_sha256`.
 */
export function labelColumns(columns) {
    const last = lastOfSeries(columns);
    if (!REQUIRED.every((column) => last.has(column))) return null;
    return new Map([...last].map(([column, { at }]) => [column, at]));
}

/**
 * Where the extra columns are: those that mean nothing to the desk, in their order.
 *
 * @param {readonly string[]} columns
 * @param {readonly number[]} mapped Where the columns of ids, images, captions and labels are.
 */
export function extraColumns(columns, mapped) {
    const labelled = labelColumns(columns) ?? new Map();
    const added = [...labelled].flatMap(([column, at]) => (INPUTS.includes(column) ? [] : [at]));
    const passedOver = new Set([...added, ...mapped]);
    return [...columns.keys()].filter((at) => !passedOver.has(at));
}

/** What spreadsheets take for a formula, after any number of `'`. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** The same with an escape in front. */
const ESCAPED = /^'+[=+\-@\t\r]/;

/** @param {string} cell */
export const escapeFormula = (cell) => (FORMULA.test(cell) ? `'${cell}` : cell);

/** @param {string} cell */
const unescapeFormula = (cell) => (ESCAPED.test(cell) ? cell.slice(1) : cell);

/**
 * Takes the escapes out of a table, in the rows that have them.
 *
 * @param {{ columns: string[], rows: string[][] }} table
 * @param {import('./turn.js').Turn} turn
 */
export async function unescapeTable(table, turn) {
    const mark = labelColumns(table.columns)?.get(FORMULAS_ESCAPED);
    if (mark === undefined) return;
    let isAny = false;
    for (const [index, row] of table.rows.entries()) {
        if (turn.isOver) await turn.end();
        if (row[mark]?.trim().toLowerCase() !== 'true') continue; // spreadsheets write TRUE
        isAny = true;
        table.rows[index] = row.map(unescapeFormula);
    }
    if (isAny) table.columns = table.columns.map(unescapeFormula);
}
