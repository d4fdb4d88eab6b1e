// The explanation of a result: a light on the parts of the image, and marks on the words of the caption.

import { element } from './dom.js';
import { brightestPart, points } from './words.js';

/** @typedef {import('../emofuse.js').Explanation} Explanation */
/** @typedef {import('../emofuse.js').Heatmap} Heatmap */
/** @typedef {import('../emofuse.js').WordContribution} WordContribution */
/** @typedef {{ image: Blob | null, caption: string | null }} ShownPost */

/** How dark the image is where nothing raises the emotion's score. */
const SHADE = 0.6;

/** The longer side of the shade in pixels; the browser scales it to the image. */
const SHADE_SIDE = 320;

/** From this contribution on, a word is marked as strongly as one can be. */
const STRONG = 0.3;

/** A section with a figure and a paragraph; hidden where there is nothing to explain. */
export class ExplanationView {
    #title = element('h3', { id: 'reasons-title' });
    #image = element('img', { decoding: 'async', alt: '' });
    #shade = element('canvas', { 'aria-hidden': 'true' });
    #toggle = element('button', { type: 'button', 'aria-pressed': 'false' }, 'Show the image as it is');
    #imageHint = element('p', { class: 'hint' });
    #figure = element(
        'figure',
        { class: 'reasons-image' },
        element('div', { class: 'lit' }, this.#image, this.#shade),
        element('figcaption', {}, this.#imageHint, this.#toggle),
    );
    #words = element('p', { class: 'reasons-words', lang: 'en' });
    #wordsHint = element('p', { class: 'hint' });
    #caption = element('div', {}, this.#words, this.#wordsHint);
    container = element(
        'section',
        { 'aria-labelledby': 'reasons-title', class: 'reasons' },
        this.#title,
        this.#figure,
        this.#caption,
    );
    #address = '';

    constructor() {
        this.#toggle.addEventListener('click', () => {
            this.#shade.hidden = !this.#shade.hidden;
            this.#toggle.setAttribute('aria-pressed', String(this.#shade.hidden));
        });
    }

    /**
     * @param {Explanation} explanation
     * @param {ShownPost} post
     */
    show({ emotion, heatmap, words }, { image, caption }) {
        this.#title.textContent = `Why ${emotion}?`;
        this.#figure.hidden = !heatmap || !image;
        this.#caption.hidden = words.length === 0 || caption === null;
        if (heatmap && image) this.#showImage(heatmap, image, emotion);
        if (caption !== null) this.#showWords(words, caption, emotion);
    }

    /**
     * @param {Heatmap} heatmap
     * @param {Blob} image
     * @param {string} emotion
     */
    #showImage(heatmap, image, emotion) {
        URL.revokeObjectURL(this.#address);
        this.#address = URL.createObjectURL(image);
        this.#image.onload = () =>
            drawShade(this.#shade, heatmap, this.#image.naturalWidth / this.#image.naturalHeight);
        this.#image.onerror = () => (this.#figure.hidden = true);
        this.#image.src = this.#address;
        this.#shade.hidden = false;
        this.#toggle.setAttribute('aria-pressed', 'false');
        const part = brightestPart(heatmap);
        this.#image.alt = part
            ? `The image; its ${part} raises the ${emotion} score most`
            : `The image; no part of it raises the ${emotion} score`;
        this.#imageHint.textContent = part
            ? `Highlighted parts of the image raise the ${emotion} score.`
            : `No part of the image raises the ${emotion} score.`;
    }

    /**
     * @param {WordContribution[]} words
     * @param {string} caption
     * @param {string} emotion
     */
    #showWords(words, caption, emotion) {
        /** @type {(Node | string)[]} */
        const parts = [];
        let end = 0;
        for (const word of words) {
            parts.push(caption.slice(end, word.start), marked(word));
            end = word.end;
        }
        this.#words.replaceChildren(...parts, caption.slice(end));
        this.#wordsHint.textContent = `Highlighted words raise the ${emotion} score; dotted ones lower it.`;
    }
}

/** @param {WordContribution} word */
function marked({ text, contribution }) {
    const label = points(contribution);
    if (label === null) return text;
    const mark = element(
        'span',
        { class: contribution > 0 ? 'word for' : 'word against', title: label },
        text,
        element('span', { class: 'visually-hidden' }, ` (${label})`),
    );
    mark.style.setProperty('--strength', Math.min(1, Math.abs(contribution) / STRONG).toFixed(2));
    return mark;
}

/**
 * Darkens all but the cells that raise the emotion's score.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Heatmap} heatmap
 * @param {number} aspect Width over height of the image.
 */
function drawShade(canvas, { width, height, values, area }, aspect) {
    canvas.width = Math.max(1, Math.round(aspect >= 1 ? SHADE_SIDE : SHADE_SIDE * aspect));
    canvas.height = Math.max(1, Math.round(aspect >= 1 ? SHADE_SIDE / aspect : SHADE_SIDE));
    const context = canvas.getContext('2d');
    const cells = new OffscreenCanvas(width, height);
    const cellContext = cells.getContext('2d');
    if (!context || !cellContext) return;
    const strongest = Math.max(...values, 0);
    const pixels = new ImageData(width, height);
    values.forEach((value, index) => {
        const light = strongest > 0 ? Math.max(0, value) / strongest : 0;
        pixels.data[4 * index + 3] = Math.round(255 * SHADE * (1 - light));
    });
    cellContext.putImageData(pixels, 0, 0);
    const [left, top] = [area.left * canvas.width, area.top * canvas.height];
    const [across, down] = [area.width * canvas.width, area.height * canvas.height];
    context.fillStyle = `rgb(0 0 0 / ${SHADE})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.clearRect(left, top, across, down);
    context.imageSmoothingQuality = 'high';
    context.drawImage(cells, left, top, across, down);
}
