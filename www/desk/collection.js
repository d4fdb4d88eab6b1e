// The posts on the desk, and the listeners to their changes.

import { LabelSet, PLUTCHIK, labelsOf, useLabels } from '../shared/labels.js';
import { predictedLabel } from './labelling/prediction.js';
import { labelFor, labelsOfProject, scopeOfModel } from './labels/own-labels.js';

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
    /** Whether a model analyses the posts; otherwise they are labelled by the person alone, with labels of their own. */
    hasModel = true;
    /** The beginning of the journal's keys: labels of one's own stay apart from those of the same posts in other projects. */
    scope = '';
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

    /** @param {import('../emofuse.js').Description} description Of the model whose labels are in use from now on. */
    useModel(description) {
        this.hasModel = true;
        this.description = description;
        this.#useLabels(labelsOf(description), scopeOfModel(this.settings.ownLabels, labelsOf(description).names));
    }

    /** @param {import('./labels/own-labels.js').Project} project Its labels are in use from now on, without a model. */
    useOwnLabels(project) {
        if (this.hasModel || this.description) {
            for (const post of this.posts) post.prediction = null;
            this.changed('predictions');
        }
        this.hasModel = false;
        this.description = null;
        this.#useLabels(labelsOfProject(project), project.scope);
    }

    /** The model's labels are in use again; until a model is loaded, the default model's. */
    leaveOwnLabels() {
        if (this.hasModel) return;
        this.hasModel = true;
        this.#useLabels(new LabelSet(PLUTCHIK, 'neutral'), '');
    }

    /**
     * @param {import('../shared/labels.js').LabelSet} labels
     * @param {string} scope
     */
    #useLabels(labels, scope) {
        useLabels(labels);
        this.#nameImported(labels.names);
        if (scope !== this.scope)
            for (const post of this.posts.filter(({ key }) => key !== null)) {
                // It is stored in its own place, and the next run finds what is stored here.
                const manualLabel = post.manualLabel?.how === 'import' ? post.manualLabel : null;
                Object.assign(post, { manualLabel, note: null, key: null, state: 'waiting' });
            }
        this.scope = scope;
        this.changed('labels');
    }

    /**
     * Labels from tables are those in use that they stand for, however they are written.
     *
     * @param {readonly string[]} names
     */
    #nameImported(names) {
        /** @type {Map<string, string>} */
        const known = new Map(names.map((name) => [name, name]));
        const named = (/** @type {string} */ label) => {
            const name = known.get(label) ?? labelFor(label, names) ?? label;
            known.set(label, name);
            return name;
        };
        for (const post of this.posts) {
            if (post.tableLabel) post.tableLabel = named(post.tableLabel);
            if (post.manualLabel?.how === 'import')
                post.manualLabel = { ...post.manualLabel, emotion: named(post.manualLabel.emotion) };
        }
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
