// A blind sample: draw it, label it, see how far the model agrees.

import { element } from '../../shared/dom.js';
import { BlindSample, classifiedPosts } from './blind-sample.js';
import { commandOf } from './keys.js';
import { counted } from '../words.js';
import { AgreementView } from './agreement-view.js';
import { EmotionKeys, keyButton } from './emotion-keys.js';
import { frontFocus } from './front-focus.js';
import { PostCard } from './post-card.js';
import { SampleForm } from './sample-form.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {'form' | 'sample' | 'result'} State */

/** A card with a form, then a post at a time, then the figures. */
export class BlindSampleView {
    #title = element('h2', { id: 'blind-title' }, 'Blind sample');
    #progressText = element('p', { class: 'check-progress', id: 'blind-progress' });
    #bar = element('progress', { 'aria-labelledby': 'blind-progress', max: 1, value: 0 });
    #leave = keyButton('Leave', 'Esc', 'Escape');
    #form = new SampleForm((count, seed) => this.#draw(count, seed));
    #post = new PostCard();
    #keys = new EmotionKeys((emotion, event) => this.#act(() => this.#set(emotion), event));
    #undo = keyButton('Undo', 'U', 'U');
    #back = keyButton('Back', '←', 'ArrowLeft ArrowUp');
    #skip = keyButton('Skip', '→', 'ArrowRight ArrowDown');
    #finish = element('button', { type: 'button' }, 'End here and show the result');
    #sampleBody = element(
        'div',
        { class: 'check-body' },
        this.#post.container,
        element(
            'div',
            { class: 'check-side' },
            element('p', { class: 'hint' }, 'The model’s label is hidden until the end.'),
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
    #goOn = element('button', { type: 'button' }, 'Go on with this sample');
    #undoLast = keyButton('Undo the last label', 'U', 'U');
    #another = element('button', { type: 'button' }, 'Draw another sample');
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
            // In the result only the last label can be taken back, and arrow keys scroll.
            if (this.#state === 'form' || (this.#state === 'result' && command.do !== 'undo')) return;
            event.preventDefault();
            const actions = {
                set: () => command.do === 'set' && this.#set(command.emotion),
                accept: () => {}, // there is nothing to accept while the model's label is hidden
                undo: () => this.#takeBack(),
                back: () => this.#move(-1),
                on: () => this.#move(1),
            };
            this.#act(actions[command.do], null);
        });
        collection.onChange((changes) => {
            if (changes.has('posts') && this.#sample && !this.#sample.isOnDesk) {
                this.#sample = null;
                this.#state = 'form';
                this.#form.say('The sample has ended, because other posts were put on the desk.');
            }
            if (this.#isOpen) this.#render();
        });
    }

    /** Shows the sample under way, or the form to draw one. */
    open() {
        this.#isOpen = true;
        this.#status.textContent = '';
        this.#render();
        this.#front.focus();
    }

    /** Lets the images go; a sample under way is kept. */
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
        this.#afterMove(`Set to ${emotion}. `);
    }

    /** @param {-1 | 1} steps */
    #move(steps) {
        const { post, position = 0, answers } = this.#sample ?? {};
        this.#sample?.move(steps);
        if (this.#sample?.position === position) return;
        this.#afterMove(steps === 1 && post && !answers?.has(post) ? 'Skipped. ' : '');
    }

    #takeBack() {
        if (!this.#sample?.canUndo) return;
        this.#sample.undo();
        this.#state = 'sample';
        this.#announce('Taken back. ');
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
            done + (this.#state === 'sample' ? `${position + 1} of ${posts.length}.` : 'The result is shown.');
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
        const where = this.#state === 'sample' ? `${position + 1} of ${posts.length}, ` : '';
        this.#progressText.textContent = `${where}${answers.size} set${passed > 0 ? `, ${passed} skipped` : ''}`;
        this.#bar.value = answers.size / posts.length;
        if (this.#state === 'result') this.#renderResult(sample);
        else this.#renderPost(sample);
    }

    /** @param {BlindSample} sample */
    #renderPost({ post, posts, position, next, canUndo, answers }) {
        if (!post) return;
        this.#post.show(post, [next, posts[position - 1] ?? null], `Post ${position + 1} of ${posts.length}`);
        this.#keys.show(answers.get(post) ?? null);
        this.#undo.disabled = !canUndo;
        this.#back.disabled = position === 0;
    }

    /** @param {BlindSample} sample */
    #renderResult(sample) {
        const { posts, answers, passed, seed, canUndo } = sample;
        const pairs = sample.pairs();
        this.#resultText.textContent =
            answers.size === 0
                ? 'No post of this sample has a label yet.'
                : `You set ${counted(answers.size, 'label')} without seeing the model’s.`;
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
