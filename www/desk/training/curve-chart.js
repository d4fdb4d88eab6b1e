// The learning curve: accuracy by the number of posts, with its intervals, as a chart and as a table.

import { element, svgElement } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { shareInterval } from '../review/words.js';
import { grouped } from '../words.js';
import { texts } from './texts.js';

/** @typedef {import('./report.js').Report} Report */

const [WIDTH, HEIGHT] = [320, 180];
const MARGIN = { left: 40, right: 12, top: 10, bottom: 30 };
const LINES = [0, 0.25, 0.5, 0.75, 1];

const words = texts.curve;

/**
 * @param {Pick<Report, 'curve' | 'majority'>} report
 * @returns {HTMLElement}
 */
export function curveChart({ curve, majority }) {
    const most = Math.max(...curve.map(({ posts }) => posts));
    const across = (/** @type {number} */ posts) => MARGIN.left + (posts / most) * (WIDTH - MARGIN.left - MARGIN.right);
    const down = (/** @type {number} */ share) =>
        HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
    const point = (/** @type {number} */ posts, /** @type {number} */ share) =>
        `${across(posts).toFixed(1)},${down(share).toFixed(1)}`;
    const band = [
        ...curve.map(({ posts, accuracy }) => point(posts, accuracy.high)),
        ...curve.toReversed().map(({ posts, accuracy }) => point(posts, accuracy.low)),
    ];
    const text = (/** @type {string} */ content, /** @type {Record<string, string | number>} */ attributes) =>
        svgElement('text', attributes, content);
    const line = (/** @type {number} */ share, /** @type {string} */ name) =>
        svgElement('line', {
            class: name,
            x1: MARGIN.left,
            x2: WIDTH - MARGIN.right,
            y1: down(share),
            y2: down(share),
        });
    const chart = svgElement(
        'svg',
        {
            class: 'curve-chart',
            viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
            role: 'img',
            'aria-label': words.label(
                curve.map(({ posts, accuracy }) => words.point(posts, percent(accuracy.value))).join(', '),
            ),
        },
        ...LINES.flatMap((share) => [
            line(share, 'curve-grid'),
            text(percent(share), { class: 'curve-tick', x: MARGIN.left - 6, y: down(share) + 4, 'text-anchor': 'end' }),
        ]),
        line(majority.share, 'curve-guessing'),
        text(words.guessing, {
            class: 'curve-tick',
            x: WIDTH - MARGIN.right,
            y: down(majority.share) - 4,
            'text-anchor': 'end',
        }),
        svgElement('polygon', { class: 'curve-band', points: band.join(' ') }),
        svgElement('polyline', {
            class: 'curve-line',
            points: curve.map(({ posts, accuracy }) => point(posts, accuracy.value)).join(' '),
        }),
        ...curve.flatMap(({ posts, accuracy }) => [
            svgElement('circle', { class: 'curve-point', cx: across(posts), cy: down(accuracy.value), r: 3.5 }),
            text(grouped(posts), { class: 'curve-tick', x: across(posts), y: HEIGHT - 12, 'text-anchor': 'middle' }),
        ]),
    );
    return element('div', { class: 'curve' }, chart, table(curve));
}

/** @param {Report['curve']} curve */
const table = (curve) =>
    element(
        'table',
        { class: 'training-table' },
        element('caption', { class: 'visually-hidden' }, words.title),
        element(
            'thead',
            {},
            element(
                'tr',
                {},
                ...[words.posts, words.accuracy, words.interval].map((head) => element('th', { scope: 'col' }, head)),
            ),
        ),
        element(
            'tbody',
            {},
            ...curve.map(({ posts, accuracy }) =>
                element(
                    'tr',
                    {},
                    element('th', { scope: 'row' }, grouped(posts)),
                    element('td', { class: 'number' }, percent(accuracy.value)),
                    element('td', { class: 'number' }, shareInterval(accuracy)),
                ),
            ),
        ),
    );
