// Fits a correction to the manual labels.

import { labelsInUse } from '../../shared/labels.js';
import { fitAndValidate } from './cross-validation.js';
import { errors } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('./cross-validation.js').Report} Report */
/** @typedef {import('./last-layer.js').Sample} Sample */

/** With fewer labels, the fit would mostly reflect chance. */
export const FEWEST_LABELS = 20;

/** The event loop runs at least this often during a fit. */
const YIELD_EVERY_MS = 12;

/**
 * The posts that a correction can be fitted to: labelled by a person and classified by the model.
 *
 * @param {Collection} collection
 * @returns {Sample[]}
 */
export function samplesOf(collection) {
    const { names } = labelsInUse();
    return collection.posts.flatMap(({ prediction, manualLabel, key, index }) => {
        const label = manualLabel ? names.indexOf(manualLabel.emotion) : -1;
        return prediction && label >= 0 ? [{ key: key ?? `post-${index}`, scores: prediction.scores, label }] : [];
    });
}

/**
 * @param {Collection} collection With a model, and at least `FEWEST_LABELS` samples.
 * @returns {Promise<{ correction: Correction, report: Report }>}
 */
export async function fitCorrection(collection) {
    const samples = samplesOf(collection);
    const { names } = labelsInUse();
    const model = collection.description?.model;
    if (!model) throw new Error(errors.modelToFit);
    if (samples.length < FEWEST_LABELS) throw new Error(errors.few(samples.length, FEWEST_LABELS));
    const fitted = new Date().toISOString();
    const { adjustment, report } = await fitAndValidate(samples, yieldNowAndThen());
    const bias = Object.fromEntries(names.map((label, index) => [label, adjustment.bias[index] ?? 0]));
    const { before, after } = report.agreement;
    return {
        report,
        correction: {
            format: 'emofuse-correction',
            version: 1,
            model_sha256: model.sha256,
            temperature: adjustment.temperature,
            bias,
            posts: report.posts,
            agreement: { before: before.share, after: after.share },
            fitted,
        },
    };
}

/** @returns {import('./last-layer.js').YieldToEventLoop} */
function yieldNowAndThen() {
    let last = performance.now();
    return async () => {
        if (performance.now() - last < YIELD_EVERY_MS) return;
        await new Promise((resolve) => setTimeout(resolve));
        last = performance.now();
    };
}
