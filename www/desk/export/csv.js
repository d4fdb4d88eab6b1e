// Writes CSV (RFC 4180) as described in docs/labels.md.

import { escapeFormula } from '../intake/columns.js';
import { TimeSlice } from '../time-slice.js';
import { columnsOf, optionalValue, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./rows.js').Cell} Cell */

/** Characters that require quotation marks. */
const QUOTED = /[",\r\n]/;

/** The same for the heading, from which readers guess the delimiter: it must contain no other one than the comma. */
const QUOTED_IN_HEADING = /[",\r\n;\t|]/;

/** Always six decimals; absent values are empty. */
const cellText = (/** @type {Cell} */ cell) =>
    typeof cell === 'number' ? cell.toFixed(6) : cell === null ? '' : String(cell);

/**
 * Returns a row with its line feed. U+0000, which text files cannot contain, becomes U+FFFD.
 *
 * @param {string[]} cells
 */
export const csvRow = (cells) => row(cells, QUOTED);

/**
 * Returns the heading.
 *
 * @param {string[]} names
 */
export const csvHeading = (names) => row(names, QUOTED_IN_HEADING);

/**
 * @param {string[]} cells
 * @param {RegExp} marks
 */
function row(cells, marks) {
    const quoted = (/** @type {string} */ cell) => (marks.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return `${cells.map((cell) => quoted(cell.replaceAll('\0', '\ufffd'))).join(',')}\n`;
}

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toCsv(posts, context, { onProgress, signal, escapesFormulas = false } = {}) {
    const slice = new TimeSlice(signal);
    const { added, optional, extra, mark } = await columnsOf(posts, context, slice, escapesFormulas);
    const escaped = (/** @type {string[]} */ cells) => (escapesFormulas ? cells.map(escapeFormula) : cells);
    const write = (/** @type {DeskPost[]} */ some) =>
        some
            .map((post) =>
                csvRow(
                    escaped([
                        ...valuesOf(post, context).map(cellText),
                        ...optional.map(({ column }) => cellText(optionalValue(post, column))),
                        ...extra.map((column) => post.own?.[column] ?? ''),
                        ...(mark ? [String(mark.value)] : []),
                    ]),
                ),
            )
            .join('');
    const names = [...added, ...optional.map(({ name }) => name), ...extra, ...(mark ? [mark.name] : [])];
    const head = csvHeading(escaped(names));
    return writeParts('text/csv;charset=utf-8', posts, write, { head, slice, onProgress });
}
