// Which model is in use, a way to use one of one's own, and a way back.

import { element } from '../dom.js';
import { errorWords, modelErrorWords } from '../words.js';
import { ErrorNotice } from './error-notice.js';

const SHOWN_DIGITS = 8;

/** @typedef {import('../../pkg/index.js').ModelName} ModelName */

/** A line of text with two buttons, and what is wrong with a file that cannot be used. */
export class ModelChoice {
    #whose = element('span');
    #id = element('strong', { class: 'model-id' });
    #digest = element('code', { class: 'model-digest' });
    #name = element('p', { class: 'model-name', hidden: true }, this.#whose, ' ', this.#id, ' ', this.#digest);
    #chooser = element('input', { type: 'file', hidden: true, id: 'choose-model', accept: '.emofuse,application/octet-stream' });
    #choose = element('button', { type: 'button', class: 'quiet', id: 'use-model', 'aria-describedby': 'model-hint' }, 'Use another model');
    #back = element('button', { type: 'button', class: 'quiet', id: 'default-model', hidden: true }, 'Back to the default model');
    #hint = element('p', { class: 'visually-hidden', id: 'model-hint' }, 'A file that “emofuse train” wrote. It is read here and sent nowhere.');
    #notice = new ErrorNotice();
    #onShown;
    container = element(
        'div',
        { class: 'model-choice' },
        this.#name,
        element('div', { class: 'model-buttons' }, this.#choose, this.#back),
        this.#hint,
        this.#chooser,
        this.#notice.container,
    );

    /**
     * @param {(file: File) => void} onFile
     * @param {() => void} onDefault
     * @param {(model: ModelName, own: File | null) => void} [onShown] Told which model is in use.
     */
    constructor(onFile, onDefault, onShown = () => {}) {
        this.#onShown = onShown;
        this.#choose.title = this.#hint.textContent ?? '';
        this.#choose.addEventListener('click', () => this.#chooser.click());
        this.#chooser.addEventListener('change', () => {
            const file = this.#chooser.files?.[0];
            this.#chooser.value = ''; // so that the same file, trained again, can be chosen again
            if (file) onFile(file);
        });
        this.#back.addEventListener('click', onDefault);
    }

    /**
     * @param {ModelName} model What is in use.
     * @param {File | null} own Where it is from; null for the default model.
     */
    show(model, own) {
        const { id, sha256 } = model;
        this.#name.hidden = false;
        this.#whose.textContent = own ? 'Your own model:' : 'Default model:';
        this.#id.textContent = id;
        this.#digest.textContent = sha256.slice(0, SHOWN_DIGITS);
        this.#digest.title = `SHA-256 ${sha256}`;
        this.container.dataset.own = String(own !== null);
        if (!own && document.activeElement === this.#back) this.#choose.focus();
        this.#back.hidden = !own;
        this.#notice.clear();
        this.#onShown(model, own);
    }

    /** Forgets what was wrong with a file. */
    forget() {
        this.#notice.clear();
    }

    /**
     * @param {unknown} error
     * @param {File | null} own What cannot be used; null for the default model.
     */
    fail(error, own) {
        this.#notice.show(error, null, (thrown) => {
            const words = own ? modelErrorWords(thrown, own.name) : errorWords(thrown);
            const stays = this.#id.textContent && `${this.#id.textContent} stays in use.`;
            return { ...words, remedy: `${words.remedy} ${stays}`.trim() };
        });
    }
}
