// A button that lets the person choose a folder, with the browser's dialog for that or with one for uploads.

import { element } from '../../shared/dom.js';
import { canPickFolder, pickFolder } from './listing.js';

/** What was chosen: handles, which can be kept, or files. */
/** @typedef {{ handles: FileSystemHandle[] } | { files: FileList }} Chosen */

/** A button; nothing is ever uploaded, whatever the browser's own dialog calls it. */
export class FolderChooser {
    #button;
    #input;
    container;

    /**
     * @param {string} label
     * @param {string} id Of the input.
     * @param {(chosen: Chosen) => void} onChosen
     * @param {string} [className]
     */
    constructor(label, id, onChosen, className = '') {
        this.#button = element('button', { type: 'button', class: className || null }, label);
        this.#input = element('input', { type: 'file', hidden: true, id, webkitdirectory: true, multiple: true });
        this.container = element('span', { class: 'folder-chooser' }, this.#button, this.#input);
        this.#button.addEventListener('click', async () => {
            if (!canPickFolder()) return this.#input.click();
            const handle = await pickFolder().catch(() => this.#input.click()); // where the dialog is forbidden
            if (handle) onChosen({ handles: [handle] });
        });
        this.#input.addEventListener('change', () => {
            const { files } = this.#input;
            if (files && files.length > 0) onChosen({ files });
            else this.#input.value = '';
        });
    }

    /** Lets the same folder be chosen again; to be called when its files were listed. */
    reset() {
        this.#input.value = '';
    }

    focus() {
        this.#button.focus();
    }
}
