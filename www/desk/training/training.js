// One training, from the labelled posts of the desk to a model file.

import { AbortError } from './abort-error.js';
import { gatherFeatures, testFeatures } from './features.js';
import { alikeOf, keyOf, labelBefore, labelOf, selectPosts } from './selection.js';
import { errors, provenance } from './texts.js';
import { Trainer } from './trainer.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../labelling/pool.js').ClassifierPool} ClassifierPool */
/** @typedef {import('./report.js').Report} Report */
/** @typedef {import('./trained-model.js').Label} Label */

/**
 * @typedef {object} TrainedModel
 * @property {string} id
 * @property {Report} report
 * @property {File} file
 * @property {string} sha256
 * @property {number} unread How many posts could not be read.
 * @property {string} at When, as ISO 8601.
 */

/** @typedef {(phase: 'model' | 'features' | 'fit' | 'file', done: number, all: number) => void} ProgressListener */

/**
 * @typedef {object} TrainingOptions
 * @property {string} id The name of the new model.
 * @property {boolean} weighsRareLabels
 * @property {AbortSignal} signal
 * @property {ProgressListener} onProgress
 */

/** The power of class weights; 1 would give every label the same total. */
const RARE_LABEL_POWER = 0.5;

/** Trains again and again; features are computed once for each post and model. */
export class Training {
    #pool;
    #baseFile;
    /** @type {{ sha256: string, trainer: Trainer, features: { image: Float32Array, caption: Float32Array } } | null} */
    #of = null;

    /**
     * @param {object} parts
     * @param {() => Promise<ClassifierPool>} parts.pool The model in use; loads it if necessary.
     * @param {() => Promise<Blob>} parts.baseFile Its file.
     */
    constructor({ pool, baseFile }) {
        this.#pool = pool;
        this.#baseFile = baseFile;
    }

    /** Forgets the features of posts that are no longer on the desk. */
    clear() {
        this.#of?.trainer.end();
        this.#of = null;
    }

    /**
     * @param {readonly DeskPost[]} posts All on the desk.
     * @param {TrainingOptions} options
     * @returns {Promise<TrainedModel>} Rejects if aborted, if too few posts can be read, and with the errors of the model.
     */
    async run(posts, { id, weighsRareLabels, signal, onProgress }) {
        onProgress('model', 0, 1);
        const pool = await this.#pool();
        const { model, ...description } = pool.describe();
        const known = labelsOf(description);
        const names = known.map(({ name }) => name);
        const selected = selectPosts(posts, names);
        const { trainer, features } = await this.#trainerOf(model.sha256, pool, signal);
        const missing = selected.posts.filter((post) => !trainer.has(keyOf(post)));
        const before = selected.posts.length - missing.length;
        onProgress('features', before, selected.posts.length);
        const unread = await gatherFeatures(missing, {
            pool,
            signal,
            onPost: (post, found) => trainer.keep(keyOf(post), found),
            onProgress: (done) => onProgress('features', before + done, selected.posts.length),
        });
        const used = selectPosts(
            selected.posts.filter((post) => !unread.has(keyOf(post))),
            names,
        );
        if (used.missing) throw new Error(errors.unread(unread.size));
        const learnt = used.labels.map(({ name }) => name);
        onProgress('fit', 0, 1);
        const report = await trainer.train(
            used.posts.map((post) => ({
                key: keyOf(post),
                label: labelOf(post) ?? '',
                second: post.manualLabel?.secondary ?? null,
                alike: alikeOf(post),
                before: labelBefore(post, names, learnt),
            })),
            { labels: learnt, classWeightPower: weighsRareLabels ? RARE_LABEL_POWER : 0 },
            { signal, onProgress: (share) => onProgress('fit', share, 1) },
        );
        onProgress('file', 0, 1);
        const at = new Date().toISOString();
        const { none = null } = /** @type {{ none?: string | null }} */ (description);
        const built = await trainer.build({
            base: await this.#baseFile(),
            baseSha256: model.sha256,
            naming: {
                id,
                labels: learnt.map((name) => known.find((label) => label.name === name) ?? { name }),
                none: none !== null && learnt.includes(none) ? none : null,
                testFeatures: features,
                origin: {
                    trained: provenance.trained(report.posts, at.slice(0, 10)),
                    labels: provenance.labels(used.labels),
                    accuracy: provenance.accuracy(report.accuracy),
                },
            },
        });
        if (signal.aborted) throw new AbortError();
        const file = new File([built.file], `${id}.emofuse`, { type: 'application/octet-stream' });
        return { id, report, file, sha256: built.sha256, unread: unread.size, at };
    }

    /**
     * @param {string} sha256 Of the model in use.
     * @param {ClassifierPool} pool
     * @param {AbortSignal} signal
     */
    async #trainerOf(sha256, pool, signal) {
        if (this.#of?.sha256 !== sha256) {
            this.clear();
            const features = await testFeatures(pool, signal);
            const widths = { image: features.image.length, caption: features.caption.length };
            this.#of = { sha256, features, trainer: new Trainer(widths) };
        }
        return this.#of;
    }
}

/**
 * The labels of a model, with what is known of them.
 *
 * @param {{ labels: readonly unknown[] }} description
 * @returns {Label[]}
 */
export const labelsOf = ({ labels }) =>
    /** @type {readonly (string | Label)[]} */ (labels).map((label) =>
        typeof label === 'string' ? { name: label } : label,
    );
