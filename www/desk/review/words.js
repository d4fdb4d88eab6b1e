// What checking and correcting say in figures.

import { percent } from '../../shared/words.js';

/** @param {{ low: number, high: number }} interval Of shares. */
export const shareInterval = ({ low, high }) => `${Math.round(100 * low)} to ${percent(high)}`;

/** @param {{ low: number, high: number }} interval */
export const plainInterval = ({ low, high }) => `${decimals(low)} to ${decimals(high)}`;

/** @param {number} value */
export const decimals = (value) => withMinus(value.toFixed(2));

/**
 * With a sign, so that it reads as a change.
 *
 * @param {number} value
 */
export const signed = (value) =>
    Number(value.toFixed(2)) === 0 ? '0.00' : `${value > 0 ? '+' : ''}${decimals(value)}`;

/**
 * A change of a share, in points of a hundred.
 *
 * @param {number} difference
 */
export function signedPoints(difference) {
    const points = Math.round(1000 * difference) / 10;
    return `${points > 0 ? '+' : ''}${withMinus(String(points))}`;
}

/** @param {string} text */
const withMinus = (text) => text.replace('-', '\u2212');
