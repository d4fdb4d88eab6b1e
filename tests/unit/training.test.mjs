// Training on the desk: a last layer fitted to features, cross-validated, by plain arithmetic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrated, softmax } from '../../www/desk/training/calibration.js';
import { componentsOf } from '../../www/desk/training/components.js';
import { symmetricEigen } from '../../www/desk/training/eigen.js';
import { divide, groupsOf, stratifiedShare } from '../../www/desk/training/folds.js';
import { scoresOf } from '../../www/desk/training/head.js';
import { BOTH, CAPTION, classWeights, IMAGE } from '../../www/desk/training/posts.js';
import { generator } from '../../www/desk/training/random.js';
import { fit, logitsOf } from '../../www/desk/training/softmax-regression.js';
import { train } from '../../www/desk/training/train.js';

/** @typedef {import('../../www/desk/training/train.js').Sample} Sample */

const WIDTHS = { image: 60, caption: 24 };
const LABELS = ['calm', 'proud', 'żal'];

/**
 * Roughly normal numbers.
 *
 * @param {number} seed
 */
function normal(seed) {
    const random = generator(seed);
    return () => random() + random() + random() + random() + random() + random() - 3;
}

/**
 * Posts whose features lean towards a direction of their label's.
 *
 * @param {object} options
 * @param {number} options.count
 * @param {number} [options.signal] How far; 0 is noise.
 * @param {(index: number) => { image: boolean, caption: boolean }} [options.has]
 * @param {readonly string[]} [options.labels]
 * @param {number} [options.seed]
 * @param {{ image: number, caption: number }} [options.widths]
 * @returns {Sample[]}
 */
function samplesOf({ count, signal = 0.5, has, labels = LABELS, seed = 1, widths = WIDTHS }) {
    const random = normal(seed);
    const directions = normal(99);
    const side = (/** @type {number} */ width) =>
        labels.map(() => Float32Array.from({ length: width }, () => 0.4 * directions()));
    const means = { image: side(widths.image), caption: side(widths.caption) };
    return Array.from({ length: count }, (_, index) => {
        const label = index % labels.length;
        const there = has?.(index) ?? { image: true, caption: true };
        const features = (/** @type {'image' | 'caption'} */ name) =>
            there[name]
                ? Float32Array.from(means[name][label], (mean, place) => 3 + place * 0.01 + signal * mean + random())
                : null;
        return {
            key: `post ${index}`,
            label: labels[label] ?? '',
            second: null,
            image: features('image'),
            caption: features('caption'),
            alike: [`post ${index}`],
            before: null,
        };
    });
}

const options = { labels: LABELS, widths: WIDTHS };

/**
 * @param {import('../../www/desk/training/head.js').Head} head
 * @param {import('../../www/desk/training/head.js').HeadCalibration} calibration
 * @param {readonly Sample[]} samples
 */
function accuracyOf(head, calibration, samples) {
    const right = samples.filter((sample) => {
        const scores = scoresOf(head, calibration, sample);
        return head.labels[scores.indexOf(Math.max(...scores))] === sample.label;
    });
    return right.length / samples.length;
}

