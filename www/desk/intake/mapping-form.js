// Lets the person map the columns of a table, and previews the result.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { columnOfImageNames, guessMapping } from './mapping.js';
import { postsOfTable } from './posts.js';
import { FolderChooser } from './folder-chooser.js';
import { isAbort, titled } from '../words.js';
import { MappingPreview } from './mapping-preview.js';
import { ProblemList } from './problem-list.js';
import { texts } from './texts.js';

/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./table.js').Table} Table */

/**
 * @typedef {object} MappingCallbacks
 * @property {(posts: Posts, table: Table, listing: Listing | null) => void} onPosts
 * @property {() => void} onBack
 */

const ROWS_SHOWN = 5;

/** In a longer list, the column that its name suggests comes first. */
const SHORT_LIST = 12;

/** What a column can be. */
const ROLES = /** @type {const} */ (['caption', 'image', 'id', 'manualLabel']);

const words = texts.mapping;

/** A form with a choice for each role, a preview that follows it, and counts. */
export class MappingForm {
    #callbacks;
    /** @type {Table | null} */
    #table = null;
    /** @type {Listing | null} */
    #listing = null;
    /** @type {Posts | null} The posts of the current choice; null until they are known. */
    #posts = null;
    #counting = new AbortController();
    #title = element('h2', { id: 'mapping-title', tabindex: -1 });
    #selects = new Map(
        ROLES.map((role) => [role, { label: words.roles[role], select: element('select', { id: `column-${role}` }) }]),
    );
    #notes = element('ul', { class: 'mapping-notes', hidden: true });
    #preview = new MappingPreview();
    #counts = element('p', { class: 'mapping-counts', role: 'status' });
    #looking = element('p', { class: 'hint' });
    #folder = new FolderChooser(words.folder, 'choose-images', (chosen) => void this.#takeFolder(chosen));
    #missing = element('div', { class: 'actions', hidden: true }, this.#folder.container, this.#looking);
    #notice = new ErrorNotice();
    #problems = new ProblemList();
    #put = element('button', { type: 'submit', class: 'primary' });
    #back = element('button', { type: 'button' }, words.back);
    container;

    /** @param {MappingCallbacks} callbacks */
    constructor(callbacks) {
        this.#callbacks = callbacks;
        const fields = [...this.#selects].map(([role, { label, select }]) =>
            element('div', { class: 'field' }, element('label', { for: `column-${role}` }, label), select),
        );
        this.container = element(
            'form',
            { class: 'card mapping-form', 'aria-labelledby': 'mapping-title' },
            this.#title,
            element('p', { class: 'hint' }, words.hint),
            element('div', { class: 'mapping-fields' }, ...fields),
            this.#notes,
            this.#preview.container,
            this.#counts,
            this.#missing,
            this.#notice.container,
            this.#problems.container,
            element('div', { class: 'actions' }, this.#put, this.#back),
        );
        for (const { select } of this.#selects.values()) select.addEventListener('change', () => void this.#update());
        this.container.addEventListener('submit', (event) => {
            event.preventDefault();
            if (this.#posts && this.#table) this.#callbacks.onPosts(this.#posts, this.#table, this.#listing);
        });
        this.#back.addEventListener('click', () => {
            this.clear();
            this.#callbacks.onBack();
        });
    }

    /**
     * @param {Table} table
     * @param {Listing | null} listing The files that may contain its images.
     */
    async show(table, listing) {
        this.#table = table;
        this.#listing = listing;
        this.#notice.clear();
        this.#title.textContent = words.title(table.path ?? table.name);
        const guessed = await guessMapping(table.columns);
        const unused = guessed.image === null ? await columnOfImageNames(table) : undefined;
        if (this.#table !== table) return; // another one was given in the meantime
        this.#showNotes(table, unused);
        for (const [role, { select }] of this.#selects) {
            const column = guessed[role];
            select.replaceChildren(...choices(table.columns, column));
            select.value = column === null ? '' : String(table.columns.indexOf(column));
        }
        this.#title.focus();
        await this.#update();
    }

    /**
     * Shows notes on how the table was read.
     *
     * @param {Table} table
     * @param {string | undefined} unused A column that seems to name images and is not used.
     */
    #showNotes({ notes }, unused) {
        const all = unused === undefined ? notes : [...notes, words.unused(unused)];
        this.#notes.hidden = all.length === 0;
        this.#notes.replaceChildren(...all.map((note) => element('li', {}, note)));
    }

    /** Releases the table. */
    clear() {
        this.#counting.abort();
        this.#table = null;
        this.#listing = null;
        this.#posts = null;
    }

    /** @returns {Mapping} */
    get mapping() {
        const column = (/** @type {keyof Mapping} */ role) => {
            const value = this.#selects.get(role)?.select.value ?? '';
            return value === '' ? null : (this.#table?.columns[Number(value)] ?? null);
        };
        return {
            caption: column('caption'),
            image: column('image'),
            id: column('id'),
            manualLabel: column('manualLabel'),
        };
    }

    /** Previews the current choice: the first rows immediately, the counts once all rows are processed. */
    async #update() {
        this.#counting.abort();
        this.#counting = new AbortController();
        const { signal } = this.#counting;
        const [table, listing, mapping] = [this.#table, this.#listing, this.mapping];
        if (!table) return;
        this.#posts = null;
        const mistake = mistakeIn(mapping);
        this.#put.disabled = true;
        this.#put.textContent = words.putAll;
        this.#counts.textContent = mistake ?? '';
        this.#missing.hidden = true;
        try {
            await this.#showRows(table, mapping, listing, signal);
            if (mistake) return this.#problems.show(table.problems);
            const posts = await postsOfTable(table, mapping, listing, signal);
            signal.throwIfAborted();
            this.#posts = posts;
            this.#put.disabled = false;
            this.#put.textContent = words.put(posts.posts.length);
            this.#counts.textContent = countsOf(posts);
            this.#missing.hidden = posts.missing === 0;
            this.#problems.show(posts.problems);
        } catch (error) {
            if (!isAbort(error)) throw error;
        }
    }

    /**
     * @param {Table} table
     * @param {Mapping} mapping
     * @param {Listing | null} listing
     * @param {AbortSignal} signal
     */
    async #showRows(table, mapping, listing, signal) {
        const { posts } = await postsOfTable(
            { ...table, rows: table.rows.slice(0, ROWS_SHOWN) },
            mapping,
            listing,
            signal,
        );
        const found = await Promise.all(
            posts.map(async ({ open }) =>
                open
                    ? open().then(
                          () => true,
                          () => false,
                      )
                    : false,
            ),
        );
        signal.throwIfAborted();
        this.#preview.show(posts, found, {
            hasCaption: mapping.caption !== null,
            hasImage: mapping.image !== null,
            hasManualLabel: mapping.manualLabel !== null,
        });
    }

    /** @param {import('./folder-chooser.js').Chosen} chosen */
    async #takeFolder(chosen) {
        this.#counting.abort();
        this.#counting = new AbortController();
        const { signal } = this.#counting;
        this.#posts = null;
        this.#put.disabled = true; // until it is known what is in the folder
        this.#notice.clear();
        const onProgress = (/** @type {number} */ count) => (this.#looking.textContent = words.lookingThrough(count));
        try {
            const listing = await this.#folder.list(chosen, { signal, onProgress });
            this.#listing = listing;
            const table = this.#table;
            if (table && !listing.files.some(({ path }) => path === table.path)) this.#table = { ...table, path: null };
            await this.#update();
            if (this.#missing.hidden) this.#put.focus();
        } catch (error) {
            if (isAbort(error)) return;
            this.#notice.show(error, null, titled(words.folderFailed));
            await this.#update();
        } finally {
            this.#looking.textContent = '';
        }
    }
}

