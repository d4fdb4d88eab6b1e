// Maps the columns of a table to what they hold, and previews the result.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { listFiles, listHandles } from './listing.js';
import { columnOfImageNames, guessMapping } from './mapping.js';
import { postsOfTable } from './posts.js';
import { FolderChooser } from './folder-chooser.js';
import { counted, grouped, isAbort, titled } from '../words.js';
import { MappingPreview } from './mapping-preview.js';
import { ProblemList } from './problem-list.js';

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

/** What a column can be, and the label of its choice. */
const ROLES = /** @type {const} */ ([
    ['caption', 'Caption'],
    ['image', 'Image’s file'],
    ['id', 'Id'],
    ['manualLabel', 'Your label'],
]);

/** A form with a choice for each role, a preview that follows it, and counts. */
export class MappingForm {
    #callbacks;
    /** @type {Table | null} */
    #table = null;
    /** @type {Listing | null} */
    #listing = null;
    /** @type {Posts | null} What the present choice makes; null until it is known. */
    #posts = null;
    #counting = new AbortController();
    #title = element('h2', { id: 'mapping-title', tabindex: -1 });
    #selects = new Map(
        ROLES.map(([role, label]) => [role, { label, select: element('select', { id: `column-${role}` }) }]),
    );
    #notes = element('ul', { class: 'mapping-notes', hidden: true });
    #preview = new MappingPreview();
    #counts = element('p', { class: 'mapping-counts', role: 'status' });
    #looking = element('p', { class: 'hint' });
    #folder = new FolderChooser(
        'Choose the images’ folder',
        'choose-images',
        (chosen) => void this.#takeFolder(chosen),
    );
    #missing = element('div', { class: 'actions', hidden: true }, this.#folder.container, this.#looking);
    #notice = new ErrorNotice();
    #problems = new ProblemList();
    #put = element('button', { type: 'submit', class: 'primary' });
    #back = element('button', { type: 'button' }, 'Back');
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
            element(
                'p',
                { class: 'hint' },
                'Say which column holds what. The other columns stay with their posts, and are written again when you save.',
            ),
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
     * @param {Listing | null} listing Where its images may be.
     */
    async show(table, listing) {
        this.#table = table;
        this.#listing = listing;
        this.#notice.clear();
        this.#title.textContent = `The table “${table.path ?? table.name}”`;
        const guessed = await guessMapping(table.columns);
        const unused = guessed.image === null ? await columnOfImageNames(table) : undefined;
        if (this.#table !== table) return; // another one was given in the meantime
        this.#showNotes(table, unused);
        for (const [role, { select }] of this.#selects) {
            select.replaceChildren(
                new Option('none', ''),
                ...table.columns.map((column, index) => new Option(column, String(index))),
            );
            const column = guessed[role];
            select.value = column === null ? '' : String(table.columns.indexOf(column));
        }
        this.#title.focus();
        await this.#update();
    }

    /**
     * What the person should know of how the table was read.
     *
     * @param {Table} table
     * @param {string | undefined} unused A column that seems to name images and is not used.
     */
    #showNotes({ notes }, unused) {
        const hint = `The column “${unused}” seems to name images. Select it as the image’s file to use them.`;
        const all = unused === undefined ? notes : [...notes, hint];
        this.#notes.hidden = all.length === 0;
        this.#notes.replaceChildren(...all.map((note) => element('li', {}, note)));
    }

    /** Lets go of the table. */
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

    /** Shows what the present choice makes: the first rows at once, the counts when all rows are through. */
    async #update() {
        this.#counting.abort();
        this.#counting = new AbortController();
        const { signal } = this.#counting;
        const [table, listing, mapping] = [this.#table, this.#listing, this.mapping];
        if (!table) return;
        this.#posts = null;
        const mistake = mistakeIn(mapping);
        this.#put.disabled = true;
        this.#put.textContent = 'Put the posts on the desk';
        this.#counts.textContent = mistake ?? '';
        this.#missing.hidden = true;
        try {
            await this.#showRows(table, mapping, listing, signal);
            if (mistake) return this.#problems.show(table.problems);
            const posts = await postsOfTable(table, mapping, listing, signal);
            signal.throwIfAborted();
            this.#posts = posts;
            this.#put.disabled = false;
            this.#put.textContent = `Put ${counted(posts.posts.length, 'post')} on the desk`;
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
        const onProgress = (/** @type {number} */ count) =>
            (this.#looking.textContent = `Looking through the folder … ${counted(count, 'file')} so far`);
        try {
            const options = { signal, onProgress };
            const listing =
                'handles' in chosen
                    ? await listHandles(chosen.handles, options)
                    : await listFiles(chosen.files, options);
            this.#folder.reset();
            const [problem] = listing.problems;
            if (problem && listing.files.length === 0) throw new Error(`${problem.where}: ${problem.reason}`);
            this.#listing = listing;
            const table = this.#table;
            if (table && !listing.files.some(({ path }) => path === table.path)) this.#table = { ...table, path: null };
            await this.#update();
            if (this.#missing.hidden) this.#put.focus();
        } catch (error) {
            if (isAbort(error)) return;
            this.#notice.show(error, null, titled('This folder cannot be read'));
            await this.#update();
        } finally {
            this.#looking.textContent = '';
        }
    }
}

/**
 * @param {Mapping} mapping
 * @returns {string | null}
 */
function mistakeIn(mapping) {
    if (mapping.caption === null && mapping.image === null)
        return 'Choose the column of the caption, that of the image, or both.';
    const chosen = Object.values(mapping).filter((column) => column !== null);
    const twice = chosen.find((column, index) => chosen.indexOf(column) !== index);
    // Images are often known by their file's names.
    if (
        twice === undefined ||
        (twice === mapping.id && twice === mapping.image && twice !== mapping.caption && twice !== mapping.manualLabel)
    )
        return null;
    return `The column “${twice}” is chosen twice. Choose another, or “none”.`;
}

/** @param {Posts} posts */
function countsOf({ posts, missing }) {
    const images = posts.filter(({ image }) => image !== null).length;
    const captions = posts.filter(({ caption }) => caption !== null).length;
    const labelled = posts.filter(({ manualLabel }) => manualLabel !== null).length;
    const parts = [`${counted(posts.length, 'post')}, ${counted(captions, 'caption')}, ${counted(images, 'image')}`];
    if (missing > 0)
        parts.push(
            missing === images
                ? 'none of the images is found yet'
                : `${counted(missing, 'image is', 'images are')} not found`,
        );
    if (labelled > 0) parts.push(`${grouped(labelled)} labelled by you`);
    return `${parts.join('; ')}.`;
}
