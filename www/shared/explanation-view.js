// The explanation of a result: a heat map over the image, and marks on the words of the caption.

import { element } from './dom.js';
import { HeatMap } from './heat-map.js';
import { MarkedCaption } from './marked-caption.js';
import { explanationTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Explanation} Explanation */
/** @typedef {{ image: Blob | null, caption: string | null }} ShownPost */
/**
 * An image that is already on the screen, with its heat map.
 *
 * @typedef {{ heatMap: HeatMap, describe: (text: string) => void }} ShownImage
 */

/** A section; hidden if there is nothing to explain in it. */
export class ExplanationView {
    #title = element('h3', { id: 'reasons-title' });
    #figure;
    #caption = new MarkedCaption();
    container = element('section', { 'aria-labelledby': 'reasons-title', class: 'reasons' }, this.#title);

    /** @param {ShownImage | null} shown The image that the heat map belongs to; null to show its own. */
    constructor(shown = null) {
        this.#figure = shown ? new ImageElsewhere(shown) : new ImageFigure();
        if (this.#figure.container) this.container.append(this.#figure.container);
        this.container.append(this.#caption.container);
    }

    /**
     * @param {Explanation} explanation
     * @param {ShownPost} post
     */
    show({ emotion, heatmap, words }, { image, caption }) {
        this.#title.textContent = explanationTexts.title(emotion);
        const hasWords = words.length > 0 && caption !== null;
        this.#caption.container.hidden = !hasWords;
        if (hasWords) this.#caption.show(words, caption, emotion);
        if (heatmap && image) this.#figure.show(heatmap, image, emotion);
        else this.#figure.clear();
        this.container.hidden = !hasWords && (!heatmap || !image || !this.#figure.container);
    }

    /** There is no explanation. */
    clear() {
        this.container.hidden = true;
        this.#figure.clear();
    }
}

/** An image with its heat map. */
class ImageFigure {
    #image = element('img', { decoding: 'async', alt: '' });
    #heatMap = new HeatMap();
    container = element(
        'figure',
        { class: 'reasons-image' },
        element('div', { class: 'lit' }, this.#image, this.#heatMap.overlay),
        element('figcaption', {}, this.#heatMap.controls),
    );
    #address = '';

    constructor() {
        this.#image.addEventListener('error', () => this.clear());
    }

    /**
     * @param {import('../emofuse.js').Heatmap} heatmap
     * @param {Blob} image
     * @param {string} emotion
     */
    show(heatmap, image, emotion) {
        URL.revokeObjectURL(this.#address);
        this.#address = URL.createObjectURL(image);
        this.#image.src = this.#address;
        this.#image.alt = this.#heatMap.show(heatmap, emotion);
        this.container.hidden = false;
    }

    clear() {
        this.container.hidden = true;
    }
}

/** The same for an image that is shown elsewhere. */
class ImageElsewhere {
    #shown;
    container = null;

    /** @param {ShownImage} shown */
    constructor(shown) {
        this.#shown = shown;
    }

    /**
     * @param {import('../emofuse.js').Heatmap} heatmap
     * @param {Blob} _image
     * @param {string} emotion
     */
    show(heatmap, _image, emotion) {
        this.#shown.describe(this.#shown.heatMap.show(heatmap, emotion));
    }

    clear() {
        this.#shown.heatMap.clear();
    }
}
