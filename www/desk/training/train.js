// Fits a last layer to labelled posts, and measures it on posts that it was not fitted to.

import { AbortError } from './abort-error.js';
import { calibrate } from './calibrate.js';
import { firstTwo } from './calibration.js';
import { componentsOf } from './components.js';
import { crossValidate, fitsOf } from './cross-validation.js';
import { divide, groupsOf } from './folds.js';
import { rounded } from './head.js';
import { curveFits, learningCurve } from './learning-curve.js';
import { BOTH, CAPTION, IMAGE, kindOf, subset } from './posts.js';
import { hashOf } from './random.js';
import { reportOf } from './report.js';
import { fit, logitsOf } from './softmax-regression.js';
import { noStatistics, standardise, statisticsOf } from './standardise.js';

/** @typedef {import('./head.js').Head} Head */
/** @typedef {import('./head.js').HeadCalibration} HeadCalibration */
/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./posts.js').Side} Side */
/** @typedef {import('./cross-validation.js').Validated} Validated */

/**
 * A labelled post.
 *
 * @typedef {object} Sample
 * @property {string} key Of its content.
 * @property {string} label
 * @property {string | null} second Another label that it has.
 * @property {Float32Array | null} image The features of its image.
 * @property {Float32Array | null} caption
 * @property {readonly string[]} alike What posts have in common that must stay in one fold.
 * @property {string | null} before The label of the model in use; null if it does not know the post's label.
 */

/**
 * @typedef {object} TrainOptions
 * @property {readonly string[]} labels In the order of the scores. Each has posts.
 * @property {{ image: number, caption: number }} widths The numbers of features of the model.
 * @property {number} [classWeightPower] See `classWeights`; 0 by default.
 */

/** A side that fewer posts have gets no layer of its own. */
const FEWEST_OF_SIDE = 10;

/** Messages are received at least this often. */
const YIELD_EVERY_MS = 50;

/**
 * @param {readonly Sample[]} given
 * @param {TrainOptions} options
 * @param {{ signal?: AbortSignal | null, onProgress?: (share: number) => void }} [listeners]
 * @returns {Promise<{ head: Head, calibration: HeadCalibration, report: Report }>} Rejects with an AbortError if aborted.
 */
export async function train(given, options, { signal = null, onProgress = () => {} } = {}) {
    const { labels, widths, classWeightPower = 0 } = options;
    const samples = inOrder(given);
    const groups = groupsOf(samples);
    const division = divide(samples, groups);
    const data = await prepare(samples, labels, widths, signal);
    const progress = new Progress(3 * fitsOf(division) + curveFits(division) + 3, signal, onProgress);
    const plan = { division, classWeightPower, step: (/** @type {number} */ fits) => progress.step(fits) };

    const validated = await crossValidate(data.posts, plan);
    const [image, caption] = await Promise.all([IMAGE, CAPTION].map((kind) => validateAlone(data.posts, kind, plan)));
    const answers = deployed(data.posts, validated, image, caption);
    const curve = await learningCurve(samples, data.posts.labels, division, async (learnt, held, share) => {
        const found = answersBySize(data.posts, learnt, held, share, {
            penalties: [validated.penalty, image?.penalty ?? null, caption?.penalty ?? null],
            classWeightPower,
        });
        await progress.step(1);
        return found;
    });
    const head = await fitHead(data, labels, [validated, image, caption], classWeightPower, progress);
    const calibration = calibrate(samples, labels, data.posts, [validated, image, caption]);
    const report = reportOf({ samples, labels, posts: data.posts, groups, division, answers, validated, curve });
    onProgress(1);
    return { head, calibration, report };
}

/** Counts fits, reports their share and lets messages in. */
class Progress {
    #all;
    #signal;
    #onProgress;
    #done = 0;
    #yielded_ms = performance.now();

    /**
     * @param {number} all
     * @param {AbortSignal | null} signal
     * @param {(share: number) => void} onProgress
     */
    constructor(all, signal, onProgress) {
        this.#all = all;
        this.#signal = signal;
        this.#onProgress = onProgress;
    }

