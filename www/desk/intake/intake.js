// Puts posts on the desk: from what the person selects, or from the last session.

import { element } from '../../shared/dom.js';
import { LabelStore } from '../../shared/label-store.js';
import { listHandles, postsOfFolder, postsOfTable, readTable } from './index.js';
import { LastSession } from './last-session.js';
import { fromStoredMapping, toStoredMapping } from './mapping.js';
import { MappingForm } from './mapping-form.js';
import { findImages, pageLabelsOf, postsOfPageLabels, storePageLabels } from './page-labels.js';
import { PageLabelsForm } from './page-labels-form.js';
import { postsOfSamples } from './sample-posts.js';
import { SourcePanel } from './source-panel.js';
import { texts } from './texts.js';

/** @typedef {import('../labelling/journal.js').Journal} Journal */
/** @typedef {import('../labelling/journal.js').Session} Session */
/** @typedef {import('./index.js').Listing} Listing */
/** @typedef {import('./mapping.js').StoredMapping} StoredMapping */
/** @typedef {import('./index.js').Posts} Posts */

/** @typedef {Posts & { name: string }} Given */

/**
 * The choice of labels, which comes before the posts.
 *
 * @typedef {object} Labels
 * @property {HTMLElement} container
 * @property {() => boolean} isOpen Whether they are still being chosen.
 * @property {() => string | null} project The id of the project in use; null with a model.
 * @property {(project: string | null) => void} restore Puts the labels of the last session in use.
 * @property {(collection: string) => void} recall Puts labels in use with which this collection was labelled.
 */

