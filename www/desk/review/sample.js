// Draws reproducible random samples.

/** A smaller sample is not informative. */
export const SMALLEST_SAMPLE = 10;

export const USUAL_SAMPLE = 50;

/** Seeds are whole numbers below this: six digits are easy to read out and type. */
export const SEEDS = 1_000_000;

/** Returns a random seed. */
export function anySeed() {
    return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % SEEDS;
}

/**
 * Draws without replacement; each item has the same chance. The same seed draws the same sample, in the same order,
 * from the same items.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} count At most the number of items.
 * @param {number} seed
 * @returns {T[]}
 */
export function drawSample(items, count, seed) {
    const random = generator(seed);
    const pool = items.slice();
    for (let drawn = 0; drawn < count; drawn++) {
        const other = drawn + Math.floor(random() * (pool.length - drawn));
        [pool[drawn], pool[other]] = [/** @type {T} */ (pool[other]), /** @type {T} */ (pool[drawn])];
    }
    return pool.slice(0, count);
}

/**
 * A seeded generator of numbers from 0 to below 1: "mulberry32" by Tommy Ettinger (public domain), whose 32 bits of
 * state suffice here.
 *
 * @param {number} seed
 */
function generator(seed) {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let bits = Math.imul(state ^ (state >>> 15), state | 1);
        bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
        return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    };
}
