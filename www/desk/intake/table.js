// Reads a table: CSV, TSV, JSON Lines or a JSON array. Rows that cannot be read are reported as problems.

import { loadProgram } from './program.js';
import { TimeSlice } from '../time-slice.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Problem} Problem */

/**
 * @typedef {object} Table
 * @property {string} name The name of the file.
 * @property {string | null} path Its path in the selected folder; null if it was selected on its own.
 * @property {string[]} columns With unique names.
 * @property {string[][]} rows A cell for each column.
 * @property {number[]} lines The line on which each row begins, from 1.
 * @property {number[]} numbers The numbers of the rows, from 1; unreadable rows are counted too.
 * @property {Problem[]} problems Problems with unreadable rows, which are left out of `rows`.
 * @property {string[]} notes Notes on how the table was read.
 */

/**
 * @typedef {object} TableOptions
 * @property {string | null | undefined} [path] The table's path in the selected folder.
 * @property {((share: number) => void) | undefined} [onProgress] From 0 to 1.
 * @property {AbortSignal | undefined} [signal]
 */

/** The error for a table that cannot be used, with what to do. */
export class TableError extends Error {
    name = 'TableError';
}

/** The number of cells read at once, which takes a few milliseconds. */
const CELLS_AT_ONCE = 4000;

/** A table must fit into the page's memory several times. */
const MOST_BYTES = 500_000_000;

/**
 * Each row is filled up to all columns: short rows of many columns would take many times as much memory as the file. A row
 * that has all its cells has at least a byte for each.
 */
const MOST_GAPS = 4_000_000;
const MOST_CELLS_PER_BYTE = 4;

/** @type {Partial<Record<import('../../wasm/posts/posts.js').TextEncoding, string>>} */
const ENCODING_NOTES = {
    'windows-1252': texts.table.windows1252,
    'damaged utf-8': texts.table.damagedUtf8,
};

/**
 * @param {File} file
 * @param {TableOptions} [options]
 * @returns {Promise<Table>} Rejects with a TableError whose message says what to do.
 */
export async function readTable(file, { path = null, onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const { TableReader } = await loadProgram();
    const bytes = await bytesOf(file);
    signal?.throwIfAborted();
    /** @type {Table} */
    const table = { name: file.name, path, columns: [], rows: [], lines: [], numbers: [], problems: [], notes: [] };
    const reader = orTableError(file, () => new TableReader(file.name, bytes));
    try {
        for (let isLast = false; !isLast; ) {
            const part = orTableError(file, () => reader.read(CELLS_AT_ONCE));
            for (const row of part.rows) table.rows.push(row);
            for (const line of part.lines) table.lines.push(line);
            for (const number of part.numbers) table.numbers.push(number);
            for (const { line, reason } of part.problems)
                table.problems.push({ where: texts.table.line(line), reason: sentence(reason) });
            isLast = part.isLast;
            onProgress?.(reader.progress);
            if (slice.isOver) await slice.yieldToEventLoop();
        }
        table.columns = reader.columns;
        const note = ENCODING_NOTES[reader.encoding];
        if (note) table.notes.push(note);
    } finally {
        reader.free();
    }
    if (table.rows.length === 0) throw new TableError(whyEmpty(table));
    const cells = table.rows.length * table.columns.length;
    if (cells > MOST_GAPS + MOST_CELLS_PER_BYTE * file.size)
        throw new TableError(texts.table.tooManyGaps(file.name, table.columns.length));
    await fillRows(table, slice);
    return table;
}

/** @param {File} file */
async function bytesOf(file) {
    if (file.size > MOST_BYTES) throw new TableError(texts.table.tooLarge(file.name, MOST_BYTES / 1e6));
    try {
        return new Uint8Array(await file.arrayBuffer());
    } catch (error) {
        throw new TableError(texts.table.unreadable(file.name), { cause: error });
    }
}

/**
 * @template T
 * @param {File} file
 * @param {() => T} parse
 * @returns {T}
 */
function orTableError(file, parse) {
    try {
        return parse();
    } catch (error) {
        if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError) throw error;
        throw new TableError(texts.table.unusable(file.name, error.message), { cause: error });
    }
}

/**
 * Fills up each row to one cell per column.
 *
 * @param {Table} table
 * @param {TimeSlice} slice
 */
async function fillRows({ columns, rows }, slice) {
    for (const row of rows) {
        while (row.length < columns.length) row.push('');
        if (slice.isOver) await slice.yieldToEventLoop();
    }
}

/** @param {string} reason */
const sentence = (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;

/** @param {Table} table */
function whyEmpty({ name, columns, problems }) {
    const [first] = problems;
    if (first) return texts.table.noRowReadable(name, problems.length, first);
    return columns.length > 0 ? texts.table.noRows(name) : texts.table.empty(name);
}
