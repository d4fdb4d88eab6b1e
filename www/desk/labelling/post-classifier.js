// Classifies one post: reads its file and its caption, and gets its prediction from the journal or the model.

import { labelsOf } from '../../shared/labels.js';
import {
    EmptyPostError,
    ImageTooLargeError,
    ModalityError,
    TimeoutError,
    UnsupportedImageError,
} from '../../emofuse.js';
import { contentKey, sha256 } from './hash.js';
import { toPrediction } from './prediction.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./pool.js').ClassifierPool} Pool */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('../types.js').StoredPrediction} StoredPrediction */

/**
 * The outcome of classifying a post.
 *
 * @typedef {object} Outcome
 * @property {string | null} imageSha256
 * @property {string | null} caption
 * @property {string | null} key
 * @property {StoredPrediction | null} prediction Null if the post cannot be classified, or if there is no model.
 * @property {boolean} isDone Whether all went well.
 * @property {ManualLabel | null} manualLabel From the journal.
 * @property {string | null} note From the journal.
 * @property {string | null} error
 * @property {'model' | 'run' | 'journal'} from Where the prediction comes from: the model; a post of this run with the same
 *     content; an earlier run.
 */

/** @typedef {{ prediction: StoredPrediction, from: Outcome['from'] }} Classified */

/** An error that concerns this post alone. */
class UnreadablePostError extends Error {}

/** Names of the errors for a file that was moved and a folder without permission. */
const GONE = ['NotFoundError', 'NotReadableError', 'NotAllowedError', 'SecurityError'];

const MEGABYTE = 1024 * 1024;

/** Without a model: as much as the models take. */
const MOST_BYTES = 64 * MEGABYTE;

/** Classifies posts, but each content only once. */
export class PostClassifier {
    #pool;
    #journal;
    #model;
    #labels;
    #max_bytes;
    #scope;
    /** @type {Map<string, Promise<Classified>>} Contents that are being looked up or classified. */
    #underWay = new Map();
    /** @type {Set<string>} Contents that have been classified. */
    #classified = new Set();

    /**
     * @param {Pool | null} pool Null without a model: posts are only read.
     * @param {import('./journal.js').Journal} journal
     * @param {string} scope The beginning of the keys of labels and notes.
     */
    constructor(pool, journal, scope) {
        this.#pool = pool;
        this.#journal = journal;
        this.#scope = scope;
        const description = pool?.describe();
        this.#model = description?.model.sha256 ?? '';
        this.#labels = description ? labelsOf(description).names : [];
        this.#max_bytes = description?.limits.max_bytes ?? MOST_BYTES;
    }

    /**
     * Rejects if aborted, and with errors that concern all posts.
     *
     * @param {DeskPost} post
     * @param {AbortSignal} signal
     * @returns {Promise<Outcome>}
     */
    async classify(post, signal) {
        /** @type {Outcome} */
        const found = {
            imageSha256: null,
            caption: post.caption,
            key: null,
            prediction: null,
            isDone: false,
            manualLabel: null,
            note: null,
            error: null,
            from: 'model',
        };
        try {
            const image = post.open && (await this.#open(post.open));
            signal.throwIfAborted();
            if (image) await this.#findCaption(image, post, found);
            signal.throwIfAborted();
            await this.#classify(image, found, signal);
        } catch (error) {
            if (signal.aborted || !isOfThePost(error)) throw error;
            const message = error instanceof TimeoutError ? texts.errors.takesTooLong : error.message;
            found.error = [message, ...(found.error === null ? [] : [found.error])].join('; ');
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
                throw new UnreadablePostError(texts.errors.gone, { cause: error });
            }
            if (error instanceof ImageTooLargeError) throw error;
            throw new UnreadablePostError(messageOf(error), { cause: error });
        }
    }

    /**
     * @param {ArrayBuffer} image
     * @param {DeskPost} post
     * @param {Outcome} found
     */
    async #findCaption(image, post, found) {
        found.imageSha256 = await sha256(image);
        if (!post.findCaption) return;
        try {
            found.caption = (await post.findCaption(image))?.text ?? null;
        } catch (error) {
            found.error = messageOf(error); // the image is classified without it
        }
    }

    /**
     * @param {ArrayBuffer | null} image
     * @param {Outcome} found
     * @param {AbortSignal} signal
     */
    async #classify(image, found, signal) {
        if (!image && found.caption === null) throw new EmptyPostError(texts.errors.empty);
        const content = await contentKey(found.imageSha256, found.caption);
        const key = this.#scope + content;
        found.key = key;
        const underWay = this.#underWay.get(content);
        const pending = this.#pool && (underWay ?? this.#begin(this.#pool, content, image, found.caption, signal));
        pending?.catch(() => {}); // awaited below
        // for failed posts as well
        [found.manualLabel, found.note] = await Promise.all([this.#journal.manualLabel(key), this.#journal.note(key)]);
        found.isDone = !pending;
        if (!pending) return;
        const { prediction, from } = await pending;
        found.prediction = prediction;
        found.isDone = true;
        found.from = underWay && from === 'model' ? 'run' : from;
    }

    /**
     * @param {Pool} pool
     * @param {string} key
     * @param {ArrayBuffer | null} image
     * @param {string | null} caption
     * @param {AbortSignal} signal
     */
    #begin(pool, key, image, caption, signal) {
        const pending = this.#lookUpOrClassify(pool, key, { image, caption }, signal).finally(() =>
            this.#underWay.delete(key),
        );
        this.#underWay.set(key, pending);
        return pending;
    }

    /**
     * @param {Pool} pool
     * @param {string} key
     * @param {{ image: ArrayBuffer | null, caption: string | null }} post
     * @param {AbortSignal} signal
     * @returns {Promise<Classified>}
     */
    async #lookUpOrClassify(pool, key, post, signal) {
        const known = await this.#journal.prediction(this.#model, key);
        if (known) return { prediction: known, from: this.#classified.has(key) ? 'run' : 'journal' };
        signal.throwIfAborted();
        const prediction = toPrediction(await pool.classify(post, { signal }), this.#labels);
        this.#classified.add(key);
        this.#journal.savePrediction(this.#model, key, prediction);
        return { prediction, from: 'model' };
    }
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
function isOfThePost(error) {
    return [
        UnreadablePostError,
        UnsupportedImageError,
        ImageTooLargeError,
        EmptyPostError,
        ModalityError,
        TimeoutError,
    ].some((kind) => error instanceof kind);
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {number} bytes
 * @param {number} max_bytes
 */
function tooLarge(bytes, max_bytes) {
    // Rounded up, so that a size over the limit never prints as the limit itself.
    const amount = Math.ceil((bytes / MEGABYTE) * 10) / 10;
    return new ImageTooLargeError(texts.errors.tooLarge(amount, max_bytes / MEGABYTE));
}
