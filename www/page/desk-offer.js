// Offers the labelling desk to a person who drops several images.

import { element } from '../shared/dom.js';
import { pageTexts } from './texts.js';

/** A quiet bar; it goes when it is closed, or when there is another post. */
export class DeskOffer {
    #text = element('p');
    #link = element('a', { href: './desk.html' }, pageTexts.openDesk);
    #close = element('button', { type: 'button', class: 'quiet' }, pageTexts.dismiss);
    container = element('div', { class: 'desk-offer', hidden: true }, this.#text, this.#link, this.#close);

    constructor() {
        this.#close.addEventListener('click', () => this.clear());
    }

    /** @param {number} count How many images were dropped. */
    show(count) {
        this.#text.textContent = pageTexts.severalImages(count);
        this.#link.search = location.search; // with the same model
        this.container.hidden = false;
    }

    clear() {
        this.container.hidden = true;
    }
}
