// Whose labels are set: the model's, or the person's own.

import { element } from '../../shared/dom.js';
import { tint } from '../../shared/labels.js';
import { LabelsForm, inShort } from './labels-form.js';
import { texts } from './texts.js';

/** @typedef {import('./own-labels.js').OwnLabels} OwnLabels */
/** @typedef {import('../../shared/labels.js').LabelSet} LabelSet */

/**
 * @typedef {object} LabelChoices
 * @property {(given: import('./own-labels.js').Given) => void} onOwn
 * @property {() => void} onModel
 * @property {() => void} onState Called when the form is opened or closed.
 * @property {() => OwnLabels | undefined} stored
 */

const words = texts.choice;

/** A line with buttons, or the form. Its `data-state` is `model`, `own` or `form`. */
export class LabelChoice {
    #callbacks;
    #text = element('p');
    #names = element('ul', { class: 'label-names', 'aria-label': words.names });
    #change = element('button', { type: 'button' });
    #useModel = element('button', { type: 'button' }, words.useModel);
    #line = element(
        'div',
        { class: 'label-line' },
        element('h2', { id: 'label-choice-title' }, words.title),
        this.#text,
        this.#names,
        element('div', { class: 'actions' }, this.#change, this.#useModel),
    );
    #form;
    container;
    /** @type {{ labels: LabelSet, hasModel: boolean }} */
    #shown;

    /**
     * @param {{ labels: LabelSet, hasModel: boolean }} shown
     * @param {LabelChoices} callbacks
     */
    constructor(shown, callbacks) {
        this.#shown = shown;
        this.#callbacks = callbacks;
        this.#form = new LabelsForm({
            onLabels: (given) => {
                callbacks.onOwn(given);
                this.#change.focus();
            },
            onCancel: () => {
                this.closeForm();
                this.#change.focus();
            },
        });
        this.container = element(
            'section',
            { class: 'card label-choice', 'aria-labelledby': 'label-choice-title' },
            this.#line,
            this.#form.container,
        );
        this.#change.addEventListener('click', () => {
            this.openForm();
            this.#form.focus();
        });
        this.#useModel.addEventListener('click', () => {
            callbacks.onModel();
            this.#change.focus();
        });
        this.#write(shown);
        this.#enter(shown.hasModel ? 'model' : 'own');
    }

    /** Whether the labels are still being chosen. */
    get isOpen() {
        return this.container.dataset['state'] === 'form';
    }

    /** Shows the form, with the labels that were used last. */
    openForm() {
        const stored = this.#callbacks.stored()?.projects ?? [];
        const { labels, hasModel } = this.#shown;
        const inUse = hasModel ? (stored[0] ?? null) : { labels: labels.labels, none: labels.none };
        this.#form.show(inUse, stored);
        this.#enter('form');
        this.#callbacks.onState();
    }

    /** Leaves the labels as they are. */
    closeForm() {
        if (!this.isOpen) return;
        if (this.#shown.hasModel) this.#callbacks.onModel();
        else {
            this.#enter('own');
            this.#callbacks.onState();
        }
    }

    /**
     * Shows the labels in use.
     *
     * @param {{ labels: LabelSet, hasModel: boolean }} shown
     */
    show(shown) {
        this.#write(shown);
        this.#enter(shown.hasModel ? 'model' : 'own');
        this.#callbacks.onState();
    }

    /** The same, but leaves the form open. @param {{ labels: LabelSet, hasModel: boolean }} shown */
    follow(shown) {
        this.#write(shown);
    }

    /** @param {{ labels: LabelSet, hasModel: boolean }} shown */
    #write(shown) {
        this.#shown = shown;
        const { labels, hasModel } = shown;
        this.#text.textContent = hasModel ? words.ofModel(inShort(labels.names)) : words.own(labels.names.length);
        this.#names.hidden = hasModel;
        this.#names.replaceChildren(
            ...labels.names.map((name) =>
                tint(element('li', {}, element('span', { class: 'swatch', 'aria-hidden': 'true' }), name), name),
            ),
        );
        this.#change.textContent = hasModel ? words.useOwn : words.change;
        this.#useModel.hidden = hasModel;
    }

    /** @param {'model' | 'own' | 'form'} state */
    #enter(state) {
        this.container.dataset['state'] = state;
        this.#line.hidden = state === 'form';
        this.#form.container.hidden = state !== 'form';
    }
}
