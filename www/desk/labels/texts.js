// The English strings of the labels that a person chooses.

import { counted, grouped } from '../words.js';

export const texts = {
    choice: {
        title: 'Labels',
        ofModel: (/** @type {string} */ names) => `The model’s labels: ${names}. It suggests one for each post.`,
        own: (/** @type {number} */ count) => `Your own ${counted(count, 'label')}. You label without a model.`,
        useOwn: 'Use your own labels',
        useModel: 'Use the model’s labels',
        change: 'Change the labels',
        names: 'The labels in use',
    },
    form: {
        title: 'Your own labels',
        intro: 'Name the labels that your project needs. No model is loaded: you label the posts yourself, and can train a model from the result.',
        text: 'Labels, one on each line',
        hint: 'Type them or paste a list, 2 to 64. A line that ends with a colon begins a group; a colour may follow a name: calm #4a90d9.',
        ready: 'Start from',
        readyNone: 'a ready-made set …',
        /** @type {Record<keyof typeof import('./own-labels.js').READY_MADE, string>} */
        sets: {
            plutchik: 'Plutchik’s eight emotions, and neutral',
            ekman: 'Ekman’s six emotions, and neutral',
            mikels: 'Mikels’ eight emotions',
            sentiment: 'Positive, neutral, negative',
        },
        earlier: (/** @type {string} */ names) => `Earlier: ${names}`,
        none: 'Label for “none of these”',
        noNone: 'there is none',
        colours: 'Colours and keys',
        colour: (/** @type {string} */ label) => `Colour of ${label}`,
        noKey: 'found by name',
        use: (/** @type {number} */ count) => (count > 0 ? `Use these ${grouped(count)} labels` : 'Use these labels'),
        cancel: 'Cancel',
        shortened: (/** @type {string} */ names, /** @type {number} */ more) =>
            more > 0 ? `${names} and ${grouped(more)} more` : names,
    },
    change: {
        title: 'Change the labels',
        intro: 'Posts keep the labels that you have set, also those that you remove here: they are shown as labels that are not in use.',
    },
    mistakes: {
        few: 'Enter at least two labels.',
        many: (/** @type {number} */ count, /** @type {number} */ most) =>
            `These are ${grouped(count)} labels. A project has ${most} at most: remove some.`,
        twice: (/** @type {string} */ name) => `“${name}” is there twice. Remove one of them.`,
        long: (/** @type {string} */ start, /** @type {number} */ most) =>
            `“${start}…” is too long. A label has ${most} characters at most.`,
        control: 'A label contains a control character. Type it again.',
    },
};
