// Shows the progress of the analysis, with buttons to pause, continue and cancel it.

import { element } from '../../shared/dom.js';
import { ErrorNotice } from '../../shared/error-notice.js';
import { texts } from './texts.js';

/** @typedef {import('./run.js').Progress} Progress */

/** The number of problems listed; the export has all of them. */
const LISTED = 200;

/**
 * @typedef {object} RunActions
 * @property {() => void} start Analyses the remaining posts.
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {() => void} cancel
 */

/** A progress bar with texts; `container.dataset.state` names the state. */
export class RunPanel {
    /** Without a model, posts are only read. @type {Omit<typeof texts.run, 'allAnalysed'>} */
    #words = texts.run;
    #text = element('p', { class: 'run-text', id: 'run-text' });
    #detail = element('p', { class: 'hint' });
    #bar = element('progress', { 'aria-labelledby': 'run-text', max: 1, value: 0 });
    #start = element('button', { type: 'button', class: 'primary' }, this.#words.start);
    #pause = element('button', { type: 'button' }, this.#words.pause);
    #resume = element('button', { type: 'button', class: 'primary' }, this.#words.resume);
    #cancel = element('button', { type: 'button' }, this.#words.cancel);
    #notice = new ErrorNotice();
    #problemsTitle = element('summary');
    #problemList = element('ul');
    #problems = element('details', { class: 'problems', hidden: true }, this.#problemsTitle, this.#problemList);
    container = element(
        'section',
        { class: 'run', 'aria-labelledby': 'run-title', hidden: true },
        element('h2', { id: 'run-title', class: 'visually-hidden' }, this.#words.title),
        element(
            'div',
            { class: 'run-line' },
            element('div', { class: 'run-words' }, this.#text, this.#detail),
            this.#problems,
            element('div', { class: 'actions' }, this.#start, this.#pause, this.#resume, this.#cancel),
        ),
        this.#bar,
        this.#notice.container,
    );

    /** @param {RunActions} actions */
    constructor({ start, pause, resume, cancel }) {
        for (const [button, action] of /** @type {const} */ ([
            [this.#start, start],
            [this.#pause, pause],
            [this.#resume, resume],
            [this.#cancel, cancel],
        ])) {
            button.addEventListener('click', action);
        }
        for (const event of ['pointerdown', 'focusin']) {
            document.addEventListener(event, ({ target }) => {
                if (target instanceof Node && !this.#problems.contains(target)) this.#uncover();
            });
        }
        this.#problems.addEventListener('keydown', ({ key }) => {
            if (key !== 'Escape') return;
            this.#problems.open = false;
            this.#problemsTitle.focus();
        });
    }

    /** @param {boolean} hasModel Whether posts are analysed, or only read. */
    setKind(hasModel) {
        this.#words = hasModel ? texts.run : { ...texts.run, ...texts.reading };
        this.#start.textContent = this.#words.start;
    }

    /** Collapses the list of problems if it covers other content. */
    #uncover() {
        if (getComputedStyle(this.#problemList).position === 'absolute') this.#problems.open = false;
    }

    /**
     * Shows that posts wait for the model.
     *
     * @param {number} total The number of posts to analyse.
     */
    wait(total) {
        this.#enter('waiting');
        this.#text.textContent = this.#words.waiting(total);
        this.#detail.textContent = '';
        this.#bar.value = 0;
    }

    /**
     * Shows how far the model has been loaded while posts wait for it.
     *
     * @param {string} text
     * @param {number | null} share
     */
    showModel(text, share) {
        if (this.container.hidden || this.container.dataset.state !== 'waiting') return;
        this.#detail.textContent = text;
        if (share === null) this.#bar.removeAttribute('value');
        else this.#bar.value = share;
    }

    /**
     * @param {Progress} progress
     * @param {{ posts: number, read: number, failed: number }} desk For the whole desk, not only for this run.
     */
    show({ state, reused, repeated, rate_per_s, left_s, error }, { posts, read, failed }) {
        this.#enter(state);
        const done = read + failed;
        this.#bar.value = posts ? done / posts : 0;
        this.#text.textContent = this.#headline(state, done, posts, failed);
        const facts = [
            ...(state === 'running' && rate_per_s > 0 ? [this.#words.rate(rate_per_s)] : []),
            ...(state === 'running' && left_s !== null ? [this.#words.left(left_s)] : []),
            ...(reused > 0 ? [this.#words.reused(reused)] : []),
            ...(repeated > 0 ? [this.#words.repeated(repeated)] : []),
        ];
        this.#detail.textContent = facts.join(' · ');
        if (state === 'stopped' && error) this.#notice.show(error);
    }

    /**
     * @param {readonly { where: string, reason: string }[]} problems
     */
    showProblems(problems) {
        this.#problems.hidden = problems.length === 0;
        this.#problemsTitle.textContent = this.#words.problems(problems.length);
        if (this.#problemList.childElementCount === Math.min(problems.length, LISTED + 1) && problems.length <= LISTED)
            return;
        const listed = problems
            .slice(0, LISTED)
            .map(({ where, reason }) => element('li', {}, element('strong', {}, where), ` ${reason}`));
        const more = problems.length - listed.length;
        if (more > 0) listed.push(element('li', { class: 'hint' }, this.#words.more(more)));
        this.#problemList.replaceChildren(...listed);
    }

    /** Hides the panel: the desk is empty. */
    clear() {
        this.container.hidden = true;
    }

    /** @param {Progress['state'] | 'waiting'} state */
    #enter(state) {
        const { activeElement } = document;
        const hadFocus = activeElement instanceof HTMLButtonElement && this.container.contains(activeElement);
        this.container.hidden = false;
        this.container.dataset.state = state;
        this.#start.hidden = state !== 'cancelled';
        this.#pause.hidden = state !== 'running';
        this.#resume.hidden = state !== 'paused' && state !== 'stopped';
        this.#cancel.hidden = state === 'finished' || state === 'cancelled' || state === 'waiting';
        if (state !== 'stopped') this.#notice.clear();
        // The pressed button is hidden: its successor gets the focus.
        if (hadFocus && activeElement.hidden)
            [this.#pause, this.#resume, this.#start].find(({ hidden }) => !hidden)?.focus();
    }

    /**
     * @param {Progress['state']} state
     * @param {number} done
     * @param {number} posts
     * @param {number} failed
     */
    #headline(state, done, posts, failed) {
        const words = this.#words;
        return state === 'finished' ? words.finished(posts, failed) : words[state](words.place(done, posts, failed));
    }
}
