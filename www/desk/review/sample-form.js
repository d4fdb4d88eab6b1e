// The form for the size and the seed of a blind sample.

import { element } from '../../shared/dom.js';
import { SEEDS, SMALLEST_SAMPLE, USUAL_SAMPLE, anySeed } from './sample.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

const words = texts.sample;

/** Shows the reason if no sample can be drawn. */
export class SampleForm {
    #count = element('input', {
        type: 'number',
        id: 'sample-count',
        inputmode: 'numeric',
        min: SMALLEST_SAMPLE,
        step: 1,
        'aria-describedby': 'sample-count-hint sample-count-error',
    });
    #countHint = element('p', { class: 'hint', id: 'sample-count-hint' });
    #countError = element('p', { class: 'check-wrong', id: 'sample-count-error', role: 'alert' });
    #seed = element('input', {
        type: 'number',
        id: 'sample-seed',
        inputmode: 'numeric',
        min: 0,
        max: SEEDS - 1,
        step: 1,
        'aria-describedby': 'sample-seed-hint sample-seed-error',
    });
    #seedError = element('p', { class: 'check-wrong', id: 'sample-seed-error', role: 'alert' });
    #replaces = element('p', { class: 'hint' });
    #form = element(
        'form',
        { class: 'sample-form', novalidate: true },
        element(
            'div',
            { class: 'sample-fields' },
            element(
                'div',
                { class: 'field' },
                element('label', { for: 'sample-count' }, words.count),
                this.#count,
                this.#countHint,
                this.#countError,
            ),
            element(
                'div',
                { class: 'field' },
                element('label', { for: 'sample-seed' }, words.seed),
                this.#seed,
                element('p', { class: 'hint', id: 'sample-seed-hint' }, words.seedHint),
                this.#seedError,
            ),
        ),
        this.#replaces,
        element('button', { type: 'submit', class: 'primary' }, words.draw),
    );
    #message = element('p', { class: 'check-message', role: 'status' });
    #intro = element('p', {}, words.intro);
    #empty = element('p', { class: 'check-end-text', tabindex: -1 });
    container = element('div', { class: 'check-form' }, this.#message, this.#intro, this.#empty, this.#form);
    #available = 0;

    /** @param {(count: number, seed: number) => void} onDraw */
    constructor(onDraw) {
        this.#count.value = String(USUAL_SAMPLE);
        this.#form.addEventListener('submit', (event) => {
            event.preventDefault();
            const count = wholeNumber(this.#count.value, SMALLEST_SAMPLE, this.#available);
            const seed = wholeNumber(this.#seed.value, 0, SEEDS - 1);
            mark(this.#count, this.#countError, count === null ? words.wrong(SMALLEST_SAMPLE, this.#available) : '');
            mark(this.#seed, this.#seedError, seed === null ? words.wrong(0, SEEDS - 1) : '');
            if (count === null) this.#count.focus();
            else if (seed === null) this.#seed.focus();
            else {
                this.say('');
                onDraw(count, seed);
            }
        });
        this.#count.addEventListener('input', () => mark(this.#count, this.#countError, ''));
        this.#seed.addEventListener('input', () => mark(this.#seed, this.#seedError, ''));
        this.renew();
    }

    /** The element that gets the focus. */
    get front() {
        return this.#form.hidden ? this.#empty : this.#count;
    }

    /** Chooses another seed. */
    renew() {
        this.#seed.value = String(anySeed());
    }

    /** @param {string} message */
    say(message) {
        this.#message.textContent = message;
        this.#message.hidden = message === '';
    }

    /** @param {readonly DeskPost[]} posts The posts that a sample can be drawn from. */
    show(posts) {
        const wasSmaller = this.#available < USUAL_SAMPLE;
        this.#available = posts.length;
        const isEmpty = posts.length < SMALLEST_SAMPLE;
        this.#form.hidden = isEmpty;
        this.#empty.hidden = !isEmpty;
        this.#empty.textContent = posts.length === 0 ? words.nothing : words.tooFew(SMALLEST_SAMPLE, posts.length);
        this.#count.max = String(posts.length);
        if (wasSmaller && this.#count !== document.activeElement)
            this.#count.value = String(Math.max(SMALLEST_SAMPLE, Math.min(USUAL_SAMPLE, posts.length)));
        this.#countHint.textContent = words.countHint(SMALLEST_SAMPLE, posts.length);
        const labelled = posts.filter(({ manualLabel }) => manualLabel).length;
        this.#replaces.hidden = labelled === 0;
        this.#replaces.textContent = words.replaces(labelled);
    }
}

/**
 * @param {string} text
 * @param {number} low
 * @param {number} high
 * @returns {number | null}
 */
function wholeNumber(text, low, high) {
    const value = Number(text);
    return text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high ? value : null;
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} line
 * @param {string} error Empty if there is none.
 */
function mark(input, line, error) {
    line.textContent = error;
    if (error) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
}
