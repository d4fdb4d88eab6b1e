// What lies on the desk, and the way back to put something else there.

import { element } from '../shared/dom.js';
import { counted } from './words.js';

/** A line above everything else. */
export class CollectionHeader {
    #name = element('h2');
    #count = element('p');
    #other = element('button', { type: 'button' }, 'Open something else');
    container = element(
        'section',
        { class: 'card collection-header', hidden: true, 'aria-label': 'What is on the desk' },
        element('div', {}, this.#name, this.#count),
        this.#other,
    );

    /** @param {() => void} onOther */
    constructor(onOther) {
        this.#other.addEventListener('click', onOther);
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
