// The scores of the image, of the caption, and of both, side by side.

import { element } from './dom.js';
import { capitalised, comparison, percent, ranked } from './words.js';

const SHOWN = 3;

/** @typedef {import('../emofuse.js').Scores} Scores */

/** Three cards and a sentence that compares them. */
export class Voices {
    #cards = element('div', { class: 'voices' });
    #comparison = element('p', { class: 'comparison' });
    container = element(
        'section',
        { 'aria-labelledby': 'voices-title' },
        element('h3', { id: 'voices-title' }, 'Image and caption'),
        this.#comparison,
        this.#cards,
    );

    /** @param {import('../emofuse.js').Result} result */
    show(result) {
        const compared = comparison(result);
        this.#comparison.hidden = !compared;
        this.#comparison.textContent = compared?.text ?? '';
        this.#comparison.dataset.kind = compared?.kind ?? '';
        this.#cards.replaceChildren(
            card('The image says', 'image', result.image, 'There is no image.'),
            card('The caption says', 'caption', result.caption, 'There is no caption with a word in it.'),
            card(
                'Both together',
                'both',
                result.image && result.caption ? result.scores : null,
                'There is only one of them.',
            ),
        );
    }
}

/**
 * @param {string} title
 * @param {string} name
 * @param {Scores | null} scores
 * @param {string} absent
 */
function card(title, name, scores, absent) {
    const heading = element('h4', {}, title);
    if (!scores)
        return element(
            'article',
            { class: 'voice absent', 'data-voice': name },
            heading,
            element('p', { class: 'hint' }, absent),
        );
    const [first, ...others] = ranked(scores).slice(0, SHOWN);
    const rows = [first, ...others].flatMap((entry, index) => {
        if (!entry) return [];
        const [emotion, score] = entry;
        return [
            element(
                'li',
                { class: `emotion-${emotion}${index === 0 ? ' first' : ''}` },
                element('span', { class: 'swatch', 'aria-hidden': 'true' }),
                element('span', { class: 'voice-emotion' }, index === 0 ? capitalised(emotion) : emotion),
                ' ',
                element('span', { class: 'number' }, percent(score)),
            ),
        ];
    });
    return element('article', { class: 'voice', 'data-voice': name }, heading, element('ol', {}, ...rows));
}
