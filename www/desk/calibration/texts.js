// The English strings of the correction.

import { counted, grouped } from '../words.js';

/** @param {string} date In ISO 8601. */
const day = (date) => new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

export const texts = {
    title: 'Your correction',
    lead: 'Learns from your labels and moves the model’s labels towards yours. It adjusts only the last step of the model, on this device.',
    use: 'Use my correction',
    export: 'Export',
    import: 'Import',
    delete: 'Delete',
    fit: (/** @type {number} */ labels) => `Fit to my ${grouped(labels)} labels`,
    fitAgain: (/** @type {number} */ labels) => `Fit again to my ${grouped(labels)} labels`,
    fittingNow: 'Fitting …',
    status: {
        on: 'Your correction is in use.',
        off: 'Your correction is off.',
        fitting: 'Fitting.',
        fitted: 'The correction is fitted.',
        imported: 'The correction is imported. It is off.',
        deleted: 'The correction is deleted.',
    },
    cannotFit: 'The correction cannot be fitted',
    cannotImport: (/** @type {string} */ file) => `“${file}” cannot be imported`,
    state: {
        fitting: (/** @type {number} */ labels) => `Fitting to ${grouped(labels)} labels and cross-validating.`,
        otherModel: (/** @type {string} */ model) =>
            `This correction belongs to another model (${model}). Load that model to use it, or fit one to this model.`,
        stale: (/** @type {number} */ fitted, /** @type {number} */ labels) =>
            `Your labels have changed since: it was fitted to ${grouped(fitted)}, and now there are ${grouped(labels)}.`,
        imported: 'Imported from a file.',
        enough: (/** @type {number} */ labels) =>
            `You have set ${grouped(labels)} labels, which is enough to fit a correction. More labels make it better.`,
        noModel: 'The model is not loaded yet.',
        few: (/** @type {number} */ labels, /** @type {number} */ needed) =>
            `You have set ${grouped(labels)} of the ${grouped(needed)} labels that a correction needs. Label more posts.`,
    },
    doubtful: (/** @type {number} */ reviewed, /** @type {number} */ labels) =>
        `${grouped(reviewed)} of your ${grouped(labels)} labels come from the review, which shows uncertain posts first: agreement is lower there than over all posts. A blind test has no such bias.`,
    report: {
        caption: 'Before and after the correction',
        before: 'Before',
        after: 'After',
        change: 'Change',
        agreement: 'Agreement',
        points: (/** @type {string} */ points) => `${points} points`,
        logLoss: 'Log-loss',
        lower: 'lower is better',
        fitted: (/** @type {number} */ labels, /** @type {string} */ date, /** @type {string} */ how) =>
            `Fitted to ${counted(labels, 'label')} on ${day(date)}. ${how}`,
        validated: 'Cross-validated. Small figures: 95 % intervals.',
        folds: (/** @type {number} */ folds) =>
            `Cross-validated in ${folds} folds: each label was compared with a correction fitted without it. Small figures: 95 % intervals.`,
        biases: 'Biases: below 0 the label is set less often, above 0 more often.',
        biasHeads: ['Label', 'Bar', 'Bias'],
        noBetter:
            'It agrees with your labels no better than the model alone. Leave it off, set more labels and fit again.',
        perhapsBetter:
            'It agrees with your labels a little better, but that may be chance. Set more labels and fit again to find out.',
        better: 'With it, the model agrees with your labels more often.',
        asSure: (/** @type {string} */ temperature) => `Temperature ${temperature}: as sure as before.`,
        lessSure: (/** @type {string} */ temperature) => `Temperature ${temperature}: less sure than before.`,
        surer: (/** @type {string} */ temperature) => `Temperature ${temperature}: surer than before.`,
    },
};

/** Messages of errors; they become sentences where they are shown. */
export const errors = {
    modelToImport: 'the model is not loaded yet; wait for it, then import again',
    modelToFit: 'the model is not loaded; wait for it, then fit again',
    few: (/** @type {number} */ labels, /** @type {number} */ needed) =>
        `${counted(labels, 'label')} ${labels === 1 ? 'is' : 'are'} too few; label at least ${grouped(needed)} posts`,
    tooLarge: 'this file is too large for a correction; choose one that this page exported',
    unreadable: 'this file cannot be read; choose it again',
    notJson: 'this file is not JSON; choose a correction that this page exported',
    notACorrection: 'this file is not a correction; choose one that this page exported',
    version: (/** @type {string} */ version) =>
        `this correction has version ${version}, and this page reads version 1; reload the page, or export it again`,
    otherModel: (/** @type {string} */ model, /** @type {string} */ inUse) =>
        `this correction belongs to the model ${model}, and ${inUse} is in use; load that model, or fit a correction to this one`,
    field: (/** @type {string} */ field, /** @type {string} */ why) =>
        `“${field}” in this correction is ${why}; export it again, and do not change the file`,
    missing: (/** @type {string} */ field, /** @type {string} */ where) =>
        `“${field}” is missing in ${where}; export it again, and do not change the file`,
    unknown: (/** @type {string} */ field, /** @type {string} */ where) =>
        `${where} has “${field}”, which this page does not know; export it again, and do not change the file`,
    theCorrection: 'the correction',
    not: {
        sha256: 'not a SHA-256 in hexadecimal',
        inRange: (/** @type {number} */ low, /** @type {number} */ high) => `not a number from ${low} to ${high}`,
        object: 'not an object',
        number: 'not a number',
        wholeNumber: 'not a whole number above 0',
        shares: 'not two numbers from 0 to 1',
        date: 'not a date',
    },
};
