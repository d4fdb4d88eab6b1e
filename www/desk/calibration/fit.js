// From the labels set by hand to a correction.

import { EMOTIONS } from '../../emofuse.js';
import { fitAndValidate } from './cross-validation.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('./cross-validation.js').Report} Report */
/** @typedef {import('./last-layer.js').Sample} Sample */

/** Fewer labels would say more about chance than about a person. */
export const FEWEST_LABELS = 20;

/** Others run at least this often while a correction is fitted. */
const BREATH_MS = 12;

/**
 * The posts that a correction can be fitted to: labelled by hand and read by the machine.
 *
 * @param {Collection} collection
 * @returns {Sample[]}
 */
export function samplesOf(collection) {
    return collection.posts.flatMap(({ judgement, hand, key, index }) =>
        judgement && hand
            ? [{ key: key ?? `post ${index}`, scores: judgement.scores, label: EMOTIONS.indexOf(hand.emotion) }]
            : [],
    );
}

/**
 * @param {Collection} collection With a model, and at least `FEWEST_LABELS` samples.
 * @returns {Promise<{ correction: Correction, report: Report }>}
 */
export async function fitCorrection(collection) {
    const samples = samplesOf(collection);
    const model = collection.description?.model;
    if (!model) throw new Error('the model is not loaded; wait for it, then fit again');
    if (samples.length < FEWEST_LABELS)
        throw new Error(`${samples.length} labels are too few; set at least ${FEWEST_LABELS} by hand`);
    const fitted = new Date().toISOString();
    const { adjustment, report } = await fitAndValidate(samples, breather());
    const bias = /** @type {Record<Emotion, number>} */ (
        Object.fromEntries(EMOTIONS.map((emotion, index) => [emotion, adjustment.bias[index] ?? 0]))
    );
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

/** @returns {import('./last-layer.js').Breathe} */
function breather() {
    let last = performance.now();
    return async () => {
        if (performance.now() - last < BREATH_MS) return;
        await new Promise((resolve) => setTimeout(resolve));
        last = performance.now();
    };
}
