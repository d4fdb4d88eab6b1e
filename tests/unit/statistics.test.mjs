// The arithmetic of checking and correcting, against published figures and made-up data whose answer is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    agreement,
    cohensKappa,
    confusion,
    macroF1,
    pairedDifference,
    shareOf,
} from '../../www/desk/review/agreement.js';
import { drawSample } from '../../www/desk/review/sample.js';
import { fitAndValidate } from '../../www/desk/calibration/cross-validation.js';
import {
    fitLastLayer,
    logLoss,
    noAdjustment,
    prepare,
    strongestLabels,
} from '../../www/desk/calibration/last-layer.js';

/** @typedef {import('../../www/desk/calibration/last-layer.js').Sample} Sample */

/** @type {(actual: number | null | undefined, expected: number, within: number) => void} */
const near = (actual, expected, within) =>
    assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} is ${expected}, within ${within}`);

const yieldToEventLoop = async () => {};

test('Wilson’s interval is that of Newcombe 1998, table I, method 3', () => {
    for (const [count, n, low, high] of /** @type {const} */ ([
        [81, 263, 0.2553, 0.3662],
        [15, 148, 0.0624, 0.1605],
        [0, 20, 0, 0.1611],
        [1, 29, 0.0061, 0.1718],
    ])) {
        const interval = shareOf(count, n);
        near(interval.low, low, 5e-5);
        near(interval.high, high, 5e-5);
    }
});

test('the interval of none is everything, and that of all ends at 1', () => {
    assert.deepEqual({ ...agreement([]), share: null }, { n: 0, agreed: 0, share: null, low: 0, high: 1 });
    assert.equal(agreement([]).share, NaN);
    const all = agreement(Array.from({ length: 20 }, () => ({ manual: 'joy', predicted: 'joy' })));
    assert.equal(all.high, 1);
    near(all.low, 1 - 0.1611, 5e-5);
});

test('kappa of the skin condition study is that of the SAS manual for PROC FREQ', () => {
    // "Getting Started: Agreement Study": kappa 0.3449, 95 % limits 0.2030 and 0.4868.
    const { kappa, low, high } = cohensKappa([
        [10, 4, 1, 0],
        [5, 10, 12, 2],
        [2, 4, 12, 5],
        [0, 2, 6, 13],
    ]);
    near(kappa, 0.3449, 5e-5);
    near(low, 0.203, 5e-5);
    near(high, 0.4868, 5e-5);
});

test('kappa of the diagnoses of a hundred patients is that of Fleiss, Statistical Methods for Rates and Proportions, chapter 13', () => {
    // Psychotic, neurotic, organic: kappa 0.68, standard error 0.087.
    const { kappa, low, high } = cohensKappa([
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
    ]);
    near(kappa, 0.68, 5e-3);
    near(((high ?? NaN) - (low ?? NaN)) / (2 * 1.959964), 0.087, 1e-3);
});

test('kappa’s standard error is what the delta method gives from numerical slopes', () => {
    const matrix = [
        [20, 3, 1],
        [4, 15, 6],
        [2, 0, 9],
    ];
    const n = 60;
    const step = 1e-6;
    const { kappa, low } = cohensKappa(matrix);
    // The slope by each cell's share; the variance of a multinomial is Σ p s² − (Σ p s)², divided by n.
    const slopes = matrix.map((row, i) =>
        row.map((_, j) => {
            const moved = matrix.map((line, y) => line.map((count, x) => count / n + (y === i && x === j ? step : 0)));
            return (rawKappa(moved) - rawKappa(matrix.map((line) => line.map((count) => count / n)))) / step;
        }),
    );
    const weighted = (/** @type {number} */ power) =>
        matrix.flat().reduce((sum, count, index) => sum + (count / n) * (slopes.flat()[index] ?? 0) ** power, 0);
    near(((kappa ?? NaN) - (low ?? NaN)) / 1.959964, Math.sqrt((weighted(2) - weighted(1) ** 2) / n), 1e-4);
});

/** Kappa of shares, not brought to a sum of 1. @param {number[][]} shares */
function rawKappa(shares) {
    const total = (/** @type {number[]} */ list) => list.reduce((sum, value) => sum + value, 0);
    const observed = total(shares.map((row, index) => row[index] ?? 0));
    const expected = total(shares.map((row, index) => total(row) * total(shares.map((line) => line[index] ?? 0))));
    return (observed - expected) / (1 - expected);
}

test('kappa is 0 where labels are independent, below 0 where they avoid each other', () => {
    near(
        cohensKappa([
            [9, 21],
            [21, 49],
        ]).kappa,
        0,
        1e-12,
    );
    near(
        cohensKappa([
            [0, 5],
            [5, 0],
        ]).kappa,
        -1,
        1e-12,
    );
    assert.ok(
        (cohensKappa([
            [0, 5],
            [5, 0],
        ]).low ?? NaN) >= -1,
    );
});

test('kappa is not defined where both use one label only, or nothing was labelled', () => {
    assert.deepEqual(
        cohensKappa([
            [12, 0],
            [0, 0],
        ]),
        { kappa: null, low: null, high: null },
    );
    assert.deepEqual(
        cohensKappa([
            [0, 0],
            [0, 0],
        ]),
        { kappa: null, low: null, high: null },
    );
});

test('full agreement in few posts does not pass for certainty', () => {
    const { kappa, low, high } = cohensKappa([
        [5, 0],
        [0, 5],
    ]);
    assert.deepEqual([kappa, high], [1, 1]);
    near(low, (shareOf(10, 10).low - 0.5) / 0.5, 1e-12);
});

test('the table has a row for each manual label, empty ones too, and refuses other labels', () => {
    const pairs = [
        { manual: 'joy', predicted: 'fear' },
        { manual: 'joy', predicted: 'fear' },
        { manual: 'fear', predicted: 'fear' },
    ];
    assert.deepEqual(confusion(pairs, ['joy', 'fear', 'neutral']), [
        [0, 2, 0],
        [0, 1, 0],
        [0, 0, 0],
    ]);
    assert.throws(
        () => confusion([{ manual: 'joy', predicted: 'boredom' }], ['joy']),
        /'boredom' is none of the labels/,
    );
});

test('the interval of a paired difference is Wald’s with half a post more of each kind', () => {
    // By hand: n 20, 6 gained, 2 lost; (6.5 − 2.5) / 22 ± 1.96 · √(9 − 16 / 22) / 22.
    const { difference, low, high } = pairedDifference(20, 6, 2);
    near(difference, 0.2, 1e-12);
    near(low, 4 / 22 - (1.959964 * Math.sqrt(9 - 16 / 22)) / 22, 1e-9);
    near(high, 4 / 22 + (1.959964 * Math.sqrt(9 - 16 / 22)) / 22, 1e-9);
    assert.ok(pairedDifference(20, 0, 0).low < 0 && pairedDifference(20, 0, 0).high > 0);
});

test('a sample is drawn without replacement, again by its seed, and each item has the same chance', () => {
    const items = Array.from({ length: 40 }, (_, index) => index);
    const drawn = drawSample(items, 10, 7);
    assert.equal(new Set(drawn).size, 10);
    assert.deepEqual(drawSample(items, 10, 7), drawn);
    assert.notDeepEqual(drawSample(items, 10, 8), drawn);
    assert.deepEqual(
        drawSample(items, 40, 3).sort((a, b) => a - b),
        items,
    );
    const counts = items.map(() => 0);
    for (let seed = 0; seed < 8000; seed++)
        for (const item of drawSample(items, 10, seed)) counts[item] = (counts[item] ?? 0) + 1;
    // Expected 2000 each; χ² with 39 degrees of freedom is above 72 once in a thousand times (the draw's fixed sum
    // makes it smaller still).
    const distance = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    assert.ok(distance < 72, `the distance is ${distance}`);
});

/** Numbers from 0 to below 1, always the same. */
function numbers(/** @type {number} */ seed) {
    let state = seed;
    return () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
    };
}

/** @param {number[]} logits */
function softmax(logits) {
    const highest = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
}

/**
 * Posts whose labels follow the scores as another temperature and bias would give them.
 *
 * @param {number} count
 * @param {number} temperature
 * @param {number[]} bias
 * @param {number} seed
 * @returns {(Sample & { scores: Float32Array })[]}
 */
function simulated(count, temperature, bias, seed) {
    const random = numbers(seed);
    return Array.from({ length: count }, (_, index) => {
        const scores = softmax(bias.map(() => 6 * random()));
        const truth = softmax(scores.map((score, label) => Math.log(score) / temperature + (bias[label] ?? 0)));
        let left = random();
        const label = truth.findIndex((share) => {
            left -= share;
            return left < 0;
        });
        return { key: `post ${index}`, scores: Float32Array.from(scores), label: Math.max(0, label) };
    });
}

const BIAS = [0.9, -0.4, 0.2, 0, -1, 0.6, -0.3, -0.5, 0.5];

test('a known temperature and bias are found again', async () => {
    const { adjustment, report } = await fitAndValidate(simulated(4000, 1.7, BIAS, 11), yieldToEventLoop);
    near(adjustment.temperature, 1.7, 0.12);
    for (const [label, value] of adjustment.bias.entries()) near(value, BIAS[label] ?? NaN, 0.2);
    near(
        adjustment.bias.reduce((sum, value) => sum + value, 0),
        0,
        1e-9,
    );
    assert.ok(report.agreement.after.share > report.agreement.before.share);
    assert.ok(report.gain.low > 0, 'the gain is beyond chance');
    assert.ok(report.logLoss.after < report.logLoss.before);
    assert.equal(report.folds, 5);
});

test('the fit is at the minimum: no small step from it lowers the loss with its penalty', async () => {
    const posts = prepare(simulated(300, 0.6, BIAS, 3));
    const { temperature, bias } = await fitLastLayer(posts, 2, noAdjustment(9), yieldToEventLoop);
    const loss = (/** @type {number} */ scale, /** @type {number[]} */ values) =>
        posts.size * logLoss(posts, { temperature: 1 / scale, bias: values }) +
        (scale - 1) ** 2 +
        values.reduce((sum, value) => sum + value ** 2, 0);
    const least = loss(1 / temperature, bias);
    for (const step of [1e-3, -1e-3]) {
        assert.ok(loss(1 / temperature + step, bias) > least);
        for (let label = 0; label < 9; label++)
            assert.ok(
                loss(
                    1 / temperature,
                    bias.map((value, index) => value + (index === label ? step : 0)),
                ) > least,
            );
    }
});

test('labels that are the model’s own leave the model’s labels as they are', async () => {
    const samples = simulated(200, 1, noAdjustment(9).bias, 5).map((sample) => ({
        ...sample,
        label: sample.scores.indexOf(Math.max(...sample.scores)),
    }));
    const posts = prepare(samples);
    const { adjustment, report } = await fitAndValidate(samples, yieldToEventLoop);
    const changed = strongestLabels(posts, adjustment).filter((label, index) => label !== posts.labels[index]).length;
    assert.ok(changed <= 4, `${changed} of 200 changed`);
    assert.equal(report.agreement.before.share, 1);
    assert.ok(report.agreement.after.share >= 0.95);
    assert.ok(adjustment.temperature >= 0.25);
});

test('twenty labels of two kinds, and a kind that is missing, give finite and moderate values', async () => {
    const samples = simulated(20, 1, noAdjustment(9).bias, 9).map((sample, index) => ({ ...sample, label: index % 2 }));
    const { adjustment, report } = await fitAndValidate(samples, yieldToEventLoop);
    assert.ok(Number.isFinite(adjustment.temperature) && adjustment.temperature >= 0.25 && adjustment.temperature <= 4);
    for (const value of adjustment.bias) assert.ok(Math.abs(value) < 5, `${value} is moderate`);
    assert.equal(report.folds, 10);
    assert.ok(Number.isFinite(report.logLoss.after));
});

test('labels that contradict the scores end at the hottest temperature, not beyond', async () => {
    const samples = simulated(400, 1, noAdjustment(9).bias, 13).map((sample, index) => ({
        ...sample,
        label: (index * 5) % 9,
    }));
    const { temperature } = await fitLastLayer(prepare(samples), 0.5, noAdjustment(9), yieldToEventLoop);
    assert.equal(temperature, 4);
});

test('scores of nothing at all do not break the fit', async () => {
    const samples = simulated(40, 1, noAdjustment(9).bias, 17).map((sample) => ({
        ...sample,
        scores: Float32Array.from(sample.scores, (score) => (score < 0.1 ? 0 : score)),
    }));
    const { adjustment } = await fitAndValidate(samples, yieldToEventLoop);
    assert.ok([adjustment.temperature, ...adjustment.bias].every(Number.isFinite));
});

test('the order in which posts come changes nothing', async () => {
    const samples = simulated(150, 1.4, BIAS, 21);
    const shuffled = drawSample(samples, samples.length, 1);
    assert.notDeepEqual(shuffled, samples);
    assert.deepEqual(await fitAndValidate(shuffled, yieldToEventLoop), await fitAndValidate(samples, yieldToEventLoop));
});

test('duplicates of a post stay together, so that they cannot vouch for each other', async () => {
    // Labels at random: nothing can be learned from them but the duplicates themselves, which would agree if they were
    // parted.
    const random = numbers(31);
    const own = simulated(30, 1, noAdjustment(9).bias, 23).map((sample) => ({
        ...sample,
        label: Math.floor(9 * random()),
    }));
    const copies = await fitAndValidate([...own, ...own, ...own, ...own], yieldToEventLoop);
    const parted = await fitAndValidate(
        [0, 1, 2, 3].flatMap((copy) => own.map((sample) => ({ ...sample, key: `${sample.key} ${copy}` }))),
        yieldToEventLoop,
    );
    assert.equal(copies.report.posts, 120);
    assert.ok(
        copies.report.logLoss.after > parted.report.logLoss.after,
        `${copies.report.logLoss.after} is more than ${parted.report.logLoss.after}`,
    );
});

test('the event loop runs while a correction is fitted', async () => {
    let turns = 0;
    await fitAndValidate(simulated(200, 1.4, BIAS, 27), async () => void turns++);
    assert.ok(turns > 100, `${turns} turns`);
});

test('macro-F1 is the mean over the labels that occur among the person’s', () => {
    // joy: 1 of 2 found, one false; fear: 1 of 1 found, one false; anger occurs among the predictions alone.
    const pairs = [
        { manual: 'joy', predicted: 'joy' },
        { manual: 'joy', predicted: 'fear' },
        { manual: 'fear', predicted: 'fear' },
        { manual: 'fear', predicted: 'anger' },
    ];
    const matrix = confusion(pairs, ['joy', 'fear', 'anger']);
    assert.ok(Math.abs(macroF1(matrix) - (2 / 3 + 2 / 4) / 2) < 1e-12);
    assert.ok(Number.isNaN(macroF1(confusion([], ['joy']))));
});
