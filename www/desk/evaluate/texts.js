// The English strings of the evaluation.

import { figureTexts } from '../review/texts.js';
import { counted, grouped } from '../words.js';

export const texts = {
    ...figureTexts,
    title: 'The model beside your labels',
    progress: (/** @type {number} */ n, /** @type {number} */ all) =>
        n === all
            ? `All ${counted(all, 'label')} of your table are compared with the model’s. Your labels stay as they are.`
            : `${grouped(n)} of ${counted(all, 'label')} of your table are compared so far. Your labels stay as they are.`,
    waiting: 'The figures appear as soon as the first posts are analysed.',
    accuracy: 'Accuracy',
    macroF1: 'Macro-F1',
    macroRemark: (/** @type {number} */ labels) => `Mean over ${counted(labels, 'label')} of your table`,
    disagreements: (/** @type {number} */ count) => `${counted(count, 'disagreement')}, the model most certain first`,
    list: 'Posts that you and the model label differently',
    none: 'You and the model agree on every post compared so far.',
    corrected: 'Your correction is in use. If it was fitted to these labels, the figures are too high.',
    yours: (/** @type {string} */ emotion) => `You: ${emotion}`,
    models: (/** @type {string} */ emotion) => `Model: ${emotion}`,
};
