// Plutchik's wheel: eight petals whose areas are the scores, neutral in the middle.

import { element, svgElement } from './dom.js';
import { AROUND_THE_WHEEL, tint } from './labels.js';
import { resultTexts } from './texts.js';
import { percent, wheelLabel } from './words.js';

const CENTRE = 40;
const LABELS = 138;
/** A petal from the edge of the centre outwards, 84 long, and no wider than an eighth of the circle. */
const PETAL = 'M0 0C24-12 46-60 0-84C-46-60-24-12 0 0Z';

/** The wheel is drawn once; results change only sizes and numbers. */
export class Wheel {
    container = element('figure', { class: 'wheel' });
    #drawing = svgElement('svg', { viewBox: '-212 -176 424 356', role: 'img' });
    /** @type {Map<string, { shape: SVGElement, part: SVGElement, number: SVGElement, label: SVGElement }>} */
    #parts = new Map();

    /** @param {string} [caption] The meaning of an area. */
    constructor(caption = resultTexts.wheel) {
        for (const [index, emotion] of AROUND_THE_WHEEL.entries()) this.#addPetal(emotion, index * 45);
        this.#addCentre();
        this.container.append(this.#drawing, element('figcaption', { class: 'hint' }, caption));
        this.clear();
    }

    /** Shows the wheel without a result. */
    clear() {
        this.#drawing.setAttribute('aria-label', resultTexts.emptyWheel);
        for (const { shape, number, label } of this.#parts.values()) {
            shape.style.setProperty('--size', '0');
            number.textContent = '';
            label.classList.remove('strongest');
        }
    }

    /** @param {import('../emofuse.js').Scores} scores */
    show(scores) {
        this.#drawing.setAttribute('aria-label', wheelLabel(scores));
        const highest = Math.max(...Object.values(scores));
        for (const [emotion, { shape, part, number, label }] of this.#parts) {
            const score = scores[emotion] ?? 0;
            tint(part, emotion);
            shape.style.setProperty('--size', String(Math.sqrt(score))); // so that the area is the score
            number.textContent = percent(score);
            label.classList.toggle('strongest', score === highest);
        }
    }

    /**
     * @param {string} emotion
     * @param {number} degrees
     */
    #addPetal(emotion, degrees) {
        const shape = svgElement('path', { d: PETAL, class: 'petal' });
        const turned = svgElement(
            'g',
            { transform: `rotate(${degrees}) translate(0 ${-CENTRE - 2})` },
            svgElement('path', { d: PETAL, class: 'petal-ground' }),
            shape,
        );
        const angle = (degrees * Math.PI) / 180;
        this.#drawing.append(turned);
        // The labels at the top and the bottom have two lines and need more distance from their petals.
        const beyond = degrees === 0 ? -12 : degrees === 180 ? 8 : 0;
        this.#addLabel(
            emotion,
            shape,
            turned,
            Math.round(Math.sin(angle) * LABELS),
            Math.round(-Math.cos(angle) * LABELS + beyond),
        );
    }

    #addCentre() {
        const shape = svgElement('circle', { r: CENTRE, class: 'petal' });
        const part = svgElement('g', {}, svgElement('circle', { r: CENTRE, class: 'petal-ground' }), shape);
        this.#drawing.append(part);
        this.#addLabel('neutral', shape, part, 0, 0);
    }

    /**
     * @param {string} emotion
     * @param {SVGElement} shape
     * @param {SVGElement} part What the colour is for.
     * @param {number} x
     * @param {number} y
     */
    #addLabel(emotion, shape, part, x, y) {
        const number = svgElement('tspan', { x, dy: '1.25em', class: 'wheel-number' });
        const side = x === 0 ? 'middle' : x > 0 ? 'start' : 'end'; // beside the wheel, never over it
        const label = svgElement('text', { x, y, 'text-anchor': side }, svgElement('tspan', { x }, emotion), number);
        if (emotion === 'neutral') label.classList.add('wheel-centre');
        this.#drawing.append(label);
        this.#parts.set(emotion, { shape, part: tint(part, emotion), number, label });
    }
}
