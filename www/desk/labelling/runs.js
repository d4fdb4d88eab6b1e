// Classifies the posts of the desk with the model in use, one run after another, and updates the panel.

import { Run } from './run.js';
import { texts } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('./run-panel.js').RunPanel} RunPanel */
/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./pool.js').ClassifierPool} ClassifierPool */

/** How often the progress is stored for the next visit. */
const NOTE_MS = 5000;

/** Manages one run at a time; analysed posts stay as they are. */
export class Runs {
    #collection;
    #journal;
    #panel;
    #pool;
    #onModel;
    #onBackend;
    #note;
    #say;
    /** @type {Run | null} */
    #run = null;
    /** @type {ClassifierPool | null} The pool that the collection's description belongs to. */
    #known = null;
    /** The number of the latest call of `begin`. */
    #latest = 0;
    #noted_ms = 0;

    /**
     * @param {object} parts
     * @param {Collection} parts.collection
     * @param {Journal} parts.journal
     * @param {RunPanel} parts.panel
     * @param {() => Promise<ClassifierPool>} parts.pool Returns the model in use; loads it if necessary.
     * @param {(sha256: string) => void} parts.onModel Called with the digest of another model that is now in use.
     * @param {(description: import('../../emofuse.js').Description) => void} parts.onBackend Called when the back end
     *     has changed on its own.
     * @param {(done: number) => void} parts.note Called repeatedly with the number of classified posts, for the next
     *     visit.
     * @param {(text: string) => void} parts.say Announces a text to screen readers.
     */
    constructor({ collection, journal, panel, pool, onModel, onBackend, note, say }) {
        this.#collection = collection;
        this.#journal = journal;
        this.#panel = panel;
        this.#pool = pool;
        this.#onModel = onModel;
        this.#onBackend = onBackend;
        this.#note = note;
        this.#say = say;
    }

    get isUnderWay() {
        return this.#run !== null;
    }

    /** There is no model in use any more. */
    leaveModel() {
        this.interrupt();
        this.#known = null;
    }

    /** Updates the description of the model in use, and its correction. */
    async describe() {
        const pool = await this.#pool().catch(() => null); // the status line shows the reason
        if (!pool || pool === this.#known) return pool;
        if (!this.#collection.hasModel) return pool; // it was loaded for nothing
        const before = this.#collection.description?.model.sha256;
        const description = pool.describe();
        this.#known = pool;
        this.#collection.useModel(description);
        if (before !== description.model.sha256) {
            for (const post of this.#collection.posts)
                Object.assign(post, { prediction: null, state: 'waiting', error: null });
            this.#collection.changed('predictions');
            this.#onModel(description.model.sha256);
        }
        return pool;
    }

    /** Analyses the remaining posts as soon as the model is loaded. */
    async begin() {
        this.interrupt();
        const call = ++this.#latest;
        const { hasModel } = this.#collection;
        this.#panel.setKind(hasModel);
        if (hasModel && this.#collection.posts.length > 0) this.#panel.wait(this.#collection.posts.length);
        const pool = hasModel ? await this.describe() : null;
        if ((hasModel && !pool) || call !== this.#latest || this.#collection.posts.length === 0) return;
        const posts = this.#collection.posts.filter(({ state }) => state !== 'done');
        this.#showProblems();
        const run = new Run({
            posts,
            pool,
            journal: this.#journal,
            scope: this.#collection.scope,
            onPost: () => this.#collection.changed('predictions'),
            onProgress: (progress) => {
                if (this.#run === run) this.#show(progress);
            },
        });
        this.#run = run;
        run.start();
        const end = await run.finished;
        if (this.#run !== run) return;
        this.#run = null;
        if (end === 'finished') this.#say(hasModel ? texts.run.allAnalysed : texts.reading.allRead);
    }

    pause() {
        this.#run?.pause();
    }

    resume() {
        this.#run?.resume();
    }

    cancel() {
        this.#latest += 1;
        this.#run?.cancel();
    }

    /** Ends the run, because another one follows. */
    interrupt() {
        const run = this.#run;
        this.#run = null;
        run?.cancel();
    }

    /** @param {import('./run.js').Progress} progress */
    #show(progress) {
        const posts = this.#collection.posts.length;
        this.#panel.show(progress, { posts, read: posts - progress.total + progress.done, failed: progress.failed });
        if (progress.state === 'running' && performance.now() - this.#noted_ms < NOTE_MS) return;
        this.#noted_ms = performance.now();
        this.#lookAtBackend();
        this.#showProblems();
        this.#note(posts - progress.total + progress.done);
    }

    /** The graphics device may have taken over from the CPU, or the CPU from a lost device. */
    #lookAtBackend() {
        const description = this.#known?.describe();
        if (!description || description.backend === this.#collection.description?.backend) return;
        this.#collection.description = description;
        this.#onBackend(description);
    }

    #showProblems() {
        const { posts, problems } = this.#collection;
        const ofPosts = posts
            .filter(({ error }) => error !== null)
            .map(({ id, error }) => ({ where: id, reason: error ?? '' }));
        this.#panel.showProblems([...problems, ...ofPosts]);
    }
}
