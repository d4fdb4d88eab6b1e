// JSON Lines for doccano's text classification: a text, its labels, and the rest as metadata.

import { TimeSlice } from '../time-slice.js';
import { rowOf } from './jsonl.js';
import { columnsOf, nameOf, writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** The fields that doccano reads as text and labels. */
const TEXT = 'text';
const LABEL = 'label';

/** Fields that doccano adds to each example; a column of that name would overwrite them. */
const TAKEN = [TEXT, LABEL, 'filename', 'upload_name', 'example_uuid', '#line_number'];

/**
 * Posts without a caption are left out: doccano does not accept empty texts. The label is the manual one, or else the
 * model's.
 *
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toDoccano(posts, context, { onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const columns = await columnsOf(posts, context, slice);
    const names = metadataNames(columns);
    const write = (/** @type {DeskPost[]} */ some) =>
        some
            .filter(hasText)
            .map((post) => `${JSON.stringify(exampleOf(post, columns, names, context))}\n`)
            .join('');
    return writeParts('application/x-ndjson', posts, write, { slice, onProgress });
}

/** @param {DeskPost} post */
export const hasText = ({ caption }) => caption !== null;

/**
 * Returns new names for columns that would collide with doccano's fields.
 *
 * @param {import('../intake/columns.js').OutputColumns} columns
 */
function metadataNames({ added, optional, extra, mark }) {
    const taken = new Set([...added, ...optional.map(({ name }) => name), ...extra, ...(mark ? [mark.name] : [])]);
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const column of TAKEN.filter((column) => taken.has(column))) {
        let name = `table_${column}`;
        for (let number = 2; taken.has(name); number++) name = `table_${column} ${number}`;
        taken.add(name);
        names.set(column, name);
    }
    return names;
}

/**
 * @param {DeskPost} post
 * @param {import('../intake/columns.js').OutputColumns} columns
 * @param {Map<string, string>} names
 * @param {import('./rows.js').Context} context
 */
function exampleOf(post, columns, names, context) {
    const captionColumn = nameOf(columns, 'caption');
    const label = post.manualLabel?.emotion ?? context.predictedLabel(post)?.emotion;
    // doccano reads the lines as a table: null would become NaN, which its database rejects.
    const metadata = Object.entries(rowOf(post, columns, context))
        .filter(([column]) => column !== captionColumn)
        .map(([column, value]) => [names.get(column) ?? column, value ?? '']);
    return { [TEXT]: post.caption, [LABEL]: label ? [label] : [], ...Object.fromEntries(metadata) };
}
