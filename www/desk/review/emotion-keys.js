// The labels as buttons, each with its key, and a field that finds one of many.

import { element } from '../../shared/dom.js';
import { labelsInUse, tint } from '../../shared/labels.js';
import { capitalised } from '../../shared/words.js';
import { isSearched, keysOf } from './keys.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */

const words = texts.keys;

/** A group of buttons. The parent view listens for the keys. */
export class EmotionKeys {
    /** @type {Map<Emotion, HTMLButtonElement>} */
    #buttons = new Map();
    /** @type {HTMLElement[]} The headings of groups. */
    #groups = [];
    /** What a post has that is none of the labels. @type {HTMLButtonElement | null} */
    #other = null;
    #find = element('input', {
        type: 'search',
        class: 'label-search',
        autocomplete: 'off',
        placeholder: words.find,
        'aria-label': words.findLabel,
        'aria-keyshortcuts': '/',
    });
    container = element('div', { class: 'emotion-keys', role: 'group', 'aria-label': words.set });
    /** @type {import('../../shared/labels.js').LabelSet | null} */
    #labels = null;
    #onEmotion;

    /** @param {(emotion: Emotion, event: MouseEvent | null) => void} onEmotion */
    constructor(onEmotion) {
        this.#onEmotion = onEmotion;
        this.#find.addEventListener('input', () => this.#filter());
        this.#find.addEventListener('keydown', (event) => this.#onKey(event));
        this.show(null);
    }

    /**
     * @param {Emotion | null} chosen
     * @param {Emotion | null} [second] A second label.
     */
    show(chosen, second = null) {
        if (this.#labels !== labelsInUse()) this.#make(labelsInUse());
        this.#showOther(chosen);
        for (const [emotion, button] of this.#buttons) {
            const isSecond = emotion === second;
            button.setAttribute('aria-pressed', String(emotion === chosen || isSecond));
            button.classList.toggle('second', isSecond);
            if (isSecond) button.setAttribute('aria-description', words.second);
            else button.removeAttribute('aria-description');
        }
    }

    /** Moves the focus to the field that finds a label, if there is one. */
    find() {
        if (this.#find.isConnected) this.#find.focus();
    }

    /** @param {import('../../shared/labels.js').LabelSet} labels */
    #make(labels) {
        this.#labels = labels;
        this.#buttons.clear();
        this.#groups = [];
        this.#other = null;
        this.#find.value = '';
        this.container.replaceChildren(...(isSearched(labels) ? [this.#find] : []));
        this.container.dataset['labels'] = isSearched(labels) ? 'many' : 'few';
        let before = '';
        for (const { name, group = '' } of labels.labels) {
            if (group !== before && group) {
                this.#groups.push(element('p', { class: 'label-group' }, group));
                this.container.append(...this.#groups.slice(-1));
            }
            before = group;
            this.container.append(this.#addButton(name));
        }
    }

    /** @param {Emotion} emotion */
    #addButton(emotion) {
        const keys = keysOf().get(emotion) ?? [];
        const button = keyButton(capitalised(emotion), (keys[0] ?? '').toUpperCase(), keys.join(' ').toUpperCase());
        button.title = emotion;
        tint(button, emotion).prepend(element('span', { class: 'swatch', 'aria-hidden': 'true' }));
        button.addEventListener('click', (event) => this.#onEmotion(emotion, event));
        this.#buttons.set(emotion, button);
        return button;
    }

    /** @param {Emotion | null} chosen A label that is none of those in use is shown too. */
    #showOther(chosen) {
        if (chosen !== null && this.#buttons.has(chosen)) {
            if (this.#buttons.get(chosen) === this.#other) return;
            chosen = null;
        }
        for (const [emotion, button] of this.#buttons) if (button === this.#other) this.#buttons.delete(emotion);
        this.#other?.remove();
        this.#other = null;
        if (chosen === null) return;
        this.#other = this.#addButton(chosen);
        this.#other.classList.add('other-label');
        this.#other.title = words.other(chosen);
        this.container.append(this.#other);
    }

    /** Shows the labels that match what is typed: part of a name, or the number of a place. */
    #filter() {
        const wanted = this.#find.value.trim().toLowerCase();
        for (const group of this.#groups) group.hidden = wanted !== '';
        const matches = this.#matches(wanted);
        for (const [emotion, button] of this.#buttons) button.hidden = !matches.includes(emotion);
    }

    /**
     * @param {string} wanted In lower case.
     * @returns {Emotion[]} Those that begin with it come first.
     */
    #matches(wanted) {
        const names = [...this.#buttons.keys()];
        if (wanted === '') return names;
        const numbered = /^\d+$/.test(wanted) ? (this.#labels?.names[Number(wanted) - 1] ?? null) : null;
        const at = (/** @type {string} */ name) => name.toLowerCase().indexOf(wanted);
        return names
            .filter((name) => name === numbered || at(name) >= 0)
            .sort((a, b) => Number(b === numbered) - Number(a === numbered) || Number(at(a) > 0) - Number(at(b) > 0));
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        const { value } = this.#find;
        if (event.key === 'Enter') {
            event.preventDefault();
            const [first] = value.trim() === '' ? [] : this.#matches(value.trim().toLowerCase());
            if (first === undefined) return;
            this.#clear();
            this.#onEmotion(first, null);
        } else if (event.key === 'Escape' && value !== '') {
            event.preventDefault();
            event.stopPropagation();
            this.#clear();
        } else if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            this.#buttons.values().next().value?.focus();
        }
    }

    #clear() {
        this.#find.value = '';
        this.#filter();
    }
}

/**
 * A button that shows its key.
 *
 * @param {string} label
 * @param {string} key The key as it is shown; empty if there is none.
 * @param {string} shortcuts The value of `aria-keyshortcuts`.
 */
export function keyButton(label, key, shortcuts) {
    return element(
        'button',
        { type: 'button', class: 'key-button', 'aria-keyshortcuts': shortcuts || null },
        element('span', { class: 'key-label' }, label),
        ...(key ? [element('kbd', { 'aria-hidden': 'true' }, key)] : []),
    );
}
