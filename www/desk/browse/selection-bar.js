// Labels the selected posts together, and undoes this.

import { element } from '../../shared/dom.js';
import { EmotionKeys } from '../review/emotion-keys.js';
import { BulkLabels } from './bulk-labels.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */

const words = texts.selection;

/** A bar below the list; visible while posts are selected or a step can be undone. */
export class SelectionBar {
    #count = element('p', { class: 'selection-count', role: 'status' });
    #keys = new EmotionKeys((emotion) => void this.set(emotion));
    #remove = element('button', { type: 'button' }, words.remove);
    #undo = element('button', { type: 'button' }, words.undo);
    #clear = element('button', { type: 'button' }, words.clear);
    container = element(
        'section',
        { class: 'selection-bar', 'aria-label': words.title, hidden: true },
        this.#count,
        this.#keys.container,
        element('div', { class: 'actions' }, this.#undo, this.#remove, this.#clear),
    );
    #selection;
    #labels;
    #said = '';

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {import('./selection.js').Selection} selection
     * @param {import('../review/replace-question.js').ReplaceQuestion} question
     */
    constructor(collection, selection, question) {
        this.#selection = selection;
        this.#labels = new BulkLabels(collection, question);
        this.#remove.addEventListener('click', () => void this.set(null));
        this.#undo.addEventListener('click', () => this.undo());
        this.#clear.addEventListener('click', () => selection.clear());
    }

    /** @param {Emotion | null} emotion Null removes the labels. */
    async set(emotion) {
        const { posts } = this.#selection;
        const count = await this.#labels.set(posts, emotion);
        if (count === null) return;
        this.#said = emotion ? words.set(count, emotion) : words.removed(count);
        this.#selection.clear();
        this.show();
    }

    /** Moves the focus to the field that finds a label, if there is one. */
    find() {
        this.#keys.find();
    }

    undo() {
        this.#labels.undo();
        this.#said = words.undone;
        this.show();
    }

    /** Forgets the steps that could be undone, because other posts are on the desk. */
    forget() {
        this.#labels.forget();
        this.#said = '';
        this.#selection.clear();
        this.show();
    }

    /** Shows how many posts are selected. */
    show() {
        const { size } = this.#selection;
        this.#keys.show(null);
        if (size > 0) this.#said = '';
        const canUndo = this.#labels.canUndo;
        const hadFocus = this.container.contains(document.activeElement);
        this.container.hidden = size === 0 && !canUndo && this.#said === '';
        this.#keys.container.hidden = this.#remove.hidden = this.#clear.hidden = size === 0;
        this.#undo.hidden = !canUndo;
        this.#count.textContent = size > 0 ? words.count(size) : this.#said;
        if (hadFocus && size === 0 && canUndo) this.#undo.focus();
    }
}
