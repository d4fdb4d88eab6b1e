// A list of any length in which only the visible items have elements, which are reused while it scrolls.

import { element } from '../../shared/dom.js';

/**
 * One element of the list, reused for different posts.
 *
 * @template T
 * @typedef {object} Item
 * @property {HTMLElement} container
 * @property {(thing: T) => void} show
 */

/**
 * @template T
 * @typedef {object} Layout
 * @property {'grid' | 'listbox'} role Of the list: a grid's items are rows with cells, a listbox's are options.
 * @property {string} label
 * @property {number} height_px The height of an item, including the gap to the next.
 * @property {number} width_px The minimum width of an item; Infinity for one item per row.
 * @property {() => Item<T>} create
 * @property {HTMLElement | null} head A row of headings, which does not scroll.
 */

/**
 * An element and its current use.
 *
 * @template T
 * @typedef {object} Slot
 * @property {Item<T>} item
 * @property {number} place In the list; -1 for none.
 * @property {T | null} thing The item it shows; null if it must be drawn again.
 */

/**
 * The selection, by the places of items.
 *
 * @template T
 * @typedef {object} Picks
 * @property {(thing: T) => boolean} has
 * @property {(place: number) => void} toggle
 * @property {(place: number) => void} extendTo
 * @property {(place: number) => void} startFrom
 * @property {() => void} all
 * @property {() => void} clear
 */

/** How many rows beyond the edges have elements. */
const BEYOND = 4;

/** How many elements are created per frame: all at once would block the page. */
const ADDED = 8;

let lists = 0;

/**
 * Arrow keys, Page up, Page down, Home and End move through it; Enter, Space and clicks open an item. If items can be
 * selected, clicks with Ctrl or Shift and clicks on an item's `.pick` select, and so do X, Shift with an arrow and
 * Ctrl+A.
 *
 * @template T
 */
export class VirtualList {
    container;
    #scroller = element('div', { class: 'list-scroller', tabindex: '0' });
    #space = element('div', { class: 'list-space', role: 'presentation' });
    #layout;
    #onOpen;
    #picks;
    #id = `list-${++lists}`;
    /** @type {readonly T[]} */
    #things = [];
    /** @type {Slot<T>[]} */
    #slots = [];
    #active = 0;
    #columns = 1;
    #frame = 0;

    /**
     * @param {Layout<T>} layout
     * @param {(place: number) => void} onOpen
     * @param {Picks<T> | null} [picks] Null if items cannot be selected.
     */
    constructor(layout, onOpen, picks = null) {
        this.#layout = layout;
        this.#onOpen = onOpen;
        this.#picks = picks;
        if (picks) this.#scroller.setAttribute('aria-multiselectable', 'true');
        this.#scroller.setAttribute('role', layout.role);
        this.#scroller.setAttribute('aria-label', layout.label);
        this.#scroller.append(...(layout.head ? [layout.head] : []), this.#space);
        this.container = element('div', { class: `list list-${layout.role}` }, this.#scroller);
        this.#scroller.addEventListener('scroll', () => this.#drawSoon(), { passive: true });
        this.#scroller.addEventListener('keydown', (event) => this.#onKey(event));
        this.#space.addEventListener('click', (event) => {
            const slot = this.#slots.find(({ item }) => item.container.contains(/** @type {Node} */ (event.target)));
            if (!slot || slot.place < 0) return;
            this.#moveTo(slot.place);
            const isPick = event.target instanceof Element && event.target.closest('.pick') !== null;
            if (this.#picks && event.shiftKey) this.#picks.extendTo(slot.place);
            else if (this.#picks && (event.ctrlKey || event.metaKey || isPick)) this.#picks.toggle(slot.place);
            else this.#onOpen(slot.place);
        });
        // Shift with a click would select text.
        this.#space.addEventListener('mousedown', (event) => {
            if (event.shiftKey && this.#picks) event.preventDefault();
        });
        new ResizeObserver(() => this.#measure()).observe(this.#scroller);
    }

    /** @param {readonly T[]} things */
    show(things) {
        this.#things = things;
        this.#active = Math.max(0, Math.min(this.#active, things.length - 1));
        if (this.#layout.role === 'grid')
            this.#scroller.setAttribute('aria-rowcount', String(things.length + (this.#layout.head ? 1 : 0)));
        this.#measure();
        this.refresh();
    }

    /** Redraws the visible items. */
    refresh() {
        for (const slot of this.#slots) slot.thing = null;
        this.#drawSoon();
    }

    /** @param {number} place */
    activate(place) {
        this.#moveTo(place);
    }

    scrollToTop() {
        this.#active = 0;
        this.#scroller.scrollTop = 0;
    }

    focus() {
        this.#scroller.focus({ preventScroll: true });
    }

    #measure() {
        const { width_px, height_px } = this.#layout;
        this.#columns = Number.isFinite(width_px) ? Math.max(1, Math.floor(this.#scroller.clientWidth / width_px)) : 1;
        const rows = Math.ceil(this.#things.length / this.#columns);
        this.#space.style.setProperty('height', `${rows * height_px}px`);
        this.#drawSoon();
    }

    #drawSoon() {
        this.#frame ||= requestAnimationFrame(() => {
            this.#frame = 0;
            this.#draw();
        });
    }

