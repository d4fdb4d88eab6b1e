// The model's prediction for a post, in a few lines.

import { element } from '../../shared/dom.js';
import { capitalised, doubts, percent, ranked } from '../../shared/words.js';
import { strongestOf, toScores } from '../labelling/prediction.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

const HOW = {
    review: 'labelled by you in the review',
    blind: 'labelled by you in a blind sample',
    post: 'labelled by you beside the post',
    import: 'labelled by you, in a table',
};

/** A list of labels with their scores, and a note. */
export class PredictionSummary {
    #list = element('dl', { class: 'prediction-summary' });
    #note = element('p', { class: 'hint' });
    container = element('div', { class: 'check-prediction' }, this.#list, this.#note);

    /**
     * @param {DeskPost} post
     * @param {PredictedLabel} predicted
     * @param {boolean} isCorrected Whether the person's own correction is in it.
     */
    show(post, predicted, isCorrected) {
        const [first, second] = /** @type {[[Emotion, number], [Emotion, number]]} */ (
            ranked(toScores(predicted.scores)).slice(0, 2)
        );
        const { image = null, caption = null } = post.prediction ?? {};
        this.#list.replaceChildren(
            ...line(predicted.uncertain ? 'Not sure, perhaps' : 'The model says', first, 'first'),
            ...line(predicted.secondary ? 'Perhaps also' : 'Or else', second, ''),
            ...(image ? line('The image alone', strongestOf(image), '') : []),
            ...(caption ? line('The caption alone', strongestOf(caption), '') : []),
        );
        const notes = [
            doubts(predicted.uncertain_because),
            isCorrected ? 'With your correction.' : '',
            post.manualLabel ? `${capitalised(post.manualLabel.emotion)}: ${HOW[post.manualLabel.how]}.` : '',
            post.image ?? '',
        ].filter((note) => note !== '');
        this.#note.textContent = notes.join(' ');
    }
}

/**
 * @param {string} who
 * @param {[Emotion, number]} what
 * @param {string} kind
 */
function line(who, [emotion, score], kind) {
    return [
        element('dt', {}, who),
        element(
            'dd',
            { class: `emotion-${emotion} ${kind}` },
            element('span', { class: 'swatch', 'aria-hidden': 'true' }),
            element('span', { class: 'predicted-emotion' }, kind === 'first' ? capitalised(emotion) : emotion),
            ' ',
            element('span', { class: 'number' }, percent(score)),
        ),
    ];
}
