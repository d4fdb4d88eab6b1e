// The whole collection at a glance: how many posts have which label, as bars and as the wheel.

import { Wheel } from '../../shared/wheel.js';
import { element } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { grouped } from '../words.js';

/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('./totals.js').Totals} Totals */

/** @type {['unsure' | 'disagreeing' | 'isManual' | 'failed', string][]} */
const FACTS = [
    ['unsure', 'not sure'],
    ['disagreeing', 'where image and caption disagree'],
    ['isManual', 'labelled by you'],
    ['failed', 'could not be analysed'],
];

/** Bars that are buttons: each shows its posts. */
export class TotalsView {
    #bars = element('ul', { class: 'bars', role: 'list' });
    #wheel = new Wheel('The larger a petal’s area, the more posts.');
    #facts = FACTS.map(([name, words]) => ({
        name,
        words,
        button: element('button', { type: 'button', class: 'quiet' }),
    }));
    #left = element('li', { class: 'hint' });
    container = element(
        'section',
        { class: 'totals', 'aria-labelledby': 'totals-title' },
        element('h3', { id: 'totals-title' }, 'The whole collection'),
        element('div', { class: 'totals-body' }, this.#bars, this.#wheel.container),
        element(
            'ul',
            { class: 'facts', role: 'list' },
            ...this.#facts.map(({ button }) => element('li', {}, button)),
            this.#left,
        ),
    );
    /** @type {Map<Emotion, { button: HTMLButtonElement, meter: HTMLMeterElement, number: HTMLElement }>} */
    #rows = new Map();
    #onFilter;

    /** @param {(filter: Partial<import('./filter.js').Filter>) => void} onFilter */
    constructor(onFilter) {
        this.#onFilter = onFilter;
        for (const { name, button } of this.#facts) button.addEventListener('click', () => onFilter({ [name]: true }));
    }

    /** @param {Totals} totals */
    show({ posts, labelled, failed, unsure, disagreeing, isManual, emotions }) {
        const entries = /** @type {[Emotion, number][]} */ (Object.entries(emotions));
        const most = Math.max(1, ...Object.values(emotions));
        for (const [emotion, count] of entries) {
            const { button, meter, number } = this.#row(emotion);
            meter.value = count / most;
            number.textContent = `${grouped(count)} (${percent(labelled ? count / labelled : 0)})`;
            button.disabled = count === 0;
        }
        if (labelled === 0) this.#wheel.clear();
        else
            this.#wheel.show(
                /** @type {import('../../emofuse.js').Scores} */ (
                    Object.fromEntries(entries.map(([emotion, count]) => [emotion, count / labelled]))
                ),
            );
        const counts = { unsure, disagreeing, isManual, failed };
        for (const { name, words, button } of this.#facts) {
            button.textContent = `${grouped(counts[name])} ${words}`;
            button.disabled = counts[name] === 0;
        }
        const left = posts - labelled - failed;
        this.#left.textContent = left > 0 ? `${grouped(left)} not analysed yet` : '';
    }

    /** @param {Emotion} emotion */
    #row(emotion) {
        let row = this.#rows.get(emotion);
        if (!row) {
            const meter = element('meter', { min: 0, max: 1, 'aria-hidden': 'true' });
            const number = element('span', { class: 'number' });
            const button = element(
                'button',
                { type: 'button', class: `bar-button emotion-${emotion}` },
                element('span', {}, emotion),
                meter,
                number,
                element('span', { class: 'visually-hidden' }, 'Show these posts'),
            );
            button.addEventListener('click', () => this.#onFilter({ emotion }));
            this.#bars.append(element('li', {}, button));
            row = { button, meter, number };
            this.#rows.set(emotion, row);
        }
        return row;
    }
}
