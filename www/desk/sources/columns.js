// The columns that the desk writes, which docs/labels.md tells of.

import { EMOTIONS } from '../../pkg/index.js';

/** In their order. The table's own other columns come after them. */
export const COLUMNS = Object.freeze([
    'id',
    'image',
    'caption',
    'emotion',
    'confidence',
    'secondary',
    'uncertain',
    'uncertain_because',
    ...EMOTIONS,
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
]);

/** A cell that a spreadsheet could take for a formula, or one that has a guard against that already. */
export const FORMULA = /^'*[=+\-@\t\r]/;

/** A cell with the guard in front. */
const GUARDED = /^'+[=+\-@\t\r]/;

/**
 * Whether a table is one that the desk or `emofuse label` wrote.
 *
 * @param {string[]} columns
 */
export const isOwnTable = (columns) => columns.includes('hand_emotion') && columns.includes('model_sha256');

/**
 * A cell of such a table as it was before it was guarded.
 *
 * @param {string} cell
 */
export const withoutGuard = (cell) => (GUARDED.test(cell) ? cell.slice(1) : cell);
