// JSON Lines for doccano's text classification: a text, its labels, and the rest as metadata.

import { Turn } from '../sources/turn.js';
import { ownColumns, writeParts } from './rows.js';
import { rowOf } from './jsonl.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** What doccano takes for text and labels. */
const TEXT = 'text';
const LABEL = 'label';

/** Names that doccano itself gives each example; a column of that name would take their place. */
const TAKEN = [TEXT, LABEL, 'filename', 'upload_name', 'example_uuid', '#line_number'];

/**
 * Posts without a caption are left out: doccano takes no empty text. The label is the one that was set by hand, else the machine's.
 *
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toDoccano(posts, context, { onProgress, signal } = {}) {
    const turn = new Turn(signal);
    const own = await ownColumns(posts, turn);
    const write = (/** @type {DeskPost[]} */ some) =>
        some
            .filter(hasText)
            .map((post) => `${JSON.stringify(exampleOf(post, own, context))}\n`)
            .join('');
    return writeParts('application/x-ndjson', posts, write, { turn, onProgress });
}

/** @param {DeskPost} post */
export const hasText = ({ caption }) => caption !== null;

/**
 * @param {DeskPost} post
 * @param {string[]} own
 * @param {import('./rows.js').Context} context
 */
function exampleOf(post, own, context) {
    const { caption, ...others } = rowOf(post, own, context);
    const label = post.hand?.emotion ?? context.read(post)?.emotion;
    // doccano makes a table of the lines: a null in it would become “not a number”, which its database does not take.
    const metadata = Object.entries(others).map(([column, value]) => [
        TAKEN.includes(column) ? `table_${column}` : column,
        value ?? '',
    ]);
    return { [TEXT]: caption, [LABEL]: label ? [label] : [], ...Object.fromEntries(metadata) };
}