test('eigenvectors are those of the matrix, largest first, also if eigenvalues repeat', () => {
    const random = normal(5);
    const size = 30;
    const rows = Float64Array.from({ length: size * 8 }, random); // rank 8: the others are 0
    const matrix = Float64Array.from({ length: size * size }, (_, index) => {
        const [row, column] = [Math.floor(index / size), index % size];
        let sum = 0;
        for (let place = 0; place < 8; place++) sum += (rows[row * 8 + place] ?? 0) * (rows[column * 8 + place] ?? 0);
        return sum;
    });
    const { values, vectors } = symmetricEigen(matrix, size, size);
    for (let place = 1; place < size; place++) assert.ok((values[place - 1] ?? 0) >= (values[place] ?? 0));
    assert.ok((values[7] ?? 0) > 1e-3 && Math.abs(values[8] ?? 1) < 1e-9);
    for (let place = 0; place < size; place++) {
        const vector = vectors.subarray(place * size, (place + 1) * size);
        for (let row = 0; row < size; row++) {
            let sum = 0;
            for (let column = 0; column < size; column++)
                sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
            assert.ok(Math.abs(sum - (values[place] ?? 0) * (vector[row] ?? 0)) < 1e-9);
        }
        assert.ok(Math.abs(vector.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-9);
    }
});

test('components keep the products of posts, and their weights are those of the features', () => {
    const random = normal(6);
    const [posts, width, classes] = [20, 50, 2];
    const features = Float32Array.from({ length: posts * width }, random);
    const { count, coordinates, onFeatures } = componentsOf(features, posts, width);
    const weights = Float64Array.from({ length: classes * count }, random);
    const wide = onFeatures(weights, classes);
    for (let post = 0; post < posts; post++)
        for (let label = 0; label < classes; label++) {
            let [narrow, full] = [0, 0];
            for (let index = 0; index < count; index++)
                narrow += (coordinates[post * count + index] ?? 0) * (weights[label * count + index] ?? 0);
            for (let index = 0; index < width; index++)
                full += (features[post * width + index] ?? 0) * (wide[index * classes + label] ?? 0);
            assert.ok(Math.abs(narrow - full) < 1e-4, `${narrow} and ${full}`);
        }
});

test('more posts than landmarks are mapped onto components of the same weights', () => {
    const random = normal(7);
    const [posts, width, classes] = [600, 12, 3];
    const features = Float32Array.from({ length: posts * width }, random);
    const { count, coordinates, onFeatures } = componentsOf(features, posts, width);
    assert.equal(count, width);
    const weights = Float64Array.from({ length: classes * count }, random);
    const wide = onFeatures(weights, classes);
    for (const post of [0, 1, 333, 599]) {
        let [narrow, full] = [0, 0];
        for (let index = 0; index < count; index++)
            narrow += (coordinates[post * count + index] ?? 0) * (weights[index] ?? 0);
        for (let index = 0; index < width; index++)
            full += (features[post * width + index] ?? 0) * (wide[index * classes] ?? 0);
        assert.ok(Math.abs(narrow - full) < 1e-4);
    }
});

test('known weights are recovered from enough posts, on either side and for either side alone', () => {
    const random = normal(8);
    const uniform = generator(9);
    const [count, width, classes] = [6000, 3, 3];
    const side = () => Float64Array.from({ length: count * width }, random);
    const [image, caption] = [side(), side()];
    const truth = [
        [1.5, 0, -1, 0, 1, 0.5, -1.5, -1, 0.5],
        [0, 1, 0, -1, 0, 1, 1, -1, -1],
    ];
    const logit = (/** @type {number} */ post, /** @type {number} */ label) =>
        [image, caption].reduce(
            (sum, rows, place) =>
                sum +
                [0, 1, 2].reduce(
                    (part, index) =>
                        part + (truth[place]?.[label * width + index] ?? 0) * (rows[post * width + index] ?? 0),
                    0,
                ),
            0,
        );
    const labels = Uint8Array.from({ length: count }, (_, post) => {
        const scores = softmax(
            [0, 1, 2].map((label) => logit(post, label)),
            1,
        );
        const drawn = uniform();
        return drawn < (scores[0] ?? 0) ? 0 : drawn < (scores[0] ?? 0) + (scores[1] ?? 0) ? 1 : 2;
    });
    const places = Int32Array.from({ length: count }, (_, post) => post);
    const none = { width: 0, rows: new Float64Array(0), places: new Int32Array(count).fill(-1) };
    // Without modality dropout the truth is known: posts of one side, whose rows hold both.
    const rows = Float64Array.from({ length: count * 2 * width }, (_, index) => {
        const [post, place] = [Math.floor(index / (2 * width)), index % (2 * width)];
        return (place < width ? image : caption)[post * width + (place % width)] ?? 0;
    });
    const fitted = fit({ labels, classes, sides: [{ width: 2 * width, rows, places }, none] }, { penalty: 1e-6 });
    const centred = (/** @type {(label: number) => number} */ of) => {
        const mean = (of(0) + of(1) + of(2)) / 3;
        return [0, 1, 2].map((label) => of(label) - mean);
    };
    for (let index = 0; index < 2 * width; index++) {
        const found = centred((label) => fitted.weights[0][label * 2 * width + index] ?? 0);
        const real = centred((label) => truth[index < width ? 0 : 1]?.[label * width + (index % width)] ?? 0);
        for (const [label, value] of found.entries())
            assert.ok(Math.abs(value - (real[label] ?? 0)) < 0.15, `${value} is ${real[label]}`);
    }
    // With it, a side alone still leans as it does.
    const both = fit(
        {
            labels,
            classes,
            sides: [
                { width, rows: image, places },
                { width, rows: caption, places },
            ],
        },
        { penalty: 1e-6 },
    );
    for (const [place, weights] of both.weights.entries()) {
        const found = [0, 1, 2].flatMap((index) => centred((label) => weights[label * width + index] ?? 0));
        const real = [0, 1, 2].flatMap((index) => centred((label) => truth[place]?.[label * width + index] ?? 0));
        const dot = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
            a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
        assert.ok(dot(found, real) / Math.sqrt(dot(found, found) * dot(real, real)) > 0.98);
    }
});

test('the gradient of the fit ends at zero: no small change of a weight lowers the loss', () => {
    const random = normal(10);
    const [count, width, classes] = [40, 4, 3];
    const labels = Uint8Array.from({ length: count }, (_, post) => post % classes);
    const side = (/** @type {number} */ lacking) => {
        let next = 0;
        const places = Int32Array.from({ length: count }, (_, post) => (post % 4 === lacking ? -1 : next++));
        return { width, rows: Float64Array.from({ length: next * width }, random), places };
    };
    const [image, caption] = [side(0), side(1)];
    const posts = { labels, classes, sides: /** @type {[typeof image, typeof caption]} */ ([image, caption]) };
    const penalty = 0.02;
    const fitted = fit(posts, { penalty, limits: { tolerance: 1e-13, steps: 500 } });
    const loss = (/** @type {typeof fitted} */ at) => {
        const answers = [BOTH, IMAGE, CAPTION].map((kind) => logitsOf(posts, at, kind));
        let total = 0;
        for (const [post, label] of labels.entries()) {
            const surprise = (/** @type {number} */ kind) => {
                const logits = answers[kind]?.[post];
                return logits ? -Math.log(softmax(logits, 1)[label] ?? 0) : 0;
            };
            const hasBoth = image.places[post] !== -1 && caption.places[post] !== -1;
            total += hasBoth
                ? (2 * surprise(BOTH) + surprise(IMAGE) + surprise(CAPTION)) / 4
                : surprise(IMAGE) + surprise(CAPTION);
        }
        const squares = at.weights.flatMap((weights) => [...weights]).reduce((sum, value) => sum + value * value, 0);
        return total / count + (penalty / 2) * squares;
    };
    const least = loss(fitted);
    for (const [place, weights] of fitted.weights.entries())
        for (const index of weights.keys())
            for (const step of [-1e-3, 1e-3]) {
                /** @type {typeof fitted} */
                const moved = {
                    weights: [fitted.weights[0].slice(), fitted.weights[1].slice()],
                    priors: fitted.priors,
                };
                const of = /** @type {Float64Array} */ (moved.weights[place]);
                of[index] = (of[index] ?? 0) + step;
                assert.ok(loss(moved) > least, `weight ${index} of side ${place}`);
            }
});

test('class weights give rare labels more, and leave the mean at one', () => {
    const labels = Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 1]);
    assert.deepEqual([...classWeights(labels, 2, 0)], [1, 1]);
    const [often = 0, rare = 0] = classWeights(labels, 2, 1);
    assert.ok(Math.abs(6 * often - 2 * rare) < 1e-9, 'every label has the same total');
    assert.ok(Math.abs(6 * often + 2 * rare - 8) < 1e-9);
});

