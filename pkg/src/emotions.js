// The nine labels.

/**
 * Plutchik's eight primary emotions and `neutral`, in the one order used everywhere.
 *
 * @type {readonly import('./types.js').Emotion[]}
 */
export const EMOTIONS = Object.freeze([
    'joy',
    'trust',
    'fear',
    'surprise',
    'sadness',
    'disgust',
    'anger',
    'anticipation',
    'neutral',
]);
