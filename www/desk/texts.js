// The English strings of the desk as a whole.

export const texts = {
    tabs: {
        label: 'Parts of the desk',
        browse: 'Browse',
        evaluate: 'Evaluate',
        review: 'Review',
        blind: 'Blind test',
        calibrate: 'Calibrate',
        train: 'Train',
        export: 'Export',
    },
    header: { label: 'What is on the desk', labels: 'Change the labels', other: 'Open something else' },
    stored: 'There are no cookies. “Stored on this device” lists what the browser stores of your posts.',
    atStake: 'Posts are being analysed. Results so far are stored; select the same source again to continue.',
    onDesk: (/** @type {number} */ posts) => `${posts} posts are on the desk.`,
    ownLabels: (/** @type {number} */ count) => `Your own ${count} labels are in use.`,
    modelInUse: (/** @type {string} */ kind, /** @type {string} */ id) => `${kind} ${id} is in use.`,
};
