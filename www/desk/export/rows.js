// The row that a post is written as; docs/labels.md lists the columns.

import { EMOTIONS } from '../../emofuse.js';
import { strongestOf } from '../labelling/prediction.js';
import { COLUMNS, outputColumns } from '../intake/columns.js';
import { TimeSlice } from '../time-slice.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

/**
 * What the exports know besides the posts; a Collection is one.
 *
 * @typedef {object} Context
 * @property {(post: DeskPost) => PredictedLabel | null} predictedLabel
 * @property {import('../../emofuse.js').Description | null} description
 * @property {Correction | null} correction
 * @property {string} name What the posts came from.
 */

/**
 * @typedef {object} ExportOptions
 * @property {((done: number) => void) | undefined} [onProgress] Called now and then with how many posts are written.
 * @property {AbortSignal | undefined} [signal]
 * @property {boolean | undefined} [escapesFormulas] Whether cells of CSV that a spreadsheet would take for a formula are escaped.
 */

/** @typedef {string | number | boolean | null} Cell */

/** How many posts are written in one go; a slice ends between two. */
const POSTS_AT_ONCE = 50;

/** How many posts are put together into one part of the file. */
const POSTS_IN_PART = 1000;

/** What is written of a score. */
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
        ...EMOTIONS.map((_, index) => prediction?.scores[index] ?? null),
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
 * The columns of a file of these posts; the tables' own come in the order of their first appearance.
 *
 * @param {DeskPost[]} posts
 * @param {TimeSlice} slice
 * @param {boolean} [escapesFormulas]
 */
export async function columnsOf(posts, slice, escapesFormulas = false) {
    /** @type {Set<string>} */
    const extra = new Set();
    for (const { own } of posts) {
        if (slice.isOver) await slice.yieldToEventLoop();
        for (const column in own) extra.add(column);
    }
    return outputColumns([...extra], escapesFormulas);
}

/**
 * The name that one of COLUMNS has in a file.
 *
 * @param {import('../intake/columns.js').OutputColumns} columns
 * @param {string} column
 */
export const nameOf = ({ added }, column) => added[COLUMNS.indexOf(column)] ?? column;

/**
 * Writes a file of many posts without keeping the page from its own work.
 *
 * @param {string} type The file's media type.
 * @param {DeskPost[]} posts
 * @param {(posts: DeskPost[], first: number) => string} write The text of some posts, of which the first has this number.
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
            parts.push(new Blob(texts)); // a part at a time: a whole file's text would take long to encode
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
