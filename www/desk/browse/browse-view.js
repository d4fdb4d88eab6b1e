// The posts of the desk: a rail of filters, and the list as a table or as tiles.

import { element } from '../../shared/dom.js';
import { commandOf } from '../review/keys.js';
import { isFiltering, select } from './filter.js';
import { FilterBar } from './filter-bar.js';
import { createRow, createTile, rowHead } from './post-items.js';
import { Selection } from './selection.js';
import { SelectionBar } from './selection-bar.js';
import { SimilarGroups } from './similar-groups.js';
import { texts } from './texts.js';
import { Thumbnails } from './thumbnails.js';
import { total } from './totals.js';
import { VirtualList } from './virtual-list.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** Update interval while posts are analysed. */
const UPDATE_MS = 500;

/** Sizes of the list items in rem, as in desk.css. */
const ROW = 4;
const NARROW_ROW = 5.5;
/** Width, and height including the label, of each tile size. */
const TILES = [
    [7.5, 11],
    [11, 14.5],
    [17, 20],
];

const NARROW = matchMedia('(max-width: 40rem)');

const words = texts.list;

/** Updates the list at most twice a second while posts are analysed, and immediately when the filter changes. */
export class BrowseView {
    #collection;
    #onOpen;
    #thumbnails = new Thumbnails();
    #filters = new FilterBar(() => {
        this.#list.scrollToTop();
        this.#choose();
    });
    #asTable = element('button', { type: 'button', 'aria-pressed': 'true' }, words.table);
    #asTiles = element('button', { type: 'button', 'aria-pressed': 'false' }, words.tiles);
    #size = element('input', {
        type: 'range',
        class: 'tile-size',
        min: 0,
        max: TILES.length - 1,
        step: 1,
        value: 1,
        'aria-label': words.size,
        hidden: true,
    });
    #selectAll = element('button', { type: 'button', class: 'quiet' });
    #none = element('p', { class: 'list-none', hidden: true }, words.none);
    #holder = element('div', { class: 'list-holder' });
    #selection = new Selection({
        shown: () => this.#shown,
        together: (post) => this.#similar.together(post),
        onChange: () => this.#showSelection(),
    });
    #similar = new SimilarGroups(
        () => this.#collection.posts,
        () => {
            this.#selection.clear();
            this.#choose();
        },
    );
    #bar;
    container;
    /** @type {VirtualList<DeskPost>} */
    #list;
    /** @type {readonly DeskPost[]} */
    #filtered = [];
    /** @type {readonly DeskPost[]} A row each. */
    #shown = [];
    #timer = 0;
    #look = 'table';

    /**
     * @param {import('../collection.js').Collection} collection
     * @param {import('../review/replace-question.js').ReplaceQuestion} question
     * @param {(posts: readonly DeskPost[], place: number, onReturn: (place: number) => void) => void} onOpen
     */
    constructor(collection, question, onOpen) {
        this.#collection = collection;
        this.#onOpen = onOpen;
        this.#bar = new SelectionBar(collection, this.#selection, question);
        this.container = element(
            'div',
            { class: 'browse' },
            this.#filters.container,
            element(
                'section',
                { class: 'browse-list', 'aria-label': words.label },
                element(
                    'div',
                    { class: 'list-head-line' },
                    this.#filters.summary,
                    element(
                        'div',
                        { class: 'list-tools' },
                        this.#similar.button,
                        this.#selectAll,
                        this.#size,
                        element(
                            'div',
                            { class: 'list-looks', role: 'group', 'aria-label': words.view },
                            this.#asTable,
                            this.#asTiles,
                        ),
                    ),
                ),
                this.#holder,
                this.#none,
                this.#bar.container,
            ),
        );
        this.#list = this.#makeList();
        for (const [button, look] of /** @type {const} */ ([
            [this.#asTable, 'table'],
            [this.#asTiles, 'tiles'],
        ])) {
            button.addEventListener('click', () => this.#show(look));
        }
        this.#size.addEventListener('input', () => this.#show(this.#look));
        this.#selectAll.addEventListener('click', () => {
            this.#selection.all();
            this.#list.focus();
        });
        this.#holder.addEventListener('keydown', (event) => this.#onKey(event));
        NARROW.addEventListener('change', () => this.#show(this.#look));
        collection.onChange((changes) => {
            if (changes.has('posts')) {
                this.#thumbnails.clear();
                this.#filters.set({});
                this.#bar.forget();
                this.#similar.clear();
                this.#list.scrollToTop();
            }
            if (changes.size > 1 || !changes.has('predictions')) this.#update();
            else this.#timer ||= window.setTimeout(() => this.#update(), UPDATE_MS);
        });
    }

    /** The filtered and sorted posts, including those that a row stands for. */
    get shown() {
        return this.#filtered;
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        const command = commandOf(event);
        if (command?.do === 'set' && this.#selection.size > 0) void this.#bar.set(command.emotion);
        else if (command?.do === 'find' && this.#selection.size > 0) this.#bar.find();
        else if (command?.do === 'undo') this.#bar.undo();
        else return;
        event.preventDefault();
    }

    /** @param {string} look */
    #show(look) {
        this.#look = look;
        this.#asTable.setAttribute('aria-pressed', String(look === 'table'));
        this.#asTiles.setAttribute('aria-pressed', String(look === 'tiles'));
        this.#size.hidden = look === 'table';
        this.#list = this.#makeList();
        this.#list.show(this.#shown);
    }

    /** @returns {VirtualList<DeskPost>} */
    #makeList() {
        const rem_px = parseFloat(getComputedStyle(document.documentElement).fontSize);
        const common = { label: words.label };
        const [width = 0, height = 0] = TILES[Number(this.#size.value)] ?? [];
        const open = (/** @type {number} */ place) =>
            this.#onOpen(this.#shown, place, (last) => {
                this.#list.activate(last);
                this.#list.focus();
            });
        const list =
            this.#look === 'table'
                ? new VirtualList(
                      {
                          ...common,
                          role: 'grid',
                          height_px: (NARROW.matches ? NARROW_ROW : ROW) * rem_px,
                          width_px: Infinity,
                          head: rowHead(),
                          create: () =>
                              createRow(this.#collection, this.#thumbnails, (post) => this.#similar.describe(post)),
                      },
                      open,
                      this.#selection,
                  )
                : new VirtualList(
                      {
                          ...common,
                          role: 'listbox',
                          height_px: height * rem_px,
                          width_px: width * rem_px,
                          head: null,
                          create: () =>
                              createTile(this.#collection, this.#thumbnails, (post) => this.#similar.describe(post)),
                      },
                      open,
                      this.#selection,
                  );
        this.#holder.dataset['tiles'] = this.#size.value;
        this.#holder.replaceChildren(list.container);
        return list;
    }

    /** Updates after a change of the posts. */
    #update() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        const { posts } = this.#collection;
        this.#filters.showTotals(total(posts, (post) => this.#collection.predictedLabel(post)));
        this.#choose();
    }

    /** Applies the filter. */
    #choose() {
        const { posts } = this.#collection;
        const { filter } = this.#filters;
        this.#filtered = select(posts, (post) => this.#collection.predictedLabel(post), filter);
        this.#shown = this.#similar.join(this.#filtered);
        this.#none.hidden = this.#shown.length > 0 || !isFiltering(filter);
        this.#holder.hidden = this.#shown.length === 0;
        this.#filters.showCount(this.#filtered.length, posts.length);
        this.#selectAll.textContent = texts.selection.all(this.#filtered.length);
        this.#selectAll.disabled = this.#shown.length === 0;
        this.#list.show(this.#shown);
    }

    #showSelection() {
        this.#bar.show();
        this.#list.refreshPicks();
    }
}
