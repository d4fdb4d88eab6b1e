// The review queue: one post at a time, the least certain first.

import { element } from '../../shared/dom.js';
import { commandOf } from './keys.js';
import { newcomers, reviewQueue } from './review.js';
import { LabellingSession } from './labelling-session.js';
import { counted } from '../words.js';
import { EmotionKeys, keyButton } from './emotion-keys.js';
import { frontFocus } from './front-focus.js';
import { PredictionSummary } from '../browse/prediction-summary.js';
import { PostCard } from './post-card.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Emotion} Emotion */

/** A card with an image, the model's prediction, and keys to set a label. */
export class ReviewView {
    #title = element('h2', { id: 'review-title' }, 'Review');
    #progressText = element('p', { class: 'check-progress', id: 'review-progress' });
    #bar = element('progress', { 'aria-labelledby': 'review-progress', max: 1, value: 0 });
    #withSet = element('input', { type: 'checkbox' });
    #refresh = element('button', { type: 'button' });
    #leave = keyButton('Leave', 'Esc', 'Escape');
    #post = new PostCard();
    #prediction = new PredictionSummary();
    #keys = new EmotionKeys((emotion, event) => this.#act(() => this.#set(emotion), event));
    #accept = keyButton('Accept', 'Space', 'Space');
    #acceptLabel = element('span', { class: 'key-label' });
    #undo = keyButton('Undo', 'U', 'U');
    #back = keyButton('Back', '←', 'ArrowLeft ArrowUp');
    #on = keyButton('Next', '→', 'ArrowRight ArrowDown');
    #status = element('p', { class: 'visually-hidden', role: 'status' });
    #endText = element('p', { class: 'check-end-text' });
    #endHint = element('p', { class: 'hint' });
    #goToOpen = element('button', { type: 'button', class: 'primary' });
    #end = element('div', { class: 'check-end', tabindex: -1 }, this.#endText, this.#endHint, this.#goToOpen);
    #side = element(
        'div',
        { class: 'check-side' },
        this.#prediction.container,
        element(
            'div',
            { class: 'check-controls' },
            this.#accept,
            this.#keys.container,
            element('div', { class: 'check-moves' }, this.#back, this.#undo, this.#on),
        ),
    );
    container = element(
        'section',
        { class: 'card check', 'aria-labelledby': 'review-title', tabindex: -1 },
        element(
            'div',
            { class: 'check-head' },
            this.#title,
            this.#progressText,
            element(
                'div',
                { class: 'actions' },
                this.#refresh,
                element('label', { class: 'check-choice' }, this.#withSet, 'Include labelled'),
                this.#leave,
            ),
        ),
        this.#bar,
        element('div', { class: 'check-body' }, this.#post.container, this.#end, this.#side),
        this.#status,
    );
    #collection;
    #session;
    #isOpen = false;

    /**
     * @param {Collection} collection
     * @param {{ onLeave: () => void }} callbacks
     */
    constructor(collection, { onLeave }) {
        this.#collection = collection;
        this.#session = new LabellingSession(collection, [], 'review');
        this.#accept.classList.add('primary');
        this.#accept.querySelector('.key-label')?.replaceWith(this.#acceptLabel);
        this.#leave.addEventListener('click', onLeave);
        this.#accept.addEventListener('click', (event) => this.#act(() => this.#acceptPrediction(), event));
        this.#undo.addEventListener('click', (event) => this.#act(() => this.#takeBack(), event));
        this.#back.addEventListener('click', (event) => this.#act(() => this.#move(-1), event));
        this.#on.addEventListener('click', (event) => this.#act(() => this.#move(1), event));
        this.#refresh.addEventListener('click', (event) => this.#act(() => this.#takeNew(), event));
        this.#goToOpen.addEventListener('click', (event) => this.#act(() => this.#goBack(), event));
        this.#withSet.addEventListener('change', () => {
            this.#session.replace(reviewQueue(collection, this.#scope));
            this.#announce('');
            this.#render();
        });
        this.container.addEventListener('keydown', (event) => {
            const command = commandOf(event);
            if (!command) return;
            event.preventDefault();
            if (command.do === 'leave') return onLeave();
            const actions = {
                set: () => command.do === 'set' && this.#set(command.emotion),
                accept: () => this.#acceptPrediction(),
                undo: () => this.#takeBack(),
                back: () => this.#move(-1),
                on: () => this.#move(1),
            };
            this.#act(actions[command.do], null);
        });
        collection.onChange((changes) => {
            if (!this.#isOpen) return;
            if (changes.has('posts') && !this.#session.isOnDesk) this.#begin();
            this.#render();
        });
    }

    /** Makes the queue anew and shows its first post; the keys work from now on. */
    open() {
        this.#isOpen = true;
        if (this.#session.isOnDesk) this.#session.replace(reviewQueue(this.#collection, this.#scope));
        else this.#begin();
        this.#session.position = 0;
        this.#status.textContent = '';
        this.#render();
        this.#front.focus();
    }

    /** Lets the images go; what was set can still be taken back after the next `open`. */
    close() {
        this.#isOpen = false;
        this.#post.clear();
    }

    get #scope() {
        return this.#withSet.checked ? 'all' : 'open';
    }

    get #front() {
        return this.#session.post ? this.#post.container : this.#end;
    }

    #begin() {
        this.#session = new LabellingSession(this.#collection, reviewQueue(this.#collection, this.#scope), 'review');
    }

