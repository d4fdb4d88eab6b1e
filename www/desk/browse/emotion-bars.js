// The number of posts with each label, as bars that filter by their label.

import { element } from '../../shared/dom.js';
import { labelsInUse, tint } from '../../shared/labels.js';
import { capitalised, percent } from '../../shared/words.js';
import { grouped } from '../words.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */

const words = texts.filters;

/** A group of toggle buttons; at most one is pressed. */
export class EmotionBars {
    /** @type {Map<Emotion, { button: HTMLButtonElement, meter: HTMLMeterElement, number: HTMLElement }>} */
    #rows = new Map();
    container = element('div', { class: 'bars', role: 'group', 'aria-label': words.emotions });
    /** @type {import('../../shared/labels.js').LabelSet | null} */
    #labels = null;
    /** @type {Emotion | null} */
    #chosen = null;
    #onChoice;

    /**
     * @param {(emotion: Emotion | null) => void} onChoice Called with null when the pressed button is pressed again.
     */
    constructor(onChoice) {
        this.#onChoice = onChoice;
        this.#make();
    }

    /** @param {Emotion | null} chosen */
    press(chosen) {
        this.#chosen = chosen;
        for (const [emotion, { button }] of this.#rows) button.setAttribute('aria-pressed', String(emotion === chosen));
    }

    /** @param {Pick<import('./totals.js').Totals, 'labelled' | 'emotions'>} totals */
    show({ labelled, emotions }) {
        if (this.#labels !== labelsInUse()) this.#make();
        for (const [emotion, { button }] of this.#rows)
            if (!emotions.has(emotion)) {
                // It was none of the labels in use, and no post has it any more.
                button.remove();
                this.#rows.delete(emotion);
            }
        const most = Math.max(1, ...emotions.values());
        for (const [emotion, count] of emotions) {
            const { meter, number } = this.#rows.get(emotion) ?? this.#add(emotion);
            meter.value = count / most;
            number.textContent = grouped(count);
            number.title = percent(labelled ? count / labelled : 0);
        }
    }

    #make() {
        this.#labels = labelsInUse();
        this.#rows.clear();
        this.container.replaceChildren();
        let before = '';
        for (const { name, group = '' } of this.#labels.labels) {
            if (group !== before && group) this.container.append(element('p', { class: 'label-group' }, group));
            before = group;
            this.#add(name);
        }
    }

    /** @param {Emotion} emotion */
    #add(emotion) {
        const meter = element('meter', { min: 0, max: 1, 'aria-hidden': 'true' });
        const number = element('span', { class: 'number' });
        const button = element(
            'button',
            { type: 'button', class: 'bar-button', title: emotion, 'aria-pressed': String(emotion === this.#chosen) },
            element('span', {}, capitalised(emotion)),
            meter,
            number,
        );
        tint(button, emotion);
        if (!this.#labels?.names.includes(emotion)) {
            button.classList.add('other-label');
            button.title = words.other(emotion);
        }
        button.addEventListener('click', () =>
            this.#onChoice(button.getAttribute('aria-pressed') === 'true' ? null : emotion),
        );
        const row = { button, meter, number };
        this.#rows.set(emotion, row);
        this.container.append(button);
        return row;
    }
}
