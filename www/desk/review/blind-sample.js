// A blind sample: posts drawn at random, labelled without a word of the machine's, and then compared with it.

import { drawSample } from './sample.js';
import { LabellingSession } from './labelling-session.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./agreement.js').Pair & { uncertain: boolean }} ReadPair */

/**
 * The posts that a sample is drawn from.
 *
 * @param {Collection} collection
 * @returns {DeskPost[]}
 */
export const readPosts = (collection) => collection.posts.filter(({ judgement }) => judgement !== null);

/** A sample under way. */
export class BlindSample extends LabellingSession {
    seed;
    #collection;

    /**
     * @param {Collection} collection
     * @param {number} count
     * @param {number} seed
     */
    constructor(collection, count, seed) {
        super(collection, drawSample(readPosts(collection), count, seed), 'blind');
        this.seed = seed;
        this.#collection = collection;
    }

    /**
     * What was set in this sample beside what the machine says, with the correction where one is in use.
     *
     * @returns {ReadPair[]}
     */
    pairs() {
        return [...this.answers].flatMap(([post, hand]) => {
            const reading = this.#collection.read(post);
            return reading ? [{ hand, machine: reading.emotion, uncertain: reading.uncertain }] : [];
        });
    }
}
