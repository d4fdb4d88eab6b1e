// Accepts an image: dropped, pasted, chosen, or taken with the camera.

import { element, svgElement } from './dom.js';
import { imageTexts } from './texts.js';

/** A field with a preview. */
export class ImageField {
    container;
    #onImage;
    /** @type {Blob | null} */
    #image = null;
    #address = '';
    #chooser = element('input', { type: 'file', accept: 'image/*', hidden: true, id: 'choose-image' });
    #camera = element('input', {
        type: 'file',
        accept: 'image/*',
        capture: 'environment',
        hidden: true,
        id: 'take-photo',
    });
    #preview = element('img', { alt: imageTexts.alt, class: 'preview', decoding: 'async' });
    #unshowable = element('p', { class: 'hint', hidden: true }, imageTexts.unshowable);
    #choose = element('button', { type: 'button' }, imageTexts.choose);
    #remove = element('button', { type: 'button' }, imageTexts.remove);
    #empty;
    #filled;
    /** Contains only the image, so that it can have an overlay. */
    frame = element('div', { class: 'lit' }, this.#preview);
    /** A row of controls below the image. */
    tools = element('div', { class: 'image-tools' });

    /**
     * @param {HTMLElement} container
     * @param {(image: Blob | null) => void} onImage Called when the person gives an image or removes it.
     */
    constructor(container, onImage) {
        this.container = container;
        this.#onImage = onImage;
        const take = element('button', { type: 'button', class: 'touch-only' }, imageTexts.takePhoto);
        const icon = svgElement(
            'svg',
            { viewBox: '0 0 48 40', class: 'image-icon', 'aria-hidden': 'true' },
            svgElement('rect', { x: 2, y: 2, width: 44, height: 36, rx: 6 }),
            svgElement('circle', { cx: 15, cy: 14, r: 4 }),
            svgElement('path', { d: 'M4 33 17 21l8 8 8-11 13 15' }),
        );
        this.#empty = element(
            'div',
            { class: 'drop-empty' },
            icon,
            element('p', { class: 'pointer-only' }, imageTexts.drop),
            element('div', { class: 'actions' }, this.#choose, take),
        );
        this.#filled = element('div', { class: 'drop-filled', hidden: true }, this.frame, this.#unshowable, this.tools);
        this.tools.append(this.#remove);
        container.append(
            element(
                'div',
                { class: 'drop', id: 'drop', role: 'group', 'aria-label': imageTexts.group },
                this.#empty,
                this.#filled,
            ),
            this.#chooser,
            this.#camera,
        );
        this.#choose.addEventListener('click', () => this.#chooser.click());
        take.addEventListener('click', () => this.#camera.click());
        this.#remove.addEventListener('click', () => {
            this.#give(null);
            this.#choose.focus();
        });
        for (const input of [this.#chooser, this.#camera]) {
            input.addEventListener('change', () => {
                const file = input.files?.[0];
                input.value = ''; // so that the same file can be chosen again
                if (file) this.#give(file);
            });
        }
        this.#preview.addEventListener('error', () => this.#markShowable(false));
        this.#preview.addEventListener('load', () => {
            const { naturalWidth, naturalHeight } = this.#preview;
            this.frame.style.setProperty('--ratio', String(naturalWidth / Math.max(1, naturalHeight)));
            this.#markShowable(true);
        });
        this.#listenForPastes();
    }

    get image() {
        return this.#image;
    }

    /** @param {string} text What the image shows, for people who do not see it. */
    describe(text) {
        this.#preview.alt = text;
    }

    /** @param {Blob | null} image */
    set(image) {
        this.#image = image;
        this.describe(imageTexts.alt);
        URL.revokeObjectURL(this.#address);
        this.#address = image ? URL.createObjectURL(image) : '';
        if (image) this.#preview.src = this.#address;
        else this.#preview.removeAttribute('src');
        this.#empty.hidden = image !== null;
        this.#filled.hidden = image === null;
    }

    /** @param {Blob | null} image */
    #give(image) {
        this.set(image);
        if (image && document.activeElement === document.body) this.#remove.focus({ preventScroll: true });
        this.#onImage(image);
    }

    /** @param {boolean} showable */
    #markShowable(showable) {
        this.#preview.hidden = !showable;
        this.#unshowable.hidden = showable;
    }

    #listenForPastes() {
        document.addEventListener('paste', (event) => {
            // Word processors copy an image along with text: if there is text, the text is meant.
            const data = event.clipboardData;
            if (data?.types.includes('text/plain')) return;
            if (this.giveFirst([...(data?.files ?? [])])) event.preventDefault();
        });
    }

    /**
     * Takes the first image among files that the person gave, or else the first file.
     *
     * @param {File[]} files
     */
    giveFirst(files) {
        const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
        if (file) this.#give(file);
        return file !== undefined;
    }
}
