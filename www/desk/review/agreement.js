// Agreement of two annotators: shares, Cohen's kappa and the confusion matrix, with 95 % intervals. Pure arithmetic.

/** The normal distribution's 97.5 % point. */
const Z = 1.959964;

/**
 * @typedef {{ manual: string, predicted: string }} Pair The manual and the predicted label of one post.
 */
/** @typedef {{ low: number, high: number }} Interval Of 95 %. */

/**
 * Counts each pair of a manual and a predicted label.
 *
 * @param {readonly Pair[]} pairs
 * @param {readonly string[]} labels
 * @returns {number[][]} A row for each manual label, a column for each predicted one, in the order of the labels.
 */
export function confusion(pairs, labels) {
    const places = new Map(labels.map((label, index) => [label, index]));
    const matrix = labels.map(() => labels.map(() => 0));
    for (const { manual, predicted } of pairs) {
        const row = matrix[places.get(manual) ?? -1];
        const column = places.get(predicted) ?? -1;
        if (!row || column < 0)
            throw new RangeError(`'${manual}' or '${predicted}' is none of the labels ${labels.join(', ')}`);
        row[column] = (row[column] ?? 0) + 1;
    }
    return matrix;
}

/**
 * The share of pairs that agree, with Wilson's interval (Wilson 1927), which stays within 0 and 1 and is valid for few
 * pairs too.
 *
 * @param {readonly Pair[]} pairs
 * @returns {{ n: number, agreed: number, share: number } & Interval} Without pairs, the share is NaN and the interval
 *     is 0 to 1.
 */
export function agreement(pairs) {
    const agreed = pairs.filter(({ manual, predicted }) => manual === predicted).length;
    return { n: pairs.length, agreed, ...shareOf(agreed, pairs.length) };
}

/**
 * @param {number} count
 * @param {number} n
 * @returns {{ share: number } & Interval}
 */
export function shareOf(count, n) {
    if (n === 0) return { share: NaN, low: 0, high: 1 };
    const share = count / n;
    const centre = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
    const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
    // At the ends, the formula gives 0 and 1 up to rounding.
    return { share, low: count === 0 ? 0 : centre - half, high: count === n ? 1 : centre + half };
}

/**
 * Agreement corrected for chance (Cohen 1960), with the interval of the asymptotic standard error (Fleiss, Cohen and
 * Everitt 1969). If all pairs agree, that error is 0 whatever their number; the interval of the share of agreement is
 * used then.
 *
 * @param {readonly (readonly number[])[]} matrix See `confusion`.
 * @returns {{ kappa: number, low: number, high: number } | { kappa: null, low: null, high: null }} Null if chance alone
 *     would always agree, as when both use a single label, or if there are no pairs.
 */
export function cohensKappa(matrix) {
    const n = sum(matrix.map(sum));
    const agreed = sum(matrix.map((row, index) => row[index] ?? 0));
    const rows = matrix.map((row) => sum(row) / n);
    const columns = matrix.map((_, column) => sum(matrix.map((row) => row[column] ?? 0)) / n);
    const at = (/** @type {readonly number[]} */ list, /** @type {number} */ index) => list[index] ?? 0;
    const observed = agreed / n;
    const expected = sum(rows.map((share, index) => share * at(columns, index)));
    // n of 0 makes everything NaN.
    if (!(1 - expected > 1e-12)) return { kappa: null, low: null, high: null };
    const kappa = (observed - expected) / (1 - expected);
    if (agreed === n) return { kappa, low: (shareOf(n, n).low - expected) / (1 - expected), high: 1 };
    let spread = -((observed * expected - 2 * expected + observed) ** 2);
    for (const [i, row] of matrix.entries()) {
        for (const [j, count] of row.entries()) {
            const both = at(columns, i) + at(rows, j);
            spread +=
                (count / n) * (i === j ? (1 - expected - both * (1 - observed)) ** 2 : ((1 - observed) * both) ** 2);
        }
    }
    const error = Math.sqrt(Math.max(0, spread) / n) / (1 - expected) ** 2;
    return { kappa, low: Math.max(-1, kappa - Z * error), high: Math.min(1, kappa + Z * error) };
}

/**
 * The mean F1 over the labels that a person set at least once, as `emofuse evaluate` computes it.
 *
 * @param {readonly (readonly number[])[]} matrix See `confusion`.
 * @returns {number} NaN without pairs.
 */
export function macroF1(matrix) {
    const scores = matrix.flatMap((row, label) => {
        const support = sum(row);
        if (support === 0) return [];
        const predicted = sum(matrix.map((other) => other[label] ?? 0));
        return [(2 * (row[label] ?? 0)) / (support + predicted)];
    });
    return sum(scores) / scores.length;
}

/**
 * The change of a share over the same posts, with the interval of Agresti and Min (2005): Wald's, with half a post
 * added to each of the four cells.
 *
 * @param {number} n
 * @param {number} gained The number of posts that agree only after.
 * @param {number} lost The number of posts that agreed only before.
 * @returns {{ difference: number } & Interval}
 */
export function pairedDifference(n, gained, lost) {
    const [total, more, less] = [n + 2, gained + 0.5, lost + 0.5];
    const centre = (more - less) / total;
    const half = (Z / total) * Math.sqrt(more + less - (more - less) ** 2 / total);
    return {
        difference: n === 0 ? NaN : (gained - lost) / n,
        low: Math.max(-1, centre - half),
        high: Math.min(1, centre + half),
    };
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
