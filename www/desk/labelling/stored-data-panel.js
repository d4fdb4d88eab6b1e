// How much data the desk stores in this browser, and a button that deletes it.

import { element } from '../../shared/dom.js';
import { counted } from '../words.js';

/** How long the button waits for the second click. */
const SURE_MS = 6000;

/** Labels are set one after another; counting can wait for a moment. */
const SOON_MS = 1500;

/** A paragraph, and a button that has to be clicked twice. */
export class StoredDataPanel {
    #text = element('p', { role: 'status' });
    #forget = element('button', { type: 'button', class: 'forget' }, 'Delete stored data');
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

    /** Counts again a little later, because something was stored. */
    showSoon() {
        this.#soon ||= window.setTimeout(() => {
            this.#soon = 0;
            void this.show();
        }, SOON_MS);
    }

    async show() {
        const { predictions, manualLabels } = await this.#journal.counts();
        const { persistent, reason } = this.#journal;
        const stored = `Stored on this device: the scores of ${counted(predictions, 'post')} and ${counted(manualLabels, 'label')} of yours.`;
        this.#text.textContent = persistent
            ? stored
            : `This browser stores nothing beyond this page: ${reason}. Save your labels before you close it.`;
        this.#forget.hidden = predictions + manualLabels === 0;
    }

    async #click() {
        if (!this.#timer) {
            this.#forget.textContent = 'Really delete? Your labels too';
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
        this.#forget.textContent = 'Delete stored data';
    }
}
