// One post of the desk as the single-post page shows it: all scores, the explanation, and the manual label.

import { ResultView } from '../../shared/result-view.js';
import { element } from '../../shared/dom.js';
import { canBeTriedAgain } from '../../shared/words.js';
import { EmotionKeys } from '../review/emotion-keys.js';
import { grouped } from '../words.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../../emofuse.js').Post} Post */
/** @typedef {import('../../emofuse.js').Result} Result */

/** A modal dialog that pages through the posts that the list shows. */
export class PostDialog {
    #title = element('h2', { id: 'post-dialog-title', tabindex: '-1' });
    #place = element('p', { class: 'hint' });
    #previous = element('button', { type: 'button', 'aria-keyshortcuts': 'ArrowLeft' }, 'Previous');
    #next = element('button', { type: 'button', 'aria-keyshortcuts': 'ArrowRight' }, 'Next');
    #close = element('button', { type: 'button', class: 'primary' }, 'Close');
    #error = element('p', { class: 'post-error', hidden: true });
    #caption = element('blockquote', { class: 'dialog-caption', lang: 'en' });
    #hint = element('p', { class: 'hint' });
    #keys;
    #result = new ResultView(
        element(
            'section',
            { class: 'result', 'aria-labelledby': 'dialog-result-title' },
            element('h3', { id: 'dialog-result-title', class: 'visually-hidden' }, 'What it conveys'),
        ),
    );
    container = element('dialog', { class: 'card post-dialog', 'aria-labelledby': 'post-dialog-title' });
    #collection;
    #classify;
    /** @type {readonly DeskPost[]} */
    #posts = [];
    #current = 0;
    #classifying = new AbortController();

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {(post: Post, signal: AbortSignal) => Promise<Result>} classify With an explanation.
     * @param {(place: number) => void} onLeave Called with the place that was shown last.
     */
    constructor(collection, classify, onLeave) {
        this.#collection = collection;
        this.#classify = classify;
        this.#keys = new EmotionKeys((emotion) => this.#set(emotion));
        this.container.append(
            element(
                'header',
                { class: 'dialog-head' },
                element('div', {}, this.#title, this.#place),
                element('div', { class: 'actions' }, this.#previous, this.#next, this.#close),
            ),
            this.#error,
            this.#caption,
            element('section', { class: 'dialog-label', 'aria-label': 'Your label' }, this.#hint, this.#keys.container),
            this.#result.container,
        );
        this.#previous.addEventListener('click', () => this.#go(-1));
        this.#next.addEventListener('click', () => this.#go(1));
        this.#close.addEventListener('click', () => this.container.close());
        this.container.addEventListener('keydown', (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey) return;
            if (event.key === 'ArrowLeft') this.#go(-1);
            else if (event.key === 'ArrowRight') this.#go(1);
            else return;
            event.preventDefault();
        });
        this.container.addEventListener('close', () => {
            this.#classifying.abort();
            onLeave(this.#current);
        });
    }

    /**
     * @param {readonly DeskPost[]} posts
     * @param {number} place
     */
    open(posts, place) {
        this.#posts = posts;
        this.#show(place);
        this.container.showModal();
        this.#title.focus();
    }

    /** @param {number} step */
    #go(step) {
        const place = this.#current + step;
        if (place >= 0 && place < this.#posts.length) this.#show(place);
    }

    /** @param {number} place */
    #show(place) {
        const post = this.#posts[place];
        if (!post) return;
        this.#current = place;
        this.#title.textContent = post.id;
        this.#place.textContent = `${grouped(place + 1)} of ${grouped(this.#posts.length)}`;
        this.#previous.disabled = place === 0;
        this.#next.disabled = place === this.#posts.length - 1;
        this.#error.hidden = post.error === null;
        this.#error.textContent = post.error;
        this.#caption.hidden = post.caption === null;
        this.#caption.textContent = post.caption;
        this.#showManualLabel(post);
        void this.#run(post);
    }

    /** @param {DeskPost} post */
    async #run(post) {
        this.#classifying.abort();
        this.#classifying = new AbortController();
        const { signal } = this.#classifying;
        this.#result.clear();
        if (post.state === 'failed')
            return this.#result.fail(new Error(post.error ?? 'it could not be analysed'), null);
        this.#result.wait('Analysing the post …');
        try {
            const image = (await post.open?.()) ?? null;
            const result = await this.#classify({ image, caption: post.caption }, signal);
            if (!signal.aborted) this.#result.show(result, { image, caption: post.caption });
        } catch (error) {
            if (!signal.aborted) this.#result.fail(error, canBeTriedAgain(error) ? () => void this.#run(post) : null);
        }
    }

    /** @param {import('../types.js').Emotion} emotion */
    #set(emotion) {
        const post = this.#posts[this.#current];
        if (!post) return;
        const isSet = post.manualLabel?.emotion === emotion;
        this.#collection.setManualLabel(post, isSet ? null : { emotion, at: new Date().toISOString(), how: 'post' });
        this.#showManualLabel(post);
    }

    /** @param {DeskPost} post */
    #showManualLabel({ manualLabel }) {
        this.#keys.show(manualLabel?.emotion ?? null);
        this.#hint.textContent = manualLabel
            ? `Labelled by you: ${manualLabel.emotion}. Choose it again to remove the label.`
            : 'Set your label:';
    }
}
