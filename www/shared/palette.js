// Inferno, a perceptual palette: equal steps of a value look like equal steps of colour, also in print and for people
// with red-green colour blindness.

/** Evenly spaced colours of the palette, without its black beginning, so that they are visible on dark images. */
const STOPS = [
    [66, 10, 104],
    [106, 23, 110],
    [147, 38, 103],
    [188, 55, 84],
    [221, 81, 58],
    [243, 120, 25],
    [252, 165, 10],
    [246, 215, 70],
];

/**
 * @param {number} share From 0 to 1.
 * @returns {[number, number, number]} Red, green and blue, 0 to 255.
 */
export function paletteColour(share) {
    const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
    const index = Math.min(STOPS.length - 2, Math.floor(place));
    const [low = [0, 0, 0], high = [0, 0, 0]] = STOPS.slice(index, index + 2);
    const mix = (/** @type {number} */ channel) =>
        Math.round((low[channel] ?? 0) + ((high[channel] ?? 0) - (low[channel] ?? 0)) * (place - index));
    return [mix(0), mix(1), mix(2)];
}
