// A few classifiers that share the work: one for each core, or one on the graphics device.

import { EmotionClassifier } from '../../emofuse.js';

/** @typedef {import('../../emofuse.js').Description} Description */
/** @typedef {import('../../emofuse.js').Post} Post */
/** @typedef {import('../../emofuse.js').Result} Result */

/** On the CPU more workers than this gain little and take 100 MB each. */
const MOST_WORKERS = 4;

/**
 * So many posts for each worker: those that were sent to it, and two that are read from the disk and hashed meanwhile.
 */
const AHEAD = 6;

/**
 * @typedef {object} PoolOptions
 * @property {'auto' | import('../../emofuse.js').Backend} [backend]
 * @property {number | undefined} [workers] On the CPU; one for each core, up to four, where absent. On WebGPU there is
 *     one.
 * @property {'large' | Blob | null} [model] The large model, or a model file of one's own; null for the default model.
 * @property {(progress: import('../../emofuse.js').LoadProgress) => void} [onProgress]
 * @property {AbortSignal | null} [signal]
 */

/** @typedef {{ classifier: EmotionClassifier, underWay: number }} Member */

/** Made by {@link ClassifierPool.load}. */
export class ClassifierPool {
    /** @type {Member[]} */
    #members;

    /**
     * @private
     * @param {EmotionClassifier[]} classifiers
     */
    constructor(classifiers) {
        this.#members = classifiers.map((classifier) => ({ classifier, underWay: 0 }));
    }

    /**
     * Rejects with what `EmotionClassifier.load` does.
     *
     * @param {PoolOptions} [options]
     * @returns {Promise<ClassifierPool>}
     */
    static async load({
        backend = 'auto',
        workers = oneForEachCore(),
        model = null,
        onProgress = () => {},
        signal = null,
    } = {}) {
        // Alone, so that everything is fetched once; the others find it in the browser's cache.
        const first = await EmotionClassifier.load({ backend, model, onProgress, signal });
        if (first.describe().backend === 'webgpu') return new ClassifierPool([first]);
        const more = Array.from({ length: Math.max(0, workers - 1) }, () =>
            EmotionClassifier.load({ backend: 'cpu', model, signal }),
        );
        const others = await Promise.allSettled(more);
        // Where there is no room for all, those that there are do the work.
        const pool = new ClassifierPool([
            first,
            ...others.flatMap((other) => (other.status === 'fulfilled' ? [other.value] : [])),
        ]);
        if (!signal?.aborted) return pool;
        pool.dispose();
        throw others.find((other) => other.status === 'rejected')?.reason ?? signal.reason;
    }

    /** How many workers there are. */
    get workers() {
        return this.#members.length;
    }

    /** How many posts should be under way, so that nobody waits for the next one. */
    get ahead() {
        return this.#members.length * AHEAD + 2 * (this.describe().limits.max_batch - 1);
    }

    /** @returns {Description} */
    describe() {
        return this.#first.describe();
    }

    /**
     * Rejects with what `EmotionClassifier.classify` does.
     *
     * @param {Post} post
     * @param {import('../../emofuse.js').ClassifyOptions} [options]
     * @returns {Promise<Result>}
     */
    async classify(post, options = {}) {
        const member = this.#members.reduce((least, other) => (other.underWay < least.underWay ? other : least));
        member.underWay += 1;
        try {
            return await member.classifier.classify(post, options);
        } finally {
            member.underWay -= 1;
        }
    }

    /** Ends the workers; pending and later calls reject with a DisposedError. */
    dispose() {
        for (const { classifier } of this.#members) classifier.dispose();
    }

    get #first() {
        return /** @type {Member} */ (this.#members[0]).classifier;
    }
}

const oneForEachCore = () => Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
