// What the figures of a training mean, in a few honest cases.

/** @typedef {import('./report.js').Report} Report */

/** With fewer posts, a difference that is not seen may still be there. */
const MANY_POSTS = 200;

/** A rise of accuracy below this is not worth more labels. */
const HARDLY = 0.02;

/** How much worse than the mean a label's F1 is, if more posts of it would help. */
const CLEARLY_WORSE = 0.1;
const ENOUGH_OF_LABEL = 100;
const MOST_NAMED = 3;

/**
 * @typedef {object} Verdict
 * @property {'better' | 'few' | 'none'} overall Better than always giving the most frequent label; too few posts to say;
 *     no better.
 * @property {'rises' | 'flat' | 'unclear'} curve Whether accuracy still rises with more posts.
 * @property {'better' | 'worse' | 'unclear' | null} model Beside the model in use; null if they cannot be compared.
 * @property {string[]} weak Labels of which more posts would help.
 */

/**
 * @param {Report} report
 * @returns {Verdict}
 */
export function verdictOf({ posts, majority, rise, model, labels, macro_f1 }) {
    return {
        overall: majority.gain.low > 0 ? 'better' : posts < MANY_POSTS ? 'few' : 'none',
        curve: rise.low > 0 ? 'rises' : rise.high < HARDLY ? 'flat' : 'unclear',
        model: model && (model.gain.low > 0 ? 'better' : model.gain.high < 0 ? 'worse' : 'unclear'),
        weak: labels
            .filter((label) => label.posts < ENOUGH_OF_LABEL && label.f1 < macro_f1.value - CLEARLY_WORSE)
            .sort((a, b) => a.f1 - b.f1 || a.posts - b.posts)
            .slice(0, MOST_NAMED)
            .map(({ label }) => label),
    };
}
