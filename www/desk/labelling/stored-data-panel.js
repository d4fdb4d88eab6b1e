// Shows how much data the desk stores in this browser, with a button that deletes it.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

const words = texts.stored;

/** How long the button waits for confirmation. */
const SURE_MS = 6000;

/** Labels are set in quick succession, so counting is delayed. */
const SOON_MS = 1500;

/** A paragraph, and a button that needs a second click. */
export class StoredDataPanel {
    #text = element('p', { role: 'status' });
    #forget = element('button', { type: 'button', class: 'forget' }, words.forget);
    container = element('div', {}, this.#text, this.#forget);
    #journal;
    #models;
    #timer = 0;
    #soon = 0;

    /**
     * @param {import('./journal.js').Journal} journal
     * @param {{ all: () => Promise<readonly unknown[]>, clear: () => Promise<void> }} models Trained models that are kept.
     */
    constructor(journal, models) {
        this.#journal = journal;
        this.#models = models;
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
        const { predictions, manualLabels, notes } = await this.#journal.counts();
        const { length: models } = await this.#models.all();
        const { problem } = this.#journal;
        this.#text.textContent = problem
            ? words.nothing(texts.notSaved.title(problem))
            : words.stored(predictions, manualLabels, notes, models);
        this.#forget.hidden = predictions + manualLabels + notes + models === 0;
    }

    async #click() {
        if (!this.#timer) {
            this.#forget.textContent = words.sure;
            this.#timer = window.setTimeout(() => this.#calm(), SURE_MS);
            return;
        }
        this.#calm();
        await Promise.all([this.#journal.clear(), this.#models.clear()]);
        await this.show();
    }

    #calm() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#forget.textContent = words.forget;
    }
}
