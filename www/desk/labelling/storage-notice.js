// Says at the top of the page that something is not saved, for as long as it is not.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('./journal.js').Journal} Journal */

const words = texts.notSaved;

/** A bar with a button for a backup. The browser asks before the page is left with unsaved work. */
export class StorageNotice {
    #title = element('p', { class: 'notice-title', role: 'alert' });
    #remedy = element('p');
    #unsaved = element('p', { class: 'hint' });
    #backup = element('button', { type: 'button', class: 'primary' }, words.backup);
    #retry = element('button', { type: 'button' }, words.retry);
    container = element(
        'section',
        { class: 'storage-notice', 'aria-label': words.label, hidden: true },
        element('div', {}, this.#title, this.#remedy, this.#unsaved),
        element('div', { class: 'actions' }, this.#backup, this.#retry),
    );
    #journal;

    /**
     * @param {Journal} journal
     * @param {() => Promise<void>} saveBackup Saves what is on the desk as a file.
     */
    constructor(journal, saveBackup) {
        this.#journal = journal;
        this.#backup.addEventListener('click', () => void saveBackup());
        this.#retry.addEventListener('click', () => void journal.retry());
        addEventListener('beforeunload', (event) => {
            const { predictions, labels } = journal.unsaved;
            if (journal.problem && predictions + labels > 0) event.preventDefault();
        });
        this.show();
    }

    /** Shows what is not saved now, if anything. */
    show() {
        const { problem, unsaved } = this.#journal;
        this.container.hidden = problem === null;
        if (!problem) {
            this.#title.textContent = '';
            return;
        }
        const title = words.title(problem);
        if (this.#title.textContent !== title) this.#title.textContent = title; // announced once
        this.#remedy.textContent = words.remedy(problem);
        const { predictions, labels } = unsaved;
        this.#unsaved.hidden = predictions + labels === 0;
        this.#unsaved.textContent = words.unsaved(predictions, labels);
        this.#retry.hidden = problem.kind === 'superseded' || problem.kind === 'blocked';
    }
}