test('posts with the same image or caption stay in one fold, and each fold has every label', () => {
    const posts = samplesOf({ count: 150 }).map((post, index) => ({
        ...post,
        // Pairs share an image; one of them shares its caption with a post far away.
        alike: [`image ${Math.floor(index / 2)}`, ...(index % 50 === 0 ? ['caption: happy'] : [])],
    }));
    const groups = groupsOf(posts);
    const { folds, of } = divide(posts, groups);
    assert.equal(folds, 5);
    for (let index = 0; index < 150; index += 2) assert.equal(of[index], of[index + 1]);
    assert.equal(of[0], of[50]);
    assert.equal(of[1], of[100]);
    for (let fold = 0; fold < folds; fold++)
        for (const label of LABELS) {
            const count = posts.filter((post, index) => post.label === label && of[index] === fold).length;
            assert.ok(count >= 8 && count <= 12, `${count} of ${label} in fold ${fold}`);
        }
});

test('a part of the posts has the same share of each label, and a larger part includes a smaller one', () => {
    const posts = samplesOf({ count: 90 });
    const all = Array.from(posts.keys());
    const quarter = stratifiedShare(posts, all, 0.25, 0);
    const half = stratifiedShare(posts, all, 0.5, 0);
    assert.ok(quarter.every((post) => half.includes(post)));
    for (const label of LABELS) assert.equal(half.filter((post) => posts[post]?.label === label).length, 15);
    assert.notDeepEqual(quarter, stratifiedShare(posts, all, 0.25, 1));
});

