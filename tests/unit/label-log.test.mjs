// The label log's lines, and what it restores in a database that was reset or fell behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page-modules.mjs';

const { compareLog, parseLog, toLines } = await import('../../www/desk/labelling/label-log.js');

/** @typedef {import('../../www/desk/labelling/label-log.js').LogEntry} LogEntry */

/**
 * @param {string} key
 * @param {unknown} value
 * @param {number} at
 * @returns {LogEntry}
 */
const note = (key, value, at) => ({ store: 'notes', key, value, at });
const stored = (/** @type {string} */ key, /** @type {unknown} */ value) => ({
    store: /** @type {const} */ ('notes'),
    key,
    value,
});

test('the last entry of each key counts, and the same key in another store is another', () => {
    const entries = [note('a', 'one', 1), note('b', 'two', 2), note('a', null, 3)];
    const label = { store: /** @type {const} */ ('manualLabels'), key: 'a', value: { emotion: 'joy' }, at: 4 };
    const text = toLines(entries) + toLines([label]);
    assert.deepEqual(parseLog(text), [note('a', null, 3), note('b', 'two', 2), label]);
});

test('a copy counts where it is later than the file', () => {
    const text = toLines([note('a', 'one', 1), note('b', 'two', 5)]);
    const copies = [note('a', 'new', 3), note('b', 'old', 4), note('c', 'three', 6)];
    assert.deepEqual(parseLog(text, copies), [copies[0], note('b', 'two', 5), copies[2]]);
});

test('an entry that was cut short is left out, and the one after it is not', () => {
    const [whole, cut, next] = [note('a', 'one', 1), note('b', 'two', 2), note('c', 'a\nb', 3)];
    const text = toLines([whole]) + toLines([cut]).slice(0, -9) + toLines([next]);
    assert.deepEqual(parseLog(text), [whole, next]);
    assert.deepEqual(parseLog('\n{"store":1}\nnull\n7\n[]\n{}\n\0\0'), []);
});

test('a database that was reset gets everything back, but for what was deleted', () => {
    const logged = [note('a', 'one', 1), note('b', null, 2), note('c', 'three', 3)];
    const { lost, unlogged } = compareLog(logged, [], -Infinity);
    assert.deepEqual(lost, [logged[0], logged[2]]);
    assert.deepEqual(unlogged, []);
});

test('a database that fell behind gets what came after its last write, deletions too', () => {
    const logged = [note('a', 'new', 6), note('b', null, 7), note('c', 'same', 8)];
    const { lost, unlogged } = compareLog(logged, [stored('a', 'old'), stored('b', 'two'), stored('c', 'same')], 5);
    assert.deepEqual(lost, logged.slice(0, 2));
    assert.deepEqual(unlogged, []);
});

test('a log that fell behind gets what the database has, deletions too', () => {
    const logged = [note('a', 'old', 1), note('b', 'two', 2)];
    const { lost, unlogged } = compareLog(logged, [stored('a', 'new'), stored('c', 'three')], 5);
    assert.deepEqual(lost, []);
    assert.deepEqual(unlogged, [stored('a', 'new'), stored('c', 'three'), stored('b', null)]);
});

test('a database from before there was a log fills it', () => {
    const records = [stored('a', 'one'), stored('b', 'two')];
    assert.deepEqual(compareLog([], records, -Infinity), { lost: [], unlogged: records });
});
