// Lets the person choose what to label if a folder has images and tables.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('./listing.js').ListedFile} ListedFile */

const words = texts.question;

/** A form with a choice. */
export class SourceQuestion {
    #legend = element('legend');
    #choices = element('div', { class: 'source-choices' });
    #back = element('button', { type: 'button', class: 'quiet' }, words.back);
    container = element(
        'form',
        { class: 'source-question', hidden: true },
        element('fieldset', {}, this.#legend, this.#choices),
        element(
            'div',
            { class: 'actions' },
            element('button', { type: 'submit', class: 'primary' }, words.go),
            this.#back,
        ),
    );

    /**
     * @param {ListedFile[]} tables
     * @param {number} images
     * @param {AbortSignal} signal
     * @returns {Promise<ListedFile | 'images' | null>} Null if the person goes back.
     */
    choose(tables, images, signal) {
        if (images === 0) this.#legend.textContent = words.tables;
        else this.#legend.textContent = tables.length > 1 ? words.imagesAndTables : words.imagesAndTable;
        const labels = tables.map(({ path }) => (images === 0 ? words.table(path) : words.tableWithImages(path)));
        if (images > 0) labels.push(words.images(images));
        this.#choices.replaceChildren(...labels.map(choice));
        return new Promise((resolve, reject) => {
            const abort = () => reject(signal.reason);
            signal.addEventListener('abort', abort, { once: true });
            const answer = (/** @type {ListedFile | 'images' | null} */ given) => {
                signal.removeEventListener('abort', abort);
                resolve(given);
            };
            this.container.onsubmit = (event) => {
                event.preventDefault();
                const chosen = [...this.#choices.querySelectorAll('input')].findIndex(({ checked }) => checked);
                answer(tables[chosen] ?? 'images');
            };
            this.#back.onclick = () => answer(null);
        });
    }

    focus() {
        this.#choices.querySelector('input')?.focus();
    }
}

/**
 * @param {string} label
 * @param {number} index
 */
function choice(label, index) {
    return element(
        'label',
        { class: 'source-choice' },
        element('input', { type: 'radio', name: 'source', value: index, checked: index === 0 }),
        ` ${label}`,
    );
}
