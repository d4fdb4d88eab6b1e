// JSON Lines as docs/labels.md has them.

import { TimeSlice } from '../time-slice.js';
import { columnsOf, rounded, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toJsonLines(posts, context, { onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const columns = await columnsOf(posts, slice);
    const write = (/** @type {DeskPost[]} */ some) =>
        some.map((post) => `${JSON.stringify(rowOf(post, columns, context))}\n`).join('');
    return writeParts('application/x-ndjson', posts, write, { slice, onProgress });
}

/**
 * A row with names, flat.
 *
 * @param {DeskPost} post
 * @param {import('../intake/columns.js').OutputColumns} columns
 * @param {import('./rows.js').Context} context
 * @returns {Record<string, import('./rows.js').Cell>}
 */
export function rowOf(post, { added, extra, mark }, context) {
    const values = valuesOf(post, context).map((value, index) => [
        added[index],
        typeof value === 'number' ? rounded(value) : value,
    ]);
    return Object.fromEntries([
        ...values,
        ...extra.map((column) => [column, post.own?.[column] ?? null]),
        ...(mark ? [[mark.name, mark.value]] : []),
    ]);
}
