// All nine scores as a table with bars.

import { element } from './dom.js';
import { percent, ranked } from './words.js';

/** A table of scores, highest first. */
export class ScoreTable {
    #rows = element('tbody');
    container = element(
        'table',
        { class: 'scores' },
        element('caption', { class: 'visually-hidden' }, 'The scores of all nine emotions'),
        element(
            'thead',
            { class: 'visually-hidden' },
            element(
                'tr',
                {},
                element('th', { scope: 'col' }, 'Emotion'),
                element('th', { scope: 'col' }, 'Bar'),
                element('th', { scope: 'col' }, 'Score'),
            ),
        ),
        this.#rows,
    );

    /** @param {import('../emofuse.js').Scores} scores */
    show(scores) {
        const rows = ranked(scores).map(([emotion, score]) =>
            element(
                'tr',
                { class: `emotion-${emotion}`, 'data-emotion': emotion },
                element('th', { scope: 'row', id: `row-${emotion}` }, emotion),
                element(
                    'td',
                    { class: 'bar' },
                    element('meter', { min: 0, max: 1, value: score, 'aria-labelledby': `row-${emotion}` }),
                ),
                element('td', { class: 'number' }, percent(score)),
            ),
        );
        this.#rows.replaceChildren(...rows);
    }
}
