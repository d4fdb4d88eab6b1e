// The post inside a model file by which each back end is tested, as `emofuse train` writes it (src/train/export.rs).

/** The caption, the side of the image in pixels, and the largest difference of a score that rounding explains. */
export const SELF_TEST = {
    caption: 'What a wonderful surprise, thank you all so much! #happy',
    test_card_side: 224,
    tolerance: 2e-3,
};

/**
 * The image, pixel for pixel the engine's (src/engine/preprocessing/test_card.rs).
 *
 * @param {number} side In pixels.
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA.
 */
export function testCard(side) {
    const pixels = new Uint8ClampedArray(side * side * 4);
    for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++)
            pixels.set([...colourOf(column, row, side), 255], (row * side + column) * 4);
    return pixels;
}

/**
 * @param {number} column
 * @param {number} row
 * @param {number} side
 * @returns {readonly number[]}
 */
function colourOf(column, row, side) {
    const across = Math.abs(2 * column + 1 - side);
    const down = Math.abs(2 * row + 1 - side);
    const gradient = (/** @type {number} */ value) => Math.floor((value * 255) / side);
    if (Math.abs(column - row) * 40 < side) return [250, 240, 20];
    if (across * across + down * down < Math.floor((side * side) / 4)) return [220, gradient(row), 40];
    if (column * 2 > side && row * 2 > side) {
        const square = (Math.floor((column * 16) / side) + Math.floor((row * 16) / side)) % 2;
        return square === 0 ? [30, 60, 90] : [200, 220, 210];
    }
    return [gradient(column), gradient(row), 255 - gradient(Math.floor((column + row) / 2))];
}
