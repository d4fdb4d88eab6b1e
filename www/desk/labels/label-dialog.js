// Changes the labels while posts are on the desk.

import { element } from '../../shared/dom.js';
import { labelsInUse } from '../../shared/labels.js';
import { LabelsForm } from './labels-form.js';
import { texts } from './texts.js';

/** A modal dialog with the form. */
export class LabelDialog {
    #form;
    container = element('dialog', { class: 'card label-dialog' });

    /** @param {(given: import('./own-labels.js').Given) => void} onLabels */
    constructor(onLabels) {
        this.#form = new LabelsForm(
            {
                onLabels: (given) => {
                    this.container.close();
                    onLabels(given);
                },
                onCancel: () => this.container.close(),
            },
            texts.change,
        );
        this.container.setAttribute('aria-label', texts.change.title);
        this.container.append(this.#form.container);
        this.container.addEventListener('keydown', (event) => event.stopPropagation()); // keys must not label posts behind it
    }

    open() {
        const { labels, none } = labelsInUse();
        this.#form.show({ labels, none });
        if (!this.container.isConnected) document.body.append(this.container);
        this.container.showModal();
        this.#form.focus();
    }
}
