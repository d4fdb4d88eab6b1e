// Accepts a folder, files, or a table. The desk's empty state.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { isImage, listDrop, listFiles, listHandles } from './listing.js';
import { readTable } from './table.js';
import { FolderChooser } from './folder-chooser.js';
import { isAbort, titled } from '../words.js';
import { icon, kinds, nothingIn, tablesIn } from './source-kinds.js';
import { SourceQuestion } from './source-question.js';
import { SAMPLE_COUNT } from './sample-posts.js';
import { texts } from './texts.js';

/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./listing.js').ListingOptions} ListingOptions */
/** @typedef {import('./table.js').Table} Table */

/**
 * @typedef {object} SourceCallbacks
 * @property {(listing: Listing) => void} onImages The images of a folder, or images by themselves, are to be
 *     labelled.
 * @property {() => void} onSamples The sample posts are to be labelled.
 * @property {() => void} onPageLabels The posts that the person labelled on the page are wanted.
 * @property {(table: Table, listing: Listing | null, handles: FileSystemHandle[]) => void} onTable The posts of a table
 *     are to be labelled; the listing is where it was found, with its images, and null where it was given by itself.
 *     The handles lead to both again.
 */

const TABLES = '.csv,.tsv,.tab,.jsonl,.ndjson,.json,text/csv,text/tab-separated-values';
const FILES = `image/*,.avif,.jfif,.txt,${TABLES}`;

const words = texts.source;