    /**
     * @param {() => void} action
     * @param {MouseEvent | null} event
     */
    #act(action, event) {
        action();
        this.#render();
        frontFocus(this.container, this.#front, event);
    }

    /** @param {Emotion} emotion */
    #set(emotion) {
        if (!this.#session.post) return;
        this.#session.set(emotion);
        this.#announce(`Set to ${emotion}. `);
    }

    #acceptPrediction() {
        const predicted = this.#session.post && this.#collection.predictedLabel(this.#session.post);
        if (predicted) this.#set(predicted.emotion);
    }

    #takeBack() {
        if (!this.#session.canUndo) return;
        this.#session.undo();
        this.#announce('Taken back. ');
    }

    /** @param {-1 | 1} steps */
    #move(steps) {
        const before = this.#session.position;
        this.#session.move(steps);
        if (this.#session.position !== before) this.#announce('');
    }

    #takeNew() {
        this.#session.replace(reviewQueue(this.#collection, this.#scope));
        this.#goBack();
    }

    #goBack() {
        this.#session.goToOpen((post) => !post.manualLabel);
        this.#announce('');
    }

    /** @param {string} done */
    #announce(done) {
        const { post, posts, position } = this.#session;
        const predicted = post && this.#collection.predictedLabel(post);
        const where = post
            ? `${position + 1} of ${posts.length}: ${predicted ? `the model says ${predicted.emotion}` : 'not analysed'}.`
            : this.#endWords().text;
        this.#status.textContent = done + where;
    }

    #render() {
        const { post, posts, position, next, canUndo } = this.#session;
        const set = posts.filter(({ manualLabel }) => manualLabel).length;
        const fresh = newcomers(this.#collection, this.#scope, posts);
        this.#refresh.hidden = fresh === 0;
        this.#refresh.textContent = `Refresh: ${fresh} new`;
        this.#progressText.textContent =
            posts.length === 0
                ? ''
                : `${Math.min(position + 1, posts.length)} of ${posts.length}, ${set} labelled by you`;
        this.#bar.hidden = posts.length === 0;
        this.#bar.value = posts.length === 0 ? 0 : set / posts.length;
        this.#end.hidden = post !== null;
        this.#post.container.hidden = post === null;
        this.#side.dataset['state'] = post ? 'post' : 'end';
        this.#side.hidden = !post && posts.length === 0 && !canUndo;
        this.#prediction.container.hidden = this.#accept.hidden = this.#keys.container.hidden = post === null;
        this.#undo.disabled = !canUndo;
        this.#back.disabled = position === 0;
        this.#on.disabled = post === null;
        if (post) this.#renderPost(post, next);
        else this.#renderEnd();
    }

    /**
     * @param {import('../types.js').DeskPost} post
     * @param {import('../types.js').DeskPost | null} next
     */
    #renderPost(post, next) {
        const { posts, position } = this.#session;
        this.#post.show(post, [next, posts[position - 1] ?? null], `Post ${position + 1} of ${posts.length}`);
        this.#keys.show(post.manualLabel?.emotion ?? null);
        const predicted = this.#collection.predictedLabel(post);
        this.#prediction.container.hidden = !predicted;
        this.#accept.disabled = !predicted;
        this.#acceptLabel.textContent = predicted ? `Accept ${predicted.emotion}` : 'Accept';
        if (predicted) this.#prediction.show(post, predicted, this.#collection.correction !== null);
    }

    #renderEnd() {
        this.#post.clear();
        const { text, hint, open } = this.#endWords();
        this.#endText.textContent = text;
        this.#endHint.textContent = hint;
        this.#goToOpen.hidden = open === 0;
        this.#goToOpen.textContent = open === 1 ? 'Go to that one' : 'Go to the first of them';
    }

    #endWords() {
        const open = this.#session.posts.filter(({ manualLabel }) => !manualLabel).length;
        if (open > 0)
            return {
                text: `That was the last one. ${open === 1 ? 'One was' : `${open} were`} left without a label.`,
                hint: '',
                open,
            };
        const read = this.#collection.posts.filter(({ prediction }) => prediction).length;
        if (read === 0)
            return {
                text: 'Nothing has been analysed yet.',
                hint: 'Posts come here once the model has analysed them, those first of which it is least certain.',
                open,
            };
        const unread = this.#collection.posts.length - read;
        const hint =
            unread > 0
                ? `${counted(unread, 'post')} not analysed yet.`
                : `You have labelled all ${counted(read, 'post')}.`;
        return { text: 'Everything has been checked.', hint, open };
    }
}
