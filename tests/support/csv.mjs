// Reads CSV strictly as RFC 4180 has it, for what the desk and the command line write.
import assert from 'node:assert/strict';

/**
 * The records of a file; fails where quotation marks or the last line's end are not as they should be.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function recordsOf(text) {
    assert.match(text, /\n$/, 'the last row ends with a line feed');
    /** @type {string[][]} */
    const records = [];
    /** @type {string[]} */
    let cells = [];
    let end = 0;
    for (const { 0: cell, 1: inMarks, 2: bare = '', 3: separator, index } of text.matchAll(
        /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g,
    )) {
        assert.equal(index, end, `${JSON.stringify(text.slice(end, end + 40))} is no cell`);
        end += cell.length;
        cells.push(inMarks?.replaceAll('""', '"') ?? bare);
        if (separator === ',') continue;
        records.push(cells);
        cells = [];
    }
    assert.equal(end, text.length, `${JSON.stringify(text.slice(end, end + 40))} is no cell`);
    return records;
}

/**
 * The rows by the names of their columns.
 *
 * @param {string} text
 * @returns {Record<string, string>[]}
 */
export function rowsOf(text) {
    const [heading = [], ...records] = recordsOf(text);
    assert.equal(new Set(heading).size, heading.length, 'each column has another name');
    return records.map((cells) => {
        assert.equal(cells.length, heading.length, 'a cell for each column');
        return Object.fromEntries(heading.map((name, at) => [name, cells[at] ?? '']));
    });
}