/** A large field for drops with four buttons. Its `data-state` is `empty`, `reading` or `choosing`. */
export class SourcePanel {
    #callbacks;
    #reading = new AbortController();
    #notice = new ErrorNotice();
    #question = new SourceQuestion();
    #folder = new FolderChooser(
        words.folder,
        'choose-folder',
        (chosen) => {
            if ('handles' in chosen) this.takeHandles(chosen.handles);
            else
                this.#take(words.theFolder, (options) =>
                    listFiles(chosen.files, options).finally(() => this.#folder.reset()),
                );
        },
        'primary',
    );
    #files = element('input', { type: 'file', hidden: true, multiple: true, accept: FILES, id: 'choose-files' });
    #table = element('input', { type: 'file', hidden: true, accept: TABLES, id: 'choose-table' });
    #status = element('p', { role: 'status', class: 'source-status' });
    #count = element('p', { class: 'hint source-count' });
    #bar = element('progress', { 'aria-label': words.progress });
    #cancel = element('button', { type: 'button' }, words.cancel);
    #working = element('div', { class: 'source-working', hidden: true }, this.#bar, this.#count, this.#cancel);
    #given = element('div', { class: 'source-given' });
    #pageLabels = element('button', { type: 'button', class: 'quiet', hidden: true });
    container = element('section', {
        class: 'card source-panel',
        'aria-labelledby': 'source-title',
        'data-state': 'empty',
    });

    /** @param {SourceCallbacks} callbacks */
    constructor(callbacks) {
        this.#callbacks = callbacks;
        const chooseFiles = element('button', { type: 'button' }, words.files);
        const chooseTable = element('button', { type: 'button' }, words.table);
        const trySamples = element('button', { type: 'button', class: 'quiet' }, texts.samples.button(SAMPLE_COUNT));
        this.#given.append(
            icon(),
            element('p', { class: 'source-lead pointer-only' }, words.lead),
            element('div', { class: 'actions' }, this.#folder.container, chooseFiles, chooseTable),
            element('div', { class: 'actions' }, this.#pageLabels, trySamples),
            element('p', { class: 'hint' }, words.hint),
        );
        this.container.append(
            element('h2', { id: 'source-title' }, words.title),
            element(
                'div',
                { class: 'drop source-drop', id: 'drop' },
                this.#given,
                this.#status,
                this.#working,
                this.#question.container,
            ),
            this.#notice.container,
            kinds(),
            this.#files,
            this.#table,
        );
        trySamples.addEventListener('click', () => this.#give(() => this.#callbacks.onSamples()));
        this.#pageLabels.addEventListener('click', () => this.#give(() => this.#callbacks.onPageLabels()));
        chooseFiles.addEventListener('click', () => this.#files.click());
        chooseTable.addEventListener('click', () => this.#table.click());
        this.#files.addEventListener('change', () => this.#takeChosen(this.#files, (files) => this.takeFiles(files)));
        this.#table.addEventListener('change', () =>
            this.#takeChosen(this.#table, ([file]) => file && this.takeTable(file)),
        );
        this.#cancel.addEventListener('click', () => this.reset());
        this.#listenForDrops();
    }

    /** @param {number} count How many labels the page has; they are offered if there are any. */
    offerPageLabels(count) {
        this.#pageLabels.hidden = count === 0;
        this.#pageLabels.textContent = texts.pageLabels.button(count);
    }

    /** Returns to the empty state and aborts reading. */
    reset() {
        this.#reading.abort();
        this.#notice.clear();
        this.#show('empty');
        if (document.activeElement === document.body && this.container.isConnected) this.#folder.focus();
    }

    /**
     * Takes what was dropped anywhere on the page. Must be called during the event.
     *
     * @param {DataTransfer} dataTransfer
     */
    takeDrop(dataTransfer) {
        const options = this.#begin(words.dropped);
        void this.#go(listDrop(dataTransfer, options), options);
    }

    /** @param {File[]} files */
    takeFiles(files) {
        this.#take(texts.listing.files(files.length), (options) => listFiles(files, options));
    }

    /**
     * Takes folders and files by their handles, picked now or stored on the last visit.
     *
     * @param {FileSystemHandle[]} handles
     */
    takeHandles(handles) {
        this.#take(handles.map(({ name }) => words.quoted(name)).join(', '), (options) =>
            listHandles(handles, options),
        );
    }

    /**
     * Takes a single table, whatever its extension.
     *
     * @param {File} file
     */
    takeTable(file) {
        const options = this.#begin(words.quoted(file.name));
        void this.#work(
            this.#readTable({ path: file.name, open: async () => file }, null, [], options.signal),
            options.signal,
        );
    }

    /**
     * @param {HTMLInputElement} input
     * @param {(files: File[]) => void} take
     */
    #takeChosen(input, take) {
        const files = [...(input.files ?? [])];
        input.value = ''; // so that the same can be chosen again
        if (files.length > 0) take(files);
    }

    /**
     * @param {string} what
     * @param {(options: ListingOptions) => Promise<Listing>} list
     */
    #take(what, list) {
        const options = this.#begin(what);
        void this.#go(list(options), options);
    }

    /**
     * @param {string} what
     * @returns {{ signal: AbortSignal, onProgress: (count: number) => void }}
     */
    #begin(what) {
        this.#reading.abort();
        this.#reading = new AbortController();
        this.#notice.clear();
        this.#show('reading');
        this.#status.textContent = words.looking(what);
        this.#count.textContent = '';
        this.#bar.removeAttribute('value');
        return {
            signal: this.#reading.signal,
            onProgress: (count) => (this.#count.textContent = words.soFar(count)),
        };
    }

    /**
     * @param {Promise<Listing>} listing
     * @param {{ signal: AbortSignal }} options
     */
    #go(listing, { signal }) {
        return this.#work(
            listing.then((listed) => this.#decide(listed, signal)),
            signal,
        );
    }

    /**
     * @param {Promise<void>} work
     * @param {AbortSignal} signal
     */
    async #work(work, signal) {
        try {
            await work;
        } catch (error) {
            if (signal.aborted || isAbort(error)) return;
            this.#show('empty');
            this.#notice.show(error, null, titled(words.cannot));
        }
    }

    /**
     * Decides what to label; asks the person if it is ambiguous.
     *
     * @param {Listing} listing
     * @param {AbortSignal} signal
     */
    async #decide(listing, signal) {
        signal.throwIfAborted();
        const images = listing.files.filter(({ path }) => isImage(path)).length;
        const tables = tablesIn(listing, images);
        const [table] = tables;
        if (!table && images === 0) throw new Error(nothingIn(listing));
        if (!table) return this.#give(() => this.#callbacks.onImages(listing));
        const answer = images === 0 && tables.length === 1 ? table : await this.#choose(tables, images, signal);
        if (answer === 'images') return this.#give(() => this.#callbacks.onImages(listing));
        if (answer) await this.#readTable(answer, images === 0 ? null : listing, listing.handles, signal);
        else this.reset();
    }

    /**
     * @param {ListedFile[]} tables
     * @param {number} images
     * @param {AbortSignal} signal
     */
    async #choose(tables, images, signal) {
        const answer = this.#question.choose(tables, images, signal);
        this.#show('choosing');
        this.#question.focus();
        return answer;
    }

    /**
     * @param {ListedFile} listed
     * @param {Listing | null} listing
     * @param {FileSystemHandle[]} handles
     * @param {AbortSignal} signal
     */
    async #readTable({ path, open }, listing, handles, signal) {
        this.#show('reading');
        this.#status.textContent = words.reading(path);
        this.#count.textContent = '';
        const table = await readTable(await open(), {
            path: listing && path,
            signal,
            onProgress: (share) => (this.#bar.value = share),
        });
        signal.throwIfAborted();
        this.#give(() => this.#callbacks.onTable(table, listing, handles));
    }

    /** @param {() => void} give */
    #give(give) {
        this.#show('empty');
        give();
    }

    /** @param {'empty' | 'reading' | 'choosing'} state */
    #show(state) {
        const { activeElement } = document;
        const hadFocus = this.container.contains(activeElement);
        this.container.dataset['state'] = state;
        this.#given.hidden = state !== 'empty';
        this.#working.hidden = state !== 'reading';
        this.#question.container.hidden = state !== 'choosing';
        if (state !== 'reading') this.#status.textContent = '';
        if (hadFocus && state === 'reading') this.#cancel.focus();
        if (hadFocus && state === 'empty') this.#folder.focus();
    }

    #listenForDrops() {
        const zone = this.container;
        const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;
        const mark = (/** @type {boolean} */ isOver) => zone.classList.toggle('dragging', isOver);
        zone.addEventListener('dragover', (event) => {
            if (!hasFiles(event)) return;
            event.preventDefault();
            if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
            mark(true);
        });
        zone.addEventListener('dragleave', (event) => {
            if (!(event.relatedTarget instanceof Node && zone.contains(event.relatedTarget))) mark(false);
        });
        zone.addEventListener('drop', (event) => {
            if (!event.dataTransfer || !hasFiles(event)) return;
            event.preventDefault();
            mark(false);
            this.takeDrop(event.dataTransfer);
        });
    }
}
