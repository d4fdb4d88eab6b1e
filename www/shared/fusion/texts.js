// The texts of the view of all systems.

export const fusionTexts = {
    waiting: 'Asking every system …',
    failed: 'The systems could not be compared. Close this and open it again to retry.',
    intro: (/** @type {number} */ count) =>
        count > 1
            ? 'The model answers with the first system. The others were trained on the same posts, for comparison. Each reads the same features of image and caption, and joins them in its own way.'
            : 'This model file has one system.',
    table: 'The strongest label of each system, for the post and with either side taken away',
    columns: ['What is read', 'Label', 'Score as a bar', 'Score'],
    ways: { scores: 'Both', image: 'Image', caption: 'Caption' },
    /** @type {Record<string, { name: string, how: string }>} */
    systems: {
        common_space: {
            name: 'Common space',
            how: 'maps image and caption into one space, where either can stand in for both',
        },
        joint: { name: 'Joint fusion', how: 'maps the image to a vector like the caption’s and adds the two up' },
        early: { name: 'Early fusion', how: 'puts the features side by side before one classifier' },
        late: { name: 'Late fusion', how: 'averages the decisions of two classifiers' },
        image: { name: 'Image classifier', how: 'never reads the caption' },
        caption: { name: 'Caption classifier', how: 'never reads the image' },
    },
};
