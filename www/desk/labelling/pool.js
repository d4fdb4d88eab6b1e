// A pool of classifiers: one for each core, or one on the graphics device. With `'auto'`, one of them may move to the
// graphics device; it then takes more posts, and the others continue.

import { EmotionClassifier } from '../../emofuse.js';

/** @typedef {import('../../emofuse.js').Description} Description */
/** @typedef {import('../../emofuse.js').Post} Post */
/** @typedef {import('../../emofuse.js').Result} Result */

/** On the CPU, more workers gain little and take 100 MB each. */
const MOST_WORKERS = 4;

/**
 * The number of posts in progress per worker: those sent to it, and two that are read and hashed meanwhile.
 */
const AHEAD = 6;

/**
 * @typedef {object} PoolOptions
 * @property {'auto' | import('../../emofuse.js').Backend} [backend]
 * @property {number | undefined} [workers] One for each core, at most four, if absent. Always one if `backend` is
 *     `'webgpu'`.
 * @property {'large' | Blob | null} [model] The large model, or the person's own model file; null for the default
 *     model.
 * @property {(progress: import('../../emofuse.js').LoadProgress) => void} [onProgress]
 * @property {(description: Description) => void} [onBackendChange] As for `EmotionClassifier.load`.
 * @property {AbortSignal | null} [signal]
 */

/** @typedef {{ classifier: EmotionClassifier, underWay: number }} Member */

/** Created by {@link ClassifierPool.load}. */
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
     * Rejects with the errors of `EmotionClassifier.load`.
     *
     * @param {PoolOptions} [options]
     * @returns {Promise<ClassifierPool>}
     */
    static async load({
        backend = 'auto',
        workers = oneForEachCore(),
        model = null,
        onProgress = () => {},
        onBackendChange = () => {},
        signal = null,
    } = {}) {
        // The first one alone, so that everything is downloaded once; the others find it in the browser's cache.
        const first = await EmotionClassifier.load({ backend, model, onProgress, onBackendChange, signal });
        if (backend === 'webgpu') return new ClassifierPool([first]);
        const more = Array.from({ length: Math.max(0, workers - 1) }, () =>
            EmotionClassifier.load({ backend: 'cpu', model, signal }),
        );
        const others = await Promise.allSettled(more);
        // If there is no room for all workers, the pool uses those that have started.
        const pool = new ClassifierPool([
            first,
            ...others.flatMap((other) => (other.status === 'fulfilled' ? [other.value] : [])),
        ]);
        if (!signal?.aborted) return pool;
        pool.dispose();
        throw others.find((other) => other.status === 'rejected')?.reason ?? signal.reason;
    }

    /** The number of workers. */
    get workers() {
        return this.#members.length;
    }

    /** How many posts should be in progress, so that no worker is idle. */
    get ahead() {
        return this.#members.length * AHEAD + 2 * (this.describe().limits.max_batch - 1);
    }

    /** @returns {Description} */
    describe() {
        return this.#first.describe();
    }

    /**
     * Rejects with the errors of `EmotionClassifier.classify`.
     *
     * @param {Post} post
     * @param {import('../../emofuse.js').ClassifyOptions} [options]
     * @returns {Promise<Result>}
     */
    classify(post, options = {}) {
        return this.#withLeastBusy((classifier) => classifier.classify(post, options));
    }

    /**
     * Rejects with the errors of `EmotionClassifier.features`.
     *
     * @param {Post} post
     * @param {import('../../emofuse.js').FeaturesOptions} [options]
     * @returns {Promise<import('../../emofuse.js').Features>}
     */
    features(post, options = {}) {
        return this.#withLeastBusy((classifier) => classifier.features(post, options));
    }

    /** Ends the workers; pending and later calls reject with a DisposedError. */
    dispose() {
        for (const { classifier } of this.#members) classifier.dispose();
    }

    /**
     * @template R
     * @param {(classifier: EmotionClassifier) => Promise<R>} run
     * @returns {Promise<R>}
     */
    async #withLeastBusy(run) {
        const member = this.#members.reduce((least, other) => (other.underWay < least.underWay ? other : least));
        member.underWay += 1;
        try {
            return await run(member.classifier);
        } finally {
            member.underWay -= 1;
        }
    }

    get #first() {
        return /** @type {Member} */ (this.#members[0]).classifier;
    }
}

const oneForEachCore = () => Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
