// The confusion matrix as a table: a person's labels in rows, the model's in columns.

import { element } from '../../shared/dom.js';
import { labelsInUse, tint } from '../../shared/labels.js';
import { figureTexts } from './texts.js';

/** The strongest shade of a cell, so that its text stays readable. */
const DARKEST = 0.2;

/** @param {number[][]} matrix */
export function confusionTable(matrix) {
    const { names } = labelsInUse();
    const sums = names.map((_, column) => matrix.reduce((total, row) => total + (row[column] ?? 0), 0));
    const head = (/** @type {string} */ text) => element('th', { scope: 'col' }, element('span', {}, text));
    const rows = matrix.map((row, index) => {
        const emotion = names[index] ?? '';
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
        const line = element(
            'tr',
            {},
            element('th', { scope: 'row' }, element('span', { class: 'swatch', 'aria-hidden': 'true' }), emotion),
            ...cells,
            element('td', { class: 'sum' }, String(total)),
        );
        return tint(line, emotion);
    });
    const total = sums.reduce((sum, count) => sum + count, 0);
    return element(
        'table',
        { class: 'confusion' },
        element('caption', { class: 'visually-hidden' }, figureTexts.confusionCaption),
        element(
            'thead',
            {},
            element(
                'tr',
                {},
                element('th', { scope: 'col' }, figureTexts.yourLabel),
                ...names.map(head),
                head(figureTexts.all),
            ),
        ),
        element('tbody', {}, ...rows),
        element(
            'tfoot',
            {},
            element(
                'tr',
                {},
                element('th', { scope: 'row' }, figureTexts.all),
                ...sums.map((sum) => element('td', { class: 'sum' }, String(sum))),
                element('td', { class: 'sum' }, String(total)),
            ),
        ),
    );
}
