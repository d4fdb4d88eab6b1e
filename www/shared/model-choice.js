// Shows which model is in use, and lets the person use the large model, their own, or the default one.

import { element } from './dom.js';
import { modelTexts } from './texts.js';
import { isCached, manifest } from '../emofuse.js';
import { errorWords, modelErrorWords, modelKind } from './words.js';
import { ErrorNotice } from './error-notice.js';

const SHOWN_DIGITS = 8;

/** @typedef {import('../emofuse.js').ModelName} ModelName */
/** @typedef {import('./model.js').ModelSource} ModelSource */

/** A line of text with buttons, and the error of a model that cannot be used. */
export class ModelChoice {
    #kind = element('span');
    #id = element('strong', { class: 'model-id' });
    #digest = element('code', { class: 'model-digest' });
    #name = element('p', { class: 'model-name', hidden: true }, this.#kind, ' ', this.#id, ' ', this.#digest);
    #large = element('button', {
        type: 'button',
        class: 'quiet',
        id: 'large-model',
        'aria-describedby': 'large-model-hint',
    });
    #largeHint = element('p', { class: 'hint', id: 'large-model-hint' });
    #chooser = element('input', {
        type: 'file',
        hidden: true,
        id: 'choose-model',
        accept: '.emofuse,application/octet-stream',
    });
    #choose = element(
        'button',
        { type: 'button', class: 'quiet', id: 'use-model', 'aria-describedby': 'model-hint' },
        modelTexts.use,
    );
    #back = element('button', { type: 'button', class: 'quiet', id: 'default-model', hidden: true }, modelTexts.back);
    #hint = element('p', { class: 'visually-hidden', id: 'model-hint' }, modelTexts.hint);
    #notice = new ErrorNotice();
    #onShown;
    container = element(
        'div',
        { class: 'model-choice' },
        this.#name,
        element('div', { class: 'model-buttons' }, this.#large, this.#choose, this.#back),
        this.#largeHint,
        this.#hint,
        this.#chooser,
        this.#notice.container,
    );

    /**
     * @param {(source: ModelSource) => void} onChoice
     * @param {(model: ModelName, source: ModelSource) => void} [onShown] Called with the model in use.
     */
    constructor(onChoice, onShown = () => {}) {
        this.#onShown = onShown;
        this.#choose.title = this.#hint.textContent ?? '';
        this.#choose.addEventListener('click', () => this.#chooser.click());
        this.#chooser.addEventListener('change', () => {
            const file = this.#chooser.files?.[0];
            this.#chooser.value = ''; // so that the same file can be chosen again after retraining
            if (file) onChoice(file);
        });
        this.#large.addEventListener('click', () => onChoice('large'));
        this.#back.addEventListener('click', () => onChoice('default'));
        this.#describeLarge(false);
        void this.#lookForLarge();
    }

    /**
     * @param {ModelName} model What is in use.
     * @param {ModelSource} source
     */
    show(model, source) {
        const { id, sha256 } = model;
        this.#name.hidden = false;
        this.#kind.textContent = `${modelKind(source)}:`;
        this.#id.textContent = id;
        this.#digest.textContent = sha256.slice(0, SHOWN_DIGITS);
        this.#digest.title = modelTexts.digest(sha256);
        this.container.dataset.model = source instanceof File ? 'own' : source;
        this.#offer(source);
        void this.#lookForLarge();
        this.#onShown(model, source);
    }

    /** Clears the error of a model. */
    forget() {
        this.#notice.clear();
    }

    /**
     * @param {unknown} error
     * @param {ModelSource} source What cannot be used.
     */
    fail(error, source) {
        this.#notice.show(error, null, (thrown) => {
            const words = source === 'default' ? errorWords(thrown) : modelErrorWords(thrown, source);
            const inUse = this.#id.textContent ? modelTexts.stays(this.#id.textContent) : modelTexts.defaultInstead;
            return { ...words, remedy: `${words.remedy} ${inUse}` };
        });
        void this.#lookForLarge(); // it may no longer be cached
    }

    /**
     * Shows the buttons for all models but the one in use.
     *
     * @param {ModelSource} source What is in use.
     */
    #offer(source) {
        const focused = document.activeElement;
        this.#large.hidden = this.#largeHint.hidden = source === 'large';
        this.#back.hidden = source === 'default';
        if (focused instanceof HTMLButtonElement && focused.hidden && this.container.contains(focused))
            this.#choose.focus();
    }

    /** Shows whether the large model would have to be downloaded. */
    async #lookForLarge() {
        this.#describeLarge(await isCached(manifest.large));
    }

    /** @param {boolean} isHere */
    #describeLarge(isHere) {
        const where = isHere ? modelTexts.onDevice : `${Math.round(manifest.large.bytes / 1_000_000)} MB`;
        this.#large.textContent = modelTexts.useLarge(where);
        this.#largeHint.textContent = modelTexts.largeHint(isHere);
    }
}
