// Fits a temperature and a bias of each label to manual labels (temperature scaling and bias correction: Guo et
// al. 2017, Alexandari et al. 2020). Pure arithmetic.
//
// With x the logarithms of a post's scores, its logits are x · β + b, where β = 1 / temperature. The negative
// log-likelihood is convex in (β, b), so Newton's method finds its one minimum. A penalty pulls β towards 1 and each b
// towards 0, like a normal prior with that precision: its effect decreases with the number of labels, and rare or
// missing labels keep b near 0.

/** Bounds of the temperature. */
export const COLDEST = 0.25;
export const HOTTEST = 4;

/** A score of 0 has no logarithm; as in prediction.js. */
const LEAST = 1e-9;

const MOST_ITERATIONS = 60;

/** The Newton decrement per post below which the minimum is reached. */
const ENOUGH = 1e-10;

/**
 * @typedef {{ key: string, scores: ArrayLike<number>, label: number }} Sample A post's scores and which of them is its
 *     manual label.
 */
/** @typedef {{ temperature: number, bias: number[] }} Adjustment */
/** @typedef {() => Promise<void>} YieldToEventLoop Yields to the event loop, now and then. */
/** @typedef {{ logs: Float64Array, labels: Uint8Array, size: number, width: number }} Prepared Row by row. */

/** The identity. */
export const noAdjustment = (/** @type {number} */ width) => ({
    temperature: 1,
    bias: Array.from({ length: width }, () => 0),
});

/**
 * @param {readonly Sample[]} samples At least one.
 * @returns {Prepared}
 */
export function prepare(samples) {
    const width = samples[0]?.scores.length ?? 0;
    const logs = new Float64Array(samples.length * width);
    samples.forEach(({ scores }, row) => {
        for (let label = 0; label < width; label++)
            logs[row * width + label] = Math.log(Math.max(scores[label] ?? 0, LEAST));
    });
    return { logs, labels: Uint8Array.from(samples, ({ label }) => label), size: samples.length, width };
}

/**
 * @param {Prepared} posts
 * @param {number} penalty Above 0.
 * @param {Adjustment} start Any; a near one is faster.
 * @param {YieldToEventLoop} yieldToEventLoop
 * @returns {Promise<Adjustment>}
 */
export async function fitLastLayer(posts, penalty, start, yieldToEventLoop) {
    let values = [1 / start.temperature, ...start.bias];
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
        await yieldToEventLoop();
        const { loss, gradient, curvature } = derivatives(posts, penalty, values);
        const slope = gradient[0] ?? 0;
        const [scale = 1] = values;
        // A temperature at its bound that would move beyond it.
        const fixed = (scale >= 1 / COLDEST && slope < 0) || (scale <= 1 / HOTTEST && slope > 0);
        const step = newtonStep(gradient, curvature, fixed ? 1 : 0);
        const decrement = -step.reduce((total, change, index) => total + change * (gradient[index] ?? 0), 0);
        if (decrement <= ENOUGH * posts.size) break;
        const nearer = search(posts, penalty, values, step, loss, decrement);
        if (!nearer) break; // the rest is rounding
        values = nearer;
    }
    const [scale = 1, ...bias] = values;
    const mean = bias.reduce((total, value) => total + value, 0) / bias.length;
    return { temperature: 1 / scale, bias: bias.map((value) => value - mean) };
}

/**
 * Line search: follows the step as long as the loss decreases.
 *
 * @param {Prepared} posts
 * @param {number} penalty
 * @param {readonly number[]} values
 * @param {readonly number[]} step
 * @param {number} loss
 * @param {number} decrement
 * @returns {number[] | null}
 */
function search(posts, penalty, values, step, loss, decrement) {
    for (let length = 1; length > 1e-6; length /= 2) {
        const [scale = 1, ...bias] = values.map((value, index) => value + length * (step[index] ?? 0));
        const tried = [Math.min(1 / COLDEST, Math.max(1 / HOTTEST, scale)), ...bias];
        if (totalLoss(posts, penalty, tried) < loss - 1e-4 * length * decrement) return tried;
    }
    return null;
}

/**
 * The mean negative log-likelihood of the labels, without the penalty.
 *
 * @param {Prepared} posts
 * @param {Adjustment} adjustment
 */
export const logLoss = (posts, { temperature, bias }) => likelihood(posts, [1 / temperature, ...bias]) / posts.size;

/**
 * The label with the highest score for each post.
 *
 * @param {Prepared} posts
 * @param {Adjustment} adjustment
 * @returns {Uint8Array}
 */
export function strongestLabels({ logs, size, width }, { temperature, bias }) {
    const strongest = new Uint8Array(size);
    for (let row = 0; row < size; row++) {
        let highest = -Infinity;
        for (let label = 0; label < width; label++) {
            const logit = (logs[row * width + label] ?? 0) / temperature + (bias[label] ?? 0);
            if (logit > highest) [highest, strongest[row]] = [logit, label];
        }
    }
    return strongest;
}

/**
 * @param {Prepared} posts
 * @param {number} penalty
 * @param {readonly number[]} values
 */
