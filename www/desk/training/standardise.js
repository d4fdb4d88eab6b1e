// Features less their mean, over their standard deviation, as the engine computes them (src/engine/model/projection.rs).

/** Further from its mean than this, a feature says no more. */
const FARTHEST = 6;

/** The least deviation: below it, a feature hardly varies, and noise would be blown up. */
const LEAST_DEVIATION = 0.05;

/** @typedef {{ mean: Float32Array, deviation: Float32Array }} Statistics */

/**
 * @param {readonly Float32Array[]} rows At least one.
 * @returns {Statistics}
 */
export function statisticsOf(rows) {
    const width = rows[0]?.length ?? 0;
    const sums = new Float64Array(width);
    for (const row of rows) for (let index = 0; index < width; index++) sums[index] += row[index];
    const mean = Float32Array.from(sums, (sum) => sum / rows.length);
    const squares = new Float64Array(width);
    for (const row of rows)
        for (let index = 0; index < width; index++) squares[index] += (row[index] - mean[index]) ** 2;
    const deviation = Float32Array.from(squares, (sum) => Math.max(LEAST_DEVIATION, Math.sqrt(sum / rows.length)));
    return { mean, deviation };
}

/**
 * Those of a side of which there is no example: they leave features as they are.
 *
 * @param {number} width
 * @returns {Statistics}
 */
export const noStatistics = (width) => ({
    mean: new Float32Array(width),
    deviation: new Float32Array(width).fill(1),
});

/**
 * @param {Float32Array} features
 * @param {Statistics} statistics
 * @param {Float32Array} [target] To be filled.
 */
export function standardise(features, { mean, deviation }, target = new Float32Array(features.length)) {
    for (let index = 0; index < features.length; index++) {
        const value = (features[index] - mean[index]) / deviation[index];
        target[index] = Math.max(-FARTHEST, Math.min(FARTHEST, value));
    }
    return target;
}
