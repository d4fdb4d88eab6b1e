// The status of the model: loading progress, back end and reason, and a choice of the back end.

import { element } from './dom.js';
import { engineTexts } from './texts.js';
import { TimeLeft, roundedTime } from './time-left.js';
import { webGpuObstacle } from './webgpu.js';
import { backendName, capitalised, errorWords, megabytes, percent } from './words.js';
import { ErrorNotice } from './error-notice.js';

/** @typedef {'auto' | 'webgpu' | 'cpu'} Choice */
/** @typedef {'loading' | 'ready' | 'cancelled' | 'failed'} State */
/**
 * The state that the line shows.
 *
 * @typedef {object} Shown
 * @property {State} state
 * @property {string} text
 * @property {number | null} share How much is downloaded, from 0 to 1; null while not known.
 * @property {import('../emofuse.js').Backend | null} backend Null unless the model is ready.
 * @property {boolean} hasCaptions Whether captions can be analysed though the model is not ready.
 */

/** @type {Choice[]} */
const CHOICES = ['auto', 'webgpu', 'cpu'];

/** A line of text, a bar while loading, and a select. */
export class EngineStatus {
    #text = element('p', { class: 'engine-text', id: 'engine-text' });
    #reason = element('p', { class: 'hint', id: 'engine-reason' });
    #bar = element('progress', { 'aria-labelledby': 'engine-text', max: 1 });
    #button = element('button', { type: 'button' });
    #notice = new ErrorNotice();
    /** Stays while another back end is loaded. */
    #refusal = new ErrorNotice();
    #select = element(
        'select',
        { id: 'backend' },
        ...CHOICES.map((value) => element('option', { value }, engineTexts.choices[value])),
    );
    container = element(
        'section',
        { class: 'card engine', 'aria-labelledby': 'engine-title' },
        element('h2', { id: 'engine-title', class: 'visually-hidden' }, engineTexts.title),
        element('div', { class: 'engine-line' }, this.#text, this.#reason, this.#button),
        element(
            'div',
            { class: 'engine-choice' },
            element('label', { for: 'backend' }, engineTexts.runOn),
            this.#select,
        ),
        this.#bar,
        this.#notice.container,
        this.#refusal.container,
    );
    #onButton = () => {};
    #timeLeft = new TimeLeft();
    /** @type {import('../emofuse.js').Backend | null} */
    #backend = null;
    #hasCaptions = false;
    /** @type {((shown: Shown) => void)[]} */
    #watchers = [];

    /**
     * @param {Choice} choice
     * @param {(choice: Choice) => void} onChoice
     */
    constructor(choice, onChoice) {
        this.#select.value = choice;
        this.#select.addEventListener('change', () => {
            this.#refusal.clear();
            onChoice(/** @type {Choice} */ (this.#select.value));
        });
        this.#button.addEventListener('click', () => this.#onButton());
        void this.#lookForWebGpu();
    }

    /** @param {(shown: Shown) => void} watcher Called whenever what is shown changes. */
    watch(watcher) {
        this.#watchers.push(watcher);
    }

    /** @returns {Shown} */
    get shown() {
        return {
            state: /** @type {State} */ (this.container.dataset.state),
            text: this.#text.textContent ?? '',
            share: this.#bar.hasAttribute('value') ? this.#bar.value : null,
            backend: this.#backend,
            hasCaptions: this.#hasCaptions,
        };
    }

    /**
     * @param {import('../emofuse.js').LoadProgress} progress
     * @param {(() => void) | null} cancel Null where others wait for the model too.
     * @param {boolean} [hasCaptions] Whether captions can be analysed already.
     */
    loading({ phase, loaded, total, backend }, cancel, hasCaptions = false) {
        this.#enter('loading', cancel && { label: engineTexts.cancel, run: cancel });
        this.#hasCaptions = hasCaptions;
        if (hasCaptions) this.#reason.textContent = engineTexts.captionsFirst;
        if (phase === 'download' && total > 0) {
            const seconds = this.#timeLeft.seconds(loaded, total);
            const left = seconds === null ? '' : engineTexts.timeLeft(roundedTime(seconds));
            this.#text.textContent =
                engineTexts.downloaded(megabytes(loaded), megabytes(total), percent(loaded / total)) + left;
            this.#bar.value = loaded / total;
        } else {
            this.#text.textContent =
                phase === 'download' ? engineTexts.loading : engineTexts[phase](backendName(backend));
            this.#bar.removeAttribute('value'); // indeterminate
        }
        this.#report();
    }

    /** What a submitted post waits for. */
    get waitingText() {
        return this.container.dataset.state === 'ready' ? engineTexts.analysing : engineTexts.waiting;
    }

    /** @param {import('../emofuse.js').Description} description */
    ready({ backend, backendReason, adapter }) {
        this.#enter('ready', null);
        this.#backend = backend;
        this.#text.textContent = engineTexts.ready(backendName(backend), adapter);
        this.#reason.textContent = backendReason === 'chosen' ? engineTexts.chosen : `${capitalised(backendReason)}.`;
        this.#report();
    }

    /**
     * Shows that another back end is in use, or that the reason has changed.
     *
     * @param {import('../emofuse.js').Description} description
     */
    changed(description) {
        if (this.container.dataset.state === 'ready') this.ready(description); // otherwise another model is loading
    }

    /**
     * Shows why a back end cannot be used, and selects the one that is used instead.
     *
     * @param {unknown} error
     * @param {Choice} wanted
     * @param {Choice} used
     */
    refused(error, wanted, used) {
        this.choose(used);
        this.#refusal.show(error, null, (thrown) => ({
            title: engineTexts.refused(engineTexts.choices[wanted]),
            remedy: engineTexts.usedInstead(engineTexts.backends[used === 'webgpu' ? 'webgpu' : 'cpu']),
            detail: errorWords(thrown).detail,
        }));
    }

    /** @param {Choice} choice Selected without loading anything. */
    choose(choice) {
        this.#select.value = choice;
    }

    /** @param {() => void} load */
    cancelled(load) {
        this.#enter('cancelled', { label: engineTexts.load, run: load });
        this.#text.textContent = engineTexts.notLoaded;
        this.#report();
    }

    /**
     * @param {unknown} error
     * @param {() => void} load
     */
    failed(error, load) {
        this.#enter('failed', null);
        this.#text.textContent = engineTexts.notLoaded;
        this.#notice.show(error, { label: engineTexts.loadAgain, run: load });
        this.#report();
    }

    /**
     * @param {State} state
     * @param {{ label: string, run: () => void } | null} button
     */
    #enter(state, button) {
        this.container.dataset.state = state;
        this.#backend = null;
        this.#hasCaptions = false;
        this.#bar.hidden = state !== 'loading';
        this.#reason.textContent = '';
        this.#notice.clear();
        this.#button.hidden = !button;
        this.#button.textContent = button?.label ?? '';
        this.#onButton = button?.run ?? (() => {});
    }

    #report() {
        const { shown } = this;
        for (const watcher of this.#watchers) watcher(shown);
    }

    /** Disables the option for WebGPU and shows the reason if WebGPU is not available. */
    async #lookForWebGpu() {
        const reason = await webGpuObstacle();
        const option = /** @type {HTMLOptionElement | null} */ (this.#select.querySelector('[value="webgpu"]'));
        if (!reason || !option) return;
        option.disabled = true;
        option.textContent = engineTexts.unavailable(reason);
    }
}
