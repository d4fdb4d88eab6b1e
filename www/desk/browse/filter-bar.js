// Chooses which posts are shown, and in which order.

import { element } from '../../shared/dom.js';
import { grouped } from '../words.js';
import { EmotionBars } from './emotion-bars.js';
import { ALL, isFiltering } from './filter.js';
import { texts } from './texts.js';

/** @typedef {import('./filter.js').Filter} Filter */
/** @typedef {import('../types.js').Emotion} Emotion */

/** The typical pause between two letters while typing. */
const TYPING_MS = 150;

/** As in desk.css: the form has room beside the list. */
const WIDE = matchMedia('(min-width: 60rem)');

/** Orders and switches that mean nothing without a model. */
const NEEDING_MODEL = /^(?:confidence|disagreement|unsure|disagreeing|strongly)/;

const words = texts.filters;

/** A form that is collapsed on narrow screens; `filter` is its current state. */
export class FilterBar {
    /** @type {Filter} */
    filter = { ...ALL };
    #onChange;
    /** @type {Emotion | null} */
    #emotion = null;
    #text = element('input', {
        type: 'search',
        id: 'filter-text',
        placeholder: words.findHint,
        autocomplete: 'off',
    });
    #bars = new EmotionBars((emotion) => {
        this.#emotion = emotion;
        this.#take();
    });
    #least = element('input', {
        type: 'number',
        id: 'filter-least',
        min: 0,
        max: 100,
        step: 5,
        value: 0,
        inputmode: 'numeric',
    });
    #most = element('input', {
        type: 'number',
        id: 'filter-most',
        min: 0,
        max: 100,
        step: 5,
        value: 100,
        inputmode: 'numeric',
        'aria-label': words.scoreTo,
    });
    #order = element(
        'select',
        { id: 'filter-order' },
        ...words.orders.map(([value, label]) =>
            element('option', { value, class: NEEDING_MODEL.test(value) ? 'needs-model' : null }, label),
        ),
    );
    #switches = words.switches.map(([name, label]) => {
        const box = element('input', { type: 'checkbox' });
        const count = element('span', { class: 'number' });
        return {
            name,
            box,
            count,
            label: element(
                'label',
                { class: NEEDING_MODEL.test(name) ? 'switch needs-model' : 'switch' },
                box,
                element('span', {}, label),
                count,
            ),
        };
    });
    #reset = element('button', { type: 'button', class: 'quiet', hidden: true }, words.showAll);
    #count = element('p', { class: 'post-count', role: 'status' });
    /** The number of posts shown, and a button that shows all; goes above the list. */
    summary = element('div', { class: 'filter-summary' }, this.#count, this.#reset);
    container = element(
        'details',
        { class: 'rail', open: WIDE.matches },
        element('summary', {}, words.title),
        element(
            'form',
            { class: 'filters', 'aria-label': words.form, role: 'search' },
            field(words.find, this.#text),
            field(words.order, this.#order),
            element(
                'fieldset',
                { class: 'filter-switches' },
                element('legend', {}, words.show),
                ...this.#switches.map(({ label }) => label),
            ),
            element('div', { class: 'filter-field' }, element('h3', {}, words.emotions), this.#bars.container),
            element(
                'div',
                { class: 'filter-field needs-model' },
                element('label', { for: 'filter-least' }, words.score),
                element('span', { class: 'filter-range' }, this.#least, words.to, this.#most),
            ),
        ),
    );
    #timer = 0;

    /** @param {() => void} onChange */
    constructor(onChange) {
        this.#onChange = onChange;
        WIDE.addEventListener('change', () => (this.container.open = WIDE.matches));
        this.container.addEventListener('submit', (event) => event.preventDefault());
        this.container.addEventListener('input', ({ target }) => {
            clearTimeout(this.#timer);
            if (target === this.#text) this.#timer = window.setTimeout(() => this.#take(), TYPING_MS);
            else this.#take();
        });
        this.#reset.addEventListener('click', () => {
            this.set({});
            this.#text.focus();
        });
    }

    /**
     * Sets the filter; properties that are left out show all posts. The order stays.
     *
     * @param {Partial<Omit<Filter, 'sort' | 'direction'>>} wanted
     */
    set(wanted) {
        const { sort, direction } = this.filter;
        const filter = { ...ALL, ...wanted, sort, direction };
        this.#text.value = filter.text;
        this.#emotion = filter.emotion;
        this.#least.value = String(Math.round(filter.least * 100));
        this.#most.value = String(Math.round(filter.most * 100));
        for (const { name, box } of this.#switches) box.checked = filter[name];
        this.#take();
    }

    /**
     * @param {number} shown
     * @param {number} all
     */
    showCount(shown, all) {
        const text = words.count(shown, all);
        if (this.#count.textContent !== text) this.#count.textContent = text;
    }

    /** @param {import('./totals.js').Totals} totals */
    showTotals(totals) {
        this.#bars.show(totals);
        for (const { name, count } of this.#switches) count.textContent = grouped(totals[name]);
    }

    #take() {
        const [sort, direction] = /** @type {[Filter['sort'], Filter['direction']]} */ (this.#order.value.split(' '));
        const switches = Object.fromEntries(this.#switches.map(({ name, box }) => [name, box.checked]));
        this.filter = {
            .../** @type {Pick<Filter, 'unsure' | 'disagreeing' | 'strongly' | 'isManual' | 'noted' | 'failed'>} */ (
                switches
            ),
            emotion: this.#emotion,
            least: share(this.#least, 0),
            most: share(this.#most, 1),
            text: this.#text.value,
            sort,
            direction,
        };
        this.#bars.press(this.#emotion);
        this.#reset.hidden = !isFiltering(this.filter);
        this.#onChange();
    }
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (label, control) =>
    element('div', { class: 'filter-field' }, element('label', { for: control.id }, label), control);

/**
 * @param {HTMLInputElement} input
 * @param {number} otherwise
 */
function share(input, otherwise) {
    const value = input.valueAsNumber;
    return Number.isFinite(value) ? Math.max(0, Math.min(100, value)) / 100 : otherwise;
}
