// Lets the person choose what to label if a folder has images and tables.

import { element } from '../../shared/dom.js';
import { counted } from '../words.js';

/** @typedef {import('./listing.js').ListedFile} ListedFile */

/** A form with a choice; shown once at a time. */
export class SourceQuestion {
    #legend = element('legend');
    #choices = element('div', { class: 'source-choices' });
    #back = element('button', { type: 'button', class: 'quiet' }, 'Back');
    container = element(
        'form',
        { class: 'source-question', hidden: true },
        element('fieldset', {}, this.#legend, this.#choices),
        element(
            'div',
            { class: 'actions' },
            element('button', { type: 'submit', class: 'primary' }, 'Continue'),
            this.#back,
        ),
    );

    /**
     * @param {ListedFile[]} tables
     * @param {number} images
     * @param {AbortSignal} signal
     * @returns {Promise<ListedFile | 'images' | null>} Null where the person goes back.
     */
    choose(tables, images, signal) {
        this.#legend.textContent =
            images === 0
                ? 'There are several tables. Which one is meant?'
                : 'There are images and a table. What is meant?';
        if (images > 0 && tables.length > 1)
            this.#legend.textContent = 'There are images and several tables. What is meant?';
        const labels = tables.map(({ path }) =>
            images === 0 ? `The table ${path}` : `The table ${path}, with its images`,
        );
        if (images > 0) labels.push(images === 1 ? 'The image alone' : `The ${counted(images, 'image')} alone`);
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
