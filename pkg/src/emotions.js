// The nine labels.

/**
 * Plutchik's eight primary emotions and `neutral`, in the order used everywhere.
 *
 * @example
 * import { EMOTIONS } from 'emofuse';
 *
 * const { scores } = await classifier.classify({ caption: 'finally home' });
 * for (const emotion of EMOTIONS) console.log(emotion, scores[emotion]);
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
