// The names of tensors in a model file (src/engine/bundle/tensor_group.rs), of the towers and of the last layers that
// are trained here. They stand here alone.

/** Groups that a new last layer leaves as they are: the towers of images and of captions, and the vectors of words. */
export const TOWERS = ['image', 'caption', 'words'];

/** Where a tensor stands in a file: what captions alone need comes first, then the words, then the others. */
const FIRST = ['caption', 'caption_labels', 'caption_emotion', 'standalone_caption', 'standalone_n_grams'];
const SECOND = ['words'];

/** The system of a model with these last layers. */
export const FUSION = { kind: 'early' };

/**
 * `output` has the rows of the image's features, then those of the caption's, and the bias of posts with both; `priors`
 * have what is added for an image alone, then for a caption alone.
 */
export const NAMES = {
    image: { mean: 'fusion.image.mean', deviation: 'fusion.image.deviation' },
    caption: { mean: 'fusion.caption.mean', deviation: 'fusion.caption.deviation' },
    output: { weight: 'fusion.output.weight', bias: 'fusion.output.bias' },
    priors: 'fusion.priors',
    standaloneImage: {
        mean: 'standalone_image.output.standard.mean',
        deviation: 'standalone_image.output.standard.deviation',
        weight: 'standalone_image.output.linear.weight',
        bias: 'standalone_image.output.linear.bias',
    },
    standaloneCaption: {
        mean: 'standalone_caption.output.standard.mean',
        deviation: 'standalone_caption.output.standard.deviation',
        weight: 'standalone_caption.output.linear.weight',
        bias: 'standalone_caption.output.linear.bias',
    },
};

/** @param {string} name */
export const groupOf = (name) => name.split('.')[0];

/** @param {string} name */
export function rankOf(name) {
    const group = groupOf(name);
    return FIRST.includes(group) ? 0 : SECOND.includes(group) ? 1 : 2;
}
