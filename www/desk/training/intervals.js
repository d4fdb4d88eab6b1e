// Figures of cross-validated answers with 95 % intervals, by the bootstrap (Efron, 1979). Posts that share an image or a
// caption are drawn together.

import { generator } from './random.js';

const DRAWS = 1000;
const SEED = 18;
const [LOWER, UPPER] = [0.025, 0.975];

/** @typedef {{ value: number, low: number, high: number }} Figure */

/**
 * @param {readonly number[][]} members The posts of each group.
 * @param {((posts: readonly number[]) => number)[]} figures Each computes a figure from posts, which may be repeated.
 * @returns {Figure[]}
 */
export function bootstrap(members, figures) {
    const all = members.flat();
    const random = generator(SEED);
    const drawn = figures.map(() => new Float64Array(DRAWS));
    for (let draw = 0; draw < DRAWS; draw++) {
        /** @type {number[]} */
        const posts = [];
        for (let group = 0; group < members.length; group++)
            posts.push(...members[Math.floor(random() * members.length)]);
        for (const [index, figure] of figures.entries()) drawn[index][draw] = figure(posts);
    }
    return figures.map((figure, index) => {
        const sorted = drawn[index].sort();
        const at = (/** @type {number} */ share) => sorted[Math.round(share * (DRAWS - 1))];
        return { value: figure(all), low: at(LOWER), high: at(UPPER) };
    });
}

/**
 * The posts of each group.
 *
 * @param {Int32Array} groups
 * @param {readonly number[]} [posts] All by default.
 * @returns {number[][]}
 */
export function membersOf(groups, posts = Array.from(groups.keys())) {
    /** @type {Map<number, number[]>} */
    const members = new Map();
    for (const post of posts) {
        const group = members.get(groups[post]);
        if (group) group.push(post);
        else members.set(groups[post], [post]);
    }
    return [...members.values()];
}

/**
 * The mean F1 over the labels that occur.
 *
 * @param {readonly number[]} posts
 * @param {ArrayLike<number>} truths
 * @param {ArrayLike<number>} answers
 * @param {number} classes
 */
export function macroF1(posts, truths, answers, classes) {
    const [support, given, hits] = [0, 1, 2].map(() => new Float64Array(classes));
    for (const post of posts) {
        support[truths[post]] += 1;
        given[answers[post]] += 1;
        if (truths[post] === answers[post]) hits[truths[post]] += 1;
    }
    let [total, labels] = [0, 0];
    for (let label = 0; label < classes; label++) {
        if (support[label] === 0) continue;
        total += (2 * hits[label]) / (support[label] + given[label]);
        labels += 1;
    }
    return labels === 0 ? 0 : total / labels;
}
