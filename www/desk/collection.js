// The posts on the desk, and the listeners to their changes.

import { predictedLabel } from './labelling/prediction.js';

/** @typedef {import('./types.js').Correction} Correction */
/** @typedef {import('./types.js').DeskPost} DeskPost */
/** @typedef {import('./types.js').ManualLabel} ManualLabel */
/** @typedef {import('./types.js').Problem} Problem */
/** @typedef {import('./types.js').Settings} Settings */
/** @typedef {import('./types.js').PredictedLabel} PredictedLabel */

/**
 * The kind of a change: `posts` is another set of posts, `predictions` new predictions of the model, `labels` manual
 * labels and notes, `correction` the correction in use.
 *
 * @typedef {'posts' | 'predictions' | 'labels' | 'correction'} Change
 */

/**
 * Functions that write changes to the journal.
 *
 * @typedef {object} Savers
 * @property {(post: DeskPost) => void} [saveNote]
 * @property {(settings: Settings) => void} [saveSettings]
 */

/** The state that all parts of the desk share. */
export class Collection {
    /** @type {DeskPost[]} */
    posts = [];
    /** @type {Problem[]} */
    problems = [];
    /** A short name of the source. */
    name = '';
    /** @type {Correction | null} The one in use. */
    correction = null;
    /** @type {Settings} */
    settings = { guide: '', hidesGuess: false };
    /** @type {import('../emofuse.js').Description | null} Of the model in use; null until it is loaded. */
    description = null;
    /** @type {Set<(changes: Set<Change>) => void>} */
    #listeners = new Set();
    /** @type {Set<Change>} */
    #changes = new Set();
    #saveManualLabel;
    #saveNote;
    #saveSettings;

    /**
     * @param {(post: DeskPost) => void} saveManualLabel Called when a manual label has changed, to write it to the journal.
     * @param {Savers} [savers]
     */
    constructor(saveManualLabel, { saveNote = () => {}, saveSettings = () => {} } = {}) {
        this.#saveManualLabel = saveManualLabel;
        this.#saveNote = saveNote;
        this.#saveSettings = saveSettings;
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
     * Sets the label of a post, and of all posts with the same content.
     *
     * @param {DeskPost} post
     * @param {ManualLabel | null} label
     */
    setManualLabel(post, label) {
        this.setManualLabels([[post, label]]);
    }

    /**
     * Sets the labels of many posts at once.
     *
     * @param {Iterable<[DeskPost, ManualLabel | null]>} labels
     */
    setManualLabels(labels) {
        /** @type {Map<string, ManualLabel | null>} */
        const byKey = new Map();
        for (const [post, label] of labels) {
            post.manualLabel = label;
            if (post.key !== null) byKey.set(post.key, label);
            this.#saveManualLabel(post);
        }
        if (byKey.size > 0)
            for (const post of this.posts) {
                const label = post.key === null ? undefined : byKey.get(post.key);
                if (label !== undefined) post.manualLabel = label;
            }
        this.changed('labels');
    }

    /**
     * Sets the note of a post, and of all posts with the same content.
     *
     * @param {DeskPost} post
     * @param {string} text
     */
    setNote(post, text) {
        const note = text.trim() === '' ? null : text;
        post.note = note;
        if (post.key !== null) for (const other of this.posts) if (other.key === post.key) other.note = note;
        this.#saveNote(post);
        this.changed('labels');
    }

    /**
     * Takes over what another tab has saved.
     *
     * @param {{ store: string, key: string, value: any }} record Of the journal.
     */
    follow({ store, key, value }) {
        if (store === 'desk') this.settings = { ...this.settings, ...value };
        for (const post of this.posts) {
            if (post.key !== key) continue;
            if (store === 'manualLabels') post.manualLabel = value;
            if (store === 'notes') post.note = value;
        }
        this.changed('labels');
    }

    /** @param {Partial<Settings>} changed */
    changeSettings(changed) {
        this.settings = { ...this.settings, ...changed };
        this.#saveSettings(this.settings);
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
