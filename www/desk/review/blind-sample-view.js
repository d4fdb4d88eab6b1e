// The blind test: draws a sample, lets the person label it, and shows the agreement with the model.

import { element } from '../../shared/dom.js';
import { AgreementView } from './agreement-view.js';
import { BlindSample, classifiedPosts } from './blind-sample.js';
import { EmotionKeys, keyButton } from './emotion-keys.js';
import { frontFocus } from './front-focus.js';
import { commandOf } from './keys.js';
import { PostCard } from './post-card.js';
import { SampleForm } from './sample-form.js';
import { texts } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {'form' | 'sample' | 'result'} State */

const words = texts.blind;

/** A card with a form, then one post at a time, then the figures. */
export class BlindSampleView {
    #title = element('h2', { id: 'blind-title' }, words.title);
    #progressText = element('p', { class: 'check-progress', id: 'blind-progress' });
    #bar = element('progress', { 'aria-labelledby': 'blind-progress', max: 1, value: 0 });
    #leave = keyButton(words.leave, texts.keys.escape, 'Escape');
    #form = new SampleForm((count, seed) => this.#draw(count, seed));
    #post = new PostCard();
    #keys = new EmotionKeys((emotion, event) => this.#act(() => this.#set(emotion), event));
    #undo = keyButton(texts.review.undo, 'U', 'U');
    #back = keyButton(texts.review.back, '←', 'ArrowLeft ArrowUp');
    #skip = keyButton(texts.review.skip, '→', 'ArrowRight ArrowDown');
    #finish = element('button', { type: 'button' }, words.finish);
    #sampleBody = element(
        'div',
        { class: 'check-body' },
        this.#post.container,
        element(
            'div',
            { class: 'check-side' },
            element('p', { class: 'hint' }, words.hidden),
            element(
                'div',
                { class: 'check-controls' },
                this.#keys.container,
                element('div', { class: 'check-moves' }, this.#back, this.#undo, this.#skip),
            ),
            this.#finish,
        ),
    );
    #agreement = new AgreementView();
    #resultText = element('p', { class: 'check-end-text', tabindex: -1 });
    #goOn = element('button', { type: 'button' }, words.goOn);
    #undoLast = keyButton(words.undoLast, 'U', 'U');
    #another = element('button', { type: 'button' }, words.another);
    #result = element(
        'div',
        { class: 'check-result' },
        this.#resultText,
        this.#agreement.container,
        element('div', { class: 'actions' }, this.#goOn, this.#undoLast, this.#another),
    );
    #status = element('p', { class: 'visually-hidden', role: 'status' });
    container = element(
        'section',
        { class: 'card check', 'aria-labelledby': 'blind-title', tabindex: -1 },
        element(
            'div',
            { class: 'check-head' },
            this.#title,
            this.#progressText,
            element('div', { class: 'actions' }, this.#leave),
        ),
        this.#bar,
        this.#form.container,
        this.#sampleBody,
        this.#result,
        this.#status,
    );
    #collection;
    /** @type {BlindSample | null} */
    #sample = null;
    /** @type {State} */
    #state = 'form';
    #isOpen = false;

    /**
     * @param {Collection} collection
     * @param {{ onLeave: () => void }} callbacks
     */
    constructor(collection, { onLeave }) {
        this.#collection = collection;
        this.#leave.addEventListener('click', onLeave);
        this.#undo.addEventListener('click', (event) => this.#act(() => this.#takeBack(), event));
        this.#undoLast.addEventListener('click', (event) => this.#act(() => this.#takeBack(), event));
        this.#back.addEventListener('click', (event) => this.#act(() => this.#move(-1), event));
        this.#skip.addEventListener('click', (event) => this.#act(() => this.#move(1), event));
        this.#finish.addEventListener('click', (event) => this.#act(() => this.#end(), event));
        this.#goOn.addEventListener('click', (event) => this.#act(() => this.#resume(), event));
        this.#another.addEventListener('click', () => this.#startOver(''));
        this.container.addEventListener('keydown', (event) => {
            const command = commandOf(event);
            if (!command) return;
            if (command.do === 'leave') {
                event.preventDefault();
                return onLeave();
            }
            if (command.do === 'zoom' && this.#state === 'sample') this.#post.zoom();
            if (command.do === 'find' && this.#state === 'sample') this.#keys.find();
            // In the result, only the last label can be undone, and arrow keys scroll.
            if (this.#state === 'form' || (this.#state === 'result' && command.do !== 'undo')) return;
            event.preventDefault();
            // There is nothing to accept while the model's label is hidden.
            /** @type {Partial<Record<import('./keys.js').Command['do'], () => void>>} */
            const actions = {
                set: () => command.do === 'set' && this.#set(command.emotion),
                undo: () => this.#takeBack(),
                back: () => this.#move(-1),
                on: () => this.#move(1),
            };
            const action = actions[command.do];
            if (action) this.#act(action, null);
        });
        collection.onChange((changes) => {
            if (changes.has('posts') && this.#sample && !this.#sample.isOnDesk) {
                this.#sample = null;
                this.#state = 'form';
                this.#form.say(words.ended);
            }
            if (this.#isOpen) this.#render();
        });
    }

    /** Shows the current sample, or the form to draw one. */
    open() {
        this.#isOpen = true;
        this.#status.textContent = '';
        this.#render();
        this.#front.focus();
    }

    /** Releases the images; the current sample is kept. */
    close() {
        this.#isOpen = false;
        this.#post.clear();
    }

    get #front() {
        if (this.#state === 'form') return this.#form.front;
        return this.#state === 'sample' ? this.#post.container : this.#resultText;
    }

    /**
     * @param {number} count
     * @param {number} seed
     */
    #draw(count, seed) {
        this.#sample = new BlindSample(this.#collection, count, seed);
        this.#state = 'sample';
        this.#act(() => this.#announce(''), null);
    }

    /** @param {string} why */
    #startOver(why) {
        this.#sample = null;
        this.#state = 'form';
        this.#form.renew();
        this.#form.say(why);
        this.#render();
        this.#front.focus();
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
        this.#sample?.set(emotion);
        this.#afterMove(texts.review.set(emotion));
    }

    /** @param {-1 | 1} steps */
    #move(steps) {
        const { post, position = 0, answers } = this.#sample ?? {};
        this.#sample?.move(steps);
        if (this.#sample?.position === position) return;
        this.#afterMove(steps === 1 && post && !answers?.has(post) ? words.skipped : '');
    }

    #takeBack() {
        if (!this.#sample?.canUndo) return;
        this.#sample.undo();
        this.#state = 'sample';
        this.#announce(texts.review.undone);
    }

    #end() {
        this.#state = 'result';
        this.#announce('');
    }

    #resume() {
        this.#sample?.goToOpen();
        this.#state = 'sample';
        this.#announce('');
    }

    /** @param {string} done */
    #afterMove(done) {
        if (!this.#sample?.post) this.#state = 'result';
        this.#announce(done);
    }

    /** @param {string} done */
    #announce(done) {
        const { position = 0, posts = [] } = this.#sample ?? {};
        this.#status.textContent =
            done + (this.#state === 'sample' ? words.where(position + 1, posts.length) : words.shown);
    }

    #render() {
        const sample = this.#sample;
        this.#form.container.hidden = this.#state !== 'form';
        this.#sampleBody.hidden = this.#state !== 'sample';
        this.#result.hidden = this.#state !== 'result';
        this.#bar.hidden = this.#state !== 'sample';
        if (this.#state !== 'sample') this.#post.clear();
        if (!sample) this.#progressText.textContent = '';
        if (!sample) return this.#form.show(classifiedPosts(this.#collection));
        const { posts, position, answers, passed } = sample;
        const where = this.#state === 'sample' ? words.place(position + 1, posts.length) : '';
        this.#progressText.textContent = words.progress(where, answers.size, passed);
        this.#bar.value = answers.size / posts.length;
        if (this.#state === 'result') this.#renderResult(sample);
        else this.#renderPost(sample);
    }

    /** @param {BlindSample} sample */
    #renderPost({ post, posts, position, next, canUndo, answers }) {
        if (!post) return;
        this.#post.show(post, [next, posts[position - 1] ?? null], texts.review.post(position + 1, posts.length));
        this.#keys.show(answers.get(post) ?? null);
        this.#undo.disabled = !canUndo;
        this.#back.disabled = position === 0;
    }

    /** @param {BlindSample} sample */
    #renderResult(sample) {
        const { posts, answers, passed, seed, canUndo } = sample;
        const pairs = sample.pairs();
        this.#resultText.textContent = answers.size === 0 ? words.none : words.result(answers.size);
        this.#agreement.container.hidden = pairs.length === 0;
        this.#goOn.hidden = answers.size === posts.length;
        this.#undoLast.hidden = !canUndo;
        if (pairs.length === 0) return;
        const { name, description, correction } = this.#collection;
        this.#agreement.show(pairs, {
            collection: name,
            model_sha256: description?.model.sha256 ?? null,
            correction,
            seed,
            drawn: posts.length,
            skipped: passed,
        });
    }
}
