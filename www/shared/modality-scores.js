// The scores of the image alone, of the caption alone, and of both together, side by side.

import { element } from './dom.js';
import { tint } from './labels.js';
import { resultTexts } from './texts.js';
import { capitalised, percent, ranked } from './words.js';

const SHOWN = 2;

/** @typedef {import('../emofuse.js').Scores} Scores */

/** Hidden unless the post has both an image and a caption to compare. */
export class ModalityScores {
    #cards = element('div', { class: 'voices' });
    container = element(
        'section',
        { 'aria-labelledby': 'voices-title', class: 'modalities' },
        element('h3', { id: 'voices-title', class: 'visually-hidden' }, resultTexts.modalities),
        this.#cards,
    );

    /** @param {import('../emofuse.js').Result} result */
    show({ image, caption, scores }) {
        const hasBoth = image !== null && caption !== null;
        this.container.hidden = !hasBoth;
        this.#cards.replaceChildren(
            card('image', image),
            card('caption', caption),
            card('both', hasBoth ? scores : null),
        );
    }
}

/**
 * @param {'image' | 'caption' | 'both'} name
 * @param {Scores | null} scores
 */
function card(name, scores) {
    const heading = element('h4', {}, resultTexts.alone[name]);
    if (!scores) return element('article', { class: 'voice absent', 'data-voice': name, hidden: true }, heading);
    const rows = ranked(scores)
        .slice(0, SHOWN)
        .map(([emotion, score], index) =>
            tint(
                element(
                    'li',
                    { class: index === 0 ? 'first' : null },
                    element('span', { class: 'swatch', 'aria-hidden': 'true' }),
                    element('span', { class: 'voice-emotion' }, index === 0 ? capitalised(emotion) : emotion),
                    ' ',
                    element('span', { class: 'number' }, percent(score)),
                ),
                emotion,
            ),
        );
    return element('article', { class: 'voice', 'data-voice': name }, heading, element('ol', {}, ...rows));
}
