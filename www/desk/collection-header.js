// The name of the collection on the desk, and a button to open something else.

import { element } from '../shared/dom.js';
import { texts } from './texts.js';
import { counted } from './words.js';

/** A line above everything else. */
export class CollectionHeader {
    #name = element('h2');
    #count = element('p');
    #labels = element('button', { type: 'button', hidden: true }, texts.header.labels);
    #other = element('button', { type: 'button' }, texts.header.other);
    container = element(
        'section',
        { class: 'collection-header', hidden: true, 'aria-label': texts.header.label },
        element('div', {}, this.#name, this.#count),
        element('div', { class: 'actions' }, this.#labels, this.#other),
    );

    /**
     * @param {() => void} onOther
     * @param {() => void} onLabels
     */
    constructor(onOther, onLabels) {
        this.#other.addEventListener('click', onOther);
        this.#labels.addEventListener('click', onLabels);
    }

    /** @param {boolean} isOwn Whether the labels are the person's own, which they may change. */
    offerLabels(isOwn) {
        this.#labels.hidden = !isOwn;
    }

    /**
     * @param {string} name
     * @param {number} posts
     */
    show(name, posts) {
        this.container.hidden = false;
        this.#name.textContent = name;
        this.#count.textContent = counted(posts, 'post');
    }

    clear() {
        this.container.hidden = true;
    }
}
