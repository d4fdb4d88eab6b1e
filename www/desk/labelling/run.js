// Classifies many posts, a few at a time; it can be paused, cancelled and resumed.

import { BackendError } from '../../emofuse.js';
import { Pace } from './pace.js';
import { PostClassifier } from './post-classifier.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./post-classifier.js').Outcome} Outcome */

/**
 * `stopped`: an error that concerns all posts occurred, see `error`; the run can be resumed.
 *
 * @typedef {'running' | 'paused' | 'stopped' | 'finished' | 'cancelled'} RunState
 */

/**
 * The progress of a run.
 *
 * @typedef {object} Progress
 * @property {RunState} state
 * @property {number} done Analysed posts, including `reused` and `repeated` ones.
 * @property {number} failed
 * @property {number} reused Posts analysed by an earlier run.
 * @property {number} repeated Posts whose image came before.
 * @property {number} total
 * @property {number} rate_per_s Recent posts per second; 0 while unknown.
 * @property {number | null} left_s Null while unknown.
 * @property {Error | null} error
 */

/**
 * @typedef {object} RunOptions
 * @property {DeskPost[]} posts The posts to analyse: waiting ones, or failed ones to try again.
 * @property {import('./pool.js').ClassifierPool | null} pool Null without a model: posts are only read.
 * @property {string} [scope] The beginning of the keys of labels and notes.
 * @property {import('./journal.js').Journal} journal
 * @property {(post: DeskPost) => void} onPost Called when a post has changed.
 * @property {(progress: Progress) => void} onProgress Called a few times a second, and when the state changes.
 */

const REPORT_EVERY_ms = 100;

/** How many posts are read at once without a model. */
const READ_AHEAD = 8;

/** One pass over posts. */
export class Run {
    /** @type {Promise<'finished' | 'cancelled'>} */
    finished;

    #posts;
    #pool;
    #journal;
    #onPost;
    #onProgress;
    #classifier;
    #pace = new Pace();
    #abort = new AbortController();
    /** @type {(state: 'finished' | 'cancelled') => void} */
    #settle = () => {};
    /** @type {RunState | 'new'} */
    #state = 'new';
    /** @type {Error | null} */
    #error = null;
    #next = 0;
    #underWay = 0;
    /** @type {DeskPost[]} Posts that were interrupted; they come last. */
    #interrupted = [];
    /** @type {Map<DeskPost, number>} Posts at which the back end failed, and the number of posts classified by then. */
    #suspects = new Map();
    #classified = 0;
    /** @type {Map<string, DeskPost>} The first post with each image. */
    #firsts = new Map();
    #counts = { done: 0, failed: 0, reused: 0, repeated: 0 };
    #reported_ms = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;

