// The posts that are on the desk, and the listeners to their changes.

import { predictedLabel } from './labelling/prediction.js';

/** @typedef {import('./types.js').Correction} Correction */
/** @typedef {import('./types.js').DeskPost} DeskPost */
/** @typedef {import('./types.js').ManualLabel} ManualLabel */
/** @typedef {import('./types.js').Problem} Problem */
/** @typedef {import('./types.js').PredictedLabel} PredictedLabel */

/**
 * What has changed: `posts` is another set of posts, `predictions` the model's predictions for some, `labels` manual
 * labels, `correction` the correction in use.
 *
 * @typedef {'posts' | 'predictions' | 'labels' | 'correction'} Change
 */

/** The desk's one state that its parts share. */
export class Collection {
    /** @type {DeskPost[]} */
    posts = [];
    /** @type {Problem[]} */
    problems = [];
    /** What the posts came from, in a word or two. */
    name = '';
    /** @type {Correction | null} The one in use. */
    correction = null;
    /** @type {import('../emofuse.js').Description | null} Of the model in use; null until it is loaded. */
    description = null;
    /** @type {Set<(changes: Set<Change>) => void>} */
    #listeners = new Set();
    /** @type {Set<Change>} */
    #changes = new Set();
    #saveManualLabel;

    /**
     * @param {(post: DeskPost) => void} saveManualLabel Called when a manual label has changed, to write it to the journal.
     */
    constructor(saveManualLabel) {
        this.#saveManualLabel = saveManualLabel;
    }

    /**
     * Adds a listener. It is called for all changes together, at most once a frame, or a few times a second in a hidden page.
     *
     * @param {(changes: Set<Change>) => void} listener
     */
    onChange(listener) {
        this.#listeners.add(listener);
    }

    /**
     * Puts other posts on the desk.
     *
     * @param {string} name
     * @param {DeskPost[]} posts
     * @param {Problem[]} problems
     */
    replace(name, posts, problems) {
        this.name = name;
        this.posts = posts;
        this.problems = problems;
        this.changed('posts');
    }

    /** @param {Change} change */
    changed(change) {
        this.#changes.add(change);
        if (this.#changes.size > 1) return;
        const notify = () => {
            if (this.#changes.size === 0) return;
            const changes = this.#changes;
            this.#changes = new Set();
            for (const listener of this.#listeners) listener(changes);
        };
        if (document.hidden) setTimeout(notify, 250);
        else requestAnimationFrame(notify);
    }

    /**
     * Sets the label of a post, and of those that are the same to the letter.
     *
     * @param {DeskPost} post
     * @param {ManualLabel | null} label
     */
    setManualLabel(post, label) {
        post.manualLabel = label;
        if (post.key !== null) for (const other of this.posts) if (other.key === post.key) other.manualLabel = label;
        this.#saveManualLabel(post);
        this.changed('labels');
    }

    /** @param {Correction | null} correction */
    useCorrection(correction) {
        this.correction = correction;
        this.changed('correction');
    }

    /**
     * The model's label for a post; null if it was not classified.
     *
     * @param {DeskPost} post
     * @returns {PredictedLabel | null}
     */
    predictedLabel(post) {
        if (!post.prediction || !this.description) return null;
        return predictedLabel(post.prediction, this.correction, this.description.uncertain_below);
    }
}
