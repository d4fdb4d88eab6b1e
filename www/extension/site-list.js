// The sites that you have allowed, each with a button that removes it.

import { element } from '../shared/dom.js';
import { allowedSites, forget, onChange } from './sites.js';
import { TEXTS } from './texts.js';

/** A list that is hidden while it is empty. */
export class SiteList {
    #rows = element('ul', { class: 'sites', role: 'list' });
    container = element(
        'section',
        { 'aria-labelledby': 'sites-title', hidden: true },
        element('h2', { id: 'sites-title' }, TEXTS.sites.title),
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
    const label = TEXTS.sites.forgetSite(site);
    const button = element('button', { type: 'button', class: 'quiet', 'aria-label': label }, TEXTS.sites.forget);
    button.addEventListener('click', () => void forget(pattern));
    return element('li', {}, element('span', {}, site), button);
}
