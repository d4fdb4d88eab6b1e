/**
 * Plutchik's eight primary emotions and `neutral`: the labels of the default model, in their order. The labels of the model that is
 * loaded are in `classifier.labels`.
 *
 * @example
 * import { EMOTIONS } from 'emofuse';
 *
 * const { scores } = await classifier.classify({ caption: 'finally home' });
 * for (const emotion of EMOTIONS) console.log(emotion, scores[emotion]);
 *
 * @type {readonly import('./types.js').Emotion[]}
 */
export declare const EMOTIONS: readonly import('./types.js').Emotion[];
/**
 * @param {readonly (string | import('./types.js').Label)[]} labels
 * @returns {string[]}
 */
export declare const namesOf: (labels: readonly (string | import('./types.js').Label)[]) => string[];
/**
 * What an engine says of its labels. A program of before model files had labels of their own says less.
 *
 * @param {Pick<import('./types.js').Description, 'labels'> & Partial<Pick<import('./types.js').Description, 'none' | 'system'>>} engine
 */
export declare const describedLabels: ({ labels, none, system }: Pick<import('./types.js').Description, 'labels'> & Partial<Pick<import('./types.js').Description, 'none' | 'system'>>) => {
    labels: (string | import("./types.js").Label)[];
    none: string | null;
    system: string;
};
