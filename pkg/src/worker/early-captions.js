// Classifies captions while the rest of the model file is being downloaded, with an engine made from its beginning.

import { classify, isFatal } from './classify.js';
import { sha256 } from './download.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./download.js').FileEntry} FileEntry */
/** @typedef {import('../transport/protocol.js').SentOutcome} SentOutcome */
/** @typedef {import('../transport/protocol.js').SentPost} SentPost */
/**
 * The CPU program, as far as it is needed here.
 *
 * @typedef {{ Engine: { loadBeginning(beginning: Uint8Array, length: number): Promise<Engine> } }} Program
 */

/** On a fast line the rest of the file arrives within this time, and an early engine would only delay it. */
const GRACE_MS = 250;

/**
 * Answers with the beginning of the file that has come; a caption with a word that is not in it waits for the next
 * one. An engine is made only if a caption is waiting.
 */
export class EarlyCaptions {
    #file;
    #onReady;
    /** @type {Program | null} */
    #program = null;
    /** What is being downloaded, and how much of it has come. */
    #content = new Uint8Array();
    #loaded = 0;
    /** Downloads that are not the file that the manifest names. @type {WeakSet<Uint8Array>} */
    #damaged = new WeakSet();
    /** The longest beginning that is there and is the right one. */
    #beginning = new Uint8Array();
    /** @type {{ engine: Engine, bytes: number } | null} Made from that many bytes. */
    #made = null;
    #isLooking = false;
    #isClosed = false;
    /** Wakes the captions that wait for more of the file. */
    #wake = () => {};
    #change = this.#nextChange();
    /** The last use of an engine, which the next one waits for. @type {Promise<unknown>} */
    #last = Promise.resolve();

    /**
     * @param {FileEntry} file
     * @param {() => void} onReady Called once, when captions can be classified.
     */
    constructor(file, onReady) {
        this.#file = file;
        this.#onReady = onReady;
    }

    /**
     * Takes the program, once it runs.
     *
     * @param {Program} program
     */
    start(program) {
        this.#program = program;
        void this.#look();
    }

    /**
     * Takes what has come of the file.
     *
     * @param {Uint8Array<ArrayBuffer>} content As large as the file.
     * @param {number} loaded How many bytes of it are there.
     */
    arrived(content, loaded) {
        this.#content = content;
        this.#loaded = loaded;
        void this.#look();
    }

    /**
     * @param {SentPost[]} posts
     * @param {boolean} explain
     * @returns {Promise<SentOutcome[] | null>} Null if only the whole model can answer.
     */
    async classify(posts, explain) {
        if (posts.some(({ image }) => image)) return null;
        const captions = posts.map(({ caption }) => ({ image: null, caption }));
        for (let tried = 0; ; ) {
            const beginning = await this.#longerThan(tried);
            if (!beginning) return null;
            tried = beginning.length;
            const outcomes = await this.#inTurn(() => this.#classifyWith(beginning, captions, explain));
            if (outcomes) return outcomes;
        }
    }

    /** Frees the engine. What has no answer yet is for the whole model. */
    async close() {
        this.#isClosed = true;
        this.#wake();
        await this.#last;
        this.#made?.engine.free();
        this.#made = null;
    }

    /** Checks the beginnings that have come. */
    async #look() {
        if (this.#isLooking) return;
        this.#isLooking = true;
        while (this.#due()) {
            await new Promise((resolve) => void setTimeout(resolve, GRACE_MS));
            const due = this.#due();
            if (due) await this.#check(this.#content, due);
        }
        this.#isLooking = false;
    }

    /** The longest beginning that has come and was not checked yet. */
    #due() {
        if (this.#isClosed || !this.#program || this.#damaged.has(this.#content)) return undefined;
        return this.#file.beginnings?.findLast(({ bytes }) => bytes <= this.#loaded && bytes > this.#beginning.length);
    }

    /**
     * @param {Uint8Array<ArrayBuffer>} content
     * @param {{ bytes: number, sha256: string }} expected
     */
    async #check(content, expected) {
        const beginning = content.subarray(0, expected.bytes);
        if ((await sha256(beginning)) !== expected.sha256) {
            this.#damaged.add(content); // or cannot be checked; the check of the whole file decides
            return;
        }
        if (this.#isClosed) return;
        const isFirst = this.#beginning.length === 0;
        this.#beginning = beginning;
        if (isFirst) this.#onReady();
        this.#wake();
    }

    /**
     * A beginning that is longer than one that was tried: preferably that of the engine there is.
     *
     * @param {number} tried
     * @returns {Promise<Uint8Array | null>} Null once the whole file is there.
     */
    async #longerThan(tried) {
        while (!this.#isClosed && this.#beginning.length <= tried) await this.#change;
        if (this.#isClosed) return null;
        const made = this.#made?.bytes ?? 0;
        return made > tried ? this.#beginning.subarray(0, made) : this.#beginning;
    }

    #nextChange() {
        return new Promise((/** @type {(value: void) => void} */ resolve) => {
            this.#wake = () => {
                resolve();
                this.#change = this.#nextChange();
            };
        });
    }

    /**
     * Runs something once everything before it has ended, unless it has become too late by then.
     *
     * @template R
     * @param {() => Promise<R>} run
     * @returns {Promise<R | null>}
     */
    #inTurn(run) {
        const running = this.#last.then(() => (this.#isClosed ? null : run()));
        this.#last = running.catch(() => {});
        return running;
    }

    /**
     * @param {Uint8Array} beginning
     * @param {import('./classify.js').ComingPost[]} captions
     * @param {boolean} explain
     * @returns {Promise<SentOutcome[] | null>} Null if they need more of the file.
     */
    async #classifyWith(beginning, captions, explain) {
        try {
            const engine = await this.#engineOf(beginning);
            const { id } = engine.describe();
            const outcomes = await classify(engine, { id, sha256: this.#file.sha256 }, captions, {
                explain,
                systems: false,
            });
            return outcomes.some((outcome) => 'error' in outcome && isIncomplete(outcome.error)) ? null : outcomes;
        } catch (error) {
            if (isFatal(error) || !isIncomplete(error)) throw error;
            return null;
        }
    }

    /**
     * @param {Uint8Array} beginning
     * @returns {Promise<Engine>}
     */
    async #engineOf(beginning) {
        if (this.#made && this.#made.bytes >= beginning.length) return this.#made.engine;
        this.#made?.engine.free();
        this.#made = null;
        const program = /** @type {Program} */ (this.#program); // a beginning is checked only once it runs
        const engine = await program.Engine.loadBeginning(beginning, this.#file.bytes);
        this.#made = { engine, bytes: beginning.length };
        return engine;
    }
}

/** @param {unknown} error */
const isIncomplete = (error) => /** @type {{ name?: unknown }} */ (error)?.name === 'ModelIncompleteError';
