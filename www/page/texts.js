// The texts that the page's JavaScript shows; static text is in index.html.

export const pageTexts = {
    modelInUse: (/** @type {string} */ kind, /** @type {string} */ id) => `${kind} ${id} is in use.`,
    postAtStake: 'The post in the form will be lost.',
    stored: 'There are no cookies. Of your posts, nothing is stored but the labels that you give under “What would you say?”.',
    emptyAnswer: 'Add an image or a caption.',
    severalImages: (/** @type {number} */ count) =>
        `You dropped ${count} images. This page takes one at a time: the first. The labelling desk takes them all.`,
    openDesk: 'Open the labelling desk',
    dismiss: 'Close',
};

export const labelTexts = {
    question: 'What would you say?',
    choose: 'Choose a label',
    saved: (/** @type {number} */ count) => `Saved on this device (${count === 1 ? '1 label' : `${count} labels`}).`,
    csv: 'Save as CSV',
    jsonLines: 'Save as JSON Lines',
    delete: 'Delete',
    deleted: 'Your labels are deleted.',
};

export const shareTexts = {
    json: 'Save as JSON',
    image: 'Save as image',
    share: 'Share',
    failed: 'The image could not be made.',
    quoted: (/** @type {string} */ caption) => `“${caption}”`,
    title: 'What this post conveys',
    footer: 'emofuse: the emotion a post conveys, not what a person feels',
};
