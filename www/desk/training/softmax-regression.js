// Multinomial logistic regression with a ridge penalty on posts of which a side may be missing.
//
//     logits = W_image · image + W_caption · caption + prior(which sides are there)
//
// A missing side contributes nothing. So that either side also answers alone, each post with both sides counts three
// times: with both, with its image alone and with its caption alone. This is modality dropout (Neverova et al., ModDrop,
// 2015) in expectation, without its noise. Priors begin at the logarithms of the labels' shares.

import { minimise } from './lbfgs.js';
import { addWeightedRows, rowProducts } from './matrix.js';
import { BOTH, CAPTION, classWeights, countOf, IMAGE, kindOf } from './posts.js';

/** @typedef {import('./posts.js').Posts} Posts */

const KINDS = [BOTH, IMAGE, CAPTION];

/** How much a post with both sides counts with both, with its image alone, with its caption alone. */
const SHARES = [0.5, 0.25, 0.25];

/** The penalty of the priors: enough to hold one of which there is no example. */
const PRIOR_PENALTY = 1e-3;

/** Added to the count of each label before its share is taken. */
const SMOOTHING = 0.5;

/** A tenth of this changes no answer in a thousand. */
const LIMITS = { tolerance: 1e-5, steps: 200 };

/**
 * @typedef {object} Fitted
 * @property {[image: Float64Array, caption: Float64Array]} weights Each `[classes, width]`.
 * @property {Float64Array} priors `[3, classes]`, in the order of `BOTH`, `IMAGE`, `CAPTION`.
 */

/** A fit's function with its starting point; see `fit`. */
class Objective {
    #posts;
    #penalty;
    #weights;
    #base;
    #scales;
    /** Logits and their gradients, one row for each row of the side. */
    #parts;
    #sizes;
    #total = 0;

