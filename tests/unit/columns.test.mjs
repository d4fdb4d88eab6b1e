// The columns and rows of tests/golden/columns.json, which `emofuse label` is held to as well.
import './page-modules.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const { COLUMNS } = await import('../../www/shared/label-columns.js');
const { escapeFormula, outputColumns } = await import('../../www/desk/intake/columns.js');
const { csvHeading, csvRow } = await import('../../www/desk/export/csv.js');
const { fromStoredMapping, guessMapping, toStoredMapping } = await import('../../www/desk/intake/mapping.js');
const { loadProgram } = await import('../../www/desk/intake/program.js');
const { readTable } = await import('../../www/desk/intake/table.js');

/**
 * The names of a table's extra columns.
 *
 * @param {string[]} columns
 * @param {(string | null | undefined)[]} mapped
 */
async function extraColumns(columns, mapped) {
    const program = await loadProgram();
    const places = mapped.map((column) => columns.indexOf(column ?? ''));
    assert.ok(!places.includes(-1));
    return [...program.extraColumns(columns, Uint32Array.from(places))].map((at) => columns[at]);
}

/**
 * @type {{
 *     columns: string[],
 *     outputs: { case: string, extra: string[], escaped: boolean, renamed: Record<string, string>, mark: [string, string] | null }[],
 *     tables: { case: string, columns: string[], labelled: boolean, mapped: string[], extra: string[] }[],
 *     rows: { cells: string[], heading: string, raw: string, escaped: string }[],
 * }}
 */
const golden = JSON.parse(await readFile(new URL('../golden/columns.json', import.meta.url), 'utf8'));

test('columns have the names that were written down for them', async () => {
    assert.deepEqual(COLUMNS, golden.columns);
    assert.ok(golden.outputs.length >= 12);
    for (const { case: what, extra, escaped, renamed, mark } of golden.outputs) {
        const columns = await outputColumns(extra, escaped);
        assert.deepEqual(
            columns.added,
            COLUMNS.map((column) => renamed[column] ?? column),
            what,
        );
        assert.deepEqual(columns.extra, extra, what);
        assert.deepEqual(columns.mark && [columns.mark.name, String(columns.mark.value)], mark, what);
    }
});

test('a labelled table’s columns are told from a person’s', async () => {
    assert.ok(golden.tables.length >= 7);
    for (const { case: what, columns, mapped, extra } of golden.tables)
        assert.deepEqual(await extraColumns(columns, mapped), extra, what);
});

test('rows are quoted and escaped as they were written down', () => {
    assert.ok(golden.rows.length >= 7);
    for (const { cells, heading, raw, escaped } of golden.rows) {
        assert.equal(csvHeading(cells), heading);
        assert.equal(csvRow(cells), raw);
        assert.equal(csvRow(cells.map(escapeFormula)), escaped);
    }
});

test('what was written finds its captions and labels again, whatever the table’s own columns are called', async () => {
    for (const { case: what, extra, escaped } of golden.outputs) {
        const { added, mark } = await outputColumns(extra, escaped);
        const columns = [...added, ...extra, ...(mark ? [mark.name] : [])];
        const mapping = await guessMapping(columns);
        const names = ['caption', 'image', 'id', 'hand_emotion'].map((column) => added[COLUMNS.indexOf(column)]);
        assert.deepEqual([mapping.caption, mapping.image, mapping.id, mapping.manualLabel], names, what);
        assert.deepEqual(await extraColumns(columns, names), extra, what);
    }
});

test('only rows that say so are unescaped', async () => {
    const columns = [...COLUMNS, "'=note", 'formulas_escaped'];
    const row = (/** @type {string} */ note, /** @type {string} */ mark) => [...COLUMNS.map(() => "'-"), note, mark];
    const notes = async (/** @type {string} */ mark) => {
        const rows = [columns, row("''=1", mark), row("'=1", mark), row("'a", mark)];
        const table = await readTable(new File([rows.map((cells) => csvRow(cells)).join('')], 'labels.csv'));
        return [table.columns.at(-2), table.rows[0]?.[0], ...table.rows.map((cells) => cells.at(-2))];
    };
    for (const mark of ['true', 'TRUE', ' True '])
        assert.deepEqual(await notes(mark), ['=note', '-', "'=1", '=1', "'a"]);
    for (const mark of ['false', '', 'yes']) assert.deepEqual(await notes(mark), ["'=note", "'-", "''=1", "'=1", "'a"]);
});

test('a mapping is stored with the names that the first version gave it', () => {
    const stored = { caption: 'text', image: 'file', id: null, hand: 'label' };
    const mapping = { caption: 'text', image: 'file', id: null, manualLabel: 'label' };
    assert.deepEqual(toStoredMapping(mapping), stored);
    assert.deepEqual(fromStoredMapping(stored), mapping);
});
