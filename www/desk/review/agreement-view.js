// Shows how well the model agrees with the person: figures with intervals, and the confusion matrix.

import { element } from '../../shared/dom.js';
import { labelsInUse } from '../../shared/labels.js';
import { percent } from '../../shared/words.js';
import { saveFile } from '../export/save-file.js';
import { agreement, cohensKappa, confusion, shareOf } from './agreement.js';
import { confusionTable } from './confusion-table.js';
import { figure } from './figure.js';
import { figureTexts, texts } from './texts.js';
import { decimals, plainInterval, shareInterval } from './words.js';

/** @typedef {import('./blind-sample.js').ComparedPair} ComparedPair */
/** @typedef {import('../types.js').Correction} Correction */

/**
 * The sample that the pairs come from.
 *
 * @typedef {object} SampleDetails
 * @property {string} collection Its name.
 * @property {string | null} model_sha256
 * @property {Correction | null} correction The one in use.
 * @property {number} seed
 * @property {number} drawn
 * @property {number} skipped
 */

/** With fewer pairs, intervals are wider than 25 points. */
const FEW_PAIRS = 50;

const words = texts.agreement;

/** Figures, a table and a download; `show` it with pairs. */
export class AgreementView {
    #figures = element('dl', { class: 'agreement-figures' });
    #notes = element('ul', { class: 'agreement-notes' });
    #matrix = element('div', {
        class: 'confusion-frame',
        role: 'region',
        tabindex: 0,
        'aria-labelledby': 'confusion-title',
    }); // it scrolls on a phone
    #download = element('button', { type: 'button' }, figureTexts.download);
    container = element(
        'div',
        { class: 'agreement' },
        this.#figures,
        element('h3', { id: 'confusion-title' }, figureTexts.confusion),
        element('p', { class: 'hint' }, figureTexts.confusionHint),
        this.#matrix,
        element('h3', {}, words.meaning),
        this.#notes,
        element('div', { class: 'actions' }, this.#download),
    );
    /** @type {object} */
    #result = {};

    constructor() {
        this.#download.addEventListener('click', () => {
            saveFile(
                new Blob([`${JSON.stringify(this.#result, null, 2)}\n`], { type: 'application/json' }),
                'agreement.json',
            );
        });
    }

    /**
     * @param {readonly ComparedPair[]} pairs At least one.
     * @param {SampleDetails} details
     */
    show(pairs, details) {
        const matrix = confusion(pairs, labelsInUse().names);
        const all = agreement(pairs);
        const kappa = cohensKappa(matrix);
        const sure = agreement(pairs.filter(({ uncertain }) => !uncertain));
        const coverage = shareOf(sure.n, all.n);
        this.#result = describe(details, { matrix, all, kappa, sure, coverage });
        const ratio = (/** @type {{ agreed: number, n: number, low: number, high: number }} */ share) =>
            `${figureTexts.of(share.agreed, share.n)}; ${figureTexts.interval(shareInterval(share))}`;
        this.#figures.replaceChildren(
            figure(words.agreement, percent(all.share), ratio(all)),
            kappa.kappa === null
                ? figure(figureTexts.kappa, '–', figureTexts.kappaNone)
                : figure(figureTexts.kappa, decimals(kappa.kappa), figureTexts.interval(plainInterval(kappa))),
            sure.n === 0
                ? figure(figureTexts.sure, '–', figureTexts.sureNone(all.n))
                : figure(figureTexts.sure, percent(sure.share), ratio(sure)),
            figure(words.coverage, percent(coverage.share), ratio({ ...coverage, agreed: sure.n, n: all.n })),
        );
        this.#matrix.replaceChildren(confusionTable(matrix));
        this.#notes.replaceChildren(...notes(all, details).map((note) => element('li', {}, note)));
    }
}

/**
 * @param {{ n: number, share: number, low: number, high: number }} all
 * @param {SampleDetails} details
 */
function notes(all, { drawn, skipped, seed, correction }) {
    const left = drawn - all.n - skipped;
    const said = words.notes;
    const unlabelled = [skipped > 0 ? said.skipped(skipped) : '', left > 0 ? said.notReached(left) : '']
        .filter((part) => part !== '')
        .join(', ');
    return [
        said.agreement(shareInterval(all)),
        said.kappa,
        said.nobody,
        ...(all.n < FEW_PAIRS ? [said.few(all.n)] : []),
        ...(unlabelled ? [said.unlabelled(drawn, unlabelled)] : []),
        ...(correction ? [said.corrected] : []),
        said.seed(seed),
    ];
}

/**
 * @param {SampleDetails} details
 * @param {{ matrix: number[][], all: object, kappa: object, sure: { n: number, share: number }, coverage: object }}
 *     figures
 */
function describe({ correction, ...details }, { matrix, all, kappa, sure, coverage }) {
    return {
        format: 'emofuse-agreement',
        version: 1,
        ...details,
        correction: correction && { temperature: correction.temperature, bias: correction.bias },
        at: new Date().toISOString(),
        interval: 0.95,
        agreement: all,
        kappa,
        sure: sure.n === 0 ? null : sure,
        coverage,
        labels: labelsInUse().names,
        confusion: matrix,
    };
}
