// The sites that were allowed, each with a way to take it back.

import { element } from '../shared/dom.js';
import { allowedSites, forget, onChange } from './sites.js';

/** A list that is there only while it has entries. */
export class SiteList {
    #rows = element('ul', { class: 'sites', role: 'list' });
    container = element(
        'section',
        { 'aria-labelledby': 'sites-title', hidden: true },
        element('h2', { id: 'sites-title' }, 'Sites you have allowed'),
        this.#rows,
    );

    constructor() {
        onChange(() => void this.#refresh());
        void this.#refresh();
    }

    async #refresh() {
        const sites = await allowedSites();
        const hadFocus = this.#rows.contains(document.activeElement);
        this.#rows.replaceChildren(...sites.map(row));
        this.container.hidden = sites.length === 0;
        if (hadFocus) this.#rows.querySelector('button')?.focus();
    }
}

/** @param {string} pattern */
function row(pattern) {
    const site = pattern.replace(/\/\*$/, '');
    const button = element('button', { type: 'button', class: 'quiet', 'aria-label': `Forget ${site}` }, 'Forget');
    button.addEventListener('click', () => void forget(pattern));
    return element('li', {}, element('span', {}, site), button);
}
