// The review queue: one post at a time, the least certain first.

import { element } from '../../shared/dom.js';
import { commandOf } from './keys.js';
import { newcomers, reviewQueue } from './review.js';
import { LabellingSession } from './labelling-session.js';
import { counted } from '../words.js';
import { EmotionKeys, keyButton } from './emotion-keys.js';
import { frontFocus } from './front-focus.js';
import { MachineSays } from '../browse/prediction-summary.js';
import { PostToCheck } from './post-to-check.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Emotion} Emotion */

/** A card with a picture, what the machine says, and keys to set a label. */
export class ReviewView {
    #title = element('h2', { id: 'review-title' }, 'Review');
    #progressText = element('p', { class: 'check-progress', id: 'review-progress' });
    #bar = element('progress', { 'aria-labelledby': 'review-progress', max: 1, value: 0 });
    #withSet = element('input', { type: 'checkbox' });
    #refresh = element('button', { type: 'button' });
    #leave = keyButton('Leave', 'Esc', 'Escape');
    #post = new PostToCheck();
    #machine = new MachineSays();
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
        this.#machine.container,
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
                element('label', { class: 'check-choice' }, this.#withSet, 'Show those set already'),
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
        this.#accept.addEventListener('click', (event) => this.#act(() => this.#acceptMachine(), event));
        this.#undo.addEventListener('click', (event) => this.#act(() => this.#takeBack(), event));
        this.#back.addEventListener('click', (event) => this.#act(() => this.#move(-1), event));
        this.#on.addEventListener('click', (event) => this.#act(() => this.#move(1), event));
        this.#refresh.addEventListener('click', (event) => this.#act(() => this.#takeNew(), event));
        this.#goToOpen.addEventListener('click', (event) => this.#act(() => this.#goBack(), event));
        this.#withSet.addEventListener('change', () => {
            this.#session.replace(reviewQueue(collection, this.#scope));
            this.#tell('');
            this.#render();
        });
        this.container.addEventListener('keydown', (event) => {
            const command = commandOf(event);
            if (!command) return;
            event.preventDefault();
            if (command.do === 'leave') return onLeave();
            const actions = {
                set: () => command.do === 'set' && this.#set(command.emotion),
                accept: () => this.#acceptMachine(),
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

    /** Lets the pictures go; what was set can still be taken back after the next `open`. */
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
        this.#tell(`Set to ${emotion}. `);
    }

    #acceptMachine() {
        const reading = this.#session.post && this.#collection.read(this.#session.post);
        if (reading) this.#set(reading.emotion);
    }

    #takeBack() {
        if (!this.#session.canUndo) return;
        this.#session.undo();
        this.#tell('Taken back. ');
    }

    /** @param {-1 | 1} steps */
    #move(steps) {
        const before = this.#session.position;
        this.#session.move(steps);
        if (this.#session.position !== before) this.#tell('');
    }

    #takeNew() {
        this.#session.replace(reviewQueue(this.#collection, this.#scope));
        this.#goBack();
    }

    #goBack() {
        this.#session.goToOpen((post) => !post.hand);
        this.#tell('');
    }

    /** @param {string} done */
    #tell(done) {
        const { post, posts, position } = this.#session;
        const reading = post && this.#collection.read(post);
        const where = post
            ? `${position + 1} of ${posts.length}: ${reading ? `the machine says ${reading.emotion}` : 'not read'}.`
            : this.#endWords().text;
        this.#status.textContent = done + where;
    }

    #render() {
        const { post, posts, position, next, canUndo } = this.#session;
        const set = posts.filter(({ hand }) => hand).length;
        const fresh = newcomers(this.#collection, this.#scope, posts);
        this.#refresh.hidden = fresh === 0;
        this.#refresh.textContent = `Refresh: ${fresh} new`;
        this.#progressText.textContent =
            posts.length === 0 ? '' : `${Math.min(position + 1, posts.length)} of ${posts.length}, ${set} set by hand`;
        this.#bar.hidden = posts.length === 0;
        this.#bar.value = posts.length === 0 ? 0 : set / posts.length;
        this.#end.hidden = post !== null;
        this.#post.container.hidden = post === null;
        this.#side.dataset['state'] = post ? 'post' : 'end';
        this.#side.hidden = !post && posts.length === 0 && !canUndo;
        this.#machine.container.hidden = this.#accept.hidden = this.#keys.container.hidden = post === null;
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
        this.#keys.show(post.hand?.emotion ?? null);
        const reading = this.#collection.read(post);
        this.#machine.container.hidden = !reading;
        this.#accept.disabled = !reading;
        this.#acceptLabel.textContent = reading ? `Accept ${reading.emotion}` : 'Accept';
        if (reading) this.#machine.show(post, reading, this.#collection.correction !== null);
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
        const open = this.#session.posts.filter(({ hand }) => !hand).length;
        if (open > 0)
            return {
                text: `That was the last one. ${open === 1 ? 'One was' : `${open} were`} left without a label.`,
                hint: '',
                open,
            };
        const read = this.#collection.posts.filter(({ judgement }) => judgement).length;
        if (read === 0)
            return {
                text: 'Nothing has been read yet.',
                hint: 'Posts come here once the machine has read them, those first of which it is least certain.',
                open,
            };
        const unread = this.#collection.posts.length - read;
        const hint =
            unread > 0
                ? `${counted(unread, 'post')} not read yet.`
                : `All ${counted(read, 'post')} have a label set by hand.`;
        return { text: 'Everything has been checked.', hint, open };
    }
}
