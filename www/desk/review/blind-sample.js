// A blind sample: posts drawn at random, labelled without seeing the model's labels, and then compared with them.

import { labelsInUse } from '../../shared/labels.js';
import { drawSample } from './sample.js';
import { LabellingSession } from './labelling-session.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./agreement.js').Pair & { uncertain: boolean }} ComparedPair */

/**
 * Returns the posts that a sample is drawn from.
 *
 * @param {Collection} collection
 * @returns {DeskPost[]}
 */
export const classifiedPosts = (collection) => collection.posts.filter(({ prediction }) => prediction !== null);

/** The session of a blind sample. */
export class BlindSample extends LabellingSession {
    seed;
    #collection;

    /**
     * @param {Collection} collection
     * @param {number} count
     * @param {number} seed
     */
    constructor(collection, count, seed) {
        super(collection, drawSample(classifiedPosts(collection), count, seed), 'blind');
        this.seed = seed;
        this.#collection = collection;
    }

    /**
     * Returns the labels set in this sample and the model's, with the correction if one is in use.
     *
     * @returns {ComparedPair[]}
     */
    pairs() {
        return [...this.answers].flatMap(([post, manual]) => {
            const label = labelsInUse().names.includes(manual) ? this.#collection.predictedLabel(post) : null;
            return label ? [{ manual, predicted: label.emotion, uncertain: label.uncertain }] : [];
        });
    }
}
