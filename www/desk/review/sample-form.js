// How many posts a blind sample has, and the seed that it is drawn with.

import { element } from '../../shared/dom.js';
import { SEEDS, SMALLEST_SAMPLE, USUAL_SAMPLE, anySeed } from './sample.js';
import { counted } from '../words.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** A form; shows the reason if no sample can be drawn. */
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
                element('label', { for: 'sample-count' }, 'How many posts'),
                this.#count,
                this.#countHint,
                this.#countError,
            ),
            element(
                'div',
                { class: 'field' },
                element('label', { for: 'sample-seed' }, 'Seed'),
                this.#seed,
                element('p', { class: 'hint', id: 'sample-seed-hint' }, 'The same seed draws the same posts again.'),
                this.#seedError,
            ),
        ),
        this.#replaces,
        element('button', { type: 'submit', class: 'primary' }, 'Draw the sample'),
    );
    #message = element('p', { class: 'check-message', role: 'status' });
    #intro = element(
        'p',
        {},
        'Posts are drawn at random, and you label them without seeing the model’s labels. Then you see how far the model agrees with you: an honest figure, which the review queue cannot give, as it holds the doubtful posts.',
    );
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
            mark(
                this.#count,
                this.#countError,
                count === null ? `Enter a whole number from ${SMALLEST_SAMPLE} to ${this.#available}.` : '',
            );
            mark(this.#seed, this.#seedError, seed === null ? `Enter a whole number from 0 to ${SEEDS - 1}.` : '');
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

    /** What takes the focus. */
    get front() {
        return this.#form.hidden ? this.#empty : this.#count;
    }

    /** Another seed. */
    renew() {
        this.#seed.value = String(anySeed());
    }

    /** @param {string} message */
    say(message) {
        this.#message.textContent = message;
        this.#message.hidden = message === '';
    }

    /** @param {readonly DeskPost[]} posts Those that a sample can be drawn from. */
    show(posts) {
        const wasSmaller = this.#available < USUAL_SAMPLE;
        this.#available = posts.length;
        const isEmpty = posts.length < SMALLEST_SAMPLE;
        this.#form.hidden = isEmpty;
        this.#empty.hidden = !isEmpty;
        this.#empty.textContent =
            posts.length === 0
                ? 'Nothing has been analysed yet.'
                : `A sample has at least ${SMALLEST_SAMPLE} posts. ${counted(posts.length, 'post has', 'posts have')} been analysed so far.`;
        this.#count.max = String(posts.length);
        if (wasSmaller && this.#count !== document.activeElement)
            this.#count.value = String(Math.max(SMALLEST_SAMPLE, Math.min(USUAL_SAMPLE, posts.length)));
        this.#countHint.textContent = `From ${SMALLEST_SAMPLE} to all ${posts.length} that have been analysed.`;
        const labelled = posts.filter(({ manualLabel }) => manualLabel).length;
        this.#replaces.hidden = labelled === 0;
        this.#replaces.textContent = `${counted(labelled, 'post has', 'posts have')} a label of yours. It is hidden too, and if such a post is drawn, the label that you set here replaces it. Undo brings it back.`;
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
 * @param {string} error Empty where there is none.
 */
function mark(input, line, error) {
    line.textContent = error;
    if (error) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
}
