// A note for the current post, and the label guide for all posts.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** As in review.css: both fit beside the post. */
const ROOMY = matchMedia('(min-width: 56rem) and (min-height: 52rem)');

const words = texts.review;

/** Two fields, collapsed if there is little room. */
export class ReviewNotes {
    #note = element('textarea', { id: 'review-note', rows: 2, 'aria-keyshortcuts': 'N' });
    #guide = element('textarea', { id: 'review-guide', rows: 3, 'aria-describedby': 'review-guide-hint' });
    container = element(
        'details',
        { class: 'review-notes', open: ROOMY.matches },
        element('summary', {}, words.more),
        element(
            'div',
            { class: 'review-fields' },
            element('label', { for: 'review-note' }, words.note, ' ', element('kbd', { 'aria-hidden': 'true' }, 'N')),
            this.#note,
            element('label', { for: 'review-guide' }, words.guide),
            this.#guide,
            element('p', { class: 'hint', id: 'review-guide-hint' }, words.guideHint),
        ),
    );
    #collection;
    /** @type {DeskPost | null} */
    #post = null;

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {() => void} onLeave Called after Escape in a field, to move the focus.
     */
    constructor(collection, onLeave) {
        this.#collection = collection;
        ROOMY.addEventListener('change', () => (this.container.open = ROOMY.matches));
        this.#note.addEventListener('input', () => this.#post && collection.setNote(this.#post, this.#note.value));
        this.#guide.addEventListener('input', () => collection.changeSettings({ guide: this.#guide.value }));
        this.container.addEventListener('keydown', (event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            onLeave();
        });
    }

    /** @param {DeskPost | null} post */
    show(post) {
        const note = post?.note ?? '';
        // A note of spaces counts as none, but is not changed while it is typed.
        if (post !== this.#post || this.#note.value.trim() !== note.trim()) this.#note.value = note;
        this.#post = post;
        const { guide } = this.#collection.settings;
        if (this.#guide.value !== guide) this.#guide.value = guide;
    }

    focus() {
        this.container.open = true;
        this.#note.focus();
    }
}
