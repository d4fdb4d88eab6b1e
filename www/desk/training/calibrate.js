// The calibration of each kind of input, from the answers to posts that were left out.

import { agreementOf, calibrated, disagreeBelow, firstTwo, softmax } from './calibration.js';
import { BOTH, CAPTION, IMAGE, kindOf } from './posts.js';

/** @typedef {import('./cross-validation.js').Validated} Validated */
/** @typedef {import('./head.js').HeadCalibration} HeadCalibration */
/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./train.js').Sample} Sample */

/**
 * @param {readonly Sample[]} samples
 * @param {readonly string[]} labels
 * @param {Posts} posts
 * @param {[both: Validated, image: Validated | null, caption: Validated | null]} validated
 * @returns {HeadCalibration}
 */
export function calibrate(samples, labels, posts, [both, image, caption]) {
    /**
     * @param {(Float64Array | null)[] | undefined} answers
     * @param {(post: number) => boolean} counts
     */
    const of = (answers, counts) =>
        calibrated(
            (answers ?? []).flatMap((logits, post) => {
                const { second } = samples[post];
                if (!logits || !counts(post)) return [];
                const place = second === null ? -1 : labels.indexOf(second);
                return [{ logits, label: posts.labels[post], second: place < 0 ? null : place }];
            }),
        );
    const hasBoth = (/** @type {number} */ post) => kindOf(posts, post) === BOTH;
    const calibration = {
        both: of(both.answers[BOTH], hasBoth),
        image: of(both.answers[IMAGE], hasBoth),
        caption: of(both.answers[CAPTION], hasBoth),
        standalone_image: of(image?.answers[IMAGE], () => true),
        standalone_caption: of(caption?.answers[CAPTION], () => true),
        sides_disagree_below: 0,
    };
    const sure = samples.flatMap((_, post) => {
        const logits = both.answers[BOTH][post];
        const [ofImage, ofCaption] = [image?.answers[IMAGE][post], caption?.answers[CAPTION][post]];
        if (!logits || !ofImage || !ofCaption) return [];
        const scores = softmax(logits, calibration.both.temperature);
        const [first] = firstTwo(scores);
        if (scores[first] < calibration.both.uncertain_below) return [];
        const agreement = agreementOf(
            softmax(ofImage, calibration.standalone_image.temperature),
            softmax(ofCaption, calibration.standalone_caption.temperature),
        );
        return [{ agreement, right: first === posts.labels[post] }];
    });
    return { ...calibration, sides_disagree_below: disagreeBelow(sure) };
}
