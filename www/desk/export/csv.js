// CSV as docs/labels.md has it.

import Papa from '../../libraries/papaparse.js';
import { COLUMNS, FORMULA } from '../sources/columns.js';
import { Turn } from '../sources/turn.js';
import { ownColumns, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./rows.js').Cell} Cell */

const FORMAT = { newline: '\n', escapeFormulae: FORMULA };

/** Six decimals, all of them written; what is absent is empty. */
const cellText = (/** @type {Cell} */ cell) =>
    typeof cell === 'number' ? cell.toFixed(6) : cell === null ? '' : String(cell);

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toCsv(posts, context, { onProgress, signal } = {}) {
    const turn = new Turn(signal);
    const own = await ownColumns(posts, turn);
    const text = (/** @type {string[][]} */ rows) => `${Papa.unparse(rows, FORMAT)}\n`;
    const write = (/** @type {DeskPost[]} */ some) =>
        text(
            some.map((post) => [
                ...valuesOf(post, context).map(cellText),
                ...own.map((column) => post.own?.[column] ?? ''),
            ]),
        );
    return writeParts('text/csv;charset=utf-8', posts, write, { head: text([[...COLUMNS, ...own]]), turn, onProgress });
}
