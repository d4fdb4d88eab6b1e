// The review: one post at a time, the least certain first.

import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';
import { PredictionSummary } from '../browse/prediction-summary.js';
import { EmotionKeys, keyButton } from './emotion-keys.js';
import { frontFocus } from './front-focus.js';
import { commandOf } from './keys.js';
import { LabellingSession } from './labelling-session.js';
import { PostCard } from './post-card.js';
import { ReplaceQuestion } from './replace-question.js';
import { isToBeReviewed, newcomers, reviewQueue } from './review.js';
import { ReviewNotes } from './review-notes.js';
import { texts } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */

const words = texts.review;

/** A large image beside the model's prediction and the keys that set a label. */
export class ReviewView {
    #title = element('h2', { id: 'review-title' }, words.title);
    #progressText = element('p', { class: 'check-progress', id: 'review-progress' });
    #bar = element('progress', { 'aria-labelledby': 'review-progress', max: 1, value: 0 });
    #withSet = element('input', { type: 'checkbox' });
    #hides = element('input', { type: 'checkbox' });
    #refresh = element('button', { type: 'button' });
    #leave = keyButton(words.leave, texts.keys.escape, 'Escape');
    #post = new PostCard();
    #prediction = new PredictionSummary();
    #showGuess = keyButton(words.showGuess, 'G', 'G');
    #hidden = element(
        'div',
        { class: 'guess-hidden' },
        element('p', { class: 'hint' }, words.guessIsHidden),
        this.#showGuess,
    );
    #keys = new EmotionKeys((emotion, event) => void this.#set(emotion, event));
    #accept = keyButton(words.accept, texts.keys.space, 'Space');
    #acceptLabel = element('span', { class: 'key-label' });
    #two = keyButton(words.two, 'S', 'S');
    #twoHint = element('p', { class: 'hint two-hint', role: 'status' });
    #undo = keyButton(words.undo, 'U', 'U');
    #back = keyButton(words.back, '←', 'ArrowLeft ArrowUp');
    #skip = keyButton(words.skip, '→', 'ArrowRight ArrowDown');
    #notes;
    #status = element('p', { class: 'visually-hidden', role: 'status' });
    #endText = element('p', { class: 'check-end-text' });
    #endHint = element('p', { class: 'hint' });
    #goToOpen = element('button', { type: 'button', class: 'primary' });
    #endLeave = element('button', { type: 'button' }, words.end.leave);
    #end = element(
        'div',
        { class: 'check-end', tabindex: -1 },
        this.#endText,
        this.#endHint,
        element('div', { class: 'actions' }, this.#goToOpen, this.#endLeave),
    );
    #side;
    container;
    #collection;
    #question;
    #session;
    #isOpen = false;
    #isTwo = false;
    /** @type {DeskPost | null} The post whose guess was requested. */
    #revealed = null;

    /**
     * @param {Collection} collection
     * @param {{ onLeave: () => void, question?: ReplaceQuestion }} callbacks
     */
    constructor(collection, { onLeave, question = new ReplaceQuestion() }) {
        this.#collection = collection;
        this.#question = question;
        this.#session = new LabellingSession(collection, [], 'review');
        this.#notes = new ReviewNotes(collection, () => this.#front.focus());
        this.#side = element(
            'div',
            { class: 'check-side' },
            element('div', { class: 'check-guess' }, this.#prediction.container, this.#hidden),
            element(
                'div',
                { class: 'check-controls' },
                this.#accept,
                this.#keys.container,
                this.#twoHint,
                element('div', { class: 'check-moves' }, this.#back, this.#undo, this.#two, this.#skip),
            ),
            this.#notes.container,
        );
        this.container = element(
            'section',
            { class: 'card check review', 'aria-labelledby': 'review-title', tabindex: -1 },
            element(
                'div',
                { class: 'check-head' },
                this.#title,
                this.#progressText,
                element(
                    'div',
                    { class: 'actions' },
                    this.#refresh,
                    element('label', { class: 'check-choice needs-model' }, this.#hides, words.hideGuess),
                    element('label', { class: 'check-choice' }, this.#withSet, words.withSet),
                    this.#leave,
                ),
            ),
            this.#bar,
            element('div', { class: 'check-body' }, this.#post.container, this.#end, this.#side),
            this.#status,
        );
        this.#accept.classList.add('primary');
        this.#accept.querySelector('.key-label')?.replaceWith(this.#acceptLabel);
        for (const leave of [this.#leave, this.#endLeave]) leave.addEventListener('click', onLeave);
        for (const [button, action] of /** @type {[HTMLButtonElement, () => void][]} */ ([
            [this.#undo, () => this.#takeBack()],
            [this.#back, () => this.#move(-1)],
            [this.#skip, () => this.#move(1)],
            [this.#two, () => this.#toggleTwo()],
            [this.#showGuess, () => this.#reveal()],
            [this.#refresh, () => this.#takeNew()],
            [this.#goToOpen, () => this.#goBack()],
        ]))
            button.addEventListener('click', (event) => this.#act(action, event));
        this.#accept.addEventListener('click', (event) => void this.#acceptPrediction(event));
        this.#withSet.addEventListener('change', () => {
            this.#session.replace(reviewQueue(collection, this.#scope));
            this.#announce('');
            this.#render();
        });
        this.#hides.addEventListener('change', () => {
            this.#revealed = null;
            collection.changeSettings({ hidesGuess: this.#hides.checked });
            this.#render();
        });
        this.container.addEventListener('keydown', (event) => this.#onKey(event, onLeave));
        collection.onChange((changes) => {
            if (!this.#isOpen) return;
            if (changes.has('posts') && !this.#session.isOnDesk) this.#begin();
            this.#render();
        });
    }

    /** Creates a new queue and shows its first post; the keys work from now on. */
    open() {
        this.#isOpen = true;
        this.#hides.checked = this.#collection.settings.hidesGuess;
        if (this.#session.isOnDesk) this.#session.replace(reviewQueue(this.#collection, this.#scope));
        else this.#begin();
        this.#session.position = 0;
        this.#revealed = null;
        this.#isTwo = false;
        this.#status.textContent = '';
        this.#render();
        this.#front.focus({ preventScroll: true });
    }

    /** Releases the images; labels can still be undone after the next `open`. */
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

    /** @returns {boolean} Whether the guess for the current post is shown. */
    get #showsGuess() {
        return !this.#collection.settings.hidesGuess || this.#revealed === this.#session.post;
    }

    #begin() {
        this.#session = new LabellingSession(this.#collection, reviewQueue(this.#collection, this.#scope), 'review');
    }

    /**
     * @param {KeyboardEvent} event
     * @param {() => void} onLeave
     */
    #onKey(event, onLeave) {
        const command = commandOf(event);
        if (!command) return;
        event.preventDefault();
        switch (command.do) {
            case 'leave':
                return onLeave();
            case 'set':
                return void this.#set(command.emotion, null);
            case 'accept':
                return void this.#acceptPrediction(null);
            case 'note':
                return this.#session.post ? this.#notes.focus() : undefined;
            case 'zoom':
                return this.#post.zoom();
            case 'find':
                return this.#keys.find();
        }
        const actions = {
            guess: () => this.#reveal(),
            two: () => this.#toggleTwo(),
            undo: () => this.#takeBack(),
            back: () => this.#move(-1),
            on: () => this.#move(1),
        };
        this.#act(actions[command.do], null);
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

    /**
     * @param {Emotion} emotion
     * @param {MouseEvent | null} event
     */
    #set(emotion, event) {
        const { post } = this.#session;
        if (!post) return;
        const may = this.#question.mayReplace(
            post,
            this.#isTwo && post.manualLabel ? post.manualLabel.emotion : emotion,
        );
        if (may === true) return this.#act(() => this.#label(post, emotion), event);
        void may.then((isSure) => this.#act(() => isSure && this.#label(post, emotion), event));
    }

    /**
     * @param {DeskPost} post
     * @param {Emotion} emotion
     */
    #label(post, emotion) {
        if (post !== this.#session.post) return;
        const first = post.manualLabel?.emotion;
        if (!this.#isTwo) {
            this.#session.set(emotion);
            this.#announce(words.set(emotion));
        } else if (!first || first === emotion) {
            this.#session.set(emotion, { stays: true });
            this.#announce(words.set(emotion));
        } else {
            this.#session.set(first, { secondary: emotion });
            this.#isTwo = false;
            this.#announce(words.setSecond(emotion));
        }
    }

    /** @param {MouseEvent | null} event */
    #acceptPrediction(event) {
        const predicted = this.#session.post && this.#collection.predictedLabel(this.#session.post);
        if (predicted && this.#showsGuess) this.#set(predicted.emotion, event);
    }

    #reveal() {
        this.#revealed = this.#session.post;
        this.#announce('');
    }

    #toggleTwo() {
        this.#isTwo = !this.#isTwo && this.#session.post !== null;
    }

    #takeBack() {
        if (!this.#session.canUndo) return;
        this.#session.undo();
        this.#isTwo = false;
        this.#announce(words.undone);
    }

    /** @param {-1 | 1} steps */
    #move(steps) {
        const before = this.#session.position;
        this.#session.move(steps);
        this.#isTwo = false;
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
        const { hasModel } = this.#collection;
        const guess = !hasModel
            ? ''
            : !predicted
              ? words.notAnalysed
              : this.#showsGuess
                ? words.guess(predicted.emotion)
                : '';
        this.#status.textContent =
            done + (post ? words.where(position + 1, posts.length, guess) : this.#endWords().text);
    }

    #render() {
        const { post, posts, position, next, canUndo } = this.#session;
        const set = posts.filter(({ manualLabel }) => manualLabel).length;
        const fresh = newcomers(this.#collection, this.#scope, posts);
        this.#refresh.hidden = fresh === 0;
        this.#refresh.textContent = words.refresh(fresh);
        this.#progressText.textContent =
            posts.length === 0 ? '' : words.progress(Math.min(position + 1, posts.length), posts.length, set);
        this.#bar.hidden = posts.length === 0;
        this.#bar.value = posts.length === 0 ? 0 : set / posts.length;
        this.#end.hidden = post !== null;
        this.#post.container.hidden = post === null;
        this.#side.dataset['state'] = post ? 'post' : 'end';
        this.#side.hidden = !post && posts.length === 0 && !canUndo;
        this.#accept.hidden = post === null || !this.#collection.hasModel;
        this.#keys.container.hidden = this.#two.hidden = this.#notes.container.hidden = post === null;
        this.#undo.disabled = !canUndo;
        this.#back.disabled = position === 0;
        this.#skip.disabled = post === null;
        this.#two.setAttribute('aria-pressed', String(this.#isTwo));
        this.#notes.show(post);
        if (post) this.#renderPost(post, next);
        else this.#renderEnd();
    }

    /**
     * @param {DeskPost} post
     * @param {DeskPost | null} next
     */
    #renderPost(post, next) {
        const { posts, position } = this.#session;
        this.#post.show(post, [next, posts[position - 1] ?? null], words.post(position + 1, posts.length));
        this.#keys.show(post.manualLabel?.emotion ?? null, post.manualLabel?.secondary ?? null);
        const first = post.manualLabel?.emotion;
        this.#twoHint.textContent = !this.#isTwo ? '' : first ? words.twoSecond(capitalised(first)) : words.twoFirst;
        const predicted = this.#collection.predictedLabel(post);
        const guess = this.#showsGuess ? predicted : null;
        this.#prediction.container.hidden = !guess;
        this.#hidden.hidden = this.#showsGuess || !predicted;
        this.#accept.disabled = !guess;
        this.#acceptLabel.textContent = guess ? words.acceptWhat(guess.emotion) : words.accept;
        if (guess) this.#prediction.show(post, guess, this.#collection.correction !== null);
    }

    #renderEnd() {
        this.#post.clear();
        this.#prediction.container.hidden = this.#hidden.hidden = true;
        this.#twoHint.textContent = '';
        const { text, hint, open } = this.#endWords();
        this.#endText.textContent = text;
        this.#endHint.textContent = hint;
        this.#goToOpen.hidden = open === 0;
        this.#goToOpen.textContent = words.end.goTo(open);
    }

    #endWords() {
        const open = this.#session.posts.filter(({ manualLabel }) => !manualLabel).length;
        if (open > 0) return { text: words.end.left(open), hint: '', open };
        const read = this.#collection.posts.filter((one) => isToBeReviewed(this.#collection, one)).length;
        if (read === 0 && !this.#collection.hasModel) return { text: words.end.nothingRead, hint: '', open };
        if (read === 0) return { text: words.end.nothing, hint: words.end.nothingHint, open };
        const unread = this.#collection.posts.length - read;
        return { text: words.end.done, hint: unread > 0 ? words.end.waiting(unread) : words.end.all(read), open };
    }
}
