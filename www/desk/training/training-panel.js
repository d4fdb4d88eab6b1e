// The tab “Train”: from labelled posts to a model with the person's own labels.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';
import { saveFile } from '../export/save-file.js';
import { isAbort } from '../words.js';
import { KeptList } from './kept-list.js';
import { FEWEST_OF_LABEL, FEWEST_POSTS, selectPosts } from './selection.js';
import { texts } from './texts.js';
import { Training, labelsOf } from './training.js';
import { TrainingReport } from './training-report.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('./training.js').TrainedModel} TrainedModel */

/** The share of the whole progress that each phase ends at. */
const PHASES = { model: [0, 0.05], features: [0.05, 0.6], fit: [0.6, 0.97], file: [0.97, 1] };

/** What is no letter, digit, dot or hyphen in any language, which would trouble file systems. */
const NOT_IN_NAMES = /[^\p{L}\p{M}\p{N}.-]+/gu;
const LONGEST_NAME = 64;

/** A card with what is missing or ready, a button that trains, and a report with the model's buttons. */
export class TrainingPanel {
    #text = element('p', { class: 'training-text', id: 'training-text' });
    #left = element('p', { class: 'hint' });
    #name = element('input', {
        type: 'text',
        id: 'training-name',
        maxlength: LONGEST_NAME,
        autocomplete: 'off',
        spellcheck: 'false',
        'aria-describedby': 'training-name-hint',
    });
    #weights = element('input', {
        type: 'checkbox',
        id: 'training-weights',
        'aria-describedby': 'training-weights-hint',
    });
    #form = element(
        'div',
        { class: 'training-form' },
        element(
            'div',
            { class: 'field' },
            element('label', { for: 'training-name' }, texts.name),
            this.#name,
            element('p', { class: 'hint', id: 'training-name-hint' }, texts.nameHint),
        ),
        element(
            'div',
            { class: 'field' },
            element('label', { class: 'check-choice' }, this.#weights, texts.weights),
            element('p', { class: 'hint', id: 'training-weights-hint' }, texts.weightsHint),
        ),
    );
    #train = element('button', { type: 'button', class: 'primary' });
    #cancel = element('button', { type: 'button', hidden: true }, texts.cancel);
    #bar = element('progress', { 'aria-labelledby': 'training-text', max: 1, value: 0, hidden: true });
    #notice = new ErrorNotice();
    #stale = element('p', { class: 'hint', hidden: true }, texts.state.stale);
    #unread = element('p', { class: 'hint', hidden: true });
    #report = new TrainingReport();
    #use = element('button', { type: 'button', class: 'primary' }, texts.result.use);
    #download = element('button', { type: 'button' }, texts.result.download);
    #keep = element('button', { type: 'button' }, texts.result.keep);
    #result = element('div', { class: 'actions', hidden: true }, this.#use, this.#download, this.#keep);
    #status = element('p', { class: 'visually-hidden', role: 'status' });
    #kept;
    container;
    #collection;
    #training;
    #models;
    /** @type {TrainedModel | null} */
    #trained = null;
    /** @type {AbortController | null} Of the training in progress. */
    #running = null;
    #isStale = false;
    #isOpen = false;

    /**
     * @param {Collection} collection
     * @param {object} parts
     * @param {() => Promise<import('../labelling/pool.js').ClassifierPool>} parts.pool The model in use; loads it if
     *     necessary.
     * @param {() => Promise<Blob>} parts.baseFile Its file.
     * @param {(file: File) => void} parts.useModel Loads a model file and analyses the posts with it.
     * @param {import('./kept-models.js').KeptModels} parts.models
     */
    constructor(collection, { pool, baseFile, useModel, models }) {
        this.#collection = collection;
        this.#models = models;
        this.#training = new Training({ pool, baseFile });
        this.#kept = new KeptList(models, {
            onUse: useModel,
            onDeleted: () => {
                this.#status.textContent = texts.status.deleted;
                this.#render();
                (this.#train.hidden ? this.container : this.#train).focus();
            },
        });
        this.container = element(
            'section',
            { class: 'card training', 'aria-labelledby': 'training-title', tabindex: -1 },
            element('h2', { id: 'training-title' }, texts.title),
            element('p', {}, texts.lead),
            this.#text,
            this.#left,
            this.#bar,
            this.#form,
            element('div', { class: 'actions' }, this.#train, this.#cancel),
            this.#notice.container,
            this.#stale,
            this.#unread,
            this.#report.container,
            this.#result,
            this.#kept.container,
            this.#status,
        );
        this.#name.value = `own-${new Date().toISOString().slice(0, 10)}`;
        this.#train.addEventListener('click', () => void this.#run());
        this.#cancel.addEventListener('click', () => this.#running?.abort());
        this.#use.addEventListener('click', () => this.#trained && useModel(this.#trained.file));
        this.#download.addEventListener('click', () => {
            if (this.#trained) saveFile(this.#trained.file, this.#trained.file.name);
        });
        this.#keep.addEventListener('click', () => void this.#keepModel());
        collection.onChange((changes) => {
            if (changes.has('posts')) this.#clear();
            if (changes.has('labels')) this.#isStale = true;
            if (this.#isOpen && (changes.has('labels') || changes.has('posts'))) this.#render();
        });
        this.#render();
    }

    /** Follows the collection until `close`. */
    open() {
        this.#isOpen = true;
        void this.#kept.show();
        this.#render();
    }

    close() {
        this.#isOpen = false;
    }

    /** Other posts are on the desk. */
    #clear() {
        this.#running?.abort();
        this.#training.clear();
        this.#trained = null;
        this.#notice.clear();
    }

    async #run() {
        if (this.#running) return;
        const running = new AbortController();
        this.#running = running;
        this.#notice.clear();
        this.#status.textContent = '';
        this.#isStale = false;
        this.#render();
        this.#cancel.focus();
        try {
            this.#trained = await this.#training.run(this.#collection.posts, {
                id: this.#chosenName(),
                weighsRareLabels: this.#weights.checked,
                signal: running.signal,
                onProgress: (phase, done, all) => this.#showProgress(phase, done, all),
            });
            this.#status.textContent = texts.status.done;
        } catch (error) {
            if (running.signal.aborted || isAbort(error)) this.#status.textContent = texts.status.cancelled;
            else this.#fail(texts.cannot, error);
        } finally {
            const hasFocus = document.activeElement === this.#cancel;
            this.#running = null;
            this.#render();
            if (hasFocus) this.#train.focus();
        }
    }

    #chosenName() {
        const name = this.#name.value.trim().replaceAll(NOT_IN_NAMES, '-');
        this.#name.value = /[\p{L}\p{N}]/u.test(name) ? name : `own-${new Date().toISOString().slice(0, 10)}`;
        return this.#name.value;
    }

    async #keepModel() {
        const trained = this.#trained;
        if (!trained) return;
        const { id, sha256, file, report, at } = trained;
        try {
            const { posts, accuracy } = report;
            await this.#models.keep({ id, sha256, file, posts, accuracy: accuracy.value, at });
            this.#status.textContent = texts.status.kept;
        } catch (error) {
            this.#fail(texts.cannotKeep, error);
        }
        await this.#kept.show();
    }

    /**
     * @param {string} title
     * @param {unknown} error
     */
    #fail(title, error) {
        this.#notice.show(error, null, (cause) => {
            const message = cause instanceof Error ? cause.message : String(cause);
            return { title, remedy: `${capitalised(message).replace(/\.$/, '')}.`, detail: null };
        });
    }

    /** @type {import('./training.js').ProgressListener} */
    #showProgress(phase, done, all) {
        const [from, to] = PHASES[phase];
        this.#bar.value = from + ((to - from) * done) / Math.max(1, all);
        this.#text.textContent = phase === 'features' ? texts.progress.features(done, all) : texts.progress[phase];
    }

    #render() {
        const { posts, description } = this.#collection;
        const selection = selectPosts(posts, description ? labelsOf(description).map(({ name }) => name) : []);
        const isRunning = this.#running !== null;
        const canTrain = selection.missing === null;
        const trained = this.#trained;
        this.container.dataset['state'] = isRunning ? 'training' : trained ? 'trained' : canTrain ? 'ready' : 'few';
        this.container.setAttribute('aria-busy', String(isRunning));
        if (!isRunning) this.#text.textContent = stateWords(selection);
        this.#left.hidden = isRunning || selection.left.length === 0;
        if (selection.left.length > 0) this.#left.textContent = texts.state.left(selection.left, FEWEST_OF_LABEL);
        this.#bar.hidden = !isRunning;
        this.#form.hidden = isRunning || !canTrain;
        this.#train.hidden = isRunning || !canTrain;
        this.#train.textContent = (trained ? texts.trainAgain : texts.train)(selection.posts.length);
        this.#cancel.hidden = !isRunning;
        this.#stale.hidden = !trained || isRunning || !this.#isStale;
        this.#unread.hidden = !trained || isRunning || trained.unread === 0;
        this.#unread.textContent = trained ? texts.unread(trained.unread) : '';
        this.#report.show(isRunning || !trained ? null : trained.report);
        this.#result.hidden = isRunning || !trained;
    }
}

/** @param {import('./selection.js').Selection} selection */
function stateWords({ labels, posts, missing }) {
    const { state } = texts;
    const [only] = labels;
    if (missing === 'labels')
        return only ? state.oneLabel(only.name, FEWEST_OF_LABEL) : state.noLabels(FEWEST_OF_LABEL);
    if (missing === 'posts') return state.fewPosts(posts.length, FEWEST_POSTS);
    return state.ready(labels);
}
