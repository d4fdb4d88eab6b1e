// The columns of labelled posts, as docs/labels.md describes them.

import { EMOTIONS } from '../emofuse.js';

const BEFORE = ['id', 'image', 'caption', 'emotion', 'confidence', 'secondary', 'uncertain', 'uncertain_because'];
const AFTER = [
    'image_emotion',
    'image_confidence',
    'caption_emotion',
    'caption_confidence',
    'agreement',
    'hand_emotion',
    'corrected_emotion',
    'corrected_confidence',
    'error',
    'image_sha256',
    'model_sha256',
    'backend',
];

/** The columns that are there whatever the labels. */
export const FIXED = Object.freeze([...BEFORE, ...AFTER]);

/** Names that no score may have, so that no two columns have the same one. */
const TAKEN = new Set([...FIXED, 'hand_secondary', 'hand_note', 'formulas_escaped']);

/** What could be taken for a column of another series, or for a score that has such a name. */
const LIKE_ANOTHER = /^(?:emofuse_|score \()| \d+$/;

/**
 * The column with a label's scores: its name, unless that means something else. As `score_column` of src/posts/label_columns.rs.
 *
 * @param {string} label
 */
export const scoreColumn = (label) => (TAKEN.has(label) || LIKE_ANOTHER.test(label) ? `score (${label})` : label);

/**
 * In their order. The table's own other columns come after them.
 *
 * @param {readonly string[]} scores The columns of the scores.
 */
export const columnsWith = (scores) => [...BEFORE, ...scores, ...AFTER];

/** With the default model's labels. */
export const COLUMNS = Object.freeze(columnsWith(EMOTIONS));
