// The heat map over an image: colours where the image raises the emotion's score, and a frame around the part that the
// model sees.

import { element } from './dom.js';
import { paletteColour } from './palette.js';
import { heatMapTexts } from './texts.js';
import { brightestPart } from './words.js';

/** @typedef {import('../emofuse.js').Heatmap} Heatmap */

/** Pixels of the overlay for each cell; the browser scales it to the image. */
const PIXELS = 24;
const LEGEND_STEPS = 64;
/** The opacity of a place without effect, relative to the strongest one. */
const FAINTEST = 0.25;
const OPACITY = 0.7;

/** An overlay for an image; `controls` go below it: a legend, an opacity slider and a button that hides the map. */
export class HeatMap {
    #colours = element('canvas', { class: 'heat-colours' });
    #frame = element('span', { class: 'heat-frame' });
    overlay = element('div', { class: 'heat-map', 'aria-hidden': 'true', hidden: true }, this.#colours, this.#frame);
    #hint = element('p', { class: 'hint' });
    #scale = element('canvas', { class: 'heat-scale', width: LEGEND_STEPS, height: 1, 'aria-hidden': 'true' });
    #legend = element(
        'p',
        { class: 'heat-legend' },
        heatMapTexts.less,
        this.#scale,
        element('span', { class: 'visually-hidden' }, heatMapTexts.to),
        heatMapTexts.more,
    );
    #opacity = element('input', { type: 'range', min: 0, max: 100, value: OPACITY * 100 });
    #toggle = element('button', { type: 'button', class: 'quiet', 'aria-pressed': 'true' }, heatMapTexts.toggle);
    controls = element(
        'div',
        { class: 'heat-controls', hidden: true },
        this.#hint,
        this.#legend,
        element('label', { class: 'heat-opacity' }, element('span', {}, heatMapTexts.opacity), this.#opacity),
        this.#toggle,
    );

    constructor() {
        this.#toggle.addEventListener('click', () => this.#show(this.overlay.hidden === true));
        this.#opacity.addEventListener('input', () => this.#fade());
        const scale = this.#scale.getContext('2d');
        for (let step = 0; step < LEGEND_STEPS; step++) {
            if (!scale) break;
            scale.fillStyle = `rgb(${paletteColour(step / (LEGEND_STEPS - 1)).join(' ')})`;
            scale.fillRect(step, 0, 1, 1);
        }
        this.#fade();
    }

    /**
     * @param {Heatmap} heatmap
     * @param {string} emotion
     * @returns {string} What the map shows, for people who do not see it.
     */
    show(heatmap, emotion) {
        const part = brightestPart(heatmap);
        const hasColours = part !== null;
        this.#hint.textContent = heatMapTexts.hint(emotion, hasColours);
        for (const control of [this.#legend, this.#opacity.parentElement]) if (control) control.hidden = !hasColours;
        this.#colours.hidden = !hasColours;
        if (hasColours) paint(this.#colours, heatmap);
        for (const [side, share] of Object.entries(heatmap.area))
            this.overlay.style.setProperty(`--${side}`, `${100 * share}%`);
        this.controls.hidden = false;
        this.#show(true);
        return heatMapTexts.description(emotion, part);
    }

    /** Removes the map, because there is another image or none. */
    clear() {
        this.overlay.hidden = true;
        this.controls.hidden = true;
    }

    /** @param {boolean} isShown */
    #show(isShown) {
        this.overlay.hidden = !isShown;
        this.#toggle.setAttribute('aria-pressed', String(isShown));
    }

    #fade() {
        this.#colours.style.setProperty('opacity', String(Number(this.#opacity.value) / 100));
    }
}

/**
 * Paints the cells that raise the emotion's score, with values in between interpolated.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Heatmap} heatmap
 */
export function paint(canvas, { width, height, values }) {
    canvas.width = width * PIXELS;
    canvas.height = height * PIXELS;
    const context = canvas.getContext('2d');
    if (!context) return;
    const highest = Math.max(...values);
    const pixels = context.createImageData(canvas.width, canvas.height);
    for (let y = 0; y < canvas.height; y++) {
        for (let x = 0; x < canvas.width; x++) {
            const value = between(values, width, height, (x + 0.5) / PIXELS - 0.5, (y + 0.5) / PIXELS - 0.5);
            const share = highest > 0 ? Math.max(0, value) / highest : 0;
            const alpha = 255 * (FAINTEST + (1 - FAINTEST) * Math.sqrt(share));
            pixels.data.set([...paletteColour(share), alpha], 4 * (y * canvas.width + x));
        }
    }
    context.putImageData(pixels, 0, 0);
}

/**
 * Bilinear interpolation between the centres of the cells; the outermost cells go on to the edge.
 *
 * @param {number[]} values
 * @param {number} width
 * @param {number} height
 * @param {number} x In cells, from the centre of the first.
 * @param {number} y
 */
function between(values, width, height, x, y) {
    const column = Math.min(width - 1, Math.max(0, x));
    const row = Math.min(height - 1, Math.max(0, y));
    const [left, top] = [Math.floor(column), Math.floor(row)];
    const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
    const at = (/** @type {number} */ someColumn, /** @type {number} */ someRow) =>
        values[someRow * width + someColumn] ?? 0;
    const mix = (/** @type {number} */ one, /** @type {number} */ other, /** @type {number} */ share) =>
        one + (other - one) * share;
    return mix(
        mix(at(left, top), at(right, top), column - left),
        mix(at(left, bottom), at(right, bottom), column - left),
        row - top,
    );
}
