// The parts of the desk as tabs: arrow keys move between them.

import { element } from '../shared/dom.js';
import { texts } from './texts.js';

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {string} title
 * @property {HTMLElement} panel
 * @property {() => void} [onOpen]
 * @property {() => void} [onClose]
 */

/** The body's `data-view` names the tab that is open. */
export class Tabs {
    #list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': texts.tabs.label });
    container = element('div', { class: 'tabbed' }, this.#list);
    #tabs;
    /** @type {Map<string, HTMLButtonElement>} */
    #buttons = new Map();
    #open = '';

    /** @param {Tab[]} tabs The first one is open. */
    constructor(tabs) {
        this.#tabs = tabs;
        for (const { id, title, panel } of tabs) {
            const button = element(
                'button',
                {
                    type: 'button',
                    role: 'tab',
                    id: `tab-${id}`,
                    'aria-controls': `panel-${id}`,
                    'aria-selected': 'false',
                    tabindex: '-1',
                },
                title,
            );
            button.addEventListener('click', () => this.open(id));
            this.#buttons.set(id, button);
            this.#list.append(button);
            this.container.append(
                element(
                    'div',
                    { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, hidden: true },
                    panel,
                ),
            );
        }
        this.#list.addEventListener('keydown', (event) => this.#onKey(event));
        const [first] = tabs;
        if (first) this.open(first.id);
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        const tabs = this.#tabs.filter(({ id }) => !this.#buttons.get(id)?.hidden);
        const place = tabs.findIndex(({ id }) => id === this.#open);
        const steps = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tabs.length - 1 };
        if (!(event.key in steps)) return;
        const next = tabs[(steps[/** @type {keyof typeof steps} */ (event.key)] + tabs.length) % tabs.length];
        event.preventDefault();
        if (!next) return;
        this.open(next.id);
        this.#buttons.get(next.id)?.focus();
    }

    /**
     * Shows or hides a tab; the first one is opened in place of one that is hidden.
     *
     * @param {string} id
     * @param {boolean} isThere
     */
    offer(id, isThere) {
        const button = this.#buttons.get(id);
        if (button) button.hidden = !isThere;
        this.#list.dataset['tabs'] = String([...this.#buttons.values()].filter(({ hidden }) => !hidden).length);
        const [first] = this.#tabs;
        if (!isThere && this.#open === id && first) this.open(first.id);
    }

    /** @param {string} wanted */
    open(wanted) {
        if (wanted === this.#open) return;
        const before = this.#tabs.find(({ id }) => id === this.#open);
        this.#open = wanted;
        document.body.dataset['view'] = wanted;
        for (const { id, panel } of this.#tabs) {
            const isOpen = id === wanted;
            const button = this.#buttons.get(id);
            button?.setAttribute('aria-selected', String(isOpen));
            button?.setAttribute('tabindex', isOpen ? '0' : '-1');
            if (panel.parentElement) panel.parentElement.hidden = !isOpen;
        }
        before?.onClose?.();
        this.#tabs.find(({ id }) => id === wanted)?.onOpen?.();
    }

    /** Moves the focus to the tab that is open. */
    focus() {
        this.#buttons.get(this.#open)?.focus({ preventScroll: true });
    }
}
