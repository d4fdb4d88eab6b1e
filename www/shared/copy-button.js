// Copies a result as JSON, or another text.

import { element } from './dom.js';
import { copyTexts } from './texts.js';

const SHOWN_MS = 2000;

/** A button that shows for a moment whether it worked. */
export class CopyButton {
    container = element('button', { type: 'button', class: 'quiet' });
    #label;
    #text = '';
    #timer = 0;

    constructor(label = copyTexts.json) {
        this.#label = label;
        this.container.textContent = label;
        this.container.addEventListener('click', async () => {
            try {
                await navigator.clipboard.writeText(this.#text);
                this.#say(copyTexts.copied);
            } catch {
                this.#say(copyTexts.refused);
            }
        });
    }

    /** @param {import('../emofuse.js').Result} result */
    show(result) {
        this.showText(JSON.stringify(result, null, 2));
    }

    /** @param {string} text */
    showText(text) {
        this.#text = text;
        this.container.textContent = this.#label;
    }

    /** @param {string} text */
    #say(text) {
        this.container.textContent = text;
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => (this.container.textContent = this.#label), SHOWN_MS);
    }
}
