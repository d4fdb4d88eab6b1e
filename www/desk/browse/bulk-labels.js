// Sets the labels of many posts at once, and undoes this in one step.

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */

/** @typedef {{ post: DeskPost, label: ManualLabel | null, former: ManualLabel | null }[]} Step */

/** Each step is undone as a whole, except for labels that have been changed since. */
export class BulkLabels {
    #collection;
    #question;
    /** @type {Step[]} */
    #steps = [];

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {import('../review/replace-question.js').ReplaceQuestion} question
     */
    constructor(collection, question) {
        this.#collection = collection;
        this.#question = question;
    }

    get canUndo() {
        return this.#steps.length > 0;
    }

    /**
     * @param {readonly DeskPost[]} posts
     * @param {Emotion | null} emotion Null removes the labels.
     * @returns {Promise<number | null>} The number of labels set; null if the person cancelled.
     */
    async set(posts, emotion) {
        const changed = posts.filter(({ manualLabel }) => (manualLabel?.emotion ?? null) !== emotion);
        const labelled = changed.filter(({ manualLabel }) => manualLabel !== null);
        let chosen = changed;
        if (labelled.length > 0 && emotion !== null) {
            const answer = await this.#question.ask({ labelled: labelled.length, all: changed.length, emotion });
            if (answer === 'cancel') return null;
            if (answer === 'others') chosen = changed.filter(({ manualLabel }) => manualLabel === null);
        }
        if (chosen.length === 0) return 0;
        const at = new Date().toISOString();
        const step = chosen.map((post) => ({
            post,
            label: emotion === null ? null : { emotion, at, how: /** @type {const} */ ('bulk') },
            former: post.manualLabel,
        }));
        this.#steps.push(step);
        this.#collection.setManualLabels(step.map(({ post, label }) => [post, label]));
        return chosen.length;
    }

    undo() {
        const step = this.#steps.pop() ?? [];
        const holding = step.filter(({ post, label }) => post.manualLabel === label);
        this.#collection.setManualLabels(holding.map(({ post, former }) => [post, former]));
    }

    forget() {
        this.#steps = [];
    }
}
