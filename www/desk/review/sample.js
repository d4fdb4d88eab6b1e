// Draws a sample that can be drawn again.

/** A smaller sample is not informative. */
export const SMALLEST_SAMPLE = 10;

export const USUAL_SAMPLE = 50;

/** Seeds are whole numbers below this; six digits are read out and typed without a mistake. */
export const SEEDS = 1_000_000;

/** A seed that nobody chose. */
export function anySeed() {
    return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % SEEDS;
}

/**
 * Each item has the same chance, and none is drawn twice. The same seed draws the same items, in the same order, from
 * the same items.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} count At most as many as there are.
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
 * Numbers from 0 to below 1, the same for the same seed: the generator "mulberry32" by Tommy Ettinger (public domain),
 * whose 32 bits of state suffice to draw posts.
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
