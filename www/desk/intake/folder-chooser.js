// A button that lets the person choose a folder, with the browser's folder picker or its upload dialog.

import { element } from '../../shared/dom.js';
import { canPickFolder, listFiles, listHandles, pickFolder } from './listing.js';

/** The choice: handles, which can be stored, or files. */
/** @typedef {{ handles: FileSystemHandle[] } | { files: FileList }} Chosen */

/** Nothing is ever uploaded, even if the browser's dialog says "upload". */
export class FolderChooser {
    #button;
    #input;
    container;

    /**
     * @param {string} label
     * @param {string} id The id of the input.
     * @param {(chosen: Chosen) => void} onChosen
     * @param {string} [className]
     */
    constructor(label, id, onChosen, className = '') {
        this.#button = element('button', { type: 'button', class: className || null }, label);
        this.#input = element('input', { type: 'file', hidden: true, id, webkitdirectory: true, multiple: true });
        this.container = element('span', { class: 'folder-chooser' }, this.#button, this.#input);
        this.#button.addEventListener('click', async () => {
            if (!canPickFolder()) return this.#input.click();
            const handle = await pickFolder().catch(() => this.#input.click()); // if the picker is not allowed
            if (handle) onChosen({ handles: [handle] });
        });
        this.#input.addEventListener('change', () => {
            const { files } = this.#input;
            if (files && files.length > 0) onChosen({ files });
            else this.#input.value = '';
        });
    }

    /** Lets the same folder be chosen again. Call it after its files were listed. */
    reset() {
        this.#input.value = '';
    }

    /**
     * Lists the chosen folder, which may then be chosen again. Rejects if nothing in it can be read.
     *
     * @param {Chosen} chosen
     * @param {import('./listing.js').ListingOptions} options
     */
    async list(chosen, options) {
        const listing =
            'handles' in chosen ? await listHandles(chosen.handles, options) : await listFiles(chosen.files, options);
        this.reset();
        const [problem] = listing.problems;
        if (problem && listing.files.length === 0) throw new Error(`${problem.where}: ${problem.reason}`);
        return listing;
    }

    focus() {
        this.#button.focus();
    }
}
