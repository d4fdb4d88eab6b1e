// A form for labels of one's own: names, colours, and the label of posts to which no other applies.

import { element } from '../../shared/dom.js';
import { LabelSet } from '../../shared/labels.js';
import { keysOf } from '../review/keys.js';
import { hexOf } from './hex.js';
import { READY_MADE, formatLabels, parseLabels } from './own-labels.js';
import { texts } from './texts.js';

/** @typedef {import('./own-labels.js').Label} Label */
/** @typedef {import('./own-labels.js').Given} Given */

const words = texts.form;

/** How many names stand for a set of labels. */
const NAMED = 4;

/** How many forms there are, for their ids. */
let made = 0;

/** @param {readonly string[]} names Some of them, and how many more there are. */
export const inShort = (names) =>
    words.shortened(
        names.slice(0, names.length > NAMED + 1 ? NAMED : names.length).join(', '),
        names.length > NAMED + 1 ? names.length - NAMED : 0,
    );

/** What is typed is checked on the way, and mistakes are told when the form is submitted. */
export class LabelsForm {
    #id = `labels-${++made}`;
    #title;
    #ready = element('select', { id: `${this.#id}-ready` });
    #text = element('textarea', {
        id: `${this.#id}-text`,
        rows: 9,
        spellcheck: 'false',
        autocomplete: 'off',
        'aria-describedby': `${this.#id}-hint ${this.#id}-mistakes`,
    });
    #mistakes = element('div', { class: 'check-wrong label-mistakes', id: `${this.#id}-mistakes`, role: 'alert' });
    #none = element('select', { id: `${this.#id}-none` });
    #colours = element('ul', { class: 'label-colours', 'aria-label': words.colours });
    #submit = element('button', { type: 'submit', class: 'primary' });
    #cancel = element('button', { type: 'button' }, words.cancel);
    container;
    /** @type {readonly Given[]} Sets to start from. */
    #sets = [];
    /** @type {Label[]} */
    #labels = [];

    /**
     * @param {object} callbacks
     * @param {(given: Given) => void} callbacks.onLabels
     * @param {() => void} callbacks.onCancel
     * @param {{ title: string, intro: string }} [about]
     */
    constructor({ onLabels, onCancel }, { title, intro } = words) {
        const id = this.#id;
        this.#title = element('h2', { id: `${id}-title`, tabindex: -1 }, title);
        this.container = element(
            'form',
            { class: 'labels-form', 'aria-labelledby': `${id}-title`, novalidate: true },
            this.#title,
            element('p', { class: 'hint' }, intro),
            element(
                'div',
                { class: 'labels-fields' },
                element(
                    'div',
                    { class: 'field' },
                    element('label', { for: `${id}-ready` }, words.ready),
                    this.#ready,
                    element('label', { for: `${id}-text` }, words.text),
                    this.#text,
                    element('p', { class: 'hint', id: `${id}-hint` }, words.hint),
                    this.#mistakes,
                ),
                element(
                    'div',
                    { class: 'field' },
                    element('label', { for: `${id}-none` }, words.none),
                    this.#none,
                    element('h3', {}, words.colours),
                    this.#colours,
                ),
            ),
            element('div', { class: 'actions' }, this.#submit, this.#cancel),
        );
        this.#ready.addEventListener('change', () => {
            const set = this.#sets[Number(this.#ready.value)];
            if (this.#ready.value === '' || !set) return;
            this.#write(set);
            this.#ready.value = '';
            this.#text.focus();
        });
        this.#text.addEventListener('input', () => this.#read());
        this.#cancel.addEventListener('click', onCancel);
        this.container.addEventListener('submit', (event) => {
            event.preventDefault();
            const { labels, mistakes } = parseLabels(this.#text.value);
            this.#showMistakes(mistakes);
            if (mistakes.length > 0) this.#text.focus();
            else onLabels({ labels, none: this.#none.value === '' ? null : this.#none.value });
        });
    }

    /**
     * @param {Given | null} given What to begin with.
     * @param {readonly Given[]} [earlier] Sets of labels that the person has used.
     */
    show(given, earlier = []) {
        const ready = /** @type {[keyof typeof READY_MADE, Given][]} */ (Object.entries(READY_MADE));
        this.#sets = [...ready.map(([, set]) => set), ...earlier];
        const names = [
            ...ready.map(([name]) => words.sets[name]),
            ...earlier.map(({ labels }) => words.earlier(inShort(labels.map(({ name }) => name)))),
        ];
        this.#ready.replaceChildren(
            new Option(words.readyNone, ''),
            ...names.map((name, place) => new Option(name, String(place))),
        );
        this.#write(given ?? { labels: [], none: null });
    }

    focus() {
        this.#title.focus();
    }

    /** @param {Given} given */
    #write({ labels, none }) {
        this.#text.value = formatLabels(labels);
        this.#none.replaceChildren(new Option(words.noNone, ''), new Option(none ?? '', none ?? ''));
        this.#none.value = none ?? '';
        this.#read();
    }

    /** Follows what is typed. */
    #read() {
        const { labels, mistakes } = parseLabels(this.#text.value);
        this.#labels = labels;
        const chosen = this.#none.value;
        const names = labels.map(({ name }) => name);
        this.#none.replaceChildren(
            new Option(words.noNone, ''),
            ...names.map((name) => new Option(name, name, false, name === chosen)),
        );
        this.#submit.textContent = words.use(labels.length);
        if (mistakes.length === 0) this.#showMistakes([]);
        this.#showColours();
    }

    /** @param {readonly string[]} mistakes */
    #showMistakes(mistakes) {
        this.#mistakes.replaceChildren(...mistakes.map((mistake) => element('p', {}, mistake)));
        if (mistakes.length > 0) this.#text.setAttribute('aria-invalid', 'true');
        else this.#text.removeAttribute('aria-invalid');
    }

    #showColours() {
        const set = new LabelSet(this.#labels, this.#none.value || null);
        const keys = keysOf(set);
        this.#colours.replaceChildren(
            ...this.#labels.map(({ name }, place) => {
                const colour = element('input', {
                    type: 'color',
                    value: hexOf(set, name),
                    'aria-label': words.colour(name),
                });
                colour.addEventListener('change', () => this.#paint(place, colour.value));
                const [key] = keys.get(name) ?? [];
                return element(
                    'li',
                    {},
                    colour,
                    element('span', { class: 'label-name' }, name),
                    key ? element('kbd', {}, key.toUpperCase()) : element('span', { class: 'hint' }, words.noKey),
                );
            }),
        );
    }

    /**
     * @param {number} place
     * @param {string} colour
     */
    #paint(place, colour) {
        const labels = this.#labels.map((label, other) => (other === place ? { ...label, colour } : label));
        this.#labels = labels;
        this.#text.value = formatLabels(labels);
    }
}
