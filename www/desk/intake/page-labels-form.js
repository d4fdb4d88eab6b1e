// Asks for the folder with the images of labels from the page.

import { element } from '../../shared/dom.js';
import { ErrorNotice } from '../../shared/error-notice.js';
import { isAbort, titled } from '../words.js';
import { FolderChooser } from './folder-chooser.js';
import { findImages } from './page-labels.js';
import { texts } from './texts.js';

/** @typedef {import('./folder-chooser.js').Chosen} Chosen */
/** @typedef {import('./page-labels.js').FoundImages} FoundImages */
/** @typedef {import('./page-labels.js').PageLabel} PageLabel */

/**
 * @typedef {object} PageLabelsCallbacks
 * @property {(images: FoundImages, handles: FileSystemHandle[]) => void} onImages Called with the images that were
 *     found, and with what leads to their folder again.
 * @property {() => void} onBack
 */

const words = texts.pageLabels;

/** A form with counts, a button for the folder, and one that goes on with what there is. */
export class PageLabelsForm {
    #title = element('h2', { id: 'page-labels-title', tabindex: -1 }, words.title);
    #counts = element('p', { class: 'page-labels-counts', role: 'status' });
    #folder = new FolderChooser(words.folder, 'choose-label-images', (chosen) => void this.#takeFolder(chosen));
    #looking = element('p', { class: 'hint' });
    #notice = new ErrorNotice();
    #put = element('button', { type: 'submit', class: 'primary' });
    #back = element('button', { type: 'button' }, words.back);
    container = element(
        'form',
        { class: 'card page-labels-form', 'aria-labelledby': 'page-labels-title' },
        this.#title,
        this.#counts,
        element('p', { class: 'hint' }, words.hint),
        element('div', { class: 'actions' }, this.#folder.container, this.#looking),
        this.#notice.container,
        element('div', { class: 'actions' }, this.#put, this.#back),
    );
    /** @type {PageLabel[]} */
    #labels = [];
    #unusable = 0;
    /** @type {FoundImages} */
    #images = new Map();
    /** @type {FileSystemHandle[]} */
    #handles = [];
    #looks = new AbortController();

    /** @param {PageLabelsCallbacks} callbacks */
    constructor({ onImages, onBack }) {
        this.container.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#looks.abort();
            onImages(this.#images, this.#handles);
        });
        this.#back.addEventListener('click', () => {
            this.#looks.abort();
            onBack();
        });
    }

    /**
     * @param {PageLabel[]} labels
     * @param {number} unusable
     */
    show(labels, unusable) {
        this.#looks.abort();
        this.#labels = labels;
        this.#unusable = unusable;
        this.#images = new Map();
        this.#handles = [];
        this.#notice.clear();
        this.#render();
        this.#title.focus();
    }

    #render() {
        const pictured = this.#labels.filter(({ imageSha256 }) => imageSha256 !== null);
        const found = pictured.filter(({ imageSha256 }) => this.#images.has(imageSha256 ?? '')).length;
        const posts = this.#labels.length - pictured.length + found;
        this.#counts.textContent = words.counts({
            labels: this.#labels.length,
            pictured: pictured.length,
            found,
            unusable: this.#unusable,
        });
        this.#put.textContent = texts.mapping.put(posts);
        this.#put.disabled = posts === 0;
    }

    /** @param {Chosen} chosen */
    async #takeFolder(chosen) {
        this.#looks.abort();
        this.#looks = new AbortController();
        const { signal } = this.#looks;
        this.#notice.clear();
        this.#put.disabled = true; // until it is known what is in the folder
        const onListed = (/** @type {number} */ count) =>
            (this.#looking.textContent = texts.mapping.lookingThrough(count));
        const onCompared = (/** @type {number} */ done, /** @type {number} */ all) =>
            (this.#looking.textContent = words.comparing(done, all));
        try {
            const listing = await this.#folder.list(chosen, { signal, onProgress: onListed });
            this.#images = await findImages(this.#labels, listing.files, { signal, onProgress: onCompared });
            this.#handles = listing.handles;
        } catch (error) {
            if (isAbort(error)) return;
            this.#notice.show(error, null, titled(texts.mapping.folderFailed));
        }
        this.#looking.textContent = '';
        this.#render();
        if (!this.#put.disabled) this.#put.focus();
    }
}
