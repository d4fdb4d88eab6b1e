// Figures of review, evaluation and correction, as they are shown.

import { percent } from '../../shared/words.js';
import { figureTexts } from './texts.js';

/** @param {{ low: number, high: number }} interval Of shares. */
export const shareInterval = ({ low, high }) => figureTexts.range(String(Math.round(100 * low)), percent(high));

/** @param {{ low: number, high: number }} interval */
export const plainInterval = ({ low, high }) => figureTexts.range(decimals(low), decimals(high));

/** @param {number} value */
export const decimals = (value) => withMinus(value.toFixed(2));

/**
 * Formats a change, with its sign.
 *
 * @param {number} value
 */
export const signed = (value) =>
    Number(value.toFixed(2)) === 0 ? '0.00' : `${value > 0 ? '+' : ''}${decimals(value)}`;

/**
 * Formats a change of a share, in percentage points.
 *
 * @param {number} difference
 */
export function signedPoints(difference) {
    const points = Math.round(1000 * difference) / 10;
    return `${points > 0 ? '+' : ''}${withMinus(String(points))}`;
}

/** @param {string} text */
const withMinus = (text) => text.replace('-', '\u2212');
