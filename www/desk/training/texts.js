// The English strings of the training.

import { counted, grouped } from '../words.js';

/** @typedef {import('./selection.js').LabelCount} LabelCount */

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** @param {readonly LabelCount[]} labels */
const named = (labels) => list.format(labels.map(({ name, posts }) => `${name} (${grouped(posts)})`));

export const texts = {
    title: 'Train a model on your labels',
    lead: 'Learns your labels, whatever they are called, from the posts that you have labelled. It fits a new last step to the model in use, on this device. You get a model file for this desk, the extension, the package and the command line.',
    name: 'Name of the model',
    nameHint: 'Letters, digits, dots and hyphens.',
    weights: 'Give rare labels more weight',
    weightsHint: 'Rare labels are then found more often, and frequent ones less.',
    train: (/** @type {number} */ posts) => `Train on ${counted(posts, 'post')}`,
    trainAgain: (/** @type {number} */ posts) => `Train again on ${counted(posts, 'post')}`,
    cancel: 'Cancel',
    cannot: 'The model cannot be trained',
    cannotBuild: 'The model file cannot be written',
    cannotKeep: 'The model cannot be kept in this browser',
    state: {
        ready: (/** @type {readonly LabelCount[]} */ labels) => `Labels to learn: ${named(labels)}.`,
        left: (/** @type {readonly LabelCount[]} */ left, /** @type {number} */ fewest) =>
            `Left out, with fewer than ${grouped(fewest)} posts: ${named(left)}.`,
        noLabels: (/** @type {number} */ fewest) =>
            `A training needs two labels with ${grouped(fewest)} posts each. Label more posts.`,
        oneLabel: (/** @type {string} */ label, /** @type {number} */ fewest) =>
            `Only ${label} has ${grouped(fewest)} posts. A training needs a second label with as many.`,
        fewPosts: (/** @type {number} */ posts, /** @type {number} */ needed) =>
            `You have labelled ${grouped(posts)} of the ${grouped(needed)} posts that a training needs, counting labels with enough posts.`,
        stale: 'Your labels have changed since this training.',
    },
    progress: {
        model: 'Loading the model.',
        features: (/** @type {number} */ done, /** @type {number} */ all) =>
            `Reading posts: ${grouped(done)} of ${grouped(all)}.`,
        fit: 'Fitting and cross-validating.',
        file: 'Writing the model file.',
    },
    status: {
        done: 'The model is trained.',
        cancelled: 'The training was cancelled.',
        kept: 'The model is kept on this device.',
        deleted: 'The model is deleted.',
    },
    unread: (/** @type {number} */ posts) =>
        `${counted(posts, 'post')} could not be read and ${posts === 1 ? 'was' : 'were'} left out.`,
    verdict: {
        overall: {
            better: (/** @type {string} */ accuracy, /** @type {string} */ label, /** @type {string} */ share) =>
                `Better than guessing: right for ${accuracy} of the posts. Always answering “${label}” would be right for ${share}.`,
            few: (/** @type {string} */ accuracy, /** @type {string} */ label, /** @type {string} */ share) =>
                `Too few posts to say whether it is better than guessing: right for ${accuracy} of the posts, and always answering “${label}” for ${share}. Label more posts.`,
            none: (/** @type {string} */ accuracy, /** @type {string} */ label, /** @type {string} */ share) =>
                `No better than guessing: right for ${accuracy} of the posts, and always answering “${label}” for ${share}. The model cannot see what your labels mean.`,
        },
        curve: {
            rises: 'Accuracy still rises with the number of posts: more labels will probably help.',
            flat: 'Accuracy hardly rises any more: labels of the same kind will not help much.',
            unclear: 'Whether more labels would help cannot be said yet.',
        },
        weak: (/** @type {readonly string[]} */ labels) => `More labels of ${list.format(labels)} would help.`,
        model: {
            better: (/** @type {string} */ points) =>
                `It agrees with you more often than the model in use, by ${points} points.`,
            worse: (/** @type {string} */ points) =>
                `It agrees with you less often than the model in use, by ${points} points.`,
            unclear: 'It may agree with you as often as the model in use: the difference can be chance.',
        },
    },
    figures: {
        accuracy: 'Accuracy',
        macroF1: 'Macro-F1',
        macroRemark: 'Mean over the labels',
        guessing: 'Guessing',
        guessingRemark: (/** @type {string} */ label) => `Always “${label}”`,
        model: 'Model in use',
        modelRemark: (/** @type {number} */ posts, /** @type {string} */ after) =>
            `On ${counted(posts, 'post')} whose label it knows; the new one: ${after}`,
        interval: (/** @type {string} */ interval) => `95\u00a0%: ${interval}`,
    },
    how: (/** @type {number} */ posts, /** @type {number} */ folds) =>
        `Cross-validated on ${counted(posts, 'post')} in ${folds} folds: each post was answered by a model that had not seen it, nor a post with the same image or caption.`,
    missing: (
        /** @type {number} */ posts,
        /** @type {string} */ both,
        /** @type {string} */ image,
        /** @type {string} */ caption,
    ) =>
        `For the ${counted(posts, 'post')} with image and caption: ${both} with both, ${image} with the image alone, ${caption} with the caption alone.`,
    curve: {
        title: 'Learning curve',
        label: (/** @type {string} */ points) => `Accuracy by the number of posts: ${points}.`,
        point: (/** @type {number} */ posts, /** @type {string} */ accuracy) =>
            `${accuracy} with ${counted(posts, 'post')}`,
        posts: 'Posts',
        accuracy: 'Accuracy',
        interval: '95\u00a0% interval',
        guessing: 'guessing',
    },
    labels: {
        title: 'Each label',
        label: 'Label',
        posts: 'Posts',
        precision: 'Right if given',
        recall: 'Found',
        f1: 'F1',
    },
    confusion: {
        title: 'Who said what',
        hint: 'Rows: your label. Columns: the new model’s. The stronger the shade, the larger the share of the row.',
        caption: 'Your label in rows, the new model’s in columns',
        yours: 'Your label',
        all: 'all',
    },
    result: {
        use: 'Use it on this desk',
        download: 'Download the model',
        keep: 'Keep it on this device',
        kept: 'Kept on this device',
    },
    keptModels: {
        title: 'Models kept on this device',
        about: (/** @type {number} */ posts, /** @type {string} */ accuracy, /** @type {string} */ date) =>
            `${counted(posts, 'post')}, accuracy ${accuracy}, ${date}`,
        use: (/** @type {string} */ name) => `Use ${name}`,
        download: (/** @type {string} */ name) => `Download ${name}`,
        delete: (/** @type {string} */ name) => `Delete ${name}`,
        useShort: 'Use',
        downloadShort: 'Download',
        deleteShort: 'Delete',
    },
};