/**
 * @param {string[]} columns
 * @param {string | null} guessed
 * @returns {(HTMLOptionElement | HTMLOptGroupElement)[]} By the places of the columns.
 */
function choices(columns, guessed) {
    const options = columns.map((column, index) => new Option(column, String(index)));
    const none = new Option(words.none, '');
    const first = guessed === null ? undefined : options[columns.indexOf(guessed)];
    if (!first || columns.length <= SHORT_LIST) return [none, ...options];
    return [
        none,
        element('optgroup', { label: words.suggested }, first),
        element('optgroup', { label: words.others }, ...options.filter((option) => option !== first)),
    ];
}

/**
 * @param {Mapping} mapping
 * @returns {string | null}
 */
function mistakeIn(mapping) {
    if (mapping.caption === null && mapping.image === null) return words.neither;
    const chosen = Object.values(mapping).filter((column) => column !== null);
    const twice = chosen.find((column, index) => chosen.indexOf(column) !== index);
    // Images are often known by their file's names.
    if (
        twice === undefined ||
        (twice === mapping.id && twice === mapping.image && twice !== mapping.caption && twice !== mapping.manualLabel)
    )
        return null;
    return words.twice(twice);
}

/** @param {Posts} posts */
function countsOf({ posts, missing }) {
    const images = posts.filter(({ image }) => image !== null).length;
    const captions = posts.filter(({ caption }) => caption !== null).length;
    const labelled = posts.filter(({ manualLabel }) => manualLabel !== null).length;
    const parts = [words.counts(posts.length, captions, images)];
    if (missing > 0) parts.push(missing === images ? words.noneFound : words.notFound(missing));
    if (labelled > 0) parts.push(words.labelled(labelled));
    return `${parts.join('; ')}.`;
}
