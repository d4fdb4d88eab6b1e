// Shows why the image is missing and what can be done about it.

import { element } from '../shared/dom.js';

/** @typedef {import('./post.js').Obstacle} Obstacle */
/** @typedef {{ allow: () => void, takeFromScreen: () => void }} Ways */

const ALTERNATIVE = 'Drop the image here, paste it or choose a file of it.';

/**
 * @param {Obstacle} obstacle
 * @param {boolean} refused
 * @returns {{ title: string, remedy: string }}
 */
function words(obstacle, refused) {
    switch (obstacle.kind) {
        case 'permission':
            if (refused)
                return {
                    title: `${obstacle.site} is not allowed`,
                    remedy: `Without the permission the image is not read. ${ALTERNATIVE}`,
                };
            return {
                title: 'The image needs your permission',
                remedy:
                    `It is on ${obstacle.site}, which does not let other sites read it. If you allow it, emofuse fetches the image from there, ` +
                    'and does nothing else there, although the browser’s question sounds like more.',
            };
        case 'failed':
            return {
                title: 'The image could not be fetched',
                remedy: `From ${obstacle.site}: ${obstacle.reason}. ${ALTERNATIVE}`,
            };
        case 'gone':
            return { title: 'The image is not on the page any more', remedy: ALTERNATIVE };
        case 'closed':
            return { title: 'The browser keeps extensions out of this page', remedy: ALTERNATIVE };
        case 'hidden':
            return {
                title: 'The image is not to be seen now',
                remedy: `Bring its tab to the front and scroll to it, then click on it once more. ${ALTERNATIVE}`,
            };
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
        if (obstacle.kind === 'permission') buttons.append(button(`Allow ${obstacle.site}`, ways.allow));
        if ('onScreen' in obstacle && obstacle.onScreen)
            buttons.append(button('Take it from the screen', ways.takeFromScreen));
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
