// How far the reading of all posts has come, and what stops it and starts it again.

import { element } from '../../shared/dom.js';
import { ErrorNotice } from '../../shared/error-notice.js';
import { counted, grouped } from '../words.js';

/** @typedef {import('./run.js').Progress} Progress */

/** How many problems are listed; the export has all of them. */
const LISTED = 200;

/**
 * @typedef {object} RunActions
 * @property {() => void} start Reads what is not read yet.
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {() => void} cancel
 */

/** A bar with its words; `container.dataset.state` names the state. */
export class RunPanel {
    #text = element('p', { class: 'run-text', id: 'run-text' });
    #detail = element('p', { class: 'hint' });
    #bar = element('progress', { 'aria-labelledby': 'run-text', max: 1, value: 0 });
    #start = element('button', { type: 'button', class: 'primary' }, 'Analyse the rest');
    #pause = element('button', { type: 'button' }, 'Pause');
    #resume = element('button', { type: 'button', class: 'primary' }, 'Continue');
    #cancel = element('button', { type: 'button' }, 'Cancel');
    #notice = new ErrorNotice();
    #problemsTitle = element('summary');
    #problemList = element('ul');
    #problems = element('details', { class: 'problems', hidden: true }, this.#problemsTitle, this.#problemList);
    container = element(
        'section',
        { class: 'card run', 'aria-labelledby': 'run-title', hidden: true },
        element('h2', { id: 'run-title', class: 'visually-hidden' }, 'Analysis'),
        element(
            'div',
            { class: 'run-line' },
            element('div', {}, this.#text, this.#detail),
            element('div', { class: 'actions' }, this.#start, this.#pause, this.#resume, this.#cancel),
        ),
        this.#bar,
        this.#notice.container,
        this.#problems,
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
    }

    /**
     * Waits for the model.
     *
     * @param {number} total How many posts are there to be read.
     */
    wait(total) {
        this.#enter('waiting');
        this.#text.textContent = `${counted(total, 'post')} on the desk. The analysis starts as soon as the model is loaded.`;
        this.#detail.textContent = '';
        this.#bar.value = 0;
    }

    /**
     * @param {Progress} progress
     * @param {{ posts: number, read: number, failed: number }} desk Of the whole desk, not of this run alone.
     */
    show({ state, reused, repeated, rate_per_s, left_s, error }, { posts, read, failed }) {
        this.#enter(state);
        const done = read + failed;
        this.#bar.value = posts ? done / posts : 0;
        this.#text.textContent = headline(state, done, posts, failed);
        const facts = [
            ...(state === 'running' && rate_per_s > 0 ? [`${rate(rate_per_s)} a second`] : []),
            ...(state === 'running' && left_s !== null ? [`${timeLeft(left_s)} left`] : []),
            ...(reused > 0 ? [`${grouped(reused)} known from before`] : []),
            ...(repeated > 0 ? [`${grouped(repeated)} with a repeated image, analysed once`] : []),
        ];
        this.#detail.textContent = facts.join(' · ');
        if (state === 'stopped' && error) this.#notice.show(error);
    }

    /**
     * @param {readonly { where: string, reason: string }[]} problems
     */
    showProblems(problems) {
        this.#problems.hidden = problems.length === 0;
        this.#problemsTitle.textContent = counted(problems.length, 'problem');
        if (this.#problemList.childElementCount === Math.min(problems.length, LISTED + 1) && problems.length <= LISTED)
            return;
        const listed = problems
            .slice(0, LISTED)
            .map(({ where, reason }) => element('li', {}, element('strong', {}, where), ` ${reason}`));
        const more = problems.length - listed.length;
        if (more > 0)
            listed.push(
                element(
                    'li',
                    { class: 'hint' },
                    `and ${grouped(more)} more: choose “With an error” below, or export the posts`,
                ),
            );
        this.#problemList.replaceChildren(...listed);
    }

    /** Nothing is on the desk. */
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
        // The button that was pressed is gone: its successor takes the focus.
        if (hadFocus && activeElement.hidden)
            [this.#pause, this.#resume, this.#start].find(({ hidden }) => !hidden)?.focus();
    }
}

/**
 * @param {Progress['state']} state
 * @param {number} done
 * @param {number} posts
 * @param {number} failed
 */
function headline(state, done, posts, failed) {
    const failures = failed > 0 ? `, ${grouped(failed)} could not be analysed` : '';
    if (state === 'finished')
        return failed > 0
            ? `${grouped(posts - failed)} of ${counted(posts, 'post')} are analysed${failures}.`
            : `All ${counted(posts, 'post')} are analysed.`;
    const place = `${grouped(done)} of ${counted(posts, 'post')}${failures}`;
    if (state === 'paused') return `Paused at ${place}.`;
    if (state === 'cancelled') return `Cancelled at ${place}. Results so far are stored.`;
    if (state === 'stopped') return `Stopped at ${place}. Results so far are stored.`;
    return `Analysing: ${place}.`;
}

/** @param {number} rate_per_s */
const rate = (rate_per_s) => (rate_per_s >= 10 ? grouped(Math.round(rate_per_s)) : rate_per_s.toFixed(1));

/** @param {number} left_s */
function timeLeft(left_s) {
    if (left_s < 10) return 'a few seconds';
    if (left_s < 90) return `${Math.round(left_s / 10) * 10} seconds`;
    if (left_s < 5400) return `${Math.round(left_s / 60)} minutes`;
    return `${(left_s / 3600).toFixed(1)} hours`;
}
