/**
 * Plutchik's eight primary emotions and `neutral`, in the one order used everywhere.
 *
 * @type {readonly import('./types.js').Emotion[]}
 */
export declare const EMOTIONS: readonly import('./types.js').Emotion[];
