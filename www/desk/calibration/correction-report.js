// What a correction does, and what it is worth: before and after, temperature and biases.

import { EMOTIONS } from '../../emofuse.js';
import { element } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { shareOf } from '../review/agreement.js';
import { decimals, shareInterval, signed, signedPoints } from '../review/words.js';
import { counted } from '../words.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('./cross-validation.js').Report} Report */

/** A temperature this near to 1 changes nothing that one would see. */
const NEXT_TO_NOTHING = 0.05;

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
                element('caption', { class: 'visually-hidden' }, 'Before and after the correction'),
                element(
                    'thead',
                    {},
                    element(
                        'tr',
                        {},
                        element('td'),
                        element('th', { scope: 'col' }, 'Before'),
                        element('th', { scope: 'col' }, 'After'),
                        element('th', { scope: 'col' }, 'Change'),
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
     * @param {Report | null} report Null where the correction comes from a file or the journal, which keep less.
     */
    show(correction, report) {
        this.#verdict.textContent = verdict(correction, report);
        const { before, after } = report?.agreement ?? {
            before: shareOf(Math.round(correction.agreement.before * correction.posts), correction.posts),
            after: shareOf(Math.round(correction.agreement.after * correction.posts), correction.posts),
        };
        const gain = report?.gain;
        this.#rows.replaceChildren(
            row('Agreement', [
                [percent(before.share), shareInterval(before)],
                [percent(after.share), shareInterval(after)],
                [
                    `${signedPoints(after.share - before.share)} points`,
                    gain ? `${signedPoints(gain.low)} to ${signedPoints(gain.high)}` : '',
                ],
            ]),
        );
        if (report) {
            const { logLoss } = report;
            this.#rows.append(
                row('Log-loss', [
                    [decimals(logLoss.before), ''],
                    [decimals(logLoss.after), ''],
                    [signed(logLoss.after - logLoss.before), 'lower is better'],
                ]),
            );
        }
        const how = report
            ? `Cross-validated in ${report.folds} parts: each label was compared with a correction that had not seen it. Small figures: intervals of 95 %.`
            : 'Cross-validated. Small figures: intervals of 95 %.';
        this.#origin.textContent = `Fitted to ${counted(correction.posts, 'label')} on ${new Date(correction.fitted).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}. ${how}`;
        this.#temperature.textContent = temperatureWords(correction.temperature);
        this.#showBiases(correction.bias);
    }

    /** @param {Correction['bias']} bias */
    #showBiases(bias) {
        const largest = Math.max(...Object.values(bias).map(Math.abs), 0.1);
        const rows = EMOTIONS.map((emotion) => {
            const value = bias[emotion];
            const bar = element('span', {
                class: value < 0 ? 'bias-bar less' : 'bias-bar more',
                'aria-hidden': 'true',
            });
            bar.style.setProperty('--length', `${((50 * Math.abs(value)) / largest).toFixed(1)}%`);
            return element(
                'tr',
                { class: `emotion-${emotion}` },
                element('th', { scope: 'row' }, emotion),
                element('td', { class: 'bias-track' }, bar),
                element('td', { class: 'number' }, signed(value)),
            );
        });
        this.#biases.replaceChildren(
            element('caption', {}, 'Biases: below 0 the label is set less often, above 0 more often.'),
            element(
                'thead',
                { class: 'visually-hidden' },
                element(
                    'tr',
                    {},
                    element('th', { scope: 'col' }, 'Label'),
                    element('th', { scope: 'col' }, 'Bar'),
                    element('th', { scope: 'col' }, 'Bias'),
                ),
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
    if (after <= before)
        return 'It agrees with your labels no better than without. Leave it off; set more labels and fit again.';
    if (report && report.gain.low <= 0)
        return 'It agrees with your labels a little better, but that may be chance. Set more labels and fit again to know.';
    return 'With it, the model agrees with your labels more often.';
}

/** @param {number} temperature */
function temperatureWords(temperature) {
    const rounded = decimals(temperature);
    if (Math.abs(Math.log(temperature)) < NEXT_TO_NOTHING) return `Temperature ${rounded}: as sure as before.`;
    return temperature > 1
        ? `Temperature ${rounded}: less sure than before.`
        : `Temperature ${rounded}: surer than before.`;
}
