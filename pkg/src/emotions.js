// The labels of the default model.

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

/**
 * @param {readonly (string | import('./types.js').Label)[]} labels
 * @returns {string[]}
 */
export const namesOf = (labels) => labels.map((label) => (typeof label === 'string' ? label : label.name));

/**
 * What an engine says of its labels. A program of before model files had labels of their own says less.
 *
 * @param {Pick<import('./types.js').Description, 'labels'> & Partial<Pick<import('./types.js').Description, 'none' | 'system'>>} engine
 */
export const describedLabels = ({ labels, none, system = 'common_space' }) => ({
    labels: [...labels],
    none: none === undefined ? (namesOf(labels).find((name) => name === 'neutral') ?? null) : none,
    system,
});