    /**
     * @param {Posts} posts
     * @param {number} penalty
     * @param {number} classWeightPower
     */
    constructor(posts, penalty, classWeightPower) {
        const { labels, classes, sides } = posts;
        this.#posts = posts;
        this.#penalty = penalty;
        this.#weights = classWeights(labels, classes, classWeightPower);
        const ofKinds = this.#labelShares();
        this.#base = ofKinds.base;
        this.#sizes = sides.map(({ width }) => width * classes);
        this.#parts = sides.map((side) => {
            const length = countOf(side) * classes;
            return { logits: new Float64Array(length), slopes: new Float64Array(length) };
        });
        this.#scales = this.#curvatures(ofKinds.masses);
    }

    /** The number of unknowns. */
    get size() {
        return this.#sizes[0] + this.#sizes[1] + KINDS.length * this.#posts.classes;
    }

    /** The logarithms of the labels' shares among what there is of each kind, and how much each kind counts. */
    #labelShares() {
        const { labels, classes } = this.#posts;
        const counts = new Float64Array(KINDS.length * classes);
        for (let post = 0; post < labels.length; post++) {
            const label = labels[post];
            const weight = this.#weights[label];
            const kind = kindOf(this.#posts, post);
            if (kind < 0) continue;
            this.#total += weight;
            for (const other of kind === BOTH ? KINDS : [kind])
                counts[other * classes + label] += weight * (kind === BOTH ? SHARES[other] : 1);
        }
        const all = new Float64Array(classes);
        for (const [index, count] of counts.entries()) all[index % classes] += count;
        const masses = KINDS.map((kind) => sumOf(counts.subarray(kind * classes, (kind + 1) * classes)));
        const base = counts.map((count, index) => {
            const kind = Math.floor(index / classes);
            // A kind without posts has the labels' shares among all posts.
            const [share, mass] = masses[kind] > 0 ? [count, masses[kind]] : [all[index % classes], sumOf(all)];
            return Math.log((share + SMOOTHING) / (mass + SMOOTHING * classes));
        });
        return { base, masses };
    }

    /**
     * How strongly the function is curved along each unknown, about: the method takes them as the unknowns' units.
     *
     * @param {number[]} masses
     */
    #curvatures(masses) {
        const { classes, sides } = this.#posts;
        const scales = new Float64Array(this.size);
        const share = (1 / classes) * (1 - 1 / classes);
        let first = 0;
        for (const { width, rows, places } of sides) {
            const squares = new Float64Array(width);
            for (let post = 0; post < places.length; post++) {
                if (places[post] < 0) continue;
                const start = places[post] * width;
                // With both sides it counts with both and alone.
                const weight = kindOf(this.#posts, post) === BOTH ? SHARES[BOTH] + SHARES[IMAGE] : 1;
                for (let index = 0; index < width; index++) squares[index] += weight * rows[start + index] ** 2;
            }
            for (let index = 0; index < width * classes; index++)
                scales[first + index] = Math.sqrt((share * squares[index % width]) / this.#total + this.#penalty);
            first += width * classes;
        }
        for (let index = first; index < scales.length; index++)
            scales[index] = Math.sqrt(
                (share * masses[Math.floor((index - first) / classes)]) / this.#total + PRIOR_PENALTY,
            );
        return scales;
    }

    /**
     * @param {Float64Array} at
     * @returns {Fitted}
     */
    fitted(at) {
        const unknowns = at.map((value, index) => value / this.#scales[index]);
        const [image, caption] = this.#sizes;
        return {
            weights: [unknowns.slice(0, image), unknowns.slice(image, image + caption)],
            priors: unknowns.slice(image + caption).map((value, index) => value + this.#base[index]),
        };
    }

    /**
     * @param {Fitted} fitted
     * @returns {Float64Array}
     */
    startAt({ weights, priors }) {
        const unknowns = new Float64Array(this.size);
        unknowns.set(weights[0]);
        unknowns.set(weights[1], this.#sizes[0]);
        unknowns.set(
            priors.map((value, index) => value - this.#base[index]),
            this.#sizes[0] + this.#sizes[1],
        );
        return unknowns.map((value, index) => value * this.#scales[index]);
    }

    /**
     * The mean loss with the penalty, and its gradient.
     *
     * @param {Float64Array} at
     * @param {Float64Array} gradient
     */
    evaluate = (at, gradient) => {
        const { classes, sides } = this.#posts;
        const { weights, priors } = this.fitted(at);
        for (const [place, { width, rows }] of sides.entries()) {
            const { logits, slopes } = this.#parts[place];
            if (width > 0) rowProducts(rows, weights[place], rows.length / width, classes, width, logits);
            slopes.fill(0);
        }
        gradient.fill(0);
        const ofPriors = gradient.subarray(this.#sizes[0] + this.#sizes[1]);
        let value = this.#loss(priors, ofPriors) / this.#total;
        let first = 0;
        for (const [place, { width, rows }] of sides.entries()) {
            const part = gradient.subarray(first, first + this.#sizes[place]);
            if (width > 0) addWeightedRows(this.#parts[place].slopes, rows, rows.length / width, classes, width, part);
            let squares = 0;
            for (let index = 0; index < part.length; index++) {
                const weight = weights[place][index];
                squares += weight * weight;
                part[index] = part[index] / this.#total + this.#penalty * weight;
            }
            value += (this.#penalty / 2) * squares;
            first += this.#sizes[place];
        }
        for (let index = 0; index < ofPriors.length; index++) {
            const offset = priors[index] - this.#base[index];
            value += (PRIOR_PENALTY / 2) * offset * offset;
            ofPriors[index] = ofPriors[index] / this.#total + PRIOR_PENALTY * offset;
        }
        for (let index = 0; index < gradient.length; index++) gradient[index] /= this.#scales[index];
        return value;
    };

    /**
     * The sum of the losses; fills in the slopes of the logits.
     *
     * @param {Float64Array} priors
     * @param {Float64Array} ofPriors
     */
    #loss(priors, ofPriors) {
        const { labels, classes, sides } = this.#posts;
        const [image, caption] = this.#parts;
        const scores = new Float64Array(classes);
        let loss = 0;
        for (let post = 0; post < labels.length; post++) {
            const own = kindOf(this.#posts, post);
            if (own < 0) continue;
            const ofImage = sides[0].places[post] * classes;
            const ofCaption = sides[1].places[post] * classes;
            const label = labels[post];
            for (const kind of own === BOTH ? KINDS : [own]) {
                const weight = this.#weights[label] * (own === BOTH ? SHARES[kind] : 1);
                for (let index = 0; index < classes; index++)
                    scores[index] =
                        priors[kind * classes + index] +
                        (kind === CAPTION ? 0 : image.logits[ofImage + index]) +
                        (kind === IMAGE ? 0 : caption.logits[ofCaption + index]);
                loss += weight * softmaxInPlace(scores, label);
                for (let index = 0; index < classes; index++) {
                    const slope = weight * (scores[index] - Number(index === label));
                    ofPriors[kind * classes + index] += slope;
                    if (kind !== CAPTION) image.slopes[ofImage + index] += slope;
                    if (kind !== IMAGE) caption.slopes[ofCaption + index] += slope;
                }
            }
        }
        return loss;
    }
}

/**
 * Fits the weights and the priors.
 *
 * @param {Posts} posts
 * @param {{ penalty: number, classWeightPower?: number, start?: Fitted | null, limits?: typeof LIMITS }} options The
 *     penalty is that of half the squared weights beside the mean loss of a post; above 0. A near start is faster.
 * @returns {Fitted}
 */
export function fit(posts, { penalty, classWeightPower = 0, start = null, limits = LIMITS }) {
    const objective = new Objective(posts, penalty, classWeightPower);
    const from = start ? objective.startAt(start) : new Float64Array(objective.size);
    return objective.fitted(minimise(objective.evaluate, from, limits).at);
}

/**
 * The logits of all posts, as if they were of one kind.
 *
 * @param {Posts} posts
 * @param {Fitted} fitted
 * @param {number} kind `BOTH`, `IMAGE` or `CAPTION`.
 * @returns {(Float64Array | null)[]} Null for a post that lacks a side of this kind.
 */
export function logitsOf({ labels, classes, sides }, { weights, priors }, kind) {
    const used = kind === BOTH ? [0, 1] : [kind - 1];
    const parts = sides.map((side, place) => {
        const { width, rows } = side;
        const count = countOf(side);
        const logits = new Float64Array(count * classes);
        if (width > 0 && used.includes(place)) rowProducts(rows, weights[place], count, classes, width, logits);
        return logits;
    });
    return Array.from(labels, (_, post) => {
        if (used.some((place) => sides[place].places[post] < 0)) return null;
        return Float64Array.from({ length: classes }, (_, index) =>
            used.reduce(
                (sum, place) => sum + parts[place][sides[place].places[post] * classes + index],
                priors[kind * classes + index],
            ),
        );
    });
}

/**
 * Replaces logits by their softmax.
 *
 * @param {Float64Array} logits
 * @param {number} label
 * @returns {number} The negative logarithm of the label's share.
 */
function softmaxInPlace(logits, label) {
    let highest = -Infinity;
    for (const logit of logits) if (logit > highest) highest = logit;
    const own = logits[label] - highest;
    let sum = 0;
    for (let index = 0; index < logits.length; index++) sum += logits[index] = Math.exp(logits[index] - highest);
    for (let index = 0; index < logits.length; index++) logits[index] /= sum;
    return Math.log(sum) - own;
}

/** @param {Float64Array} values */
function sumOf(values) {
    let sum = 0;
    for (const value of values) sum += value;
    return sum;
}
