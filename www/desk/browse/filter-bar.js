// Chooses which posts are shown, and in which order.

import { element } from '../../shared/dom.js';
import { EMOTIONS } from '../../emofuse.js';
import { capitalised } from '../../shared/words.js';
import { ALL, isFiltering } from './filter.js';
import { counted, grouped } from '../words.js';

/** @typedef {import('./filter.js').Filter} Filter */
/** @typedef {import('../types.js').Emotion} Emotion */

/** Typing goes on for about as long between two letters. */
const TYPING_MS = 150;

/** @type {[string, string][]} Sort key and direction, and their words. */
const ORDERS = [
    ['place up', 'as they came'],
    ['confidence up', 'least certain first'],
    ['confidence down', 'most certain first'],
    ['emotion up', 'by emotion'],
    ['agreement up', 'image and caption differ most first'],
    ['agreement down', 'image and caption agree most first'],
    ['name up', 'by name'],
    ['name down', 'by name, backwards'],
];

/** @type {[keyof Pick<Filter, 'unsure' | 'disagreeing' | 'isManual' | 'failed'>, string][]} */
const SWITCHES = [
    ['unsure', 'Not sure'],
    ['disagreeing', 'Image and caption disagree'],
    ['isManual', 'Labelled by you'],
    ['failed', 'With an error'],
];

/** A form; `filter` is its present state. */
export class FilterBar {
    /** @type {Filter} */
    filter = { ...ALL };
    #onChange;
    #text = element('input', {
        type: 'search',
        id: 'filter-text',
        placeholder: 'name or caption',
        autocomplete: 'off',
    });
    #emotion = element(
        'select',
        { id: 'filter-emotion' },
        element('option', { value: '' }, 'any'),
        ...EMOTIONS.map((emotion) => element('option', { value: emotion }, capitalised(emotion))),
    );
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
        'aria-label': 'Score to, per cent',
    });
    #order = element(
        'select',
        { id: 'filter-order' },
        ...ORDERS.map(([value, words]) => element('option', { value }, words)),
    );
    #switches = SWITCHES.map(([name, words]) => {
        const box = element('input', { type: 'checkbox' });
        return { name, box, label: element('label', { class: 'switch' }, box, words) };
    });
    #reset = element('button', { type: 'button', class: 'quiet', hidden: true }, 'Show all');
    #count = element('p', { class: 'hint', role: 'status' });
    container = element(
        'form',
        { class: 'filters', 'aria-label': 'Which posts are shown', role: 'search' },
        field('Find', this.#text),
        field('Emotion', this.#emotion),
        element(
            'div',
            { class: 'filter-field' },
            element('label', { for: 'filter-least' }, 'Score, %'),
            element('span', { class: 'filter-range' }, this.#least, 'to', this.#most),
        ),
        field('Order', this.#order),
        element('div', { class: 'filter-switches' }, ...this.#switches.map(({ label }) => label), this.#reset),
        this.#count,
    );
    #timer = 0;

    /** @param {() => void} onChange */
    constructor(onChange) {
        this.#onChange = onChange;
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
     * Shows only these; what is not named shows all. The order stays.
     *
     * @param {Partial<Omit<Filter, 'sort' | 'direction'>>} wanted
     */
    set(wanted) {
        const { sort, direction } = this.filter;
        const filter = { ...ALL, ...wanted, sort, direction };
        this.#text.value = filter.text;
        this.#emotion.value = filter.emotion ?? '';
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
        const text = shown === all ? counted(all, 'post') : `${grouped(shown)} of ${grouped(all)} posts`;
        if (this.#count.textContent !== text) this.#count.textContent = text;
    }

    #take() {
        const [sort, direction] = /** @type {[Filter['sort'], Filter['direction']]} */ (this.#order.value.split(' '));
        const switches = Object.fromEntries(this.#switches.map(({ name, box }) => [name, box.checked]));
        this.filter = {
            .../** @type {Pick<Filter, 'unsure' | 'disagreeing' | 'isManual' | 'failed'>} */ (switches),
            emotion: /** @type {Emotion} */ (this.#emotion.value) || null,
            least: share(this.#least, 0),
            most: share(this.#most, 1),
            text: this.#text.value,
            sort,
            direction,
        };
        this.#reset.hidden = !isFiltering(this.filter);
        this.#onChange();
    }
}

/**
 * @param {string} words
 * @param {HTMLElement} control
 */
const field = (words, control) =>
    element('div', { class: 'filter-field' }, element('label', { for: control.id }, words), control);

/**
 * @param {HTMLInputElement} input
 * @param {number} otherwise
 */
function share(input, otherwise) {
    const value = input.valueAsNumber;
    return Number.isFinite(value) ? Math.max(0, Math.min(100, value)) / 100 : otherwise;
}
