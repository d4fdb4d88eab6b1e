// "What would you say?": the person's own label of the post, kept on this device, and a way to export all of them.

import { element } from '../shared/dom.js';
import { download } from '../shared/download.js';
import { LabelStore } from '../shared/label-store.js';
import { labelTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('../shared/explanation-view.js').ShownPost} ShownPost */

/** A select, and buttons once there are labels. */
export class OwnLabel {
    #store = new LabelStore();
    #select = element('select', { id: 'own-label' });
    #note = element('span', { class: 'hint' });
    #csv = button(labelTexts.csv, () =>
        download(new Blob([this.#store.csv()], { type: 'text/csv;charset=utf-8' }), 'emofuse-labels.csv'),
    );
    #jsonLines = button(labelTexts.jsonLines, () =>
        download(new Blob([this.#store.jsonLines()], { type: 'application/x-ndjson' }), 'emofuse-labels.jsonl'),
    );
    #delete = button(labelTexts.delete, () => {
        this.#store.clear();
        this.#select.value = '';
        this.#show(labelTexts.deleted);
        this.#select.focus();
    });
    #buttons = element('span', { class: 'own-label-buttons', hidden: true }, this.#csv, this.#jsonLines, this.#delete);
    container = element(
        'div',
        { class: 'own-label', hidden: true },
        element('label', { for: 'own-label' }, labelTexts.question),
        this.#select,
        this.#note,
        this.#buttons,
    );
    /** @type {{ result: Result, post: ShownPost } | null} */
    #shown = null;

    constructor() {
        this.#select.addEventListener('change', async () => {
            const { value } = this.#select;
            if (!value || !this.#shown) return;
            const { result, post } = this.#shown;
            await this.#store.add(result, post, value);
            this.#show(labelTexts.saved(this.#store.rows.length));
        });
    }

    /**
     * @param {Result} result
     * @param {ShownPost} post
     */
    show(result, post) {
        this.#shown = { result, post };
        this.#select.replaceChildren(
            element('option', { value: '' }, labelTexts.choose),
            ...Object.keys(result.scores).map((label) => element('option', { value: label }, label)),
        );
        this.container.hidden = false;
        this.#show('');
    }

    /** Hides the field: there is no result to label. */
    clear() {
        this.#shown = null;
        this.container.hidden = true;
    }

    /** @param {string} note */
    #show(note) {
        this.#note.textContent = note;
        this.#buttons.hidden = this.#store.rows.length === 0;
    }
}

/**
 * @param {string} label
 * @param {() => void} onClick
 */
function button(label, onClick) {
    const node = element('button', { type: 'button', class: 'quiet' }, label);
    node.addEventListener('click', onClick);
    return node;
}
