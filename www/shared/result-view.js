// Shows the result: empty, in progress, finished, or an error.

import { element } from './dom.js';
import { backendName, duration, explanation, headline } from './words.js';
import { Comparison } from './comparison.js';
import { CopyButton } from './copy-button.js';
import { ErrorNotice } from './error-notice.js';
import { ExplanationView } from './explanation-view.js';
import { tint } from './labels.js';
import { ModalityScores } from './modality-scores.js';
import { ScoreChart } from './score-chart.js';
import { resultTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */

/** @type {(keyof typeof resultTexts.steps)[]} */
const STEPS = ['decode', 'picture', 'caption', 'model'];

/** The length from which a headline is set smaller. */
const LONG_HEADLINE = 14;

/** Shows one of four states; `container.dataset.state` names it. */
export class ResultView {
    container;
    #headline = element('p', { class: 'headline', id: 'headline' });
    #explanation = element('p', { class: 'explanation' });
    #progress = element('progress', { max: 1, hidden: true, 'aria-hidden': 'true' });
    #stale = element('p', { class: 'stale hint', hidden: true });
    #comparison = new Comparison();
    #chart = new ScoreChart();
    #modalities = new ModalityScores();
    #explanationView;
    #notice = new ErrorNotice();
    #copy = new CopyButton();
    #how = element('p', { class: 'hint' });
    /** Buttons for a finished result. */
    actions = element('div', { class: 'actions result-actions' }, this.#copy.container);
    #finished;
    #invitation;

    /**
     * @param {HTMLElement} container A section with its heading.
     * @param {string} [invitation] Shown while there is no result.
     * @param {import('./explanation-view.js').ShownImage | null} [shownImage] An image that is already on the screen.
     */
    constructor(container, invitation = resultTexts.invitation, shownImage = null) {
        this.container = container;
        this.#invitation = invitation;
        this.#explanationView = new ExplanationView(shownImage);
        this.#finished = [
            this.#comparison.container,
            this.#modalities.container,
            this.#explanationView.container,
            element('div', { class: 'how' }, this.#how, this.actions),
        ];
        container.append(
            this.#notice.container,
            element(
                'div',
                { class: 'verdict' },
                this.#headline,
                this.#explanation,
                this.#progress,
                this.#stale,
                this.#comparison.container,
            ),
            this.#modalities.container,
            this.#chart.container,
            ...this.#finished.slice(2),
        );
        this.clear();
    }

    /** Shows that nothing has been analysed yet. */
    clear() {
        this.#enter('empty');
        this.#headline.textContent = '';
        this.#explanation.textContent = this.#invitation;
        this.#explanationView.clear();
        this.#chart.clear();
    }

    /**
     * Shows that a post is being analysed. The previous result stays until the next one.
     *
     * @param {string} text
     */
    wait(text) {
        this.#notice.clear();
        if (this.container.dataset.state !== 'finished') {
            this.#enter('working');
            this.#explanation.textContent = text;
            this.#explanationView.clear();
        }
        this.container.setAttribute('aria-busy', 'true');
    }

    /**
     * Shows the progress.
     *
     * @param {string} text
     * @param {number | null} share From 0 to 1; null while not known.
     */
    progress(text, share) {
        if (this.container.dataset.state !== 'working') return;
        this.#explanation.textContent = text;
        this.#progress.hidden = false;
        if (share === null) this.#progress.removeAttribute('value');
        else this.#progress.value = share;
    }

    /** Shows that the analysis has stopped. */
    stopWaiting() {
        if (this.container.dataset.state === 'working') this.clear();
        this.container.removeAttribute('aria-busy');
    }

    /** Shows that the result belongs to another post. */
    postChanged() {
        this.#markStale(resultTexts.postChanged);
    }

    /** Shows that the result is from another model than the one in use. */
    modelChanged() {
        this.#markStale(resultTexts.modelChanged);
    }

    /** @param {string} text */
    #markStale(text) {
        this.#stale.textContent = text;
        this.#stale.hidden = this.container.dataset.state !== 'finished';
    }

    /**
     * @param {Result} result
     * @param {import('./explanation-view.js').ShownPost} post What was analysed.
     * @param {{ isStored?: boolean }} [options] Whether the result was made before and stored.
     */
    show(result, post, { isStored = false } = {}) {
        this.#enter('finished');
        tint(this.container, result.emotion);
        this.container.dataset.uncertain = String(result.uncertain);
        const text = headline(result);
        this.container.dataset.long = String(text.length >= LONG_HEADLINE);
        this.#headline.textContent = text;
        this.#explanation.textContent = explanation(result);
        this.#comparison.show(result);
        this.#chart.show(result.scores);
        this.#modalities.show(result);
        if (result.explanation) this.#explanationView.show(result.explanation, post);
        else this.#explanationView.clear();
        this.#copy.show(result);
        this.#how.textContent = isStored ? resultTexts.stored(result.model.id) : wordsOfTimes(result);
    }

    /**
     * @param {unknown} error
     * @param {(() => void) | null} retry
     */
    fail(error, retry) {
        this.#enter('error');
        this.#headline.textContent = '';
        this.#explanation.textContent = '';
        this.#explanationView.clear();
        this.#chart.clear();
        this.#notice.show(error, retry && { label: resultTexts.retry, run: retry });
    }

    /** @param {'empty' | 'working' | 'finished' | 'error'} state */
    #enter(state) {
        const { container } = this;
        container.dataset.state = state;
        container.removeAttribute('aria-busy');
        tint(container, null);
        delete container.dataset.uncertain;
        delete container.dataset.long;
        this.#stale.hidden = true;
        this.#progress.hidden = true;
        if (state !== 'error') this.#notice.clear();
        for (const part of this.#finished) part.hidden = state !== 'finished';
        this.#chart.container.hidden = state === 'empty' || state === 'error';
    }
}

/** @param {Result} result */
function wordsOfTimes({ backend, timings_ms }) {
    const steps = STEPS.filter((step) => timings_ms[step] > 0).map(
        (step) => `${resultTexts.steps[step]} ${duration(timings_ms[step])}`,
    );
    return resultTexts.analysed(backendName(backend), duration(timings_ms.total), steps);
}
