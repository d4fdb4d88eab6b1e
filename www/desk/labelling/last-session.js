// How much the browser keeps of what was read, and a button that forgets it.

import { element } from '../../shared/dom.js';
import { grouped } from '../words.js';

/** How long a second click is waited for before anything is forgotten. */
const SURE_MS = 6000;

/** Labels are set one after another; counting can wait for a moment. */
const SOON_MS = 1500;

/** A paragraph and a button that asks once more. */
export class Kept {
    #text = element('p', { role: 'status' });
    #forget = element('button', { type: 'button', class: 'forget' }, 'Forget all of it');
    container = element('div', {}, this.#text, this.#forget);
    #journal;
    #timer = 0;
    #soon = 0;

    /** @param {import('./journal.js').Journal} journal */
    constructor(journal) {
        this.#journal = journal;
        journal.onChange = () => void this.show();
        this.#forget.addEventListener('click', () => void this.#click());
        document.addEventListener('visibilitychange', () => document.hidden || void this.show());
        void this.show();
    }

    /** Counts anew, a little later: something was kept. */
    showSoon() {
        this.#soon ||= window.setTimeout(() => {
            this.#soon = 0;
            void this.show();
        }, SOON_MS);
    }

    async show() {
        const { judgements, hands } = await this.#journal.counts();
        const { persistent, reason } = this.#journal;
        const kept = `Kept now: scores of ${grouped(judgements)} posts and ${grouped(hands)} labels set by hand.`;
        this.#text.textContent = persistent
            ? kept
            : `This browser keeps nothing beyond this page: ${reason}. Save your labels before you close it.`;
        this.#forget.hidden = judgements + hands === 0;
    }

    async #click() {
        if (!this.#timer) {
            this.#forget.textContent = 'Really forget? The labels set by hand too';
            this.#timer = window.setTimeout(() => this.#calm(), SURE_MS);
            return;
        }
        this.#calm();
        await this.#journal.clear();
        await this.show();
    }

    #calm() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#forget.textContent = 'Forget all of it';
    }
}
