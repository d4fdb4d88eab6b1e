// Reads a table: CSV, TSV, JSON Lines or a JSON array. A row that cannot be read is a problem, not the end.

import { unescapeTable } from './columns.js';
import { RowReader } from './delimited.js';
import { ValueReader, cellOf } from './json-rows.js';
import { unique } from './listing.js';
import { TableError, textOf } from './text.js';
import { Turn } from './turn.js';

/** @typedef {import('../types.js').Problem} Problem */

/**
 * @typedef {object} Table
 * @property {string} name Of its file.
 * @property {string | null} path Where it is in the folder that was given; null where it was given by itself.
 * @property {string[]} columns
 * @property {string[][]} rows A cell for each column.
 * @property {number[]} lines Where each row begins in the file, from 1.
 * @property {number[]} numbers Of the rows, from 1; those that could not be read are counted too.
 * @property {Problem[]} problems Of rows that could not be read; those are not among the rows.
 */

/**
 * @typedef {object} TableOptions
 * @property {string | null | undefined} [path] Where the table is in the folder that was given.
 * @property {((share: number) => void) | undefined} [onProgress] From 0 to 1.
 * @property {AbortSignal | undefined} [signal]
 */

const MOST_COLUMNS = 2000;

/**
 * @param {File} file
 * @param {TableOptions} [options]
 * @returns {Promise<Table>} Rejects with a TableError whose message says what to do.
 */
export async function readTable(file, { path = null, onProgress, signal } = {}) {
    const turn = new Turn(signal);
    /** @type {Table} */
    const table = { name: file.name, path, columns: [], rows: [], lines: [], numbers: [], problems: [] };
    if (/\.(?:jsonl|ndjson|json)$/i.test(file.name)) await readValues(file, table, turn, onProgress);
    else await readRows(file, table, turn, onProgress);
    if (table.rows.length === 0) throw new TableError(whyEmpty(table));
    await unescapeTable(table, turn);
    return table;
}

/**
 * @param {Table} table
 * @param {number} line
 * @param {string[]} row
 */
function addRow(table, line, row) {
    table.rows.push(row);
    table.lines.push(line);
    table.numbers.push(table.rows.length + table.problems.length);
}

/** @param {Table} table */
function whyEmpty({ name, columns, problems }) {
    const [first] = problems;
    if (first) return `None of the ${problems.length} rows of “${name}” can be read. ${first.where}: ${first.reason}`;
    if (columns.length > 0) return `“${name}” has a heading, but no rows. Give a table with a row for each post.`;
    return `“${name}” is empty. Give a table with a heading and a row for each post.`;
}

/** @param {number} line */
export const lineName = (line) => `Line ${line}`;

/**
 * @param {File} file
 * @param {Table} table
 * @param {Turn} turn
 * @param {((share: number) => void) | undefined} onProgress
 */
async function readRows(file, table, turn, onProgress) {
    const reader = new RowReader(/\.tsv$/i.test(file.name) ? '\t' : null);
    const add = (/** @type {import('./delimited.js').RawRow} */ { line, cells, reason }) => {
        if (!cells) return table.problems.push({ where: lineName(line), reason });
        if (cells.length === 1 && cells[0]?.trim() === '') return; // an empty line
        if (table.columns.length === 0) {
            table.columns = columnNames(cells, table.name);
            return;
        }
        const [has, needs] = [cells.length, table.columns.length];
        if (has !== needs)
            return table.problems.push({
                where: lineName(line),
                reason: `It has ${has} ${has === 1 ? 'cell' : 'cells'}; the heading has ${needs}.`,
            });
        addRow(table, line, cells);
    };
    for await (const text of textOf(file, onProgress)) {
        for (const row of reader.read(text)) {
            add(row);
            if (turn.isOver) await turn.end();
        }
    }
    for (const row of reader.end()) {
        add(row);
        if (turn.isOver) await turn.end();
    }
}

/**
 * @param {string[]} cells
 * @param {string} name
 */
function columnNames(cells, name) {
    if (cells.length > MOST_COLUMNS)
        throw new TableError(
            `“${name}” has more than ${MOST_COLUMNS} columns. See whether it is the table that you mean.`,
        );
    const taken = new Set();
    return cells.map((cell, index) => unique(cell.trim() || `column ${index + 1}`, taken));
}

/**
 * @param {File} file
 * @param {Table} table
 * @param {Turn} turn
 * @param {((share: number) => void) | undefined} onProgress
 */
async function readValues(file, table, turn, onProgress) {
    const reader = new ValueReader();
    /** @type {Map<string, number>} */
    const places = new Map();
    const add = (/** @type {import('./json-rows.js').RawValue} */ { line, text }) => {
        const value = objectOf(text);
        if (typeof value === 'string') return table.problems.push({ where: lineName(line), reason: value });
        const row = table.columns.map(() => '');
        for (const [key, cell] of Object.entries(value)) {
            let place = places.get(key);
            if (place === undefined) {
                place = places.size;
                if (place === MOST_COLUMNS)
                    throw new TableError(
                        `“${table.name}” has more than ${MOST_COLUMNS} columns. See whether it is the table that you mean.`,
                    );
                places.set(key, place);
                table.columns.push(key);
            }
            row[place] = cellOf(cell);
        }
        addRow(table, line, row);
    };
    for await (const text of textOf(file, onProgress)) {
        for (const value of reader.read(text)) {
            add(value);
            if (turn.isOver) await turn.end();
        }
    }
    for (const value of reader.end()) add(value);
    table.columns = columnNames(table.columns, table.name);
    for (const row of table.rows) {
        while (row.length < table.columns.length) row.push('');
        if (turn.isOver) await turn.end();
    }
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | string} What is wrong with it, where it is none.
 */
function objectOf(text) {
    let value;
    try {
        value = JSON.parse(text);
    } catch (error) {
        return `It is not JSON: ${error instanceof Error ? error.message : error}.`;
    }
    return value !== null && typeof value === 'object' && !Array.isArray(value)
        ? value
        : 'It is no object with names and values.';
}
