// How posts come onto the desk: from what the person selects, or from the last session.

import { element } from '../../shared/dom.js';
import { LastSession } from './last-session.js';
import { fromStoredMapping, toStoredMapping } from './mapping.js';
import { MappingForm } from './mapping-form.js';
import { SourcePanel } from './source-panel.js';
import { listHandles, postsOfFolder, postsOfTable, readTable } from './index.js';

/** @typedef {import('../labelling/journal.js').Journal} Journal */
/** @typedef {import('../labelling/journal.js').Session} Session */
/** @typedef {import('./index.js').Listing} Listing */
/** @typedef {import('./mapping.js').StoredMapping} StoredMapping */
/** @typedef {import('./index.js').Posts} Posts */

/** @typedef {Posts & { name: string }} Given */

/** Shows one of two: where things are given, and which column of a table is what. */
export class Intake {
    #journal;
    #onGiven;
    #lastSession = new LastSession({
        onContinue: (session) => this.#continue(session),
        onForget: () => this.#save(null),
    });
    #panel = new SourcePanel({
        onImages: (listing) => void this.#takeImages(listing),
        onTable: (table, listing, handles) => {
            this.#handles = handles;
            this.#show('mapping');
            void this.#form.show(table, listing);
        },
    });
    /** @type {Session | null} What is on the desk, or was in the last session. */
    #session = null;
    /** @type {FileSystemHandle[]} What leads to the table again. */
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
    container = element(
        'div',
        { class: 'intake' },
        this.#lastSession.container,
        this.#panel.container,
        this.#form.container,
    );

    /**
     * @param {Journal} journal
     * @param {(given: Given) => void} onGiven
     */
    constructor(journal, onGiven) {
        this.#journal = journal;
        this.#onGiven = onGiven;
        this.open();
        void journal.session().then((session) => {
            if (this.#session) return; // something was given already
            this.#session = session;
            if (!this.#panel.container.hidden) this.#lastSession.show(session);
        });
    }

    /** Shows the forms for choosing posts. */
    open() {
        this.container.hidden = false;
        this.#panel.reset();
        this.#show('source');
        this.#lastSession.show(this.#session);
    }

    /**
     * Takes what was dropped anywhere on the page; to be called in the event itself.
     *
     * @param {DataTransfer} dataTransfer
     */
    takeDrop(dataTransfer) {
        this.container.hidden = false;
        this.#show('source');
        this.#panel.takeDrop(dataTransfer);
    }

    /** @param {Listing} listing */
    async #takeImages(listing) {
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
        const listing = await listHandles(session.handles);
        const [problem] = listing.problems;
        if (problem && listing.files.length === 0) throw new Error(`${problem.where}: ${problem.reason}`);
        if (session.kind !== 'table') return this.#give(session.name, await postsOfFolder(listing), session);
        const { path, columns } = /** @type {{ path: string, columns: StoredMapping }} */ (
            /** @type {unknown} */ (session.mapping)
        );
        const file = listing.files.find((candidate) => candidate.path === path || candidate.path.endsWith(`/${path}`));
        if (!file) throw new Error(`The table “${path}” is not there any more. Give it once more.`);
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
            at: new Date().toISOString(),
        });
        this.#onGiven({ name, ...posts });
    }

    /**
     * Notes how far it is, for the next visit.
     *
     * @param {number} done
     */
    note(done) {
        if (this.#session) void this.#save({ ...this.#session, done, at: new Date().toISOString() });
    }

    /** @param {Session | null} session */
    async #save(session) {
        this.#session = session;
        await this.#journal.saveSession(session);
    }

    /** @param {'source' | 'mapping'} part */
    #show(part) {
        this.#lastSession.container.hidden = part !== 'source' || !this.#lastSession.hasSession;
        this.#panel.container.hidden = part !== 'source';
        this.#form.container.hidden = part !== 'mapping';
    }
}
