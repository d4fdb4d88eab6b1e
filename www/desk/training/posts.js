// Labelled posts as numbers: the coordinates of their sides, of which one may be missing.

/** Which sides of a post are there, in the order of the priors. */
export const BOTH = 0;
export const IMAGE = 1;
export const CAPTION = 2;

/**
 * The coordinates of a side of some posts: a row for each post that has the side.
 *
 * @typedef {object} Side
 * @property {number} width
 * @property {Float64Array} rows `[posts with the side, width]`
 * @property {Int32Array} places The row of each post; −1 if the post lacks this side.
 */

/**
 * @typedef {object} Posts
 * @property {Uint8Array} labels
 * @property {number} classes
 * @property {[image: Side, caption: Side]} sides Either may have a width of 0.
 */

/**
 * How many posts have a side, even if none of its features varies.
 *
 * @param {Side} side
 */
export const countOf = ({ places }) => places.reduce((count, place) => count + Number(place >= 0), 0);

/**
 * Takes some of the posts.
 *
 * @param {Posts} posts
 * @param {ArrayLike<number>} chosen
 * @returns {Posts}
 */
export function subset({ labels, classes, sides }, chosen) {
    /** @param {Side} side */
    const take = ({ width, rows, places }) => {
        const kept = Array.from(chosen, (post) => places[post]);
        const count = kept.reduce((sum, place) => sum + Number(place >= 0), 0);
        const taken = { width, rows: new Float64Array(count * width), places: new Int32Array(chosen.length).fill(-1) };
        let next = 0;
        for (const [index, place] of kept.entries()) {
            if (place < 0) continue;
            taken.rows.set(rows.subarray(place * width, (place + 1) * width), next * width);
            taken.places[index] = next++;
        }
        return taken;
    };
    return {
        labels: Uint8Array.from(chosen, (post) => labels[post]),
        classes,
        sides: [take(sides[0]), take(sides[1])],
    };
}

/**
 * Which sides a post has.
 *
 * @param {Posts} posts
 * @param {number} post
 * @returns {number} `BOTH`, `IMAGE`, `CAPTION`, or −1 if it has neither.
 */
export function kindOf({ sides: [image, caption] }, post) {
    const [hasImage, hasCaption] = [image.places[post] >= 0, caption.places[post] >= 0];
    if (hasImage && hasCaption) return BOTH;
    return hasImage ? IMAGE : hasCaption ? CAPTION : -1;
}

/**
 * How much a post of each label counts: 1, or more for rarer labels. The mean over the posts is 1.
 *
 * @param {Uint8Array} labels
 * @param {number} classes
 * @param {number} power 0 treats every post alike; 1 gives every label the same total.
 * @returns {Float64Array}
 */
export function classWeights(labels, classes, power) {
    const counts = new Float64Array(classes);
    for (const label of labels) counts[label] += 1;
    const weights = counts.map((count) => (count > 0 ? (labels.length / (classes * count)) ** power : 0));
    let total = 0;
    for (const [label, count] of counts.entries()) total += count * weights[label];
    return weights.map((weight) => (total > 0 ? (weight * labels.length) / total : 1));
}
