// The emotions in their order on Plutchik's wheel.

/** @typedef {import('../emofuse.js').Emotion} Emotion */

/**
 * Plutchik's eight, clockwise from the top; opposites face each other.
 *
 * @type {readonly Emotion[]}
 */
export const AROUND_THE_WHEEL = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation'];
