// Temperatures and thresholds from cross-validated answers, by the rules of `emofuse train`
// (src/train/calibration.rs).

/** The share of answers given without a doubt that should be right. */
const SURE_ACCURACY = 0.7;

/** The share of second labels given that should be among a post's labels. */
const SECONDARY_PRECISION = 0.6;

/** The fewest answers from which a threshold is read. */
const FEWEST = 30;

/** The fewest answers from which a temperature is read. */
const FEWEST_FOR_TEMPERATURE = 10;

/** Bounds of the temperature. */
const [COLDEST, HOTTEST] = [0.1, 10];

/** @typedef {{ temperature: number, uncertain_below: number, secondary_from: number }} Calibrated */

/**
 * @typedef {object} Scored
 * @property {Float64Array} logits
 * @property {number} label
 * @property {number | null} second Another label that the post has.
 */

/**
 * @param {readonly Scored[]} answers
 * @returns {Calibrated} With few answers, every label is uncertain.
 */
export function calibrated(answers) {
    const temperature = temperatureOf(answers);
    return {
        temperature,
        uncertain_below: uncertainBelow(answers, temperature),
        secondary_from: secondaryFrom(answers, temperature),
    };
}

/**
 * The temperature with the least negative log-likelihood, by golden-section search (Guo et al., On Calibration of Modern
 * Neural Networks, 2017).
 *
 * @param {readonly Scored[]} answers
 */
export function temperatureOf(answers) {
    if (answers.length < FEWEST_FOR_TEMPERATURE) return 1;
    const lossAt = (/** @type {number} */ logarithm) => {
        const temperature = Math.exp(logarithm);
        let loss = 0;
        for (const { logits, label } of answers) loss -= Math.log(Math.max(1e-12, softmax(logits, temperature)[label]));
        return loss;
    };
    const ratio = (Math.sqrt(5) - 1) / 2;
    let [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
    for (let step = 0; step < 50; step++) {
        const left = high - ratio * (high - low);
        const right = low + ratio * (high - low);
        if (lossAt(left) < lossAt(right)) high = right;
        else low = left;
    }
    return Math.exp((low + high) / 2);
}

/**
 * The least confidence above which at least `SURE_ACCURACY` of the answers are right, and a standard error more.
 *
 * @param {readonly Scored[]} answers
 * @param {number} temperature
 */
export function uncertainBelow(answers, temperature) {
    const given = answers.map(({ logits, label }) => {
        const scores = softmax(logits, temperature);
        const [first] = firstTwo(scores);
        return { score: scores[first], right: first === label };
    });
    return leastScore(given, SURE_ACCURACY);
}

/**
 * The least score from which on at least `SECONDARY_PRECISION` of the second labels are among a post's labels; 1, which
 * no second label reaches, if there is none.
 *
 * @param {readonly Scored[]} answers
 * @param {number} temperature
 */
export function secondaryFrom(answers, temperature) {
    const seconds = answers.map(({ logits, label, second }) => {
        const scores = softmax(logits, temperature);
        const [, place] = firstTwo(scores);
        return { score: scores[place], right: place === label || place === second };
    });
    const threshold = leastScore(seconds, SECONDARY_PRECISION);
    const given = seconds.filter(({ score }) => score >= threshold);
    const right = given.filter((answer) => answer.right).length;
    return given.length >= FEWEST && right / given.length >= SECONDARY_PRECISION ? threshold : 1;
}

/**
 * The agreement of image and caption below which answers that are sure otherwise are right less often than
 * `SURE_ACCURACY`; 0 if they never are.
 *
 * @param {readonly { agreement: number, right: boolean }[]} sure
 */
export function disagreeBelow(sure) {
    let [right, chosen] = [0, 0];
    const sorted = sure.slice().sort((a, b) => a.agreement - b.agreement);
    for (const [index, answer] of sorted.entries()) {
        right += Number(answer.right);
        const count = index + 1;
        const accuracy = right / count;
        const error = Math.sqrt((accuracy * (1 - accuracy)) / count);
        if (count >= FEWEST && accuracy + error < SURE_ACCURACY) chosen = answer.agreement;
    }
    return chosen;
}

/**
 * The least score above which at least `wanted` of the answers are right, and a standard error more. If no score is
 * enough, the one that leaves the best answers; 1 if there are too few.
 *
 * @param {{ score: number, right: boolean }[]} answers
 * @param {number} wanted
 */
function leastScore(answers, wanted) {
    const sorted = answers.slice().sort((a, b) => b.score - a.score);
    let right = 0;
    /** @type {number | null} */
    let chosen = null;
    let best = { accuracy: 0, score: 1 };
    for (const [index, { score, right: isRight }] of sorted.entries()) {
        right += Number(isRight);
        const count = index + 1;
        if (count < FEWEST) continue;
        const accuracy = right / count;
        if (accuracy - Math.sqrt((accuracy * (1 - accuracy)) / count) >= wanted) chosen = score;
        if (accuracy > best.accuracy) best = { accuracy, score };
    }
    return chosen ?? best.score;
}

/**
 * @param {ArrayLike<number>} logits
 * @param {number} temperature
 * @returns {Float64Array}
 */
export function softmax(logits, temperature) {
    let highest = -Infinity;
    for (let index = 0; index < logits.length; index++) highest = Math.max(highest, logits[index]);
    let sum = 0;
    const scores = new Float64Array(logits.length);
    for (let index = 0; index < scores.length; index++)
        sum += scores[index] = Math.exp((logits[index] - highest) / temperature);
    for (let index = 0; index < scores.length; index++) scores[index] /= sum;
    return scores;
}

/**
 * 1 less the Jensen-Shannon divergence in bits.
 *
 * @param {Float64Array} one
 * @param {Float64Array} other
 */
export function agreementOf(one, other) {
    const towardsMiddle = (/** @type {Float64Array} */ from) => {
        let total = 0;
        for (let index = 0; index < from.length; index++)
            if (from[index] > 0) total += from[index] * Math.log2((2 * from[index]) / (one[index] + other[index]));
        return total;
    };
    return 1 - Math.min(1, Math.max(0, (towardsMiddle(one) + towardsMiddle(other)) / 2));
}

/**
 * The places of the two highest scores.
 *
 * @param {ArrayLike<number>} scores
 * @returns {[number, number]}
 */
export function firstTwo(scores) {
    let [first, second] = [0, -1];
    for (let index = 1; index < scores.length; index++) {
        if (scores[index] > scores[first]) [first, second] = [index, first];
        else if (second < 0 || scores[index] > scores[second]) second = index;
    }
    return [first, Math.max(0, second)];
}