/** Shows one of three: what can be opened, with the choice of labels, the columns of a table, and the labels from the page. */
export class Intake {
    #journal;
    #onGiven;
    #lastSession = new LastSession({
        onContinue: (session) => this.#continue(session),
        onForget: () => this.#save(null),
    });
    #panel = new SourcePanel({
        onImages: (listing) => void this.#takeImages(listing),
        onSamples: () => this.#takeSamples(),
        onPageLabels: () => void this.#takePageLabels([]),
        onTable: (table, listing, handles) => {
            this.#labels.recall(table.name);
            this.#handles = handles;
            this.#show('mapping');
            void this.#form.show(table, listing);
        },
    });
    /** @type {Session | null} The current session, or the last one. */
    #session = null;
    /** @type {FileSystemHandle[]} Handles that lead to the table again. */
    #handles = [];
    #form = new MappingForm({
        onPosts: (posts, table, listing) => {
            const { name, path } = table;
            // The images' folder may have been chosen afterwards.
            const handles =
                this.#handles.length === 0 ? [] : [...new Set([...this.#handles, ...(listing?.handles ?? [])])];
            this.#give(name, posts, {
                kind: 'table',
                handles,
                mapping: { path: path ?? name, columns: toStoredMapping(this.#form.mapping) },
            });
            this.#form.clear();
        },
        onBack: () => this.#show('source'),
    });
    #labelsForm = new PageLabelsForm({
        onImages: (images, handles) => void this.#givePageLabels(images, handles),
        onBack: () => this.open(),
    });
    container;
    #labels;

    /**
     * @param {Journal} journal
     * @param {Session | null} lastSession
     * @param {Labels} labels
     * @param {(given: Given) => void} onGiven
     */
    constructor(journal, lastSession, labels, onGiven) {
        this.#journal = journal;
        this.#session = lastSession;
        this.#labels = labels;
        this.#onGiven = onGiven;
        this.container = element(
            'div',
            { class: 'intake' },
            this.#lastSession.container,
            labels.container,
            this.#panel.container,
            this.#form.container,
            this.#labelsForm.container,
        );
        // The page may be open in another tab.
        addEventListener('storage', () => this.#offerPageLabels());
        this.open();
    }

    /** Shows the forms for choosing posts. */
    open() {
        this.container.hidden = false;
        this.#panel.reset();
        this.showLabels();
        this.#lastSession.show(this.#session);
    }

    /** Shows what can be opened, unless labels are being chosen. */
    showLabels() {
        this.#offerPageLabels();
        this.#show('source');
    }

    #offerPageLabels() {
        this.#panel.offerPageLabels(this.#labels.project() === null ? new LabelStore().rows.length : 0);
    }

    /**
     * Takes what was dropped anywhere on the page. Must be called during the event.
     *
     * @param {DataTransfer} dataTransfer
     */
    takeDrop(dataTransfer) {
        this.container.hidden = false;
        this.#show('source');
        this.#panel.takeDrop(dataTransfer);
    }

    #takeSamples() {
        this.#give(texts.samples.name, postsOfSamples(), { kind: 'samples', handles: [], mapping: null });
    }

    /**
     * Takes the labels from the page. Where some have images, the person may choose their folder first.
     *
     * @param {FileSystemHandle[]} handles The folder with the images, if it is known.
     * @returns {Promise<void>} Rejects with an Error that says what to do.
     */
    async #takePageLabels(handles) {
        const { rows } = new LabelStore();
        if (rows.length === 0) throw new Error(texts.pageLabels.none);
        const { labels, unusable } = pageLabelsOf(rows);
        if (handles.length > 0) {
            const { files, problems } = await listHandles(handles);
            const [problem] = problems;
            if (problem && files.length === 0) throw new Error(`${problem.where}: ${problem.reason}`);
            return this.#givePageLabels(await findImages(labels, files), handles);
        }
        if (labels.length > 0 && labels.every(({ imageSha256 }) => imageSha256 === null))
            return this.#givePageLabels(new Map(), []);
        this.#show('labels');
        this.#labelsForm.show(labels, unusable);
    }

    /**
     * @param {import('./page-labels.js').FoundImages} images
     * @param {FileSystemHandle[]} handles
     */
    async #givePageLabels(images, handles) {
        const { labels, unusable } = pageLabelsOf(new LabelStore().rows);
        const { left, ...posts } = await postsOfPageLabels(labels, images, this.#journal);
        await storePageLabels(left, this.#journal);
        const { name, unusable: reason } = texts.pageLabels;
        if (unusable > 0) posts.problems.push({ where: name, reason: `${reason(unusable)}.` });
        this.#give(name, posts, { kind: 'page', handles, mapping: null });
    }

    /** @param {Listing} listing */
    async #takeImages(listing) {
        this.#labels.recall(listing.name);
        this.#give(listing.name, await postsOfFolder(listing), {
            kind: listing.handles.length > 0 ? 'folder' : 'files',
            handles: listing.handles,
            mapping: null,
        });
    }

    /**
     * @param {Session} session
     * @returns {Promise<void>} Rejects with an Error that says what to do.
     */
    async #continue(session) {
        this.#labels.restore(session.labels ?? null);
        if (session.kind === 'samples') return this.#takeSamples();
        if (session.kind === 'page') return this.#takePageLabels(session.handles);
        const listing = await listHandles(session.handles);
        const [problem] = listing.problems;
        if (problem && listing.files.length === 0) throw new Error(`${problem.where}: ${problem.reason}`);
        if (session.kind !== 'table') return this.#give(session.name, await postsOfFolder(listing), session);
        const { path, columns } = /** @type {{ path: string, columns: StoredMapping }} */ (
            /** @type {unknown} */ (session.mapping)
        );
        const file = listing.files.find((candidate) => candidate.path === path || candidate.path.endsWith(`/${path}`));
        if (!file) throw new Error(texts.last.noTable(path));
        const table = await readTable(await file.open(), { path: file.path });
        this.#give(session.name, await postsOfTable(table, fromStoredMapping(columns), listing), session);
    }

    /**
     * @param {string} name
     * @param {Posts} posts
     * @param {Pick<Session, 'kind' | 'handles' | 'mapping'>} source
     */
    #give(name, posts, { kind, handles, mapping }) {
        this.container.hidden = true;
        void this.#save({
            name,
            kind,
            handles,
            mapping,
            posts: posts.posts.length,
            done: 0,
            labelled: 0,
            labels: this.#labels.project(),
            at: new Date().toISOString(),
        });
        this.#onGiven({ name, ...posts });
    }

    /**
     * Stores the progress for the next visit.
     *
     * @param {number} done
     * @param {number} labelled
     */
    note(done, labelled) {
        if (this.#session) void this.#save({ ...this.#session, done, labelled, at: new Date().toISOString() });
    }

    /** @param {number} labelled The number of posts that the person has labelled, for the next visit. */
    noteLabels(labelled) {
        if (this.#session) void this.#save({ ...this.#session, labelled });
    }

    /** @param {Session | null} session */
    async #save(session) {
        this.#session = session;
        await this.#journal.saveSession(session);
    }

    /** @param {'source' | 'mapping' | 'labels'} part */
    #show(part) {
        this.#lastSession.container.hidden = part !== 'source' || !this.#lastSession.hasSession;
        this.#labels.container.hidden = part !== 'source';
        this.#panel.container.hidden = part !== 'source' || this.#labels.isOpen();
        this.#form.container.hidden = part !== 'mapping';
        this.#labelsForm.container.hidden = part !== 'labels';
    }
}