    #draw() {
        const { height_px } = this.#layout;
        const { scrollTop, clientHeight } = this.#scroller;
        if (clientHeight === 0) return; // not visible; it is measured when it becomes visible
        const first = Math.max(0, Math.floor(scrollTop / height_px) - BEYOND) * this.#columns;
        const last = Math.min(
            this.#things.length,
            Math.ceil((scrollTop + clientHeight) / height_px + BEYOND) * this.#columns,
        );
        const needed = (Math.ceil(clientHeight / height_px) + 2 * BEYOND + 2) * this.#columns;
        for (let added = 0; this.#slots.length < needed && added < ADDED; added++) this.#addSlot();
        const count = this.#slots.length;
        if (count < needed) this.#drawSoon();
        for (const slot of this.#slots) {
            if (slot.place >= first && slot.place < Math.min(last, first + count)) continue;
            slot.place = -1;
            slot.thing = null;
            slot.item.container.hidden = true;
        }
        // While there are too few elements, the items at the top come first.
        for (let place = first; place < Math.min(last, first + count); place++)
            this.#fill(/** @type {Slot<T>} */ (this.#slots[place % count]), place);
        this.#markActive();
    }

    #addSlot() {
        const item = this.#layout.create();
        item.container.classList.add('list-item');
        item.container.hidden = true;
        this.#space.append(item.container);
        // With another number of slots, each place has another slot.
        for (const slot of this.#slots) slot.place = -1;
        this.#slots.push({ item, place: -1, thing: null });
    }

    /**
     * @param {Slot<T>} slot
     * @param {number} place
     */
    #fill(slot, place) {
        const thing = /** @type {T} */ (this.#things[place]);
        const { container } = slot.item;
        if (slot.place !== place || container.hidden) {
            const { height_px, role } = this.#layout;
            const column = place % this.#columns;
            const share = 100 / this.#columns;
            container.hidden = false;
            container.style.setProperty(
                'transform',
                `translate(${column * 100}%, ${Math.floor(place / this.#columns) * height_px}px)`,
            );
            container.style.setProperty('width', `${share}%`);
            container.id = `${this.#id}-${place}`;
            if (role === 'grid') container.setAttribute('aria-rowindex', String(place + (this.#layout.head ? 2 : 1)));
            else {
                container.setAttribute('aria-posinset', String(place + 1));
                container.setAttribute('aria-setsize', String(this.#things.length));
            }
            slot.place = place;
            slot.thing = null;
        }
        if (slot.thing === thing) return;
        slot.thing = thing;
        slot.item.show(thing);
    }

    #markActive() {
        const id = `${this.#id}-${this.#active}`;
        let isInView = false;
        for (const { item, place, thing } of this.#slots) {
            const isActive = place === this.#active;
            isInView ||= isActive;
            item.container.classList.toggle('active', isActive);
            const isPicked = thing !== null && (this.#picks?.has(thing) ?? false);
            item.container.classList.toggle('picked', isPicked);
            if (this.#picks) item.container.setAttribute('aria-selected', String(isPicked));
            else if (this.#layout.role === 'listbox') item.container.setAttribute('aria-selected', String(isActive));
        }
        if (isInView) this.#scroller.setAttribute('aria-activedescendant', id);
        else this.#scroller.removeAttribute('aria-activedescendant');
    }

    /** @param {number} place */
    #moveTo(place) {
        this.#active = Math.max(0, Math.min(this.#things.length - 1, place));
        const { height_px } = this.#layout;
        const top = Math.floor(this.#active / this.#columns) * height_px;
        const height = this.#scroller.clientHeight - this.#space.offsetTop;
        if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
        else if (top + height_px > this.#scroller.scrollTop + height)
            this.#scroller.scrollTop = top + height_px - height;
        this.#markActive();
        this.#drawSoon();
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        if (this.#things.length === 0 || (this.#picks && this.#select(event, this.#picks))) return;
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const page = this.#columns * Math.max(1, Math.floor(this.#scroller.clientHeight / this.#layout.height_px) - 1);
        /** @type {Record<string, number>} */
        const steps = {
            ArrowDown: this.#columns,
            ArrowUp: -this.#columns,
            PageDown: page,
            PageUp: -page,
            Home: -Infinity,
            End: Infinity,
        };
        if (this.#columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
        const step = steps[event.key];
        if (step !== undefined) this.#moveTo(this.#active + step);
        else if (event.key === 'Enter' || event.key === ' ') this.#onOpen(this.#active);
        else return;
        if (event.shiftKey && step !== undefined) this.#picks?.extendTo(this.#active);
        event.preventDefault();
    }

    /**
     * @param {KeyboardEvent} event
     * @param {Picks<T>} picks
     * @returns {boolean} Whether the key was for the selection.
     */
    #select(event, picks) {
        const isCommand = event.ctrlKey || event.metaKey;
        const key = event.key.toLowerCase();
        if (isCommand && key === 'a') picks.all();
        else if (isCommand || event.altKey) return false;
        else if (key === 'x') picks.toggle(this.#active);
        else if (key === 'escape') picks.clear();
        else {
            if (event.key === 'Shift') picks.startFrom(this.#active);
            return false;
        }
        event.preventDefault();
        return true;
    }

    /** Redraws the selection. */
    refreshPicks() {
        this.#markActive();
    }
}