test('temperature and thresholds follow how often answers are right', () => {
    const random = generator(4);
    // Answers that claim 0.95 and are right in 80 of 100 cases are cooled down to 0.8.
    const answers = Array.from({ length: 2000 }, () => ({
        logits: Float64Array.from([Math.log(0.95), Math.log(0.05)]),
        label: random() < 0.8 ? 0 : 1,
        second: null,
    }));
    const { temperature, uncertain_below, secondary_from } = calibrated(answers);
    const [first = 0] = softmax(answers[0]?.logits ?? [], temperature);
    assert.ok(Math.abs(first - 0.8) < 0.03, String(first));
    assert.ok(uncertain_below <= first + 1e-9);
    assert.equal(secondary_from, 1);
    const few = calibrated(answers.slice(0, 20));
    assert.equal(few.uncertain_below, 1, 'with few answers every label is uncertain');
    assert.equal(calibrated([]).temperature, 1);
});

test('posts that differ are told apart, and the figures are those of posts that were not learnt from', async () => {
    const all = samplesOf({ count: 420 });
    const samples = all.slice(0, 120);
    const { head, calibration, report } = await train(samples, options);
    const fresh = accuracyOf(head, calibration, all.slice(120));
    assert.ok(fresh > 0.75, `${fresh} on fresh posts`);
    assert.ok(Math.abs(fresh - report.accuracy.value) < 0.1, `${report.accuracy.value} was promised, ${fresh} found`);
    const { accuracy, majority, matrix, curve, missing } = report;
    assert.ok(accuracy.low < accuracy.value && accuracy.value < accuracy.high);
    assert.ok(majority.gain.low > 0);
    assert.equal(
        matrix.flat().reduce((sum, count) => sum + count, 0),
        120,
    );
    assert.deepEqual(
        curve.map(({ posts }) => posts),
        [24, 48, 72, 96],
    );
    assert.ok((curve[3]?.accuracy.value ?? 0) > (curve[0]?.accuracy.value ?? 1));
    assert.ok(missing && missing.both >= missing.caption - 0.05 && missing.both >= missing.image - 0.05);
});

test('noise is not mistaken for knowledge', async () => {
    const samples = samplesOf({ count: 90, signal: 0 });
    const { report } = await train(samples, options);
    assert.ok(report.majority.gain.low <= 0, 'no better than guessing');
    assert.ok(report.accuracy.value < 0.5);
});

test('any side may be missing, of some posts or of all', async () => {
    const mixed = samplesOf({
        count: 240,
        has: (index) => ({ image: index % 4 !== 1, caption: index % 4 !== 2 }),
    });
    const { head, calibration, report } = await train(mixed, options);
    for (const side of /** @type {const} */ (['image', 'caption'])) {
        const alone = samplesOf({ count: 90, seed: 3 }).map((sample) => ({ ...sample, [side]: null }));
        assert.ok(accuracyOf(head, calibration, alone) > 0.55, `without its ${side}`);
    }
    assert.equal(report.missing?.posts, 120);

    const captions = samplesOf({ count: 90, has: () => ({ image: false, caption: true }) });
    const onlyCaptions = await train(captions, options);
    assert.equal(onlyCaptions.report.missing, null);
    assert.ok(onlyCaptions.report.accuracy.value > 0.5);
    // An image alone was never seen: each label is as likely as it was frequent, and the answer is uncertain.
    const scores = scoresOf(onlyCaptions.head, onlyCaptions.calibration, {
        image: new Float32Array(WIDTHS.image).fill(7),
        caption: null,
    });
    for (const score of scores) assert.ok(Math.abs(score - 1 / 3) < 0.02);
    assert.equal(onlyCaptions.calibration.standalone_image.uncertain_below, 1);
    assert.equal(onlyCaptions.head.image.weight.length, WIDTHS.image * LABELS.length);
});

