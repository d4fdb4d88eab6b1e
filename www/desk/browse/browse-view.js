// The posts of the desk: totals, filters, and the list as a table or as tiles.

import { element } from '../../shared/dom.js';
import { FilterBar } from './filter-bar.js';
import { TotalsView } from './totals-view.js';
import { isFiltering, select } from './filter.js';
import { createRow, createTile, rowHead } from './post-items.js';
import { Thumbnails } from './thumbnails.js';
import { total } from './totals.js';
import { VirtualList } from './virtual-list.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** While posts are being analysed: often enough to watch, rarely enough to leave the page its time. */
const UPDATE_MS = 500;

/** Of the items of the lists, as desk.css has them, in rem. */
const ROW = 4;
const NARROW_ROW = 5.5;
const TILE = 14.5;
const TILE_WIDTH = 11;

const NARROW = matchMedia('(max-width: 40rem)');

/** What is shown is computed at most twice a second while posts are analysed, and at once when the person changes the filter. */
export class BrowseView {
    #collection;
    #onOpen;
    #thumbnails = new Thumbnails();
    #totals = new TotalsView((filter) => {
        this.#filters.set(filter);
        this.#list.focus();
    });
    #filters = new FilterBar(() => this.#choose());
    #asTable = element('button', { type: 'button', 'aria-pressed': 'true' }, 'Table');
    #asTiles = element('button', { type: 'button', 'aria-pressed': 'false' }, 'Tiles');
    #none = element(
        'p',
        { class: 'list-none', hidden: true },
        'No post is like that. Choose “Show all” to see them all.',
    );
    #holder = element('div');
    container = element(
        'div',
        { class: 'card see' },
        this.#totals.container,
        element(
            'div',
            { class: 'list-head-line' },
            element('h3', {}, 'The posts'),
            element(
                'div',
                { class: 'list-tools', role: 'group', 'aria-label': 'Show the posts as' },
                this.#asTable,
                this.#asTiles,
            ),
        ),
        this.#filters.container,
        this.#holder,
        this.#none,
    );
    /** @type {VirtualList<DeskPost>} */
    #list;
    /** @type {readonly DeskPost[]} */
    #shown = [];
    #timer = 0;
    #look = 'table';

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {(posts: readonly DeskPost[], place: number) => void} onOpen
     */
    constructor(collection, onOpen) {
        this.#collection = collection;
        this.#onOpen = onOpen;
        this.#list = this.#makeList();
        for (const [button, look] of /** @type {const} */ ([
            [this.#asTable, 'table'],
            [this.#asTiles, 'tiles'],
        ])) {
            button.addEventListener('click', () => this.#show(look));
        }
        NARROW.addEventListener('change', () => this.#show(this.#look));
        collection.onChange((changes) => {
            if (changes.has('posts')) {
                this.#thumbnails.clear();
                this.#filters.set({});
                this.#list.scrollToTop();
            }
            if (changes.size > 1 || !changes.has('predictions')) this.#update();
            else this.#timer ||= window.setTimeout(() => this.#update(), UPDATE_MS);
        });
    }

    /** The posts as they are filtered and sorted now. */
    get shown() {
        return this.#shown;
    }

    /** @param {number} place The post that was looked at last. */
    returnTo(place) {
        this.#list.activate(place);
        this.#list.focus();
    }

    /** @param {string} look */
    #show(look) {
        this.#look = look;
        this.#asTable.setAttribute('aria-pressed', String(look === 'table'));
        this.#asTiles.setAttribute('aria-pressed', String(look === 'tiles'));
        this.#list = this.#makeList();
        this.#list.show(this.#shown);
    }

    /** @returns {VirtualList<DeskPost>} */
    #makeList() {
        const rem_px = parseFloat(getComputedStyle(document.documentElement).fontSize);
        const common = { label: 'The posts' };
        const open = (/** @type {number} */ place) => this.#onOpen(this.#shown, place);
        const list =
            this.#look === 'table'
                ? new VirtualList(
                      {
                          ...common,
                          role: 'grid',
                          height_px: (NARROW.matches ? NARROW_ROW : ROW) * rem_px,
                          width_px: Infinity,
                          head: rowHead(),
                          create: () => createRow(this.#collection, this.#thumbnails),
                      },
                      open,
                  )
                : new VirtualList(
                      {
                          ...common,
                          role: 'listbox',
                          height_px: TILE * rem_px,
                          width_px: TILE_WIDTH * rem_px,
                          head: null,
                          create: () => createTile(this.#collection, this.#thumbnails),
                      },
                      open,
                  );
        this.#holder.replaceChildren(list.container);
        return list;
    }

    /** Something about the posts has changed. */
    #update() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        const { posts } = this.#collection;
        this.#totals.show(total(posts, (post) => this.#collection.predictedLabel(post)));
        this.#choose();
    }

    /** What is wanted has changed, or what there is. */
    #choose() {
        const { posts } = this.#collection;
        const { filter } = this.#filters;
        this.#shown = select(posts, (post) => this.#collection.predictedLabel(post), filter);
        this.#none.hidden = this.#shown.length > 0 || !isFiltering(filter);
        this.#holder.hidden = this.#shown.length === 0;
        this.#filters.showCount(this.#shown.length, posts.length);
        this.#list.show(this.#shown);
    }
}
