// How far the model agrees with the person: figures with intervals, and the confusion matrix.

import { EMOTIONS } from '../../emofuse.js';
import { element } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { agreement, cohensKappa, confusion, shareOf } from './agreement.js';
import { decimals, plainInterval, shareInterval } from './words.js';
import { counted } from '../words.js';
import { saveFile } from '../export/save-file.js';

/** @typedef {import('./blind-sample.js').ComparedPair} ComparedPair */
/** @typedef {import('../types.js').Correction} Correction */

/**
 * Where the pairs come from.
 *
 * @typedef {object} SampleDetails
 * @property {string} collection Its name.
 * @property {string | null} model_sha256
 * @property {Correction | null} correction The one in use.
 * @property {number} seed
 * @property {number} drawn
 * @property {number} skipped
 */

/** Fewer pairs leave intervals of a quarter and more. */
const FEW_PAIRS = 50;

/** The ground of a cell gets this much ink at most, so that its text stays easy to read. */
const DARKEST = 0.2;

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
    #download = element('button', { type: 'button' }, 'Download as JSON');
    container = element(
        'div',
        { class: 'agreement' },
        this.#figures,
        element('h3', { id: 'confusion-title' }, 'Who said what'),
        element(
            'p',
            { class: 'hint' },
            'Rows: your label. Columns: the model’s. The stronger the shade, the larger the share of the row.',
        ),
        this.#matrix,
        element('h3', {}, 'What the figures say'),
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
        const matrix = confusion(pairs, EMOTIONS);
        const all = agreement(pairs);
        const kappa = cohensKappa(matrix);
        const sure = agreement(pairs.filter(({ uncertain }) => !uncertain));
        const coverage = shareOf(sure.n, all.n);
        this.#result = describe(details, { matrix, all, kappa, sure, coverage });
        this.#figures.replaceChildren(
            figure('Agreement', percent(all.share), `${all.agreed} of ${all.n}; 95 %: ${shareInterval(all)}`),
            kappa.kappa === null
                ? figure('Cohen’s kappa', '–', 'Not defined: you and the model used one and the same label only')
                : figure('Cohen’s kappa', decimals(kappa.kappa), `95 %: ${plainInterval(kappa)}`),
            sure.n === 0
                ? figure('If the model is sure', '–', `It is not sure of any of the ${all.n}`)
                : figure(
                      'If the model is sure',
                      percent(sure.share),
                      `${sure.agreed} of ${sure.n}; 95 %: ${shareInterval(sure)}`,
                  ),
            figure('It is sure of', percent(coverage.share), `${sure.n} of ${all.n}; 95 %: ${shareInterval(coverage)}`),
        );
        this.#matrix.replaceChildren(table(matrix));
        this.#notes.replaceChildren(...notes(all, details).map((note) => element('li', {}, note)));
    }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} remark
 */
const figure = (name, value, remark) =>
    element(
        'div',
        { class: 'agreement-figure' },
        element('dt', {}, name),
        element('dd', { class: 'agreement-value' }, value),
        element('dd', { class: 'hint' }, remark),
    );

/**
 * @param {{ n: number, share: number, low: number, high: number }} all
 * @param {SampleDetails} details
 */
function notes(all, { drawn, skipped, seed, correction }) {
    const left = drawn - all.n - skipped;
    const unlabelled = [skipped > 0 ? `${skipped} skipped` : '', left > 0 ? `${left} not reached` : '']
        .filter((part) => part !== '')
        .join(', ');
    return [
        `Agreement is how often you and the model set the same label. Over the whole collection it may well be anything from ${shareInterval(all)}: that is what 95 % stands for.`,
        'Kappa leaves out what chance alone would give: 0 is no better than chance, 1 is full agreement.',
        'Neither says who is right. Two people who label the same posts do not always agree either.',
        ...(all.n < FEW_PAIRS
            ? [
                  `${counted(all.n, 'label')}: that is few, so the intervals are wide. A larger sample makes them narrower.`,
              ]
            : []),
        ...(unlabelled
            ? [`${drawn} drawn, ${unlabelled}. If you skip what is hard to tell, the figures come out too high.`]
            : []),
        ...(correction
            ? [
                  'Your correction is in use. Where it was fitted to labels of these same posts, the figures come out too high.',
              ]
            : []),
        `Seed ${seed} draws the same posts again, as long as no others have been analysed.`,
    ];
}

/** @param {number[][]} matrix */
function table(matrix) {
    const sums = EMOTIONS.map((_, column) => matrix.reduce((total, row) => total + (row[column] ?? 0), 0));
    const head = (/** @type {string} */ text) => element('th', { scope: 'col' }, element('span', {}, text));
    const rows = matrix.map((row, index) => {
        const emotion = EMOTIONS[index] ?? '';
        const total = row.reduce((sum, count) => sum + count, 0);
        const cells = row.map((count, column) => {
            const cell = element(
                'td',
                { class: index === column ? 'same' : '', 'data-empty': count === 0 },
                String(count),
            );
            cell.style.setProperty('--share', `${(total === 0 ? 0 : (100 * DARKEST * count) / total).toFixed(1)}%`);
            return cell;
        });
        return element(
            'tr',
            { class: `emotion-${emotion}` },
            element('th', { scope: 'row' }, element('span', { class: 'swatch', 'aria-hidden': 'true' }), emotion),
            ...cells,
            element('td', { class: 'sum' }, String(total)),
        );
    });
    const total = sums.reduce((sum, count) => sum + count, 0);
    return element(
        'table',
        { class: 'confusion' },
        element('caption', { class: 'visually-hidden' }, 'Your label in rows, the model’s in columns'),
        element(
            'thead',
            {},
            element('tr', {}, element('th', { scope: 'col' }, 'Your label'), ...EMOTIONS.map(head), head('all')),
        ),
        element('tbody', {}, ...rows),
        element(
            'tfoot',
            {},
            element(
                'tr',
                {},
                element('th', { scope: 'row' }, 'all'),
                ...sums.map((sum) => element('td', { class: 'sum' }, String(sum))),
                element('td', { class: 'sum' }, String(total)),
            ),
        ),
    );
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
        labels: EMOTIONS,
        confusion: matrix,
    };
}
