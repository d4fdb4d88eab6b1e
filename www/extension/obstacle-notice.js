// Shows why the image is missing and what you can do about it.

import { element } from '../shared/dom.js';
import { TEXTS } from './texts.js';

/** @typedef {import('./post.js').Obstacle} Obstacle */
/** @typedef {{ allow: () => void, takeFromScreen: () => void }} Ways */

/**
 * @param {Obstacle} obstacle
 * @param {boolean} refused
 * @returns {{ title: string, remedy: string }}
 */
function words(obstacle, refused) {
    const {
        alternative,
        instead,
        permission,
        refused: refusal,
        failed,
        placeholder,
        gone,
        closed,
        hidden,
    } = TEXTS.obstacle;
    switch (obstacle.kind) {
        case 'permission':
            if (refused) return { title: refusal.title(obstacle.site), remedy: `${refusal.remedy} ${instead}` };
            return { title: permission.title, remedy: permission.remedy(obstacle.site) };
        case 'failed':
            return { title: failed.title, remedy: `${failed.remedy(obstacle.site, obstacle.reason)} ${instead}` };
        case 'placeholder':
            return { title: placeholder.title, remedy: `${placeholder.remedy} ${alternative}` };
        case 'gone':
            return { title: gone.title, remedy: instead };
        case 'closed':
            return { title: closed.title, remedy: instead };
        case 'hidden':
            return { title: hidden.title, remedy: `${hidden.remedy} ${alternative}` };
    }
}

/** A message with up to two buttons. */
export class ObstacleNotice {
    container = element('div', { class: 'notice obstacle', role: 'alert' });

    clear() {
        this.container.replaceChildren();
    }

    /**
     * @param {Obstacle} obstacle
     * @param {Ways} ways
     * @param {{ refused: boolean }} [state]
     */
    show(obstacle, ways, { refused } = { refused: false }) {
        const { title, remedy } = words(obstacle, refused);
        const body = element(
            'div',
            { class: 'notice-body' },
            element('p', { class: 'notice-title' }, title),
            element('p', {}, remedy),
        );
        const buttons = element('div', { class: 'actions' });
        if (obstacle.kind === 'permission') buttons.append(button(TEXTS.obstacle.allow(obstacle.site), ways.allow));
        if ('onScreen' in obstacle && obstacle.onScreen)
            buttons.append(button(TEXTS.obstacle.takeFromScreen, ways.takeFromScreen));
        if (buttons.hasChildNodes()) body.append(buttons);
        const hadFocus = this.container.contains(document.activeElement);
        this.container.replaceChildren(body);
        if (hadFocus) buttons.querySelector('button')?.focus();
    }
}

/**
 * @param {string} label
 * @param {() => void} run
 */
function button(label, run) {
    const node = element('button', { type: 'button' }, label);
    node.addEventListener('click', run);
    return node;
}
