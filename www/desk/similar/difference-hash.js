// A perceptual hash: images that look alike have hashes that differ in few bits. Pure arithmetic.
//
// It is the difference hash "dHash" (Neal Krawetz, "Kind of Like That", 2013): the image is reduced to 9 × 8 grey pixels,
// and each of the 64 bits says whether a pixel is darker than its right neighbour.

export const WIDTH = 9;
export const HEIGHT = 8;

/** @typedef {readonly [number, number]} Hash 64 bits as two unsigned numbers of 32. */

/** A smaller difference of neighbours may have the opposite sign in another encoding of the image. */
const NOISE = 2;

/** How many of the 64 neighbours must differ: uniform surfaces all look alike. */
const LEAST_STRUCTURE = 16;

/** Images whose hashes differ in at most this many bits count as the same scene. */
export const MOST_BITS = 8;

/**
 * @param {ArrayLike<number>} pixels 9 × 8 pixels of four bytes, red, green, blue and alpha, row by row.
 * @returns {Hash | null} Null for an image that is too uniform to compare.
 */
export function differenceHash(pixels) {
    const grey = (/** @type {number} */ at) =>
        0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
    const words = [0, 0];
    let structure = 0;
    for (let row = 0; row < HEIGHT; row++)
        for (let column = 0; column < WIDTH - 1; column++) {
            const at = 4 * (row * WIDTH + column);
            const difference = grey(at + 4) - grey(at);
            if (Math.abs(difference) >= NOISE) structure += 1;
            const bit = row * (WIDTH - 1) + column;
            if (difference > 0) words[bit >> 5] = ((words[bit >> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
        }
    return structure < LEAST_STRUCTURE ? null : /** @type {Hash} */ (/** @type {unknown} */ (words));
}

/**
 * The number of bits in which two hashes differ.
 *
 * @param {Hash} one
 * @param {Hash} other
 */
export const distance = (one, other) => bitsSet(one[0] ^ other[0]) + bitsSet(one[1] ^ other[1]);

/** @param {number} word */
function bitsSet(word) {
    let bits = word - ((word >>> 1) & 0x55555555);
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/**
 * Groups images that look alike. Each belongs to the first group whose first image it resembles, so that no chain of
 * small differences joins different images.
 *
 * @param {readonly (Hash | null)[]} hashes
 * @returns {number[][]} The places of the images of each group of two or more, in their order.
 */
export function groupsOf(hashes) {
    /** @type {{ hash: Hash, places: number[] }[]} */
    const groups = [];
    for (const [place, hash] of hashes.entries()) {
        if (!hash) continue;
        const group = groups.find((known) => distance(known.hash, hash) <= MOST_BITS);
        if (group) group.places.push(place);
        else groups.push({ hash, places: [place] });
    }
    return groups.filter(({ places }) => places.length > 1).map(({ places }) => places);
}
