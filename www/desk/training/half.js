// Numbers in half precision (IEEE 754 binary16), in which a model file stores the weights of its last layers.

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Rounds to the nearest, to even if two are as near.
 *
 * @param {number} value Of at most 65,504.
 * @returns {number} The 16 bits.
 */
export function toHalf(value) {
    float[0] = value;
    const sign = (bits[0] >>> 16) & 0x8000;
    const exponent = ((bits[0] >>> 23) & 0xff) - 127 + 15;
    const fraction = bits[0] & 0x7fffff;
    if (exponent >= 31) return sign | 0x7c00;
    if (exponent <= 0) {
        if (exponent < -10) return sign;
        // Without the leading 1 implied.
        return sign | shifted(fraction | 0x800000, 14 - exponent);
    }
    // A carry out of the fraction raises the exponent, as it should.
    return sign + (exponent << 10) + shifted(fraction, 13);
}

/**
 * @param {number} value
 * @param {number} by
 */
function shifted(value, by) {
    const half = 1 << (by - 1);
    const rest = value & ((1 << by) - 1);
    const whole = value >>> by;
    return rest > half || (rest === half && whole % 2 === 1) ? whole + 1 : whole;
}

/** @param {number} half */
export function fromHalf(half) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return (sign * fraction) / 2 ** 24;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
