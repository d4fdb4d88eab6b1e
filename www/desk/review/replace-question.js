// Asks before existing labels are replaced: those of a table, or those of several posts.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').DeskPost} DeskPost */

/** @typedef {'replace' | 'others' | 'cancel'} Answer `others`: label only the posts without a label. */

const words = texts.replace;

/** A modal dialog that is shown while there is a question. */
export class ReplaceQuestion {
    #text = element('p', { id: 'replace-text' });
    #title = element('h2', { id: 'replace-title' });
    #always = element('input', { type: 'checkbox' });
    #alwaysLabel = element('label', { class: 'switch' }, this.#always, words.always);
    #replace = element('button', { type: 'button' });
    #others = element('button', { type: 'button' });
    #cancel = element('button', { type: 'button', class: 'primary' }, words.keep);
    container = element(
        'dialog',
        { class: 'card replace-question', 'aria-labelledby': 'replace-title', 'aria-describedby': 'replace-text' },
        this.#title,
        this.#text,
        this.#alwaysLabel,
        element('div', { class: 'actions' }, this.#cancel, this.#others, this.#replace),
    );
    /** @type {(answer: Answer) => void} */
    #answer = () => {};
    #isAnswered = false;

    constructor() {
        for (const [button, answer] of /** @type {const} */ ([
            [this.#replace, 'replace'],
            [this.#others, 'others'],
            [this.#cancel, 'cancel'],
        ]))
            button.addEventListener('click', () => {
                this.#isAnswered = true;
                this.container.close();
                this.#answer(answer);
            });
        this.container.addEventListener('keydown', (event) => event.stopPropagation()); // keys must not label posts behind the dialog
        this.container.addEventListener('close', () => {
            if (!this.#isAnswered) this.#answer('cancel');
        });
    }

    /**
     * Whether a post's label may be replaced; asks only about labels from a table.
     *
     * @param {DeskPost} post
     * @param {Emotion | null} emotion Null removes it.
     * @returns {true | Promise<boolean>}
     */
    mayReplace({ manualLabel }, emotion) {
        if (manualLabel?.how !== 'import' || manualLabel.emotion === emotion || this.#always.checked) return true;
        this.#title.textContent = words.title;
        this.#text.textContent = words.one(manualLabel.emotion, emotion);
        this.#replace.textContent = emotion ? words.replaceOne : words.removeOne;
        this.#others.hidden = true;
        this.#alwaysLabel.hidden = false;
        return this.#show().then((answer) => {
            if (answer !== 'replace') this.#always.checked = false;
            return answer === 'replace';
        });
    }

    /**
     * @param {{ labelled: number, all: number, emotion: Emotion }} posts The number of posts that already have a label,
     *     and the new label for all.
     * @returns {Promise<Answer>}
     */
    ask({ labelled, all, emotion }) {
        this.#title.textContent = words.titleMany;
        this.#text.textContent = words.many(labelled, all);
        this.#replace.textContent = words.replaceMany(all, emotion);
        this.#others.textContent = words.others(all - labelled, emotion);
        this.#others.hidden = all === labelled;
        this.#alwaysLabel.hidden = true;
        return this.#show();
    }

    /** Asks again from now on, because other posts are on the desk. */
    forget() {
        this.#always.checked = false;
    }

    /** @returns {Promise<Answer>} */
    #show() {
        this.#isAnswered = false;
        if (!this.container.isConnected) document.body.append(this.container);
        return new Promise((resolve) => {
            this.#answer = resolve;
            this.container.showModal();
            this.#cancel.focus();
        });
    }
}
