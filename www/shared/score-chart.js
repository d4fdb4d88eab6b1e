// The scores as Plutchik's wheel or as a table with bars, switched by a button; screen readers always have the table. Other
// labels than Plutchik's have the table alone.

import { element } from './dom.js';
import { labelsInUse, LabelSet } from './labels.js';
import { ScoreTable } from './score-table.js';
import { resultTexts } from './texts.js';
import { Wheel } from './wheel.js';

/** One of the two is shown. */
export class ScoreChart {
    #wheel = new Wheel();
    #table = new ScoreTable();
    #switch = element('button', { type: 'button', class: 'quiet chart-switch' });
    container = element('div', { class: 'scores-figure' }, this.#wheel.container, this.#table.container, this.#switch);

    constructor() {
        this.#switch.addEventListener('click', () => this.#enter(this.container.dataset.chart === 'wheel'));
        this.#enter(false);
    }

    /** Shows no scores. */
    clear() {
        this.#wheel.clear();
        this.#table.clear();
        this.#switch.hidden = true;
        this.#enter(!labelsInUse().isPlutchik);
    }

    /** @param {import('../emofuse.js').Scores} scores */
    show(scores) {
        const hasWheel = new LabelSet(Object.keys(scores)).isPlutchik;
        if (hasWheel) this.#wheel.show(scores);
        else this.#enter(true);
        this.#table.show(scores);
        this.#switch.hidden = !hasWheel;
    }

    /** @param {boolean} isTable */
    #enter(isTable) {
        this.container.dataset.chart = isTable ? 'table' : 'wheel';
        this.#wheel.container.hidden = isTable;
        this.#table.container.classList.toggle('visually-hidden', !isTable);
        this.#switch.textContent = isTable ? resultTexts.showWheel : resultTexts.showTable;
    }
}