    /** @param {RunOptions} options */
    constructor({ posts, pool, journal, scope = '', onPost, onProgress }) {
        this.#posts = posts;
        this.#pool = pool;
        this.#journal = journal;
        this.#onPost = onPost;
        this.#onProgress = onProgress;
        this.#classifier = new PostClassifier(pool, journal, scope);
        this.finished = new Promise((resolve) => (this.#settle = resolve));
    }

    start() {
        if (this.#state === 'new') this.#goOn();
    }

    /** Takes no more posts; those in progress are finished. */
    pause() {
        if (this.#state === 'running') this.#become('paused');
    }

    /** Continues after a pause or a stop. */
    resume() {
        if (this.#state === 'paused' || this.#state === 'stopped') this.#goOn();
    }

    /** Ends the run. Posts in progress stay waiting. */
    cancel() {
        if (this.#state === 'finished' || this.#state === 'cancelled') return;
        this.#become('cancelled');
        this.#abort.abort();
        this.#advance();
    }

    #goOn() {
        this.#error = null;
        this.#become('running');
        this.#advance();
    }

    #advance() {
        while (this.#state === 'running' && this.#underWay < (this.#pool?.ahead ?? READ_AHEAD)) {
            const post = this.#take();
            if (!post) break;
            void this.#classify(post);
        }
        if (this.#underWay > 0) return;
        if (this.#state === 'running') this.#become('finished');
        const state = this.#state;
        if (state === 'finished' || state === 'cancelled') void this.#journal.flush().then(() => this.#settle(state));
    }

    #take() {
        return this.#posts[this.#next] ? this.#posts[this.#next++] : this.#interrupted.shift();
    }

    /** @param {DeskPost} post */
    async #classify(post) {
        this.#underWay += 1;
        try {
            this.#finish(post, await this.#classifier.classify(post, this.#abort.signal));
        } catch (error) {
            if (!this.#abort.signal.aborted)
                this.#interrupt(post, error instanceof Error ? error : new Error(String(error)));
        } finally {
            this.#underWay -= 1;
            this.#advance();
        }
    }

    /**
     * @param {DeskPost} post
     * @param {Outcome} found
     */
    #finish(post, { imageSha256, caption, key, prediction, isDone, manualLabel, note, error, from }) {
        if (prediction && from === 'model') this.#classified += 1;
        Object.assign(post, {
            imageSha256,
            caption,
            key,
            prediction,
            error,
            state: isDone ? 'done' : 'failed',
            repeated: false,
        });
        // A label from a table stays in the table itself.
        if (!post.manualLabel)
            post.manualLabel = key ? this.#journal.newest('manualLabels', key, manualLabel) : manualLabel;
        else if (key && post.manualLabel.how !== 'import') void this.#journal.saveManualLabel(key, post.manualLabel);
        // The journal's note is the newer one; a table's is what the journal had once.
        post.note = (key ? this.#journal.newest('notes', key, note) : note) ?? post.note ?? null;
        this.#counts[isDone ? 'done' : 'failed'] += 1;
        if (prediction && from === 'journal') this.#counts.reused += 1;
        if (imageSha256) this.#compare(post, imageSha256);
        this.#pace.count();
        this.#onPost(post);
        this.#reportSoon();
    }

    /**
     * Posts finish out of order, but the first post with an image is the one that comes first in the list.
     *
     * @param {DeskPost} post
     * @param {string} imageSha256
     */
    #compare(post, imageSha256) {
        const other = this.#firsts.get(imageSha256);
        if (!other || post.index < other.index) this.#firsts.set(imageSha256, post);
        if (!other) return;
        const later = post.index < other.index ? other : post;
        later.repeated = true;
        this.#counts.repeated += 1;
        if (later !== post) this.#onPost(later);
    }

    /**
     * @param {DeskPost} post
     * @param {Error} error
     */
    #interrupt(post, error) {
        const before = this.#suspects.get(post);
        if (error instanceof BackendError && before !== undefined && before < this.#classified) {
            // Other posts work, but this one has failed repeatedly.
            this.#finish(post, {
                ...EMPTY,
                caption: post.caption,
                error: texts.errors.modelFails(error.message),
            });
            return;
        }
        if (error instanceof BackendError) this.#suspects.set(post, this.#classified);
        this.#interrupted.push(post);
        if (this.#state !== 'running' && this.#state !== 'paused') return;
        this.#error = error;
        this.#become('stopped');
    }

    /** @param {RunState} state */
    #become(state) {
        this.#state = state;
        if (state === 'running') this.#pace.goOn();
        else this.#pace.pause();
        this.#report();
    }

    #reportSoon() {
        // Hidden pages have delayed timers.
        if (performance.now() - this.#reported_ms >= REPORT_EVERY_ms) this.#report();
        else this.#timer ??= setTimeout(() => this.#report(), REPORT_EVERY_ms);
    }

    #report() {
        if (this.#state === 'new') return;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#reported_ms = performance.now();
        const { done, failed } = this.#counts;
        const total = this.#posts.length;
        const { rate_per_s } = this.#pace;
        const left_s = rate_per_s > 0 ? (total - done - failed) / rate_per_s : null;
        this.#onProgress({ ...this.#counts, state: this.#state, total, rate_per_s, left_s, error: this.#error });
    }
}

/** @type {Outcome} */
const EMPTY = {
    imageSha256: null,
    caption: null,
    key: null,
    prediction: null,
    isDone: false,
    manualLabel: null,
    note: null,
    error: null,
    from: 'model',
};
