// The post that the answer is about, in two lines: a small image, the caption, and where they are from.

import { element } from '../shared/dom.js';
import { TEXTS } from './texts.js';

/** Hidden while there is no post. */
export class PostSummary {
    #image = element('img', { class: 'summary-image', alt: TEXTS.summary.imageAlt, decoding: 'async' });
    #caption = element('p', { class: 'summary-caption' });
    #origin = element('p', { class: 'hint', id: 'origin' });
    container = element(
        'div',
        { class: 'summary', hidden: true },
        this.#image,
        element('div', { class: 'summary-text' }, this.#caption, this.#origin),
    );
    #address = '';

    constructor() {
        this.#image.addEventListener('error', () => (this.#image.hidden = true));
    }

    /**
     * @param {{ image: Blob | null, caption: string | null }} post
     * @param {string | null} origin Where the post is from; null if it was given in the panel.
     */
    show({ image, caption }, origin) {
        const text = caption?.trim() ?? '';
        URL.revokeObjectURL(this.#address);
        this.#address = image ? URL.createObjectURL(image) : '';
        if (image) this.#image.src = this.#address;
        else this.#image.removeAttribute('src');
        this.#image.hidden = image === null;
        this.#caption.textContent = text === '' ? '' : TEXTS.summary.quoted(text);
        this.#caption.hidden = text === '';
        this.#origin.textContent = origin ?? '';
        this.#origin.hidden = origin === null;
        this.container.hidden = image === null && text === '' && origin === null;
    }
}
