// The figures of a training: the verdict in words, accuracy beside guessing, the learning curve, each label.

import { element } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { figure } from '../review/figure.js';
import { decimals, plainInterval, shareInterval, signedPoints } from '../review/words.js';
import { grouped } from '../words.js';
import { curveChart } from './curve-chart.js';
import { texts } from './texts.js';
import { verdictOf } from './verdict.js';

/** @typedef {import('./report.js').Report} Report */

/** The strongest shade of a cell of the confusion matrix, so that its text stays readable. */
const DARKEST = 0.2;

/** Shows one report at a time. */
export class TrainingReport {
    container = element('div', { class: 'training-report', hidden: true });

    /** @param {Report | null} report */
    show(report) {
        this.container.hidden = report === null;
        this.container.replaceChildren(...(report ? parts(report) : []));
    }
}

/**
 * @param {Report} report
 * @returns {HTMLElement[]}
 */
function parts(report) {
    const { missing } = report;
    const [first, ...others] = sentences(report);
    return [
        element('p', { class: 'training-verdict' }, first),
        element('ul', { class: 'training-notes' }, ...others.map((sentence) => element('li', {}, sentence))),
        element('dl', { class: 'agreement-figures' }, ...figures(report)),
        element('p', { class: 'hint' }, texts.how(report.posts, report.folds)),
        ...(missing
            ? [
                  element(
                      'p',
                      { class: 'training-missing' },
                      texts.missing(
                          missing.posts,
                          percent(missing.both),
                          percent(missing.image),
                          percent(missing.caption),
                      ),
                  ),
              ]
            : []),
        element(
            'div',
            { class: 'training-tables' },
            element('div', {}, element('h3', {}, texts.curve.title), curveChart(report)),
            element('div', {}, element('h3', {}, texts.labels.title), labelTable(report)),
        ),
        element(
            'div',
            {},
            element('h3', { id: 'training-confusion-title' }, texts.confusion.title),
            element('p', { class: 'hint' }, texts.confusion.hint),
            element(
                'div',
                {
                    class: 'confusion-frame',
                    role: 'region',
                    tabindex: 0,
                    'aria-labelledby': 'training-confusion-title',
                },
                confusion(report),
            ),
        ),
    ];
}

/**
 * @param {Report} report
 * @returns {string[]}
 */
function sentences(report) {
    const { overall, curve, model, weak } = verdictOf(report);
    const { verdict } = texts;
    const points = signedPoints(Math.abs(report.model?.gain.value ?? 0)).replace('+', '');
    return [
        verdict.overall[overall](percent(report.accuracy.value), report.majority.label, percent(report.majority.share)),
        ...(model === null ? [] : [model === 'unclear' ? verdict.model.unclear : verdict.model[model](points)]),
        verdict.curve[curve],
        ...(weak.length > 0 ? [verdict.weak(weak)] : []),
    ];
}

/** @param {Report} report */
function figures({ accuracy, macro_f1, majority, model }) {
    const words = texts.figures;
    return [
        figure(words.accuracy, percent(accuracy.value), words.interval(shareInterval(accuracy))),
        figure(
            words.macroF1,
            decimals(macro_f1.value),
            `${words.macroRemark}; ${words.interval(plainInterval(macro_f1))}`,
        ),
        figure(words.guessing, percent(majority.share), words.guessingRemark(majority.label)),
        ...(model
            ? [figure(words.model, percent(model.before), words.modelRemark(model.posts, percent(model.after)))]
            : []),
    ];
}

/** @param {Report} report */
function labelTable({ labels }) {
    const words = texts.labels;
    return element(
        'table',
        { class: 'training-table' },
        element('caption', { class: 'visually-hidden' }, words.title),
        element(
            'thead',
            {},
            element(
                'tr',
                {},
                ...[words.label, words.posts, words.recall, words.precision, words.f1].map((head) =>
                    element('th', { scope: 'col' }, head),
                ),
            ),
        ),
        element(
            'tbody',
            {},
            ...labels.map(({ label, posts, recall, precision, f1 }) =>
                element(
                    'tr',
                    {},
                    element('th', { scope: 'row' }, label),
                    ...[grouped(posts), percent(recall), percent(precision), decimals(f1)].map((value) =>
                        element('td', { class: 'number' }, value),
                    ),
                ),
            ),
        ),
    );
}

/** @param {Report} report */
function confusion({ matrix, labels }) {
    const words = texts.confusion;
    const head = (/** @type {string} */ text) => element('th', { scope: 'col' }, element('span', {}, text));
    return element(
        'table',
        { class: 'confusion' },
        element('caption', { class: 'visually-hidden' }, words.caption),
        element(
            'thead',
            {},
            element(
                'tr',
                {},
                element('th', { scope: 'col' }, words.yours),
                ...labels.map(({ label }) => head(label)),
                head(words.all),
            ),
        ),
        element(
            'tbody',
            {},
            ...matrix.map((row, place) => {
                const { label, posts } = labels[place];
                const cells = row.map((count, column) => {
                    const cell = element(
                        'td',
                        { class: place === column ? 'same' : '', 'data-empty': count === 0 },
                        grouped(count),
                    );
                    cell.style.setProperty('--share', `${((100 * DARKEST * count) / Math.max(1, posts)).toFixed(1)}%`);
                    return cell;
                });
                return element(
                    'tr',
                    {},
                    element('th', { scope: 'row' }, label),
                    ...cells,
                    element('td', { class: 'sum' }, grouped(posts)),
                );
            }),
        ),
    );
}
