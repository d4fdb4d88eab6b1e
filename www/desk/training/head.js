// The last layer of a model: what turns the features of image and caption into scores. It is a few thousand numbers and
// linear, so its scores are computed here by the engine's formula.

import { softmax } from './calibration.js';
import { fromHalf, toHalf } from './half.js';
import { standardise } from './standardise.js';

/** @typedef {import('./calibration.js').Calibrated} Calibrated */
/** @typedef {import('./standardise.js').Statistics} Statistics */

/**
 * A side's part of the layer.
 *
 * @typedef {object} HeadSide
 * @property {number} width The number of features.
 * @property {Statistics} statistics
 * @property {Float32Array} weight `[width, labels]`, of posts with both sides.
 * @property {Float32Array} standaloneWeight `[width, labels]`, of posts that have this side alone.
 * @property {Float32Array} standaloneBias `[labels]`
 */

/**
 * @typedef {object} Head
 * @property {string[]} labels
 * @property {HeadSide} image
 * @property {HeadSide} caption
 * @property {Float32Array} priors `[3, labels]`: added to the logits of posts with both, with the image alone, with the
 *     caption alone.
 */

/**
 * The calibration of each kind of input, as in a model file's manifest.
 *
 * @typedef {object} HeadCalibration
 * @property {Calibrated} both
 * @property {Calibrated} image For a post whose caption is taken away.
 * @property {Calibrated} caption For a post whose image is taken away.
 * @property {Calibrated} standalone_image
 * @property {Calibrated} standalone_caption
 * @property {number} sides_disagree_below
 */

/**
 * Rounds weights to half precision, in which a model file stores them.
 *
 * @param {Float32Array} weights
 */
export const rounded = (weights) => weights.map((value) => fromHalf(toHalf(value)));

/**
 * The scores that the engine gives a post.
 *
 * @param {Head} head
 * @param {HeadCalibration} calibration
 * @param {{ image: Float32Array | null, caption: Float32Array | null }} features At least one.
 * @returns {Float64Array} In the order of the labels.
 */
export function scoresOf(head, calibration, { image, caption }) {
    if (image && caption) {
        const logits = Float64Array.from(head.labels, (_, label) => head.priors[label]);
        addProducts(logits, standardise(image, head.image.statistics), head.image.weight);
        addProducts(logits, standardise(caption, head.caption.statistics), head.caption.weight);
        return softmax(logits, calibration.both.temperature);
    }
    const [side, { temperature }] = image
        ? [head.image, calibration.standalone_image]
        : [head.caption, calibration.standalone_caption];
    const logits = Float64Array.from(side.standaloneBias);
    const features = image ?? caption;
    if (features) addProducts(logits, standardise(features, side.statistics), side.standaloneWeight);
    return softmax(logits, temperature);
}

/**
 * @param {Float64Array} logits To be added to.
 * @param {Float32Array} features
 * @param {Float32Array} weight `[features, logits]`
 */
function addProducts(logits, features, weight) {
    for (const [index, feature] of features.entries())
        for (let label = 0; label < logits.length; label++)
            logits[label] += feature * weight[index * logits.length + label];
}
