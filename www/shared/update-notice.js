// Offers a new version of the page.

import { element } from './dom.js';
import { updateTexts } from './texts.js';

/** A quiet bar; nothing happens until a person clicks it. */
export class UpdateNotice {
    #text = element('p', {}, updateTexts.offer);
    #use = element('button', { type: 'button' }, updateTexts.use);
    #later = element('button', { type: 'button', class: 'quiet' }, updateTexts.later);
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
     * @param {() => string | null} atStake One or two sentences about what a reload would interrupt; null if nothing.
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

    /** Shows the offer, unless the person postponed it. */
    show() {
        if (this.#isPutOff || this.#body.isConnected) return;
        this.container.replaceChildren(this.#body);
    }

    async #applyUpdate() {
        const atStake = this.#atStake();
        if (atStake && !this.#isWarned) {
            this.#isWarned = true;
            this.#text.textContent = `${updateTexts.offer} ${updateTexts.reload(atStake)}`;
            this.#use.textContent = updateTexts.reloadNow;
            return;
        }
        this.#isWarned = false;
        this.#use.disabled = true;
        const applied = await this.#apply();
        if (applied === 'reloading') return;
        this.#use.disabled = false;
        this.#use.textContent = updateTexts.use;
        this.#text.textContent = updateTexts.others;
        this.#use.focus();
    }
}
