// Compares the model with the labels of a table: figures, disagreements and the confusion matrix.

import { element } from '../../shared/dom.js';
import { labelsInUse } from '../../shared/labels.js';
import { percent } from '../../shared/words.js';
import { Thumbnails } from '../browse/thumbnails.js';
import { VirtualList } from '../browse/virtual-list.js';
import { saveFile } from '../export/save-file.js';
import { confusionTable } from '../review/confusion-table.js';
import { figure } from '../review/figure.js';
import { decimals, plainInterval, shareInterval } from '../review/words.js';
import { createDisagreementRow } from './disagreement-row.js';
import { evaluate } from './evaluation.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./evaluation.js').Evaluation} Evaluation */

/** Update interval while posts are analysed. */
const UPDATE_MS = 500;

/** The height of a row in rem, as in evaluate.css. */
const ROW = 4;

/** Follows the collection while it is open. */
export class EvaluationView {
    #progress = element('p', { class: 'hint', role: 'status' });
    #figures = element('dl', { class: 'agreement-figures' });
    #listTitle = element('h3', { id: 'disagreements-title' });
    #none = element('p', { class: 'list-none', hidden: true }, texts.none);
    #matrix = element('div', {
        class: 'confusion-frame',
        role: 'region',
        tabindex: 0,
        'aria-labelledby': 'evaluation-confusion-title',
    });
    #corrected = element('p', { class: 'hint', hidden: true }, texts.corrected);
    #download = element('button', { type: 'button' }, texts.download);
    #body;
    container;
    #collection;
    #thumbnails = new Thumbnails();
    #list;
    /** @type {readonly DeskPost[]} */
    #shown = [];
    /** @type {Evaluation | null} */
    #evaluation = null;
    #isOpen = false;
    #timer = 0;

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {(posts: readonly DeskPost[], place: number, onReturn: (place: number) => void) => void} onOpen
     */
    constructor(collection, onOpen) {
        this.#collection = collection;
        const rem_px = parseFloat(getComputedStyle(document.documentElement).fontSize);
        this.#list = new VirtualList(
            {
                label: texts.list,
                role: 'listbox',
                height_px: ROW * rem_px,
                width_px: Infinity,
                head: null,
                create: () => createDisagreementRow(collection, this.#thumbnails),
            },
            (place) =>
                onOpen(this.#shown, place, (last) => {
                    this.#list.activate(last);
                    this.#list.focus();
                }),
        );
        this.#body = element(
            'div',
            { class: 'evaluation-body' },
            element('div', { class: 'evaluation-posts' }, this.#listTitle, this.#list.container, this.#none),
            element(
                'div',
                { class: 'evaluation-confusion' },
                element('h3', { id: 'evaluation-confusion-title' }, texts.confusion),
                element('p', { class: 'hint' }, texts.confusionHint),
                this.#matrix,
                this.#corrected,
                element('div', { class: 'actions' }, this.#download),
            ),
        );
        this.container = element(
            'section',
            { class: 'card evaluation', 'aria-labelledby': 'evaluation-title' },
            element(
                'div',
                { class: 'evaluation-head' },
                element('h2', { id: 'evaluation-title' }, texts.title),
                this.#progress,
            ),
            this.#figures,
            this.#body,
        );
        this.#download.addEventListener('click', () => this.#save());
        collection.onChange((changes) => {
            if (changes.has('posts')) this.#thumbnails.clear();
            if (!this.#isOpen) return;
            if (changes.size > 1 || !changes.has('predictions')) this.#update();
            else this.#timer ||= window.setTimeout(() => this.#update(), UPDATE_MS);
        });
    }

    open() {
        this.#isOpen = true;
        this.#update();
    }

    close() {
        this.#isOpen = false;
    }

    #update() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        const { posts, correction } = this.#collection;
        const evaluation = evaluate(posts, (post) => this.#collection.predictedLabel(post));
        const { n, labelled, accuracy, macro_f1, labels, kappa, sure, disagreements, matrix } = evaluation;
        this.#evaluation = evaluation;
        this.#progress.textContent = n === 0 ? texts.waiting : texts.progress(n, labelled);
        this.#figures.hidden = this.#body.hidden = n === 0;
        if (n === 0) return;
        const ratio = (/** @type {typeof accuracy} */ of) =>
            `${texts.of(of.agreed, of.n)}; ${texts.interval(shareInterval(of))}`;
        this.#figures.replaceChildren(
            figure(texts.accuracy, percent(accuracy.share), ratio(accuracy)),
            figure(texts.macroF1, decimals(macro_f1), texts.macroRemark(labels)),
            kappa.kappa === null
                ? figure(texts.kappa, '–', texts.kappaNone)
                : figure(texts.kappa, decimals(kappa.kappa), texts.interval(plainInterval(kappa))),
            sure.n === 0
                ? figure(texts.sure, '–', texts.sureNone(n))
                : figure(texts.sure, percent(sure.share), ratio(sure)),
        );
        this.#listTitle.textContent = texts.disagreements(disagreements.length);
        this.#none.hidden = disagreements.length > 0;
        this.#list.container.hidden = disagreements.length === 0;
        this.#shown = disagreements;
        this.#list.show(disagreements);
        this.#matrix.replaceChildren(confusionTable(matrix));
        this.#corrected.hidden = correction === null;
    }

    #save() {
        if (!this.#evaluation) return;
        const { name, description, correction } = this.#collection;
        const { disagreements, sure, ...figures } = this.#evaluation;
        const file = {
            format: 'emofuse-evaluation',
            version: 1,
            collection: name,
            model_sha256: description?.model.sha256 ?? null,
            correction: correction && { temperature: correction.temperature, bias: correction.bias },
            at: new Date().toISOString(),
            interval: 0.95,
            ...figures,
            sure: sure.n === 0 ? null : sure,
            emotions: labelsInUse().names,
            disagreements: disagreements.map((post) => ({
                id: post.id,
                label: post.tableLabel,
                predicted: this.#collection.predictedLabel(post)?.emotion ?? null,
            })),
        };
        const blob = new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' });
        saveFile(blob, 'evaluation.json');
    }
}
