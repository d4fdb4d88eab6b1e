// Reports the effect of a correction: before and after, temperature and biases.

import { element } from '../../shared/dom.js';
import { labelsInUse, tint } from '../../shared/labels.js';
import { percent } from '../../shared/words.js';
import { shareOf } from '../review/agreement.js';
import { figureTexts } from '../review/texts.js';
import { decimals, shareInterval, signed, signedPoints } from '../review/words.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('./cross-validation.js').Report} Report */

/** A temperature this close to 1 has no visible effect. */
const NEXT_TO_NOTHING = 0.05;

const words = texts.report;

/** A sentence, a table and bars. */
export class CorrectionReport {
    #verdict = element('p', { class: 'correction-verdict' });
    #rows = element('tbody');
    #origin = element('p', { class: 'hint' });
    #temperature = element('p');
    #biases = element('table', { class: 'biases' });
    container = element(
        'div',
        { class: 'correction-report' },
        element(
            'div',
            {},
            this.#verdict,
            element(
                'table',
                { class: 'before-after' },
                element('caption', { class: 'visually-hidden' }, words.caption),
                element(
                    'thead',
                    {},
                    element(
                        'tr',
                        {},
                        element('td'),
                        element('th', { scope: 'col' }, words.before),
                        element('th', { scope: 'col' }, words.after),
                        element('th', { scope: 'col' }, words.change),
                    ),
                ),
                this.#rows,
            ),
            this.#origin,
        ),
        element('div', {}, this.#temperature, this.#biases),
    );

    /**
     * @param {Correction} correction
     * @param {Report | null} report Null if the correction comes from a file or the journal, which store less.
     */
    show(correction, report) {
        this.#verdict.textContent = verdict(correction, report);
        const { before, after } = report?.agreement ?? {
            before: shareOf(Math.round(correction.agreement.before * correction.posts), correction.posts),
            after: shareOf(Math.round(correction.agreement.after * correction.posts), correction.posts),
        };
        const gain = report?.gain;
        this.#rows.replaceChildren(
            row(words.agreement, [
                [percent(before.share), shareInterval(before)],
                [percent(after.share), shareInterval(after)],
                [
                    words.points(signedPoints(after.share - before.share)),
                    gain ? figureTexts.range(signedPoints(gain.low), signedPoints(gain.high)) : '',
                ],
            ]),
        );
        if (report) {
            const { logLoss } = report;
            this.#rows.append(
                row(words.logLoss, [
                    [decimals(logLoss.before), ''],
                    [decimals(logLoss.after), ''],
                    [signed(logLoss.after - logLoss.before), words.lower],
                ]),
            );
        }
        const how = report ? words.folds(report.folds) : words.validated;
        this.#origin.textContent = words.fitted(correction.posts, correction.fitted, how);
        this.#temperature.textContent = temperatureWords(correction.temperature);
        this.#showBiases(correction.bias);
    }

    /** @param {Correction['bias']} bias */
    #showBiases(bias) {
        const largest = Math.max(...Object.values(bias).map(Math.abs), 0.1);
        const rows = labelsInUse().names.map((emotion) => {
            const value = bias[emotion] ?? 0;
            const bar = element('span', {
                class: value < 0 ? 'bias-bar less' : 'bias-bar more',
                'aria-hidden': 'true',
            });
            bar.style.setProperty('--length', `${((50 * Math.abs(value)) / largest).toFixed(1)}%`);
            const line = element(
                'tr',
                {},
                element('th', { scope: 'row' }, emotion),
                element('td', { class: 'bias-track' }, bar),
                element('td', { class: 'number' }, signed(value)),
            );
            return tint(line, emotion);
        });
        this.#biases.replaceChildren(
            element('caption', {}, words.biases),
            element(
                'thead',
                { class: 'visually-hidden' },
                element('tr', {}, ...words.biasHeads.map((head) => element('th', { scope: 'col' }, head))),
            ),
            element('tbody', {}, ...rows),
        );
    }
}

/**
 * @param {string} name
 * @param {[string, string][]} cells Each with a small remark.
 */
const row = (name, cells) =>
    element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        ...cells.map(([value, remark]) =>
            element(
                'td',
                { class: 'number' },
                value,
                ...(remark ? [' ', element('span', { class: 'hint' }, remark)] : []),
            ),
        ),
    );

/**
 * @param {Correction} correction
 * @param {Report | null} report
 */
function verdict({ agreement: { before, after } }, report) {
    if (after <= before) return words.noBetter;
    return report && report.gain.low <= 0 ? words.perhapsBetter : words.better;
}

/** @param {number} temperature */
function temperatureWords(temperature) {
    const rounded = decimals(temperature);
    if (Math.abs(Math.log(temperature)) < NEXT_TO_NOTHING) return words.asSure(rounded);
    return temperature > 1 ? words.lessSure(rounded) : words.surer(rounded);
}
