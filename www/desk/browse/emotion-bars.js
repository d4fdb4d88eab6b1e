// The number of posts with each label, as bars that filter by their label.

import { EMOTIONS } from '../../emofuse.js';
import { element } from '../../shared/dom.js';
import { capitalised, percent } from '../../shared/words.js';
import { grouped } from '../words.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */

/** A group of toggle buttons; at most one is pressed. */
export class EmotionBars {
    /** @type {Map<Emotion, { button: HTMLButtonElement, meter: HTMLMeterElement, number: HTMLElement }>} */
    #rows = new Map();
    container = element('div', { class: 'bars', role: 'group', 'aria-label': texts.filters.emotions });

    /**
     * @param {(emotion: Emotion | null) => void} onChoice Called with null when the pressed button is pressed again.
     */
    constructor(onChoice) {
        for (const emotion of EMOTIONS) {
            const meter = element('meter', { min: 0, max: 1, 'aria-hidden': 'true' });
            const number = element('span', { class: 'number' });
            const button = element(
                'button',
                { type: 'button', class: `bar-button emotion-${emotion}`, 'aria-pressed': 'false' },
                element('span', {}, capitalised(emotion)),
                meter,
                number,
            );
            button.addEventListener('click', () =>
                onChoice(button.getAttribute('aria-pressed') === 'true' ? null : emotion),
            );
            this.#rows.set(emotion, { button, meter, number });
            this.container.append(button);
        }
    }

    /** @param {Emotion | null} chosen */
    press(chosen) {
        for (const [emotion, { button }] of this.#rows) button.setAttribute('aria-pressed', String(emotion === chosen));
    }

    /** @param {import('./totals.js').Totals} totals */
    show({ labelled, emotions }) {
        const most = Math.max(1, ...Object.values(emotions));
        for (const [emotion, { meter, number }] of this.#rows) {
            const count = emotions[emotion];
            meter.value = count / most;
            number.textContent = grouped(count);
            number.title = percent(labelled ? count / labelled : 0);
        }
    }
}
