// Copies a result as JSON.

import { element } from '../dom.js';

const LABEL = 'Copy as JSON';
const SHOWN_MS = 2000;

/** A button that says for a moment whether it worked. */
export class CopyButton {
    container = element('button', { type: 'button', class: 'quiet' }, LABEL);
    #text = '';
    #timer = 0;

    constructor() {
        this.container.addEventListener('click', async () => {
            try {
                await navigator.clipboard.writeText(this.#text);
                this.#say('Copied');
            } catch {
                this.#say('The browser does not allow it');
            }
        });
    }

    /** @param {import('../../pkg/index.js').Result} result */
    show(result) {
        this.#text = JSON.stringify(result, null, 2);
        this.container.textContent = LABEL;
    }

    /** @param {string} text */
    #say(text) {
        this.container.textContent = text;
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => (this.container.textContent = LABEL), SHOWN_MS);
    }
}