    /** @param {number} fits */
    async step(fits) {
        this.#done += fits;
        this.#onProgress(Math.min(1, this.#done / this.#all));
        if (performance.now() - this.#yielded_ms >= YIELD_EVERY_MS) {
            await new Promise((resolve) => setTimeout(resolve));
            this.#yielded_ms = performance.now();
        }
        if (this.#signal?.aborted) throw new AbortError();
    }
}

/**
 * Sorts the posts, so that the result does not depend on their order.
 *
 * @param {readonly Sample[]} samples
 */
const inOrder = (samples) =>
    samples.slice().sort((a, b) => hashOf(a.key) - hashOf(b.key) || (a.key < b.key ? -1 : Number(a.key > b.key)));

/**
 * Standardises the features and maps them onto their principal components.
 *
 * @param {readonly Sample[]} samples
 * @param {readonly string[]} labels
 * @param {{ image: number, caption: number }} widths
 * @param {AbortSignal | null} signal
 */
async function prepare(samples, labels, widths, signal) {
    const sides = [];
    for (const name of /** @type {const} */ (['image', 'caption'])) {
        const width = widths[name];
        const rows = samples.flatMap((sample) => sample[name] ?? []);
        const statistics = rows.length > 0 ? statisticsOf(rows) : noStatistics(width);
        const standard = new Float32Array(rows.length * width);
        for (const [row, features] of rows.entries())
            standardise(features, statistics, standard.subarray(row * width, (row + 1) * width));
        const components = componentsOf(standard, rows.length, width);
        let next = 0;
        const places = Int32Array.from(samples, (sample) => (sample[name] ? next++ : -1));
        sides.push({
            statistics,
            components,
            coordinates: { width: components.count, rows: components.coordinates, places },
        });
        await new Promise((resolve) => setTimeout(resolve));
        if (signal?.aborted) throw new AbortError();
    }
    const [image, caption] = sides;
    /** @type {Posts} */
    const posts = {
        labels: Uint8Array.from(samples, ({ label }) => labels.indexOf(label)),
        classes: labels.length,
        sides: [image.coordinates, caption.coordinates],
    };
    return { image, caption, posts };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */

/** @returns {Side} A side that no post has. @param {number} posts */
const noSide = (posts) => ({ width: 0, rows: new Float64Array(0), places: new Int32Array(posts).fill(-1) });

/**
 * Posts with one side only.
 *
 * @param {Posts} posts
 * @param {number} kind `IMAGE` or `CAPTION`.
 * @returns {Posts}
 */
function alone({ labels, classes, sides: [image, caption] }, kind) {
    return {
        labels,
        classes,
        sides: kind === IMAGE ? [image, noSide(labels.length)] : [noSide(labels.length), caption],
    };
}

/**
 * Cross-validates the layer of a side that stands alone.
 *
 * @param {Posts} posts
 * @param {number} kind `IMAGE` or `CAPTION`.
 * @param {import('./cross-validation.js').Plan} plan
 * @returns {Promise<Validated | null>} Null if too few posts have the side.
 */
async function validateAlone(posts, kind, plan) {
    const { width, places } = posts.sides[kind - 1];
    if (width === 0 || places.filter((place) => place >= 0).length < FEWEST_OF_SIDE) {
        await plan.step(fitsOf(plan.division));
        return null;
    }
    return crossValidate(alone(posts, kind), plan);
}

/**
 * The label of each post, as a model file with this layer gives it: a side that stands alone has a layer of its own.
 *
 * @param {Posts} posts
 * @param {Validated} both
 * @param {Validated | null} image
 * @param {Validated | null} caption
 * @returns {number[]}
 */
function deployed(posts, both, image, caption) {
    return Array.from(posts.labels, (_, post) => {
        const kind = kindOf(posts, post);
        const own = kind === IMAGE ? image : kind === CAPTION ? caption : both;
        return firstOf((own ?? both).answers[Math.max(0, kind)][post]);
    });
}

/** @param {Float64Array | null} logits */
const firstOf = (logits) => (logits ? firstTwo(logits)[0] : 0);

/**
 * Fits to some posts and answers others.
 *
 * @param {Posts} posts
 * @param {number[]} learnt
 * @param {number[]} held
 * @param {number} share Of all posts: with fewer posts the same penalty counts for more.
 * @param {{ penalties: [both: number, image: number | null, caption: number | null], classWeightPower: number }} options
 */
function answersBySize(posts, learnt, held, share, { penalties, classWeightPower }) {
    const [from, to] = [subset(posts, learnt), subset(posts, held)];
    const answers = new Array(held.length).fill(0);
    for (const kind of [BOTH, IMAGE, CAPTION]) {
        const wanted = held.map((_, row) => row).filter((row) => kindOf(to, row) === kind);
        if (wanted.length === 0) continue;
        const penalty = (penalties[kind] ?? penalties[BOTH]) / share;
        const isAlone = kind !== BOTH && penalties[kind] !== null;
        const fitted = fit(isAlone ? alone(from, kind) : from, { penalty, classWeightPower });
        const logits = logitsOf(to, fitted, kind);
        for (const row of wanted) answers[row] = firstOf(logits[row]);
    }
    return answers;
}

/**
 * Fits the layers to all posts.
 *
 * @param {Prepared} data
 * @param {readonly string[]} labels
 * @param {[Validated, Validated | null, Validated | null]} validated
 * @param {number} classWeightPower
 * @param {Progress} progress
 * @returns {Promise<Head>}
 */
async function fitHead({ image, caption, posts }, labels, validated, classWeightPower, progress) {
    const fitted = [];
    for (const kind of [BOTH, IMAGE, CAPTION]) {
        const found = validated[kind];
        const from = kind === BOTH ? posts : alone(posts, kind);
        fitted.push(found && fit(from, { penalty: found.penalty, classWeightPower }));
        await progress.step(1);
    }
    const [both, ofImage, ofCaption] = fitted;
    if (!both) throw new TypeError('the layer of both sides is always fitted');
    const classes = labels.length;
    /**
     * @param {Prepared['image']} side
     * @param {number} kind
     * @param {import('./softmax-regression.js').Fitted | null} own
     */
    const sideOf = ({ statistics, components }, kind, own) => {
        const width = statistics.mean.length;
        const onFeatures = (/** @type {Float64Array | undefined} */ weights) =>
            weights && components.count > 0
                ? rounded(components.onFeatures(weights, classes))
                : new Float32Array(width * classes);
        return {
            width,
            statistics,
            weight: onFeatures(both.weights[kind - 1]),
            standaloneWeight: onFeatures(own?.weights[kind - 1]),
            standaloneBias: Float32Array.from((own ?? both).priors.subarray(kind * classes, (kind + 1) * classes)),
        };
    };
    return {
        labels: labels.slice(),
        image: sideOf(image, IMAGE, ofImage),
        caption: sideOf(caption, CAPTION, ofCaption),
        priors: Float32Array.from(both.priors),
    };
}
