// JSON Lines as docs/labels.md has them.

import { COLUMNS } from '../sources/columns.js';
import { Turn } from '../sources/turn.js';
import { ownColumns, rounded, valuesOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toJsonLines(posts, context, { onProgress, signal } = {}) {
    const turn = new Turn(signal);
    const own = await ownColumns(posts, turn);
    const write = (/** @type {DeskPost[]} */ some) =>
        some.map((post) => `${JSON.stringify(rowOf(post, own, context))}\n`).join('');
    return writeParts('application/x-ndjson', posts, write, { turn, onProgress });
}

/**
 * A row with names, flat.
 *
 * @param {DeskPost} post
 * @param {string[]} own
 * @param {import('./rows.js').Context} context
 * @returns {Record<string, import('./rows.js').Cell>}
 */
export function rowOf(post, own, context) {
    const values = valuesOf(post, context).map((value, index) => [
        COLUMNS[index],
        typeof value === 'number' ? rounded(value) : value,
    ]);
    return Object.fromEntries([...values, ...own.map((column) => [column, post.own?.[column] ?? null])]);
}
