// What the machine says of a post, in a few lines.

import { element } from '../../shared/dom.js';
import { capitalised, doubts, percent, ranked } from '../../shared/words.js';
import { strongestOf, toScores } from '../labelling/prediction.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').Reading} Reading */

const HOW = {
    review: 'set by hand in the review',
    blind: 'set by hand in a blind sample',
    post: 'set by hand beside the post',
    import: 'set by hand, from a table',
};

/** A heading and a list of who says what. */
export class MachineSays {
    #list = element('dl', { class: 'machine-says' });
    #note = element('p', { class: 'hint' });
    container = element('div', { class: 'check-machine' }, this.#list, this.#note);

    /**
     * @param {DeskPost} post
     * @param {Reading} reading
     * @param {boolean} isCorrected Whether the person's own correction is in it.
     */
    show(post, reading, isCorrected) {
        const [first, second] = /** @type {[[Emotion, number], [Emotion, number]]} */ (
            ranked(toScores(reading.scores)).slice(0, 2)
        );
        const { image = null, caption = null } = post.judgement ?? {};
        this.#list.replaceChildren(
            ...line(reading.uncertain ? 'Not sure, perhaps' : 'The machine says', first, 'first'),
            ...line(reading.secondary ? 'Perhaps also' : 'Or else', second, ''),
            ...(image ? line('The picture alone', strongestOf(image), '') : []),
            ...(caption ? line('The caption alone', strongestOf(caption), '') : []),
        );
        const notes = [
            doubts(reading.uncertain_because),
            isCorrected ? 'With your correction.' : '',
            post.hand ? `${capitalised(post.hand.emotion)}: ${HOW[post.hand.how]}.` : '',
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
            element('span', { class: 'machine-emotion' }, kind === 'first' ? capitalised(emotion) : emotion),
            ' ',
            element('span', { class: 'number' }, percent(score)),
        ),
    ];
}
