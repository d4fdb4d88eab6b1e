// Predictions from the classifier's results, and the labels that follow from them.

import { labelsInUse } from '../../shared/labels.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').StoredPrediction} StoredPrediction */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */
/** @typedef {import('../types.js').PredictionRecord} PredictionRecord */
/** @typedef {import('../types.js').UncertainReason} UncertainReason */

/** The reasons to doubt a label, in the same order as in results. */
export const UNCERTAIN_REASONS = /** @type {readonly UncertainReason[]} */ (
    Object.freeze(['language', 'unknown_words', 'low_confidence', 'sides_disagree'])
);

/** A score of 0 has no logarithm. */
const LEAST = 1e-9;

/**
 * @param {import('../../emofuse.js').Result} result
 * @param {readonly string[]} [labels] The model's.
 * @returns {StoredPrediction}
 */
export function toPrediction(result, labels = labelsInUse().names) {
    const { scores, image, caption, agreement, secondary, uncertain, uncertain_because, backend } = result;
    const toArray = (/** @type {import('../../emofuse.js').Scores} */ of) =>
        Float32Array.from(labels, (label) => of[label] ?? 0);
    return {
        scores: toArray(scores),
        image: image && toArray(image),
        caption: caption && toArray(caption),
        agreement,
        secondary,
        uncertain,
        uncertain_because,
        backend,
    };
}

/**
 * Restores a prediction from the journal. In earlier versions, only low confidence made a label uncertain.
 *
 * @param {PredictionRecord} stored
 * @returns {StoredPrediction}
 */
export function restored(stored) {
    const { secondary = null, uncertain_because = stored.uncertain ? ['low_confidence'] : [] } = stored;
    return { ...stored, secondary, uncertain_because };
}

/**
 * @param {Float32Array} scores
 * @returns {import('../../emofuse.js').Scores}
 */
export const toScores = (scores) =>
    Object.fromEntries(labelsInUse().names.map((label, index) => [label, scores[index] ?? 0]));

/**
 * @param {Float32Array} scores
 * @returns {[Emotion, number]} The label with the highest score, and its score.
 */
export function strongestOf(scores) {
    let best = 0;
    for (let index = 1; index < scores.length; index++) if ((scores[index] ?? 0) > (scores[best] ?? 0)) best = index;
    return [labelsInUse().names[best] ?? '', scores[best] ?? 0];
}

/**
 * Returns the scores for another temperature and bias of the last layer: the logarithms of the scores equal its logits
 * up to a constant, which softmax ignores.
 *
 * @param {Float32Array} scores
 * @param {Correction} correction
 * @returns {Float32Array}
 */
export function corrected(scores, { temperature, bias }) {
    // Loops for speed: this runs for tens of thousands of posts per frame.
    const { names } = labelsInUse();
    const powers = new Float64Array(scores.length);
    let highest = -Infinity;
    for (let index = 0; index < powers.length; index++) {
        const logit = Math.log(Math.max(scores[index] ?? 0, LEAST)) / temperature + (bias[names[index] ?? ''] ?? 0);
        powers[index] = logit;
        if (logit > highest) highest = logit;
    }
    let sum = 0;
    for (let index = 0; index < powers.length; index++) sum += powers[index] = Math.exp((powers[index] ?? 0) - highest);
    const result = new Float32Array(powers.length);
    for (let index = 0; index < powers.length; index++) result[index] = (powers[index] ?? 0) / sum;
    return result;
}

/**
 * @param {StoredPrediction} prediction
 * @param {Correction | null} correction
 * @param {import('../../emofuse.js').Description['uncertain_below']} uncertain_below The confidence from which the
 *     model is sure, by modality.
 * @returns {PredictedLabel}
 */
export function predictedLabel(prediction, correction, uncertain_below) {
    if (!correction) {
        const { scores, secondary, uncertain, uncertain_because } = prediction;
        const [emotion, confidence] = strongestOf(scores);
        return { emotion, confidence, secondary, uncertain, uncertain_because, scores };
    }
    const scores = corrected(prediction.scores, correction);
    const [emotion, confidence] = strongestOf(scores);
    const given = prediction.image && prediction.caption ? 'both' : prediction.image ? 'image' : 'caption';
    const uncertain_because = withConfidence(prediction.uncertain_because, confidence < uncertain_below[given]);
    return { emotion, confidence, secondary: null, uncertain: uncertain_because.length > 0, uncertain_because, scores };
}

/**
 * Updates the reasons for another confidence.
 *
 * @param {readonly UncertainReason[]} reasons
 * @param {boolean} isLow
 * @returns {readonly UncertainReason[]}
 */
function withConfidence(reasons, isLow) {
    if (reasons.includes('low_confidence') === isLow) return reasons;
    return UNCERTAIN_REASONS.filter((reason) => (reason === 'low_confidence' ? isLow : reasons.includes(reason)));
}
