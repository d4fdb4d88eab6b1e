// Reproducible randomness: the same posts give the same model, in whatever order they stand.

/**
 * A seeded generator of numbers from 0 to below 1: "mulberry32" by Tommy Ettinger (public domain), whose 32 bits of
 * state suffice here.
 *
 * @param {number} seed
 */
export function generator(seed) {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let bits = Math.imul(state ^ (state >>> 15), state | 1);
        bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
        return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    };
}

/**
 * FNV-1a, 32 bits, with a final mixing, because similar texts get similar values without it.
 *
 * @param {string} text
 */
export function hashOf(text) {
    let value = 0x811c9dc5;
    for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
    return (value ^ (value >>> 16)) >>> 0;
}