/** What a model file says of its training. It is in the file, so it stays in English. */
export const provenance = {
    trained: (/** @type {number} */ posts, /** @type {string} */ date) =>
        `in the browser on ${date}, a last layer on the features of the base model, from ${posts} labelled posts`,
    labels: (/** @type {readonly LabelCount[]} */ labels) =>
        `by the person who trained it: ${labels.map(({ name, posts }) => `${name} ${posts}`).join(', ')}`,
    accuracy: (/** @type {import('./intervals.js').Figure} */ { value, low, high }) =>
        `${value.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}), cross-validated`,
};

/** Messages of errors; they become sentences where they are shown. */
export const errors = {
    noModel: 'the file is not an emofuse model; choose another model, then train again',
    version: (/** @type {number} */ found, /** @type {number} */ known) =>
        `the model has the format version ${found}, and this page reads version ${known}; reload the page, or choose another model`,
    damaged: 'the model file is damaged or truncated; load the model again, then train again',
    otherBase: 'the model file has changed since it was loaded; load the model again, then train again',
    noTowers: 'the model in use cannot read both an image and a caption; choose a model that can, then train again',
    unread: (/** @type {number} */ posts) =>
        `too few posts are left, because ${counted(posts, 'post')} could not be read; open their folder again, then train again`,
};
