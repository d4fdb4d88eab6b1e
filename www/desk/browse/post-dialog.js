// Shows one post with all scores, the explanation and the manual label, like the page for single posts.

import { element } from '../../shared/dom.js';
import { FusionFold } from '../../shared/fusion-fold.js';
import { ResultView } from '../../shared/result-view.js';
import { canBeTriedAgain } from '../../shared/words.js';
import { EmotionKeys } from '../review/emotion-keys.js';
import { PostCard } from '../review/post-card.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../../emofuse.js').Post} Post */
/** @typedef {import('../../emofuse.js').Result} Result */

const words = texts.dialog;

/** A modal dialog that pages through the posts of the list. */
export class PostDialog {
    #title = element('h2', { id: 'post-dialog-title', tabindex: '-1' });
    #place = element('p', { class: 'hint' });
    #previous = element('button', { type: 'button', 'aria-keyshortcuts': 'ArrowLeft' }, words.previous);
    #next = element('button', { type: 'button', 'aria-keyshortcuts': 'ArrowRight' }, words.next);
    #close = element('button', { type: 'button', class: 'primary' }, words.close);
    #error = element('p', { class: 'post-error', hidden: true });
    #caption = element('blockquote', { class: 'dialog-caption', lang: 'en' });
    #hint = element('p', { class: 'hint' });
    #ownTitle = element('summary');
    #ownList = element('dl');
    #own = element('details', { class: 'own-columns' }, this.#ownTitle, this.#ownList);
    #keys;
    /** Without a model, the post itself. */
    #card = new PostCard();
    #result = new ResultView(
        element(
            'section',
            { class: 'result', 'aria-labelledby': 'dialog-result-title' },
            element('h3', { id: 'dialog-result-title', class: 'visually-hidden' }, words.result),
        ),
    );
    #fusion = new FusionFold();
    container = element('dialog', { class: 'card post-dialog', 'aria-labelledby': 'post-dialog-title' });
    #collection;
    #classify;
    #question;
    /** @type {readonly DeskPost[]} */
    #posts = [];
    #current = 0;
    /** @type {(place: number) => void} */
    #onReturn = () => {};
    #classifying = new AbortController();

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {(post: Post, options: import('../../emofuse.js').ClassifyOptions) => Promise<Result>} classify
     * @param {import('../review/replace-question.js').ReplaceQuestion} question
     */
    constructor(collection, classify, question) {
        this.#question = question;
        this.#collection = collection;
        this.#classify = classify;
        this.#keys = new EmotionKeys((emotion) => void this.#set(emotion));
        this.container.append(
            element(
                'header',
                { class: 'dialog-head' },
                element('div', {}, this.#title, this.#place),
                element('div', { class: 'actions' }, this.#previous, this.#next, this.#close),
            ),
            this.#error,
            this.#caption,
            element('section', { class: 'dialog-label', 'aria-label': words.label }, this.#hint, this.#keys.container),
            this.#own,
            this.#card.container,
            this.#result.container,
        );
        this.#result.container.append(this.#fusion.container);
        this.#previous.addEventListener('click', () => this.#go(-1));
        this.#next.addEventListener('click', () => this.#go(1));
        this.#close.addEventListener('click', () => this.container.close());
        this.container.addEventListener('keydown', (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
            if (event.key === 'ArrowLeft') this.#go(-1);
            else if (event.key === 'ArrowRight') this.#go(1);
            else if (event.key === 'z' && !this.#card.container.hidden) this.#card.zoom();
            else if (event.key === '/') this.#keys.find();
            else return;
            event.preventDefault();
        });
        this.container.addEventListener('close', () => {
            this.#classifying.abort();
            this.#fusion.clear();
            this.#card.clear();
            this.#onReturn(this.#current);
        });
    }

    /**
     * @param {readonly DeskPost[]} posts
     * @param {number} place
     * @param {(place: number) => void} onReturn Called with the place of the last post that was shown.
     */
    open(posts, place, onReturn) {
        this.#onReturn = onReturn;
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
        this.#place.textContent = words.place(place + 1, this.#posts.length);
        this.#previous.disabled = place === 0;
        this.#next.disabled = place === this.#posts.length - 1;
        this.#error.hidden = post.error === null;
        this.#error.textContent = post.error;
        const { hasModel } = this.#collection;
        this.#caption.hidden = post.caption === null || !hasModel;
        this.#caption.textContent = post.caption;
        this.#showManualLabel(post);
        this.#showOwn(post);
        this.#result.container.hidden = !hasModel;
        this.#card.container.hidden = hasModel;
        if (hasModel) void this.#run(post);
        else this.#card.show(post, [this.#posts[place + 1] ?? null], this.#place.textContent ?? '');
    }

    /** @param {DeskPost} post */
    async #run(post) {
        this.#classifying.abort();
        this.#classifying = new AbortController();
        const { signal } = this.#classifying;
        this.#result.clear();
        this.#fusion.clear();
        if (post.state === 'failed') return this.#result.fail(new Error(post.error ?? words.failed), null);
        this.#result.wait(words.waiting);
        try {
            const image = (await post.open?.()) ?? null;
            const shown = { image, caption: post.caption };
            const result = await this.#classify(shown, { signal, explain: true });
            if (signal.aborted) return;
            this.#result.show(result, shown);
            this.#fusion.show(result, (options) => this.#classify(shown, options));
        } catch (error) {
            if (!signal.aborted) this.#result.fail(error, canBeTriedAgain(error) ? () => void this.#run(post) : null);
        }
    }

    /** @param {import('../types.js').Emotion} emotion */
    async #set(emotion) {
        const post = this.#posts[this.#current];
        if (!post) return;
        const isSet = post.manualLabel?.emotion === emotion;
        if (!(await this.#question.mayReplace(post, isSet ? null : emotion))) return;
        this.#collection.setManualLabel(post, isSet ? null : { emotion, at: new Date().toISOString(), how: 'post' });
        if (post === this.#posts[this.#current]) this.#showManualLabel(post);
    }

    /** @param {DeskPost} post */
    #showOwn({ own }) {
        const columns = Object.entries(own ?? {}).filter(([, value]) => value !== '');
        this.#own.hidden = columns.length === 0;
        this.#ownTitle.textContent = words.own(columns.length);
        this.#ownList.replaceChildren(
            ...columns.flatMap(([column, value]) => [element('dt', {}, column), element('dd', {}, value)]),
        );
    }

    /** @param {DeskPost} post */
    #showManualLabel({ manualLabel }) {
        this.#keys.show(manualLabel?.emotion ?? null, manualLabel?.secondary ?? null);
        this.#hint.textContent = manualLabel ? words.isSet(manualLabel.emotion) : words.set;
    }
}
