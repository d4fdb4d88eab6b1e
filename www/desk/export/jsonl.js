// Writes JSON Lines as described in docs/labels.md.

import { TimeSlice } from '../time-slice.js';
import { columnsOf, optionalValue, rounded, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toJsonLines(posts, context, { onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const columns = await columnsOf(posts, context, slice);
    const write = (/** @type {DeskPost[]} */ some) =>
        some.map((post) => `${JSON.stringify(rowOf(post, columns, context))}\n`).join('');
    return writeParts('application/x-ndjson', posts, write, { slice, onProgress });
}

/**
 * Returns a flat row with named values.
 *
 * @param {DeskPost} post
 * @param {import('../intake/columns.js').OutputColumns} columns
 * @param {import('./rows.js').Context} context
 * @returns {Record<string, import('./rows.js').Cell>}
 */
export function rowOf(post, { added, optional, extra, mark }, context) {
    const values = valuesOf(post, context).map((value, index) => [
        added[index],
        typeof value === 'number' ? rounded(value) : value,
    ]);
    return Object.fromEntries([
        ...values,
        ...optional.map(({ column, name }) => [name, optionalValue(post, column)]),
        ...extra.map((column) => [column, post.own?.[column] ?? null]),
        ...(mark ? [[mark.name, mark.value]] : []),
    ]);
}
