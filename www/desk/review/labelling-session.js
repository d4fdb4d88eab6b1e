// A labelling session over posts, one at a time, on which labels are set and taken back.

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */

/** @typedef {{ post: DeskPost, label: ManualLabel, former: ManualLabel | null, formerAnswer: Emotion | undefined }} Step */

/** The order stays as it is, whatever changes on the desk meanwhile. */
export class LabellingSession {
    /** @type {DeskPost[]} */
    posts;
    /** Which post is in front; behind the last one if the session is at its end. */
    position = 0;
    /** @type {Map<DeskPost, Emotion>} What was set in this session. */
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

    /** @returns {DeskPost | null} The one after it. */
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

    /** How many posts were passed without a label in this session. */
    get passed() {
        return this.posts.slice(0, this.position).filter((post) => !this.answers.has(post)).length;
    }

    /**
     * Sets the label of the post in front and goes on to the next.
     *
     * @param {Emotion} emotion
     */
    set(emotion) {
        const { post } = this;
        if (!post) return;
        const label = { emotion, at: new Date().toISOString(), how: this.#how };
        this.#steps.push({ post, label, former: post.manualLabel, formerAnswer: this.answers.get(post) });
        this.answers.set(post, emotion);
        this.#collection.setManualLabel(post, label);
        this.position++;
    }

    /**
     * Takes the last label back that was set, and goes to its post. One that was changed elsewhere since is left alone.
     */
    undo() {
        let step = this.#steps.pop();
        while (step && !holds(step)) step = this.#steps.pop();
        if (!step) return;
        const { post, former, formerAnswer } = step;
        if (formerAnswer) this.answers.set(post, formerAnswer);
        else this.answers.delete(post);
        this.#collection.setManualLabel(post, former);
        const place = this.posts.indexOf(post);
        if (place >= 0) this.position = place;
        else this.posts.splice(this.position, 0, post);
    }

    /** @param {-1 | 1} steps */
    move(steps) {
        this.position = Math.min(this.posts.length, Math.max(0, this.position + steps));
    }

    /**
     * Goes to the first post that has no label from this session; stays where all have one.
     *
     * @param {(post: DeskPost) => boolean} [isOpen]
     */
    goToOpen(isOpen = (post) => !this.answers.has(post)) {
        const place = this.posts.findIndex(isOpen);
        if (place >= 0) this.position = place;
    }

    /**
     * Takes other posts, and stays at the post in front where it is among them. Labels can still be taken back.
     *
     * @param {DeskPost[]} posts
     */
    replace(posts) {
        const place = this.post ? posts.indexOf(this.post) : -1;
        this.posts = posts;
        this.position = Math.max(0, place);
    }
}

/** @param {Step} step Whether its label is still the post's. */
const holds = ({ post, label }) => post.manualLabel === label;
