// The row that a post is written as; docs/labels.md lists the columns.

import { columnsWith, scoreColumn } from '../../shared/label-columns.js';
import { labelsInUse } from '../../shared/labels.js';
import { OPTIONAL_COLUMNS, outputColumns } from '../intake/columns.js';
import { strongestOf } from '../labelling/prediction.js';
import { TimeSlice } from '../time-slice.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

/**
 * The context of an export; a Collection is one.
 *
 * @typedef {object} Context
 * @property {(post: DeskPost) => PredictedLabel | null} predictedLabel
 * @property {import('../../emofuse.js').Description | null} description
 * @property {Correction | null} correction
 * @property {boolean} [hasModel] True if left out.
 * @property {string} name The name of the collection.
 * @property {import('../types.js').Settings} [settings]
 */

/**
 * @typedef {object} ExportOptions
 * @property {((done: number) => void) | undefined} [onProgress] Called repeatedly with the number of posts written.
 * @property {AbortSignal | undefined} [signal]
 * @property {boolean | undefined} [escapesFormulas] Whether to escape cells of CSV that a spreadsheet would treat as a
 *     formula.
 */

/** @typedef {string | number | boolean | null} Cell */

/** The number of posts written between two checks of the time slice. */
const POSTS_AT_ONCE = 50;

/** The number of posts in one part of the file. */
const POSTS_IN_PART = 1000;

/** The number of decimals of a score. */
const DECIMALS = 6;

/**
 * Reasons as one text, the same in all formats: rows are flat.
 *
 * @param {readonly import('../types.js').UncertainReason[]} reasons
 * @returns {string | null} Null if there are none.
 */
export const joined = (reasons) => reasons.join('|') || null;

/** @param {number} score */
export const rounded = (score) => Number(score.toFixed(DECIMALS));

/**
 * The model's own label, whether or not a correction is in use.
 *
 * @param {DeskPost} post
 */
export function modelLabel({ prediction }) {
    return prediction ? strongestOf(prediction.scores) : null;
}

/**
 * The labels whose scores are written: without a model there are none.
 *
 * @param {Context} context
 */
const scoresOf = ({ hasModel = true }) => (hasModel ? labelsInUse().names : []);

/**
 * The columns of the desk, in their order.
 *
 * @param {Context} context
 */
const columnsInUse = (context) => columnsWith(scoresOf(context).map(scoreColumn));

/**
 * The values of all columns of the desk, in their order.
 *
 * @param {DeskPost} post
 * @param {Context} context
 * @returns {Cell[]}
 */
export function valuesOf(post, context) {
    const { prediction } = post;
    const [emotion, confidence] = modelLabel(post) ?? [null, null];
    const [imageEmotion, imageConfidence] = prediction?.image ? strongestOf(prediction.image) : [null, null];
    const [captionEmotion, captionConfidence] = prediction?.caption ? strongestOf(prediction.caption) : [null, null];
    const corrected = context.correction ? context.predictedLabel(post) : null;
    return [
        post.id,
        post.image,
        post.caption,
        emotion,
        confidence,
        prediction?.secondary ?? null,
        prediction?.uncertain ?? null,
        prediction ? joined(prediction.uncertain_because) : null,
        ...scoresOf(context).map((_, index) => prediction?.scores[index] ?? null),
        imageEmotion,
        imageConfidence,
        captionEmotion,
        captionConfidence,
        prediction?.agreement ?? null,
        post.manualLabel?.emotion ?? null,
        corrected?.emotion ?? null,
        corrected?.confidence ?? null,
        post.error,
        post.imageSha256,
        prediction ? (context.description?.model.sha256 ?? null) : null,
        prediction?.backend ?? null,
    ];
}

/**
 * The values of OPTIONAL_COLUMNS.
 *
 * @type {Record<string, (post: DeskPost) => Cell>}
 */
const OPTIONAL_VALUES = {
    hand_secondary: ({ manualLabel }) => manualLabel?.secondary ?? null,
    hand_note: ({ note }) => note ?? null,
};

/**
 * The value of one of OPTIONAL_COLUMNS.
 *
 * @param {DeskPost} post
 * @param {string} column
 */
export const optionalValue = (post, column) => OPTIONAL_VALUES[column]?.(post) ?? null;

/**
 * Returns the columns of a file with these posts; extra columns of tables come in the order of their first appearance.
 *
 * @param {DeskPost[]} posts
 * @param {Context} context
 * @param {TimeSlice} slice
 * @param {boolean} [escapesFormulas]
 */
export async function columnsOf(posts, context, slice, escapesFormulas = false) {
    /** @type {Set<string>} */
    const extra = new Set();
    const used = new Set();
    for (const post of posts) {
        if (slice.isOver) await slice.yieldToEventLoop();
        for (const column in post.own) extra.add(column);
        for (const column of OPTIONAL_COLUMNS) if (optionalValue(post, column) !== null) used.add(column);
    }
    return outputColumns(
        [...extra],
        escapesFormulas,
        columnsInUse(context),
        OPTIONAL_COLUMNS.filter((column) => used.has(column)),
    );
}

/**
 * Returns the name in the file of one of COLUMNS or OPTIONAL_COLUMNS.
 *
 * @param {import('../intake/columns.js').OutputColumns} columns
 * @param {string} column
 */
export const nameOf = ({ added, columns, optional }, column) =>
    added[columns.indexOf(column)] ?? optional.find((one) => one.column === column)?.name ?? column;

/**
 * Writes a file of many posts without blocking the page.
 *
 * @param {string} type The file's media type.
 * @param {DeskPost[]} posts
 * @param {(posts: DeskPost[], first: number) => string} write Returns the text of some posts; `first` is the number of
 *     the first one.
 * @param {{ head?: string, foot?: string, slice: TimeSlice, onProgress?: ((done: number) => void) | undefined }} options
 * @returns {Promise<Blob>}
 */
export async function writeParts(type, posts, write, { head = '', foot = '', slice, onProgress }) {
    /** @type {Blob[]} */
    const parts = [];
    let texts = [head];
    for (let first = 0; first < posts.length; first += POSTS_AT_ONCE) {
        texts.push(write(posts.slice(first, first + POSTS_AT_ONCE), first));
        if (texts.length * POSTS_AT_ONCE >= POSTS_IN_PART) {
            parts.push(new Blob(texts)); // one part at a time: encoding the whole text at once would take long
            texts = [];
        }
        if (slice.isOver) {
            onProgress?.(first);
            await slice.yieldToEventLoop();
        }
    }
    texts.push(foot);
    return new Blob([...parts, ...texts], { type });
}
