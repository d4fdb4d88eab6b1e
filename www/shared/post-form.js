// The form for a post: an image, a caption, and buttons.

import { byId } from './dom.js';
import { ImageField } from './image-field.js';

/**
 * @typedef {object} PostFormCallbacks
 * @property {() => void} onChange Called when the post has changed.
 * @property {() => void} onSubmit Called when the person submits the post, or gives an image.
 * @property {() => void} onCancel
 * @property {() => void} onClear Called to clear the form.
 * @property {() => void} [onImage] Called first when the person gives an image or removes it.
 */

/** Uses the elements `#post-form`, `#image-field`, `#caption`, `#analyse`, `#cancel` and `#clear` of the page. */
export class PostForm {
    #caption = byId('caption', HTMLTextAreaElement);
    #analyse = byId('analyse', HTMLButtonElement);
    #cancel = byId('cancel', HTMLButtonElement);
    #clear = byId('clear', HTMLButtonElement);
    /** The image and its overlay. */
    imageField;
    #onChange;

    /** @param {PostFormCallbacks} callbacks */
    constructor({ onChange, onSubmit, onCancel, onClear, onImage = () => {} }) {
        this.#onChange = onChange;
        this.imageField = new ImageField(byId('image-field', HTMLDivElement), (image) => {
            onImage();
            this.changed();
            if (image) onSubmit();
        });
        byId('post-form', HTMLFormElement).addEventListener('submit', (event) => {
            event.preventDefault();
            onSubmit();
        });
        this.#caption.addEventListener('input', () => this.changed());
        this.#caption.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                onSubmit();
            }
        });
        this.#cancel.addEventListener('click', onCancel);
        this.#clear.addEventListener('click', () => {
            onClear();
            this.#caption.focus();
        });
    }

    /** The current post. */
    get post() {
        const caption = this.#caption.value;
        return { image: this.imageField.image, caption: caption.trim() === '' ? null : caption };
    }

    /** Whether image and caption are both empty. */
    get isEmpty() {
        return !this.imageField.image && this.#caption.value === '';
    }

    /**
     * Replaces the post, or a part of it.
     *
     * @param {{ image?: Blob | null, caption?: string }} parts
     */
    set({ image, caption }) {
        if (image !== undefined) this.imageField.set(image);
        if (caption !== undefined) this.#caption.value = caption;
        this.changed();
    }

    /**
     * Takes the first image among files as if the person had given it to the image field.
     *
     * @param {File[]} files
     */
    giveFirst(files) {
        this.imageField.giveFirst(files);
    }

    /** Shows that the post has changed. */
    changed() {
        this.#clear.hidden = this.isEmpty;
        this.#onChange();
    }

    /**
     * Shows the button that cancels while a post is analysed.
     *
     * @param {boolean} isBusy
     */
    setBusy(isBusy) {
        if (!isBusy && document.activeElement === this.#cancel) this.focus();
        this.#cancel.hidden = !isBusy;
    }

    /** Focuses the button that submits. */
    focus() {
        this.#analyse.focus();
    }
}
