// Writes the desk's posts to a file for other tools.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { FORMATS, fileName } from './formats.js';
import { hasText } from './doccano.js';
import { isForTraining } from './training.js';
import { grouped, isAbort, titled } from '../words.js';
import { saveFile } from './save-file.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./formats.js').Format} Format */
/** @typedef {import('./formats.js').OutputFile} OutputFile */

/**
 * @typedef {object} ExportSources
 * @property {import('../collection.js').Collection} collection
 * @property {() => DeskPost[]} filtered The posts that the current filter shows.
 */

/** Two choices, a summary and a button. Its `data-state` is `ready`, `working` or `saved`. */
export class ExportPanel {
    #collection;
    #filtered;
    #writing = new AbortController();
    #isOpen = false;
    #which = radios(texts.posts.legend, 'export-posts', [
        { value: 'all', label: texts.posts.all },
        { value: 'filtered', label: texts.posts.filtered },
        { value: 'manual', label: texts.posts.manual },
    ]);
    #as = radios(
        texts.format,
        'export-format',
        FORMATS.map(({ key, label, hint }) => ({ value: key, label, hint })),
    );
    #escapes = element('input', { type: 'checkbox', id: 'escape-formulas', checked: readEscapes() });
    #escape = element(
        'label',
        { class: 'export-choice export-escape' },
        this.#escapes,
        element('span', {}, texts.escape, element('span', { class: 'hint' }, texts.escapeHint)),
    );
    #summary = element('p', { class: 'export-summary', id: 'export-summary' });
    #save = element('button', { type: 'submit', class: 'primary', 'aria-describedby': 'export-summary' });
    #config = element('button', { type: 'button', hidden: true });
    #cancel = element('button', { type: 'button', hidden: true }, texts.cancel);
    #bar = element('progress', { 'aria-label': texts.progress, hidden: true });
    #status = element('p', { role: 'status', class: 'export-status' });
    #notice = new ErrorNotice();
    container = element('form', {
        class: 'card export-panel',
        'aria-labelledby': 'export-title',
        'data-state': 'ready',
    });

    /** @param {ExportSources} sources */
    constructor({ collection, filtered }) {
        this.#collection = collection;
        this.#filtered = filtered;
        this.container.append(
            element('h2', { id: 'export-title' }, texts.title),
            this.#which.container,
            this.#as.container,
            this.#escape,
            this.#summary,
            element('div', { class: 'actions' }, this.#save, this.#config, this.#cancel),
            this.#bar,
            this.#status,
            this.#notice.container,
        );
        this.#escapes.addEventListener('change', () => keepEscapes(this.#escapes.checked));
        this.container.addEventListener('change', () => this.refresh());
        this.container.addEventListener('submit', (event) => {
            event.preventDefault();
            void this.#write(this.#format);
        });
        this.#config.addEventListener('click', () => {
            const { companion } = this.#format;
            if (companion) void this.#write(companion);
        });
        this.#cancel.addEventListener('click', () => this.#writing.abort());
        collection.onChange(() => this.#isOpen && this.refresh());
        this.refresh();
    }

    /** Follows the collection until `close`. */
    open() {
        this.#isOpen = true;
        this.refresh();
    }

    close() {
        this.#isOpen = false;
    }

    get #format() {
        return /** @type {Format} */ (FORMATS.find(({ key }) => key === this.#as.value) ?? FORMATS[0]);
    }

    /** @returns {DeskPost[]} */
    get #posts() {
        if (this.#which.value === 'filtered') return this.#filtered();
        return this.#which.value === 'manual'
            ? this.#collection.posts.filter(({ manualLabel }) => manualLabel !== null)
            : this.#collection.posts;
    }

    /** Updates the counts. */
    refresh() {
        const { posts } = this.#collection;
        this.#which.count('all', posts.length);
        this.#which.count('filtered', this.#filtered().length);
        this.#which.count('manual', posts.filter(({ manualLabel }) => manualLabel !== null).length);
        const chosen = this.#posts;
        const { key, companion } = this.#format;
        const isWritten = WRITTEN[key];
        const written = isWritten ? chosen.filter(isWritten).length : chosen.length;
        this.#summary.textContent = summaryOf(key, chosen, written, this.#collection.hasModel);
        if (this.container.dataset['state'] === 'working') return;
        this.#config.hidden = !companion;
        this.#config.textContent = companion?.label ?? '';
        this.#escape.hidden = key !== 'csv';
        this.#save.textContent = key === 'manifest' ? texts.saveManifest : texts.save(written);
        this.#save.disabled = written === 0;
        this.#config.disabled = written === 0;
    }

    /** @param {OutputFile} format */
    async #write(format) {
        this.#writing.abort();
        this.#writing = new AbortController();
        const { signal } = this.#writing;
        const posts = this.#posts;
        const name = fileName(this.#collection.name, format);
        this.#notice.clear();
        this.#show('working');
        this.#status.textContent = texts.writing(name);
        this.#bar.value = 0;
        try {
            const onProgress = (/** @type {number} */ done) => (this.#bar.value = done / posts.length);
            const file = await format.write(posts, this.#collection, {
                signal,
                onProgress,
                escapesFormulas: this.#escapes.checked,
            });
            signal.throwIfAborted();
            saveFile(file, name);
            this.#show('saved');
            this.#status.textContent = texts.saved(name, file.size);
        } catch (error) {
            this.#show('ready');
            this.#status.textContent = isAbort(error) ? texts.nothingSaved : '';
            if (!isAbort(error)) this.#notice.show(error, null, titled(texts.failed(name)));
        }
    }

    /** @param {'ready' | 'working' | 'saved'} state */
    #show(state) {
        const isWorking = state === 'working';
        const hadFocus = this.container.contains(document.activeElement);
        this.container.dataset['state'] = state;
        this.#bar.hidden = !isWorking;
        this.#cancel.hidden = !isWorking;
        this.#save.disabled = isWorking;
        if (!isWorking) this.refresh();
        if (isWorking) this.#config.hidden = true;
        if (hadFocus) (isWorking ? this.#cancel : this.#save).focus();
    }
}

