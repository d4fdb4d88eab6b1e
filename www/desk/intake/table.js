// Reads a table: CSV, TSV, JSON Lines or a JSON array. A row that cannot be read is a problem, not the end.

import { loadProgram } from './program.js';
import { TimeSlice } from '../time-slice.js';

/** @typedef {import('../types.js').Problem} Problem */

/**
 * @typedef {object} Table
 * @property {string} name Of its file.
 * @property {string | null} path Where it is in the folder that was given; null if it was given by itself.
 * @property {string[]} columns Each with a name of its own.
 * @property {string[][]} rows A cell for each column.
 * @property {number[]} lines Where each row begins in the file, from 1.
 * @property {number[]} numbers Of the rows, from 1; those that could not be read are counted too.
 * @property {Problem[]} problems Of rows that could not be read; those are not among the rows.
 * @property {string[]} notes What the person should know of how it was read.
 */

/**
 * @typedef {object} TableOptions
 * @property {string | null | undefined} [path] Where the table is in the folder that was given.
 * @property {((share: number) => void) | undefined} [onProgress] From 0 to 1.
 * @property {AbortSignal | undefined} [signal]
 */

/** A table that cannot be used, with what to do about it. */
export class TableError extends Error {
    name = 'TableError';
}

/** What is read in one go, which takes a few milliseconds. */
const CELLS_AT_ONCE = 4000;

/** More than this has to fit into the page's memory several times. */
const MOST_BYTES = 500_000_000;

/** @type {Partial<Record<import('../../wasm/posts/posts.js').TextEncoding, string>>} */
const ENCODING_NOTES = {
    'windows-1252': 'It is not UTF-8 and was read as Windows-1252. Check letters with accents.',
    'damaged utf-8': 'Some of its bytes are not UTF-8 and were read as \u{fffd}.',
};

/** @param {number} line */
export const lineName = (line) => `Line ${line}`;

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
                table.problems.push({ where: lineName(line), reason: sentence(reason) });
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
    await fillRows(table, slice);
    return table;
}

/** @param {File} file */
async function bytesOf(file) {
    if (file.size > MOST_BYTES)
        throw new TableError(
            `“${file.name}” is larger than ${MOST_BYTES / 1e6} MB. Split it, or use the command line: emofuse label.`,
        );
    try {
        return new Uint8Array(await file.arrayBuffer());
    } catch (error) {
        throw new TableError(
            `“${file.name}” could not be read. It may have been changed or moved; select it once more.`,
            { cause: error },
        );
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
        throw new TableError(`“${file.name}” cannot be used as a table: ${error.message}.`, { cause: error });
    }
}

/**
 * Gives each row a cell for each column.
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
    if (first) return `None of the ${problems.length} rows of “${name}” can be read. ${first.where}: ${first.reason}`;
    if (columns.length > 0) return `“${name}” has a heading, but no rows. Give a table with a row for each post.`;
    return `“${name}” is empty. Give a table with a heading and a row for each post.`;
}
