// The result: nothing yet, being read, finished, or an error.

import { element } from './dom.js';
import { backendName, duration, explanation, headline } from './words.js';
import { CopyButton } from './copy-button.js';
import { ErrorNotice } from './error-notice.js';
import { ExplanationView } from './explanation-view.js';
import { ScoreTable } from './score-table.js';
import { Voices } from './modality-scores.js';
import { Wheel } from './wheel.js';

/** @typedef {import('../emofuse.js').Result} Result */

/** @type {[keyof Result['timings_ms'], string][]} */
const STEPS = [
    ['decode', 'decoding the image'],
    ['picture', 'scaling it'],
    ['caption', 'splitting the caption into words'],
    ['model', 'the networks'],
];

/** Shows one of four states; `container.dataset.state` names it. */
export class ResultView {
    container;
    #headline = element('p', { class: 'headline', id: 'headline' });
    #explanation = element('p', { class: 'explanation' });
    #stale = element('p', { class: 'hint', hidden: true });
    #wheel = new Wheel();
    #table = new ScoreTable();
    #voices = new Voices();
    #explanationView = new ExplanationView();
    #notice = new ErrorNotice();
    #copy = new CopyButton();
    #how = element('p', { class: 'hint' });
    #finished;
    #invitation;

    /**
     * @param {HTMLElement} container A section with its heading.
     * @param {string} [invitation] What is said while there is no result.
     */
    constructor(container, invitation = 'The result appears here. Add an image or a caption, or try a sample.') {
        this.container = container;
        this.#invitation = invitation;
        this.#finished = [
            this.#table.container,
            this.#voices.container,
            this.#explanationView.container,
            element('div', { class: 'how' }, this.#how, this.#copy.container),
        ];
        container.append(
            this.#notice.container,
            element('div', { class: 'verdict' }, this.#headline, this.#explanation, this.#stale),
            element('div', { class: 'scores-figure' }, this.#wheel.container, this.#table.container),
            ...this.#finished.slice(1),
        );
        this.clear();
    }

    /** Nothing was read yet. */
    clear() {
        this.#enter('empty');
        this.#headline.textContent = '';
        this.#explanation.textContent = this.#invitation;
        this.#wheel.clear();
    }

    /**
     * Something is being read. A result that is there stays until the next one comes.
     *
     * @param {string} text
     */
    wait(text) {
        this.container.setAttribute('aria-busy', 'true');
        this.#notice.clear();
        if (this.container.dataset.state !== 'finished') {
            this.#enter('working');
            this.#explanation.textContent = text;
        }
        this.container.setAttribute('aria-busy', 'true');
    }

    /** What was being read is not any more. */
    stopWaiting() {
        if (this.container.dataset.state === 'working') this.clear();
        this.container.removeAttribute('aria-busy');
    }

    /** The post is not the one any more that the result is about. */
    postChanged() {
        this.#markStale('The post has changed. Analyse it again.');
    }

    /** The model is not the one any more that gave the result. */
    modelChanged() {
        this.#markStale('The model has changed. Analyse the post again.');
    }

    /** @param {string} text */
    #markStale(text) {
        this.#stale.textContent = text;
        this.#stale.hidden = this.container.dataset.state !== 'finished';
    }

    /**
     * @param {Result} result
     * @param {import('./explanation-view.js').ShownPost} post What was read.
     */
    show(result, post) {
        this.#enter('finished');
        this.container.classList.add(`emotion-${result.emotion}`);
        this.container.dataset.uncertain = String(result.uncertain);
        this.container.dataset.second = String(!result.uncertain && result.secondary !== null);
        this.#headline.textContent = headline(result);
        this.#explanation.textContent = explanation(result);
        this.#wheel.show(result.scores);
        this.#table.show(result.scores);
        this.#voices.show(result);
        this.#explanationView.container.hidden = !result.explanation;
        if (result.explanation) this.#explanationView.show(result.explanation, post);
        this.#copy.show(result);
        const steps = STEPS.filter(([step]) => result.timings_ms[step] > 0).map(
            ([step, name]) => `${name} ${duration(result.timings_ms[step])}`,
        );
        this.#how.textContent = `Analysed on ${backendName(result.backend)} in ${duration(result.timings_ms.total)} (${steps.join(', ')}).`;
    }

    /**
     * @param {unknown} error
     * @param {(() => void) | null} retry
     */
    fail(error, retry) {
        this.#enter('error');
        this.#headline.textContent = '';
        this.#explanation.textContent = '';
        this.#wheel.clear();
        this.#notice.show(error, retry && { label: 'Try again', run: retry });
    }

    /** @param {'empty' | 'working' | 'finished' | 'error'} state */
    #enter(state) {
        const { container } = this;
        container.dataset.state = state;
        container.removeAttribute('aria-busy');
        container.classList.remove(...[...container.classList].filter((name) => name.startsWith('emotion-')));
        delete container.dataset.uncertain;
        delete container.dataset.second;
        this.#stale.hidden = true;
        if (state !== 'error') this.#notice.clear();
        for (const part of this.#finished) part.hidden = state !== 'finished';
    }
}