const totalLoss = (posts, penalty, values) => likelihood(posts, values) + (penalty / 2) * distance(values);

/** @param {readonly number[]} values The squared distance from the identity. */
const distance = ([scale = 1, ...bias]) => bias.reduce((total, value) => total + value ** 2, (scale - 1) ** 2);

/**
 * @param {Prepared} posts
 * @param {readonly number[]} values
 * @returns {number} The negative logarithm.
 */
function likelihood({ logs, labels, size, width }, [scale = 1, ...bias]) {
    const logits = new Float64Array(width);
    let total = 0;
    for (let row = 0; row < size; row++) {
        const highest = fillLogits(logits, logs, row * width, scale, bias);
        let sum = 0;
        for (let label = 0; label < width; label++) sum += Math.exp((logits[label] ?? 0) - highest);
        total += Math.log(sum) + highest - (logits[labels[row] ?? 0] ?? 0);
    }
    return total;
}

/**
 * The loss with its first and second derivatives by β and each b.
 *
 * @param {Prepared} posts
 * @param {number} penalty
 * @param {readonly number[]} values
 */
function derivatives({ logs, labels, size, width }, penalty, values) {
    const [scale = 1, ...bias] = values;
    const gradient = values.map((value, index) => penalty * (index === 0 ? value - 1 : value));
    const curvature = values.map((_, row) => Float64Array.from(values, (_, column) => (row === column ? penalty : 0)));
    const powers = new Float64Array(width);
    let loss = (penalty / 2) * distance(values);
    const add = (/** @type {number} */ row, /** @type {number} */ column, /** @type {number} */ value) => {
        const line = /** @type {Float64Array} */ (curvature[row]);
        line[column] = (line[column] ?? 0) + value;
    };
    for (let row = 0; row < size; row++) {
        const first = row * width;
        const own = labels[row] ?? 0;
        const highest = fillLogits(powers, logs, first, scale, bias);
        const ownLogit = powers[own] ?? 0;
        let sum = 0;
        for (let label = 0; label < width; label++) sum += powers[label] = Math.exp((powers[label] ?? 0) - highest);
        loss += Math.log(sum) + highest - ownLogit;
        let mean = 0;
        for (let label = 0; label < width; label++) {
            powers[label] = (powers[label] ?? 0) / sum;
            mean += (powers[label] ?? 0) * (logs[first + label] ?? 0);
        }
        gradient[0] = (gradient[0] ?? 0) + mean - (logs[first + own] ?? 0);
        for (let label = 0; label < width; label++) {
            const share = powers[label] ?? 0;
            const away = share * ((logs[first + label] ?? 0) - mean);
            gradient[label + 1] = (gradient[label + 1] ?? 0) + share - (label === own ? 1 : 0);
            add(0, 0, away * (logs[first + label] ?? 0));
            add(label + 1, 0, away);
            add(label + 1, label + 1, share);
            for (let other = 0; other <= label; other++) add(label + 1, other + 1, -share * (powers[other] ?? 0));
        }
    }
    return { loss, gradient, curvature };
}

/**
 * @param {Float64Array} logits To be filled.
 * @param {Float64Array} logs
 * @param {number} first Where the post begins.
 * @param {number} scale
 * @param {readonly number[]} bias
 * @returns {number} The highest.
 */
function fillLogits(logits, logs, first, scale, bias) {
    let highest = -Infinity;
    for (let label = 0; label < logits.length; label++) {
        const logit = scale * (logs[first + label] ?? 0) + (bias[label] ?? 0);
        logits[label] = logit;
        if (logit > highest) highest = logit;
    }
    return highest;
}

/**
 * Solves curvature · step = −gradient by Cholesky's method; the penalty keeps the curvature positive.
 *
 * @param {readonly number[]} gradient
 * @param {readonly Float64Array[]} curvature Its lower triangle.
 * @param {0 | 1} from The first value that may move; those before it stay.
 * @returns {number[]}
 */
function newtonStep(gradient, curvature, from) {
    const size = gradient.length;
    const factor = curvature.map((line) => line.slice());
    const at = (/** @type {number} */ row, /** @type {number} */ column) => factor[row]?.[column] ?? 0;
    const step = gradient.map((slope, index) => (index < from ? 0 : -slope));
    for (let row = from; row < size; row++) {
        for (let column = from; column <= row; column++) {
            let value = at(row, column);
            for (let inner = from; inner < column; inner++) value -= at(row, inner) * at(column, inner);
            /** @type {Float64Array} */ (factor[row])[column] =
                row === column ? Math.sqrt(value) : value / at(column, column);
        }
        let value = step[row] ?? 0;
        for (let inner = from; inner < row; inner++) value -= at(row, inner) * (step[inner] ?? 0);
        step[row] = value / at(row, row);
    }
    for (let row = size - 1; row >= from; row--) {
        let value = step[row] ?? 0;
        for (let inner = row + 1; inner < size; inner++) value -= at(inner, row) * (step[inner] ?? 0);
        step[row] = value / at(row, row);
    }
    return step;
}