test('posts that can be separated perfectly keep the weights finite', async () => {
    const samples = samplesOf({ count: 60, signal: 30 });
    const { head, calibration, report } = await train(samples, options);
    assert.equal(report.accuracy.value, 1);
    for (const { weight, standaloneWeight } of [head.image, head.caption])
        for (const value of [...weight, ...standaloneWeight]) assert.ok(Math.abs(value) < 50);
    const { temperature } = calibration.both;
    assert.ok(temperature >= 0.1 && temperature <= 10);
});

test('features that never vary, two labels, and sixty-four labels are no special case', async () => {
    const constant = samplesOf({ count: 40, labels: ['a', 'b'], signal: 1 }).map((sample) => ({
        ...sample,
        image: new Float32Array(WIDTHS.image).fill(2),
    }));
    const two = await train(constant, { labels: ['a', 'b'], widths: WIDTHS });
    assert.ok(two.head.image.weight.every((value) => value === 0));
    assert.ok(two.report.accuracy.value > 0.6);
    const names = Array.from({ length: 64 }, (_, index) => `label ${index}`);
    const many = await train(samplesOf({ count: 640, labels: names, signal: 1 }), { labels: names, widths: WIDTHS });
    assert.equal(many.head.priors.length, 3 * 64);
    assert.ok(many.report.accuracy.value > 5 / 64);
});

test('the same posts give the same layer, in whatever order they come', async () => {
    const samples = samplesOf({ count: 60 });
    const one = await train(samples, options);
    const other = await train(samples.toReversed(), options);
    assert.deepEqual(one, other);
});

test('copies of a post do not make the figures better', async () => {
    const noise = samplesOf({ count: 60, signal: 0 });
    const copies = [1, 2, 3].flatMap((copy) =>
        noise.map((sample) => ({ ...sample, key: `${sample.key} again ${copy}` })),
    );
    const { report } = await train([...noise, ...copies], options);
    assert.ok(report.accuracy.value < 0.5, `${report.accuracy.value} of noise`);
});

test('the model in use is compared on the posts whose label it knows', async () => {
    const samples = samplesOf({ count: 90 }).map((sample, index) => ({
        ...sample,
        before: sample.label === 'żal' ? null : index % 2 === 0 ? sample.label : 'proud',
    }));
    const { report } = await train(samples, options);
    assert.equal(report.model?.posts, 60);
    assert.ok((report.model?.after ?? 0) > 0.6);
    const none = await train(samplesOf({ count: 60 }), options);
    assert.equal(none.report.model, null);
});

test('training can be cancelled, and reports how far it is', async () => {
    const controller = new AbortController();
    /** @type {number[]} */
    const shares = [];
    const training = train(samplesOf({ count: 90 }), options, {
        signal: controller.signal,
        onProgress: (share) => {
            shares.push(share);
            if (share > 0.3) controller.abort();
        },
    });
    await assert.rejects(training, { name: 'AbortError' });
    assert.ok(shares.length > 3 && shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share <= 1));
    assert.ok((shares.at(-1) ?? 1) < 0.6, 'nothing more is fitted');
});

test('ten times as many features take far less than ten times as long: fits do not depend on their number', async () => {
    const time = async (/** @type {{ image: number, caption: number }} */ widths) => {
        const samples = samplesOf({ count: 200, widths });
        const started = process.cpuUsage();
        await train(samples, { labels: LABELS, widths });
        return process.cpuUsage(started).user;
    };
    await time({ image: 300, caption: 100 }); // compiles
    const [narrow, wide] = [await time({ image: 300, caption: 100 }), await time({ image: 3000, caption: 1000 })];
    assert.ok(wide < 5 * narrow, `${wide / narrow} times as long`);
});
