// Asks what is meant where a folder has pictures and tables.

import { element } from '../../shared/dom.js';
import { counted } from '../words.js';

/** @typedef {import('./listing.js').ListedFile} ListedFile */

/** A form with a choice; asked once at a time. */
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
            element('button', { type: 'submit', class: 'primary' }, 'Go on'),
            this.#back,
        ),
    );

    /**
     * @param {ListedFile[]} tables
     * @param {number} pictures
     * @param {AbortSignal} signal
     * @returns {Promise<ListedFile | 'pictures' | null>} Null where the person goes back.
     */
    choose(tables, pictures, signal) {
        this.#legend.textContent =
            pictures === 0
                ? 'There are several tables. Which one is meant?'
                : 'There are pictures and a table. What is meant?';
        if (pictures > 0 && tables.length > 1)
            this.#legend.textContent = 'There are pictures and several tables. What is meant?';
        const labels = tables.map(({ path }) =>
            pictures === 0 ? `The table ${path}` : `The table ${path}, with its pictures`,
        );
        if (pictures > 0)
            labels.push(pictures === 1 ? 'The picture alone' : `The ${counted(pictures, 'picture')} alone`);
        this.#choices.replaceChildren(...labels.map(choice));
        return new Promise((resolve, reject) => {
            const abort = () => reject(signal.reason);
            signal.addEventListener('abort', abort, { once: true });
            const answer = (/** @type {ListedFile | 'pictures' | null} */ given) => {
                signal.removeEventListener('abort', abort);
                resolve(given);
            };
            this.container.onsubmit = (event) => {
                event.preventDefault();
                const chosen = [...this.#choices.querySelectorAll('input')].findIndex(({ checked }) => checked);
                answer(tables[chosen] ?? 'pictures');
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
