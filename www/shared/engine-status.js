// The model: how far it has come, where it runs and why, and a choice of the back end.

import { element } from './dom.js';
import { backendName, capitalised, megabytes } from './words.js';
import { ErrorNotice } from './error-notice.js';

/** @typedef {'auto' | 'webgpu' | 'cpu'} Choice */

/** @type {[Choice, string][]} */
const CHOICES = [
    ['auto', 'Automatic'],
    ['webgpu', 'WebGPU'],
    ['cpu', 'CPU'],
];

const PHASES = { start: 'Starting the model', test: 'Testing the model' };

/**
 * The back end in the address.
 *
 * @returns {Choice}
 */
export function chosenBackend() {
    const requested = new URLSearchParams(location.search).get('backend');
    return requested === 'cpu' || requested === 'webgpu' ? requested : 'auto';
}

/** A line of text, a bar while loading, and a select. */
export class EngineStatus {
    #text = element('p', { class: 'engine-text', id: 'engine-text' });
    #reason = element('p', { class: 'hint', id: 'engine-reason' });
    #bar = element('progress', { 'aria-labelledby': 'engine-text', max: 1 });
    #button = element('button', { type: 'button' });
    #notice = new ErrorNotice();
    #select = element(
        'select',
        { id: 'backend' },
        ...CHOICES.map(([value, name]) => element('option', { value }, name)),
    );
    container = element(
        'section',
        { class: 'card engine', 'aria-labelledby': 'engine-title' },
        element('h2', { id: 'engine-title', class: 'visually-hidden' }, 'The model'),
        element('div', { class: 'engine-line' }, this.#text, this.#reason, this.#button),
        element('div', { class: 'engine-choice' }, element('label', { for: 'backend' }, 'Run on'), this.#select),
        this.#bar,
        this.#notice.container,
    );
    #onButton = () => {};

    /**
     * @param {Choice} choice
     * @param {(choice: Choice) => void} onChoice
     */
    constructor(choice, onChoice) {
        this.#select.value = choice;
        this.#select.addEventListener('change', () => onChoice(/** @type {Choice} */ (this.#select.value)));
        this.#button.addEventListener('click', () => this.#onButton());
    }

    /**
     * @param {import('../emofuse.js').LoadProgress} progress
     * @param {(() => void) | null} cancel Null where others wait for the model too.
     */
    loading({ phase, loaded, total, backend }, cancel) {
        this.#enter('loading', cancel && { label: 'Cancel loading', run: cancel });
        if (phase === 'download' && total > 0) {
            this.#text.textContent = `Loading the model: ${megabytes(loaded)} of ${megabytes(total)} MB`;
            this.#bar.value = loaded / total;
        } else {
            this.#text.textContent =
                phase === 'download' ? 'Loading the model' : `${PHASES[phase]} on ${backendName(backend)}`;
            this.#bar.removeAttribute('value'); // for as long as it takes
        }
    }

    /** What a post that was submitted waits for. */
    get waitingText() {
        return this.container.dataset.state === 'ready'
            ? 'Analysing the post …'
            : 'The post is analysed as soon as the model is loaded …';
    }

    /** @param {import('../emofuse.js').Description} description */
    ready({ backend, backendReason, adapter }) {
        this.#enter('ready', null);
        this.#text.textContent = `Ready, on ${backendName(backend)}${adapter ? ` (${adapter})` : ''}`;
        this.#reason.textContent = backendReason === 'chosen' ? 'As chosen.' : `${capitalised(backendReason)}.`;
    }

    /** @param {() => void} load */
    cancelled(load) {
        this.#enter('cancelled', { label: 'Load the model', run: load });
        this.#text.textContent = 'The model is not loaded';
    }

    /**
     * @param {unknown} error
     * @param {() => void} load
     */
    failed(error, load) {
        this.#enter('failed', null);
        this.#text.textContent = 'The model is not loaded';
        this.#notice.show(error, { label: 'Load again', run: load });
    }

    /**
     * @param {'loading' | 'ready' | 'cancelled' | 'failed'} state
     * @param {{ label: string, run: () => void } | null} button
     */
    #enter(state, button) {
        this.container.dataset.state = state;
        this.#bar.hidden = state !== 'loading';
        this.#reason.textContent = '';
        this.#notice.clear();
        this.#button.hidden = !button;
        this.#button.textContent = button?.label ?? '';
        this.#onButton = button?.run ?? (() => {});
    }
}
