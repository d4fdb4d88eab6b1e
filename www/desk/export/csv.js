// CSV (RFC 4180) as docs/labels.md has it.

import { escapeFormula } from '../intake/columns.js';
import { TimeSlice } from '../time-slice.js';
import { columnsOf, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./rows.js').Cell} Cell */

/** What a cell must not contain outside of quotation marks. */
const QUOTED = /[",\r\n]/;

/** The same for a heading, from which readers guess the delimiter: it shows no other one than the comma. */
const QUOTED_IN_HEADING = /[",\r\n;\t|]/;

/** Six decimals, all of them written; what is absent is empty. */
const cellText = (/** @type {Cell} */ cell) =>
    typeof cell === 'number' ? cell.toFixed(6) : cell === null ? '' : String(cell);

/**
 * A row with the line feed behind it. U+0000, which no text file has, becomes U+FFFD.
 *
 * @param {string[]} cells
 */
export const csvRow = (cells) => row(cells, QUOTED);

/**
 * The row that names the columns.
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
    const { added, extra, mark } = await columnsOf(posts, slice, escapesFormulas);
    const escaped = (/** @type {string[]} */ cells) => (escapesFormulas ? cells.map(escapeFormula) : cells);
    const write = (/** @type {DeskPost[]} */ some) =>
        some
            .map((post) =>
                csvRow(
                    escaped([
                        ...valuesOf(post, context).map(cellText),
                        ...extra.map((column) => post.own?.[column] ?? ''),
                        ...(mark ? [String(mark.value)] : []),
                    ]),
                ),
            )
            .join('');
    const head = csvHeading(escaped([...added, ...extra, ...(mark ? [mark.name] : [])]));
    return writeParts('text/csv;charset=utf-8', posts, write, { head, slice, onProgress });
}