/** Which posts a format takes, if not all. @type {Record<Format['key'], (post: DeskPost) => boolean>} */
const WRITTEN = { doccano: hasText, training: isForTraining };

/** @type {Record<Format['key'], string>} */
const SUMMARIES = { 'label-studio': texts.noImagesLabelStudio, training: texts.training };

/** The key in session storage for whether formulas are escaped. */
const ESCAPES = 'emofuse-escape-formulas';

function readEscapes() {
    try {
        return sessionStorage.getItem(ESCAPES) === 'true';
    } catch {
        return false; // the browser stores nothing for this page
    }
}

/** @param {boolean} escapes */
function keepEscapes(escapes) {
    try {
        sessionStorage.setItem(ESCAPES, String(escapes));
    } catch {
        // the choice holds as long as the page is open
    }
}

/**
 * @param {Format['key']} key
 * @param {DeskPost[]} chosen
 * @param {number} written
 * @param {boolean} hasModel
 */
function summaryOf(key, chosen, written, hasModel) {
    if (key === 'manifest') return texts.manifest;
    const unread = chosen.filter(({ state }) => state !== 'done').length;
    const parts = [SUMMARIES[key] ?? texts.noImages];
    const leftOut = key === 'training' ? texts.unlabelled : texts.leftOut;
    if (written < chosen.length) parts.push(leftOut(chosen.length - written));
    if (unread > 0 && hasModel && key !== 'training') parts.push(texts.withoutPrediction(unread));
    return parts.join(' ');
}

/**
 * @param {string} legend
 * @param {string} name
 * @param {{ value: string, label: string, hint?: string }[]} choices
 */
function radios(legend, name, choices) {
    const counts = new Map(choices.map(({ value }) => [value, element('span', { class: 'number' })]));
    const inputs = choices.map(({ value }, index) =>
        element('input', { type: 'radio', name, value, checked: index === 0 }),
    );
    const labels = choices.map(({ value, label, hint }, index) => {
        const text = element('span', {}, label, ' ', counts.get(value) ?? '');
        if (hint) text.append(element('span', { class: 'hint' }, hint));
        return element('label', { class: 'export-choice' }, /** @type {HTMLInputElement} */ (inputs[index]), text);
    });
    return {
        container: element('fieldset', {}, element('legend', {}, legend), ...labels),
        get value() {
            return inputs.find(({ checked }) => checked)?.value ?? '';
        },
        /** @type {(value: string, count: number) => void} */
        count(value, count) {
            const shown = counts.get(value);
            if (shown) shown.textContent = `(${grouped(count)})`;
        },
    };
}
