// The English strings of the export.

import { megabytes } from '../../shared/words.js';
import { counted, grouped } from '../words.js';

/** @param {number} bytes */
const size = (bytes) => (bytes < 100_000 ? `${grouped(Math.ceil(bytes / 1000))} kB` : `${megabytes(bytes)} MB`);

export const texts = {
    title: 'Save the labels',
    posts: {
        legend: 'Which posts',
        all: 'All posts',
        filtered: 'Those that the filter shows',
        manual: 'Those labelled by you',
    },
    format: 'Format',
    formats: {
        csv: {
            label: 'CSV',
            hint: 'For spreadsheets, R and pandas. The desk can open it again, with your labels.',
        },
        jsonLines: {
            label: 'JSON Lines',
            hint: 'The same columns, one object per line. The desk can open it again too.',
        },
        labelStudio: {
            label: 'Label Studio',
            hint: 'Tasks with the model’s labels as predictions and yours as annotations.',
        },
        doccano: { label: 'doccano', hint: 'JSON Lines for text classification; captions only.' },
        training: {
            label: 'Training',
            hint: 'A table and a recipe for “emofuse train”: makes a model from your labels.',
        },
        manifest: { label: 'Run manifest', hint: 'Model, settings and counts of this run, to keep beside the labels.' },
    },
    escape: 'Escape formulas',
    escapeHint: "For spreadsheets; puts ' before cells that begin with =, +, -, @.",
    save: (/** @type {number} */ posts) => `Save ${counted(posts, 'post')}`,
    saveManifest: 'Save the run manifest',
    saveConfiguration: 'Save the labelling configuration',
    saveRecipe: 'Save the recipe',
    cancel: 'Cancel',
    progress: 'Progress',
    writing: (/** @type {string} */ name) => `Writing “${name}” …`,
    saved: (/** @type {string} */ name, /** @type {number} */ bytes) =>
        `“${name}” is in your browser’s downloads: ${size(bytes)}.`,
    nothingSaved: 'Nothing was saved.',
    failed: (/** @type {string} */ name) => `“${name}” could not be written`,
    manifest: 'Names the model, the time, the device and the settings, and counts the results. It contains no post.',
    noImages: 'The file does not contain the images.',
    noImagesLabelStudio:
        'The file contains the names of the images only. Put the images where Label Studio finds them, and set the labelling configuration first.',
    training:
        'Save the table and the recipe into the folder of the images. The first lines of the recipe have the command.',
    unlabelled: (/** @type {number} */ count) =>
        `${counted(count, 'post')} without a label of yours ${count === 1 ? 'is' : 'are'} left out.`,
    leftOut: (/** @type {number} */ count) =>
        `${counted(count, 'post')} without a caption ${count === 1 ? 'is' : 'are'} left out: doccano takes text only.`,
    withoutPrediction: (/** @type {number} */ count) =>
        `${counted(count, 'post')} ${count === 1 ? 'has' : 'have'} not been analysed yet, or could not be.`,
    /** The question above the choices in Label Studio. */
    question: 'Which emotion does the post convey?',
    questionOfOthers: 'Which label fits the post?',
};
