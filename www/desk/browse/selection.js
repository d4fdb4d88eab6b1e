// The selected posts of the list.

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** A set of posts, and the place from which a range is extended. */
export class Selection {
    /** @type {Set<DeskPost>} */
    #posts = new Set();
    #anchor = 0;
    #shown;
    #together;
    #onChange;

    /**
     * @param {object} parts
     * @param {() => readonly DeskPost[]} parts.shown The posts of the list, in its order.
     * @param {(post: DeskPost) => readonly DeskPost[]} parts.together The posts that a row stands for.
     * @param {() => void} parts.onChange
     */
    constructor({ shown, together, onChange }) {
        this.#shown = shown;
        this.#together = together;
        this.#onChange = onChange;
    }

    get size() {
        return this.#posts.size;
    }

    /** @returns {DeskPost[]} In the order of the collection. */
    get posts() {
        return [...this.#posts].sort((one, other) => one.index - other.index);
    }

    /** @param {DeskPost} post */
    has(post) {
        return this.#posts.has(post);
    }

    /** @param {number} place */
    toggle(place) {
        const post = this.#shown()[place];
        if (!post) return;
        const isSelected = this.#posts.has(post);
        for (const one of this.#together(post)) {
            if (isSelected) this.#posts.delete(one);
            else this.#posts.add(one);
        }
        this.#anchor = place;
        this.#onChange();
    }

    /**
     * Selects the range from the last selected post.
     *
     * @param {number} place
     */
    extendTo(place) {
        const [first, last] = [Math.min(this.#anchor, place), Math.max(this.#anchor, place)];
        for (const post of this.#shown().slice(first, last + 1))
            for (const one of this.#together(post)) this.#posts.add(one);
        this.#onChange();
    }

    /** @param {number} place The start of the next range. */
    startFrom(place) {
        this.#anchor = place;
    }

    all() {
        for (const post of this.#shown()) for (const one of this.#together(post)) this.#posts.add(one);
        this.#onChange();
    }

    clear() {
        if (this.#posts.size === 0) return;
        this.#posts.clear();
        this.#onChange();
    }
}
