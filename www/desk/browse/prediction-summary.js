// The model's prediction for a post, in a few lines.

import { element } from '../../shared/dom.js';
import { tint } from '../../shared/labels.js';
import { capitalised, doubts, percent, ranked } from '../../shared/words.js';
import { strongestOf, toScores } from '../labelling/prediction.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').PredictedLabel} PredictedLabel */

const words = texts.prediction;

/** A list of labels with their scores, and a note. */
export class PredictionSummary {
    #list = element('dl', { class: 'prediction-summary' });
    #note = element('p', { class: 'hint' });
    container = element('div', { class: 'check-prediction' }, this.#list, this.#note);

    /**
     * @param {DeskPost} post
     * @param {PredictedLabel} predicted
     * @param {boolean} isCorrected Whether it includes the person's correction.
     */
    show(post, predicted, isCorrected) {
        const [first, second] = /** @type {[[string, number], [string, number]]} */ (
            ranked(toScores(predicted.scores)).slice(0, 2)
        );
        const { image = null, caption = null } = post.prediction ?? {};
        this.#list.replaceChildren(
            ...line(predicted.uncertain ? words.notSure : words.says, first, 'first'),
            ...line(predicted.secondary ? words.perhapsAlso : words.orElse, second, ''),
            ...(image ? line(words.image, strongestOf(image), '') : []),
            ...(caption ? line(words.caption, strongestOf(caption), '') : []),
        );
        const notes = [
            doubts(predicted.uncertain_because),
            isCorrected ? words.corrected : '',
            post.manualLabel ? `${capitalised(post.manualLabel.emotion)}: ${words.how[post.manualLabel.how]}.` : '',
            post.image ?? '',
        ].filter((note) => note !== '');
        this.#note.textContent = notes.join(' ');
    }
}

/**
 * @param {string} who
 * @param {[string, number]} what
 * @param {string} kind
 */
function line(who, [emotion, score], kind) {
    return [
        element('dt', {}, who),
        tint(
            element(
                'dd',
                { class: kind },
                element('span', { class: 'swatch', 'aria-hidden': 'true' }),
                element('span', { class: 'predicted-emotion' }, kind === 'first' ? capitalised(emotion) : emotion),
                ' ',
                element('span', { class: 'number' }, percent(score)),
            ),
            emotion,
        ),
    ];
}
