// The person's correction: fitted to their labels, and off until they switch it on.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';
import { CorrectionError, fromFile, toFile } from './file.js';
import { FEWEST_LABELS, fitCorrection, samplesOf } from './fit.js';
import { CorrectionReport } from './correction-report.js';
import { saveFile } from '../export/save-file.js';
import { errors, texts } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('./cross-validation.js').Report} Report */

/**
 * The current correction, in use or not.
 *
 * @typedef {object} StoredCorrection
 * @property {Correction} correction
 * @property {Report | null} report
 * @property {'fitted' | 'imported'} origin
 */

/** A card with a switch, a button that fits, and a report. */
export class CorrectionPanel {
    #lead = element('p', {}, texts.lead);
    #text = element('p', { class: 'correction-text', id: 'correction-text' });
    #bar = element('progress', { 'aria-labelledby': 'correction-text', max: FEWEST_LABELS, value: 0 });
    #doubtful = element('p', { class: 'hint' });
    #fit = element('button', { type: 'button' });
    #switch = element('input', { type: 'checkbox', role: 'switch', id: 'use-correction' });
    #switchLine = element('label', { class: 'check-choice correction-switch' }, this.#switch, texts.use);
    #report = new CorrectionReport();
    #export = element('button', { type: 'button' }, texts.export);
    #import = element('button', { type: 'button' }, texts.import);
    #forget = element('button', { type: 'button' }, texts.delete);
    #file = element('input', { type: 'file', accept: '.json,application/json', hidden: true, id: 'correction-file' });
    #notice = new ErrorNotice();
    #status = element('p', { class: 'visually-hidden', role: 'status' });
    container = element(
        'section',
        { class: 'card correction', 'aria-labelledby': 'correction-title' },
        element(
            'div',
            { class: 'check-head' },
            element('h2', { id: 'correction-title', tabindex: -1 }, texts.title),
            this.#switchLine,
        ),
        this.#lead,
        this.#text,
        this.#bar,
        this.#notice.container,
        this.#report.container,
        this.#doubtful,
        element('div', { class: 'actions' }, this.#fit, this.#export, this.#import, this.#forget, this.#file),
        this.#status,
    );
    #collection;
    #onSave;
    /** @type {StoredCorrection | null} */
    #stored = null;
    /** @type {'idle' | 'fitting'} */
    #state = 'idle';
    #isOpen = false;

    /**
     * @param {Collection} collection
     * @param {{ onSave: (correction: Correction | null) => void }} callbacks `onSave` is called with the correction to
     *     store in the journal, or null. `collection.correction` is the one in use.
     */
    constructor(collection, { onSave }) {
        this.#collection = collection;
        this.#onSave = onSave;
        this.#fit.addEventListener('click', () => this.#run());
        this.#switch.addEventListener('change', () => {
            collection.useCorrection(this.#switch.checked && this.#stored ? this.#stored.correction : null);
            this.#status.textContent = this.#switch.checked ? texts.status.on : texts.status.off;
        });
        this.#export.addEventListener(
            'click',
            () => this.#stored && saveFile(toFile(this.#stored.correction), 'emofuse-correction.json'),
        );
        this.#import.addEventListener('click', () => this.#file.click());
        this.#forget.addEventListener('click', () => this.#forgetIt());
        this.#file.addEventListener('change', () => {
            const [file] = this.#file.files ?? [];
            this.#file.value = ''; // so that the same file can be chosen again
            if (file) void this.#take(file);
        });
        collection.onChange((changes) => {
            // Before the model is loaded, no correction is in use, so none is switched off.
            if (collection.correction && this.#isForeign(collection.correction)) collection.useCorrection(null);
            if (this.#isOpen && (changes.size > 1 || !changes.has('predictions') || !this.#stored)) this.#render();
        });
        this.#render();
    }

    /** Follows the collection until `close`. */
    open() {
        this.#isOpen = true;
        this.#render();
    }

    close() {
        this.#isOpen = false;
    }

    /**
     * Restores what the journal has stored.
     *
     * @param {Correction | null} correction
     * @param {'on' | 'off'} use
     */
    restore(correction, use) {
        this.#stored = correction && { correction, report: null, origin: 'fitted' };
        this.#collection.useCorrection(correction && use === 'on' && !this.#isForeign(correction) ? correction : null);
        this.#render();
    }

    /** @param {Correction} correction Whether it belongs to another model than the one in use. */
    #isForeign({ model_sha256 }) {
        const { description } = this.#collection;
        return description !== null && description.model.sha256 !== model_sha256;
    }

    async #run() {
        if (this.#state === 'fitting') return;
        this.#state = 'fitting';
        this.#notice.clear();
        this.#status.textContent = texts.status.fitting;
        this.#render();
        try {
            const { correction, report } = await fitCorrection(this.#collection);
            this.#store({ correction, report, origin: 'fitted' });
            this.#status.textContent = texts.status.fitted;
        } catch (error) {
            this.#status.textContent = '';
            this.#notice.show(error, null, (cause) => words(texts.cannotFit, cause));
        } finally {
            this.#state = 'idle';
            this.#render();
        }
    }

    /** @param {File} file */
    async #take(file) {
        this.#notice.clear();
        try {
            const { description } = this.#collection;
            if (!description) throw new CorrectionError(errors.modelToImport);
            const correction = await fromFile(file, description.model.sha256);
            this.#collection.useCorrection(null); // a new correction is off at first
            this.#store({ correction, report: null, origin: 'imported' });
            this.#status.textContent = texts.status.imported;
        } catch (error) {
            this.#notice.show(error, null, (cause) => words(texts.cannotImport(file.name), cause));
        }
        this.#render();
    }

    /** @param {StoredCorrection} stored */
    #store(stored) {
        this.#stored = stored;
        if (this.#collection.correction) this.#collection.useCorrection(stored.correction);
        this.#onSave(stored.correction);
    }

    #forgetIt() {
        this.#stored = null;
        this.#notice.clear();
        this.#collection.useCorrection(null);
        this.#onSave(null);
        this.#status.textContent = texts.status.deleted;
        this.#render();
        (this.#fit.hidden ? this.#import : this.#fit).focus();
    }

    #render() {
        const stored = this.#stored;
        const labels = samplesOf(this.#collection).length;
        const isFitting = this.#state === 'fitting';
        const isForeign = stored !== null && this.#isForeign(stored.correction);
        const isStale = stored !== null && stored.origin === 'fitted' && this.#isStale(stored.correction, labels);
        const canFit = labels >= FEWEST_LABELS && this.#collection.description !== null;
        this.container.dataset['state'] = isFitting
            ? 'fitting'
            : stored
              ? isStale || isForeign
                  ? 'stale'
                  : 'fitted'
              : canFit
                ? 'ready'
                : 'few';
        this.container.setAttribute('aria-busy', String(isFitting));
        this.#text.textContent = this.#words(stored, labels, { isFitting, isForeign, isStale, canFit });
        this.#text.hidden = this.#text.textContent === '';
        this.#bar.hidden = !isFitting && (stored !== null || canFit);
        if (isFitting) this.#bar.removeAttribute('value');
        else this.#bar.value = Math.min(labels, FEWEST_LABELS);
        this.#fit.hidden = !canFit || (stored !== null && stored.origin === 'fitted' && !isStale && !isForeign);
        this.#fit.textContent = isFitting
            ? texts.fittingNow
            : stored?.origin === 'fitted'
              ? texts.fitAgain(labels)
              : texts.fit(labels);
        this.#fit.setAttribute('aria-disabled', String(isFitting)); // it keeps the focus
        this.#fit.classList.toggle('primary', stored === null || isStale);
        this.#switchLine.hidden = stored === null || isForeign;
        this.#switch.checked = this.#collection.correction !== null;
        this.#report.container.hidden = stored === null;
        this.#export.hidden = this.#forget.hidden = stored === null;
        this.#import.disabled = isFitting;
        if (stored) this.#report.show(stored.correction, stored.report);
        this.#renderDoubtful(canFit ? labels : 0);
    }

    /**
     * @param {StoredCorrection | null} stored
     * @param {number} labels
     * @param {{ isFitting: boolean, isForeign: boolean, isStale: boolean, canFit: boolean }} state
     */
    #words(stored, labels, { isFitting, isForeign, isStale, canFit }) {
        const { state } = texts;
        if (isFitting) return state.fitting(labels);
        if (isForeign && stored) return state.otherModel(stored.correction.model_sha256.slice(0, 12));
        if (isStale && stored) return state.stale(stored.correction.posts, labels);
        if (stored?.origin === 'imported') return state.imported;
        if (stored) return '';
        if (canFit) return state.enough(labels);
        if (labels >= FEWEST_LABELS) return state.noModel;
        return state.few(labels, FEWEST_LABELS);
    }

    /**
     * @param {Correction} correction
     * @param {number} labels
     */
    #isStale({ posts, fitted }, labels) {
        if (labels < FEWEST_LABELS) return false; // other posts are on the desk
        return (
            labels !== posts ||
            this.#collection.posts.some(
                ({ prediction, manualLabel }) =>
                    prediction && manualLabel && Date.parse(manualLabel.at) > Date.parse(fitted),
            )
        );
    }

    /** @param {number} labels */
    #renderDoubtful(labels) {
        const reviewed = this.#collection.posts.filter(
            ({ prediction, manualLabel }) => prediction && manualLabel?.how === 'review',
        ).length;
        this.#doubtful.hidden = labels === 0 || reviewed === 0;
        this.#doubtful.textContent = texts.doubtful(reviewed, labels);
    }
}

/**
 * @param {string} title
 * @param {unknown} cause
 */
function words(title, cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { title, remedy: `${capitalised(message).replace(/\.$/, '')}.`, detail: null };
}
