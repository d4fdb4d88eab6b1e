// Compares the model's labels with those of the table.

import { labelsInUse } from '../../shared/labels.js';
import { agreement, cohensKappa, confusion, macroF1 } from '../review/agreement.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

/**
 * @typedef {object} Evaluation
 * @property {number} labelled How many posts have a label from the table.
 * @property {number} n How many of them are analysed.
 * @property {number[][]} matrix See `confusion`.
 * @property {ReturnType<typeof agreement>} accuracy
 * @property {number} macro_f1
 * @property {number} labels How many labels the table uses.
 * @property {ReturnType<typeof cohensKappa>} kappa
 * @property {ReturnType<typeof agreement>} sure The accuracy among posts of which the model is sure.
 * @property {DeskPost[]} disagreements Sorted by the model's confidence, highest first.
 */

/**
 * Whether a table gave the post a label that the model can give, too.
 *
 * @param {DeskPost} post
 */
const hasTableLabel = ({ tableLabel }) => Boolean(tableLabel && labelsInUse().names.includes(tableLabel));

/** @param {readonly DeskPost[]} posts */
export const hasTableLabels = (posts) => posts.some(hasTableLabel);

/**
 * @param {readonly DeskPost[]} posts
 * @param {(post: DeskPost) => PredictedLabel | null} labelOf
 * @returns {Evaluation}
 */
export function evaluate(posts, labelOf) {
    const labelled = posts.filter(hasTableLabel);
    const pairs = labelled.flatMap((post) => {
        const label = labelOf(post);
        if (!label || !post.tableLabel) return [];
        const { emotion: predicted, confidence, uncertain } = label;
        return [{ post, manual: post.tableLabel, predicted, confidence, uncertain }];
    });
    const matrix = confusion(pairs, labelsInUse().names);
    return {
        labelled: labelled.length,
        n: pairs.length,
        matrix,
        accuracy: agreement(pairs),
        macro_f1: macroF1(matrix),
        labels: matrix.filter((row) => row.some((count) => count > 0)).length,
        kappa: cohensKappa(matrix),
        sure: agreement(pairs.filter(({ uncertain }) => !uncertain)),
        disagreements: pairs
            .filter(({ manual, predicted }) => manual !== predicted)
            .sort((one, other) => other.confidence - one.confidence || one.post.index - other.post.index)
            .map(({ post }) => post),
    };
}
