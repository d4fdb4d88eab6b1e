// Groups posts whose images look alike, so that they can be labelled together.

import { element } from '../../shared/dom.js';
import { SimilarPosts } from '../similar/similar-posts.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

const words = texts.similar;

/** A button that finds groups or ungroups them; its text shows the progress. */
export class SimilarGroups {
    button = element('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false' }, words.group);
    #posts;
    #onChange;
    #similar = new SimilarPosts();
    #finding = new AbortController();
    /** @type {Map<DeskPost, DeskPost[]>} The group of each grouped post. */
    #groups = new Map();
    /** @type {Map<DeskPost, DeskPost[]>} The posts that each row of the list stands for. */
    #joined = new Map();

    /**
     * @param {() => readonly DeskPost[]} posts The posts to compare.
     * @param {() => void} onChange Called when the groups have changed.
     */
    constructor(posts, onChange) {
        this.#posts = posts;
        this.#onChange = onChange;
        this.button.addEventListener('click', () => {
            if (this.button.getAttribute('aria-pressed') === 'true') this.clear();
            else void this.#find();
        });
    }

    /** Ungroups all posts. */
    clear() {
        this.#finding.abort();
        this.button.setAttribute('aria-pressed', 'false');
        this.button.textContent = words.group;
        this.#groups.clear();
        this.#onChange();
    }

    /**
     * Keeps one post of each group: the first in the list.
     *
     * @param {readonly DeskPost[]} shown
     * @returns {readonly DeskPost[]}
     */
    join(shown) {
        this.#joined.clear();
        if (this.#groups.size === 0) return shown;
        /** @type {Map<DeskPost[], DeskPost[]>} */
        const seen = new Map();
        return shown.filter((post) => {
            const group = this.#groups.get(post);
            if (!group) return true;
            const members = seen.get(group);
            if (members) members.push(post);
            else {
                const first = [post];
                seen.set(group, first);
                this.#joined.set(post, first);
            }
            return !members;
        });
    }

    /** @param {DeskPost} post @returns {readonly DeskPost[]} The posts that its row stands for. */
    together(post) {
        return this.#joined.get(post) ?? [post];
    }

    /** @param {DeskPost} post Describes the others in its group. */
    describe(post) {
        const { length } = this.together(post);
        return length > 1 ? words.others(length - 1) : '';
    }

    async #find() {
        this.#finding.abort();
        this.#finding = new AbortController();
        const { signal } = this.#finding;
        this.button.setAttribute('aria-pressed', 'true');
        try {
            const onProgress = (/** @type {number} */ done, /** @type {number} */ all) => {
                if (!signal.aborted) this.button.textContent = words.comparing(done, all);
            };
            const groups = await this.#similar.find(this.#posts(), { signal, onProgress });
            for (const group of groups) for (const post of group) this.#groups.set(post, group);
            this.button.textContent = words.found(groups.length);
            this.#onChange();
        } catch (error) {
            if (signal.aborted) return;
            this.clear();
            throw error;
        }
    }
}
