// A labelling session: posts one at a time, with labels that can be set and undone.

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */

/**
 * @typedef {object} Step
 * @property {DeskPost} post
 * @property {ManualLabel | null} label Null if the post keeps its label.
 * @property {ManualLabel | null} former
 * @property {Emotion | undefined} formerAnswer
 */

/** The order does not change, whatever happens on the desk meanwhile. */
export class LabellingSession {
    /** @type {DeskPost[]} */
    posts;
    /** The place of the current post; after the last one at the end of the session. */
    position = 0;
    /** @type {Map<DeskPost, Emotion>} The labels set in this session. */
    answers = new Map();
    /** @type {Step[]} */
    #steps = [];
    #collection;
    #how;

    /**
     * @param {Collection} collection
     * @param {DeskPost[]} posts
     * @param {ManualLabel['how']} how
     */
    constructor(collection, posts, how) {
        this.#collection = collection;
        this.posts = posts;
        this.#how = how;
    }

    /** @returns {DeskPost | null} Null at the end. */
    get post() {
        return this.posts[this.position] ?? null;
    }

    /** @returns {DeskPost | null} The next post. */
    get next() {
        return this.posts[this.position + 1] ?? null;
    }

    get canUndo() {
        return this.#steps.some(holds);
    }

    /** Whether all posts of the session are still on the desk. */
    get isOnDesk() {
        return this.posts.every((post) => this.#collection.posts[post.index] === post);
    }

    /** The number of posts that were skipped in this session. */
    get passed() {
        return this.posts.slice(0, this.position).filter((post) => !this.answers.has(post)).length;
    }

    /**
     * Sets the label of the current post and moves to the next. A blind answer never replaces a label from a table.
     *
     * @param {Emotion} emotion
     * @param {{ secondary?: Emotion | null, stays?: boolean }} [options] A second label; whether to stay at the post.
     */
    set(emotion, { secondary = null, stays = false } = {}) {
        const { post } = this;
        if (!post) return;
        const isKept = this.#how === 'blind' && post.manualLabel?.how === 'import';
        const label = isKept
            ? null
            : { emotion, ...(secondary && { secondary }), at: new Date().toISOString(), how: this.#how };
        this.#steps.push({ post, label, former: post.manualLabel, formerAnswer: this.answers.get(post) });
        this.answers.set(post, emotion);
        if (label) this.#collection.setManualLabel(post, label);
        if (!stays) this.position++;
    }

    /**
     * Undoes the last label and moves to its post. A label that was changed elsewhere since is left alone.
     */
    undo() {
        let step = this.#steps.pop();
        while (step && !holds(step)) step = this.#steps.pop();
        if (!step) return;
        const { post, label, former, formerAnswer } = step;
        if (formerAnswer) this.answers.set(post, formerAnswer);
        else this.answers.delete(post);
        if (label) this.#collection.setManualLabel(post, former);
        const place = this.posts.indexOf(post);
        if (place >= 0) this.position = place;
        else this.posts.splice(this.position, 0, post);
    }

    /** @param {-1 | 1} steps */
    move(steps) {
        this.position = Math.min(this.posts.length, Math.max(0, this.position + steps));
    }

    /**
     * Moves to the first post without a label from this session; stays if all have one.
     *
     * @param {(post: DeskPost) => boolean} [isOpen]
     */
    goToOpen(isOpen = (post) => !this.answers.has(post)) {
        const place = this.posts.findIndex(isOpen);
        if (place >= 0) this.position = place;
    }

    /**
     * Replaces the posts, and stays at the current post if it is among them. Labels can still be undone.
     *
     * @param {DeskPost[]} posts
     */
    replace(posts) {
        const place = this.post ? posts.indexOf(this.post) : -1;
        this.posts = posts;
        this.position = Math.max(0, place);
    }
}

/** @param {Step} step Whether the post still has this step's label. */
const holds = ({ post, label }) => label === null || post.manualLabel === label;
