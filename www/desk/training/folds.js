// Divides posts into folds for cross-validation. Posts with the same image or the same caption stay in one fold, and
// labels are spread evenly.

import { membersOf } from './intervals.js';
import { hashOf } from './random.js';

const FOLDS = 5;

/** With fewer posts than this, each fold leaves out fewer of them. */
const FEW_POSTS = 100;
const FOLDS_OF_FEW = 10;

/**
 * @typedef {object} Grouped
 * @property {string} key
 * @property {string} label
 * @property {readonly string[]} alike What posts have in common that must stay together, such as an image's digest.
 */

/**
 * The number of the group of each post: posts that share anything are in one group, directly or by way of others.
 *
 * @param {readonly Grouped[]} posts
 * @returns {Int32Array} From 0, in the order of their first posts.
 */
export function groupsOf(posts) {
    const parents = Int32Array.from(posts, (_, index) => index);
    /** @param {number} place */
    const rootOf = (place) => {
        while (parents[place] !== place) {
            parents[place] = parents[parents[place]];
            place = parents[place];
        }
        return place;
    };
    /** @type {Map<string, number>} */
    const firsts = new Map();
    for (const [index, { alike }] of posts.entries())
        for (const what of alike) {
            const first = firsts.get(what);
            if (first === undefined) firsts.set(what, index);
            else parents[rootOf(index)] = rootOf(first);
        }
    /** @type {Map<number, number>} */
    const numbers = new Map();
    return Int32Array.from(posts, (_, index) => {
        const root = rootOf(index);
        if (!numbers.has(root)) numbers.set(root, numbers.size);
        return /** @type {number} */ (numbers.get(root));
    });
}

/**
 * The fold of each post.
 *
 * @param {readonly Grouped[]} posts
 * @param {Int32Array} groups
 * @returns {{ folds: number, of: Int32Array }}
 */
export function divide(posts, groups) {
    const members = membersOf(groups);
    const wanted = posts.length < FEW_POSTS ? FOLDS_OF_FEW : FOLDS;
    const folds = Math.min(wanted, members.length);
    /** @type {Map<string, number[]>} How many posts of each label a fold has. */
    const counts = new Map();
    const sizes = Array.from({ length: folds }, () => 0);
    const of = new Int32Array(posts.length);
    // Large groups first: small ones even out what they leave.
    const order = members.sort((a, b) => b.length - a.length || compare(posts[a[0]], posts[b[0]]) || a[0] - b[0]);
    for (const group of order) {
        const labels = new Set(group.map((post) => posts[post].label));
        const costs = sizes.map((size, fold) => {
            let cost = 0;
            for (const label of labels) cost += counts.get(label)?.[fold] ?? 0;
            return cost * posts.length + size;
        });
        const fold = costs.indexOf(Math.min(...costs));
        for (const post of group) {
            const { label } = posts[post];
            const ofLabel = counts.get(label) ?? Array.from({ length: folds }, () => 0);
            ofLabel[fold] += 1;
            counts.set(label, ofLabel);
            of[post] = fold;
        }
        sizes[fold] += group.length;
    }
    return { folds, of };
}

/**
 * Takes a share of some posts, with the same share of each label. A larger share includes a smaller one.
 *
 * @param {readonly Grouped[]} posts
 * @param {readonly number[]} among
 * @param {number} share
 * @param {number} draw Another number draws other posts.
 * @returns {number[]} In the order of `among`.
 */
export function stratifiedShare(posts, among, share, draw) {
    /** @type {Map<string, number[]>} */
    const byLabel = new Map();
    for (const post of among) {
        const ofLabel = byLabel.get(posts[post].label);
        if (ofLabel) ofLabel.push(post);
        else byLabel.set(posts[post].label, [post]);
    }
    const rank = new Map(among.map((post) => [post, hashOf(`${draw} ${posts[post].key}`)]));
    /** @type {Set<number>} */
    const chosen = new Set();
    for (const ofLabel of byLabel.values()) {
        ofLabel.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a - b);
        for (const post of ofLabel.slice(0, Math.max(1, Math.round(share * ofLabel.length)))) chosen.add(post);
    }
    return among.filter((post) => chosen.has(post));
}

/**
 * @param {Grouped} one
 * @param {Grouped} other
 */
const compare = (one, other) => hashOf(one.key) - hashOf(other.key);
