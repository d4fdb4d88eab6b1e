// The posts that are on the desk, and who wants to know when they change.

import { read } from './labelling/prediction.js';

/** @typedef {import('./types.js').Correction} Correction */
/** @typedef {import('./types.js').DeskPost} DeskPost */
/** @typedef {import('./types.js').HandLabel} HandLabel */
/** @typedef {import('./types.js').Problem} Problem */
/** @typedef {import('./types.js').Reading} Reading */

/**
 * What has changed: `posts` is another set of posts, `judgements` what the machine says of some, `labels` what was set
 * by hand, `correction` the correction in use.
 *
 * @typedef {'posts' | 'judgements' | 'labels' | 'correction'} Change
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
    #keepHand;

    /**
     * @param {(post: DeskPost) => void} keepHand Called when a hand-set label has changed, to write it to the journal.
     */
    constructor(keepHand) {
        this.#keepHand = keepHand;
    }

    /**
     * Told of all changes together, at most once a frame, or a few times a second in a hidden page.
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
        const tell = () => {
            if (this.#changes.size === 0) return;
            const changes = this.#changes;
            this.#changes = new Set();
            for (const listener of this.#listeners) listener(changes);
        };
        if (document.hidden) setTimeout(tell, 250);
        else requestAnimationFrame(tell);
    }

    /**
     * Sets the label of a post, and of those that are the same to the letter.
     *
     * @param {DeskPost} post
     * @param {HandLabel | null} hand
     */
    setHand(post, hand) {
        post.hand = hand;
        if (post.key !== null) for (const other of this.posts) if (other.key === post.key) other.hand = hand;
        this.#keepHand(post);
        this.changed('labels');
    }

    /** @param {Correction | null} correction */
    useCorrection(correction) {
        this.correction = correction;
        this.changed('correction');
    }

    /**
     * What the machine says of a post; null where it was not read.
     *
     * @param {DeskPost} post
     * @returns {Reading | null}
     */
    read(post) {
        if (!post.judgement || !this.description) return null;
        return read(post.judgement, this.correction, this.description.uncertain_below);
    }
}
