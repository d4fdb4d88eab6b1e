// Reads one post: its file, its caption, and what the journal or the model says of it.

import { EmptyPostError, ImageTooLargeError, UnsupportedImageError } from '../../emofuse.js';
import { toJudgement } from './prediction.js';
import { contentKey, sha256 } from './hash.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').HandLabel} HandLabel */
/** @typedef {import('../types.js').Judgement} Judgement */

/**
 * What was found out of a post.
 *
 * @typedef {object} Findings
 * @property {string | null} imageSha256
 * @property {string | null} caption
 * @property {string | null} key
 * @property {Judgement | null} judgement Null where the post cannot be read.
 * @property {HandLabel | null} hand What the journal has.
 * @property {string | null} error
 * @property {'model' | 'run' | 'journal'} from Who gave the judgement: the model; a post of this run with the same
 *     content; an earlier run.
 */

/** @typedef {{ judgement: Judgement, from: Findings['from'] }} Judged */

/** What is wrong with a post and no other. */
class UnreadablePostError extends Error {}

/** Names of the errors for a file that was moved and a folder that may not be read any more. */
const GONE = ['NotFoundError', 'NotReadableError', 'NotAllowedError', 'SecurityError'];

const MEGABYTE = 1024 * 1024;

/** Reads posts, each content once. */
export class Reader {
    #pool;
    #journal;
    #model;
    #max_bytes;
    /** @type {Map<string, Promise<Judged>>} Contents that are looked up or read. */
    #underWay = new Map();
    /** @type {Set<string>} Contents that it has read. */
    #read = new Set();

    /**
     * @param {import('./pool.js').ClassifierPool} pool
     * @param {import('./journal.js').Journal} journal
     */
    constructor(pool, journal) {
        this.#pool = pool;
        this.#journal = journal;
        const { model, limits } = pool.describe();
        this.#model = model.sha256;
        this.#max_bytes = limits.max_bytes;
    }

    /**
     * Rejects where it is aborted, and with what concerns all posts.
     *
     * @param {DeskPost} post
     * @param {AbortSignal} signal
     * @returns {Promise<Findings>}
     */
    async read(post, signal) {
        /** @type {Findings} */
        const found = {
            imageSha256: null,
            caption: post.caption,
            key: null,
            judgement: null,
            hand: null,
            error: null,
            from: 'model',
        };
        try {
            const picture = post.open && (await this.#open(post.open));
            signal.throwIfAborted();
            if (picture) await this.#look(picture, post, found);
            signal.throwIfAborted();
            await this.#judge(picture, found, signal);
        } catch (error) {
            if (signal.aborted || !isOfThePost(error)) throw error;
            found.error = [error.message, ...(found.error === null ? [] : [found.error])].join('; ');
        }
        return found;
    }

    /**
     * @param {() => Promise<File>} open
     * @returns {Promise<ArrayBuffer>}
     */
    async #open(open) {
        try {
            const file = await open();
            if (file.size > this.#max_bytes) throw tooLarge(file.size, this.#max_bytes);
            return await file.arrayBuffer();
        } catch (error) {
            if (error instanceof DOMException && GONE.includes(error.name)) {
                throw new UnreadablePostError(
                    'the file cannot be read: it was changed, moved or deleted, or may not be read any more; choose the folder again',
                    { cause: error },
                );
            }
            if (error instanceof ImageTooLargeError) throw error;
            throw new UnreadablePostError(messageOf(error), { cause: error });
        }
    }

    /**
     * @param {ArrayBuffer} picture
     * @param {DeskPost} post
     * @param {Findings} found
     */
    async #look(picture, post, found) {
        found.imageSha256 = await sha256(picture);
        if (!post.findCaption) return;
        try {
            found.caption = (await post.findCaption(picture))?.text ?? null;
        } catch (error) {
            found.error = messageOf(error); // the picture is read without it
        }
    }

    /**
     * @param {ArrayBuffer | null} picture
     * @param {Findings} found
     * @param {AbortSignal} signal
     */
    async #judge(picture, found, signal) {
        if (!picture && found.caption === null) throw new EmptyPostError('there is neither a picture nor a caption');
        const key = await contentKey(found.imageSha256, found.caption);
        found.key = key;
        const underWay = this.#underWay.get(key);
        const judging = underWay ?? this.#begin(key, picture, found.caption, signal);
        judging.catch(() => {}); // awaited below
        found.hand = await this.#journal.handLabel(key); // a post that fails has it too
        const { judgement, from } = await judging;
        found.judgement = judgement;
        found.from = underWay && from === 'model' ? 'run' : from;
    }

    /**
     * @param {string} key
     * @param {ArrayBuffer | null} picture
     * @param {string | null} caption
     * @param {AbortSignal} signal
     */
    #begin(key, picture, caption, signal) {
        const judging = this.#lookUpOrClassify(key, { image: picture, caption }, signal).finally(() =>
            this.#underWay.delete(key),
        );
        this.#underWay.set(key, judging);
        return judging;
    }

    /**
     * @param {string} key
     * @param {{ image: ArrayBuffer | null, caption: string | null }} post
     * @param {AbortSignal} signal
     * @returns {Promise<Judged>}
     */
    async #lookUpOrClassify(key, post, signal) {
        const known = await this.#journal.judgement(this.#model, key);
        if (known) return { judgement: known, from: this.#read.has(key) ? 'run' : 'journal' };
        signal.throwIfAborted();
        const judgement = toJudgement(await this.#pool.classify(post, { signal }));
        this.#read.add(key);
        this.#journal.keep(this.#model, key, judgement);
        return { judgement, from: 'model' };
    }
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
function isOfThePost(error) {
    return [UnreadablePostError, UnsupportedImageError, ImageTooLargeError, EmptyPostError].some(
        (kind) => error instanceof kind,
    );
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {number} bytes
 * @param {number} max_bytes
 */
function tooLarge(bytes, max_bytes) {
    // Rounded up: what is too large must not read as what is allowed.
    const amount = Math.ceil((bytes / MEGABYTE) * 10) / 10;
    return new ImageTooLargeError(
        `the picture has ${amount} megabytes, more than the ${max_bytes / MEGABYTE} allowed; make it smaller`,
    );
}
