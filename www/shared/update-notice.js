// Offers a new version of the page.

import { element } from './dom.js';

const OFFER = 'A new version of this page is there.';
const OTHERS =
    'This page is open in another tab or window, too. Close it there first; then the new version can be used.';

/** A quiet bar; nothing happens until a person clicks it. */
export class UpdateNotice {
    #text = element('p', {}, OFFER);
    #use = element('button', { type: 'button' }, 'Use it now');
    #later = element('button', { type: 'button', class: 'quiet' }, 'Later');
    #body = element(
        'div',
        { class: 'update-notice-body' },
        this.#text,
        element('div', { class: 'actions' }, this.#use, this.#later),
    );
    container = element('div', { class: 'update-notice', role: 'status' });
    #apply;
    #atStake;
    #isWarned = false;
    #isPutOff = false;

    /**
     * @param {() => Promise<import('./offline.js').Applied>} apply
     * @param {() => string | null} atStake What a reload would interrupt, in a sentence or two; null where nothing is.
     */
    constructor(apply, atStake) {
        this.#apply = apply;
        this.#atStake = atStake;
        this.#use.addEventListener('click', () => void this.#applyUpdate());
        this.#later.addEventListener('click', () => {
            this.#isPutOff = true;
            this.container.replaceChildren();
        });
    }

    /** Offers it, unless it was put off. */
    show() {
        if (this.#isPutOff || this.#body.isConnected) return;
        this.container.replaceChildren(this.#body);
    }

    async #applyUpdate() {
        const atStake = this.#atStake();
        if (atStake && !this.#isWarned) {
            this.#isWarned = true;
            this.#text.textContent = `${OFFER} To use it, the page is reloaded. ${atStake}`;
            this.#use.textContent = 'Reload now';
            return;
        }
        this.#isWarned = false;
        this.#use.disabled = true;
        const applied = await this.#apply();
        if (applied === 'reloading') return;
        this.#use.disabled = false;
        this.#use.textContent = 'Use it now';
        this.#text.textContent = OTHERS;
        this.#use.focus();
    }
}
