// All scores as a table with bars.

import { element } from './dom.js';
import { tint } from './labels.js';
import { tableTexts } from './texts.js';
import { percent, ranked } from './words.js';

/** A table of scores, highest first. */
export class ScoreTable {
    #rows = element('tbody');
    container = element(
        'table',
        { class: 'scores' },
        element('caption', { class: 'visually-hidden' }, tableTexts.caption),
        element(
            'thead',
            { class: 'visually-hidden' },
            element('tr', {}, ...tableTexts.columns.map((name) => element('th', { scope: 'col' }, name))),
        ),
        this.#rows,
    );

    /** Shows no scores. */
    clear() {
        this.#rows.replaceChildren();
    }

    /** @param {import('../emofuse.js').Scores} scores */
    show(scores) {
        const rows = ranked(scores).map(([emotion, score], place) =>
            tint(
                element(
                    'tr',
                    { 'data-emotion': emotion },
                    element('th', { scope: 'row', id: `row-${place}` }, emotion),
                    element(
                        'td',
                        { class: 'bar' },
                        element('meter', { min: 0, max: 1, value: score, 'aria-labelledby': `row-${place}` }),
                    ),
                    element('td', { class: 'number' }, percent(score)),
                ),
                emotion,
            ),
        );
        this.#rows.replaceChildren(...rows);
    }
}
