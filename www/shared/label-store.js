// The person's own labels of single posts, stored on this device until they delete them. Rows have the columns of
// docs/labels.md, so that the desk and the command line can read them.

import { columnsWith, FIXED, scoreColumn } from './label-columns.js';
import { strongest } from './words.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {Record<string, string | number | boolean | null>} LabelRow */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Store */

const KEY = 'emofuse-labels';
const DECIMALS = 6;

/** Stores one label per post: a new label of the same post replaces the old one. */
export class LabelStore {
    /** @type {Store | undefined} */
    #store;
    /** @type {LabelRow[]} */
    #rows = [];

    /** @param {Store} [store] Defaults to the browser's storage, which may be unavailable. */
    constructor(store) {
        try {
            this.#store = store ?? localStorage;
            const rows = JSON.parse(this.#store.getItem(KEY) ?? '[]');
            if (Array.isArray(rows)) this.#rows = rows;
        } catch (error) {
            console.warn('the stored labels cannot be read', error);
        }
    }

    get rows() {
        return this.#rows;
    }

    /**
     * @param {Result} result
     * @param {{ image: Blob | null, caption: string | null }} post
     * @param {string} emotion
     */
    async add(result, post, emotion) {
        const row = await rowOf(result, post, emotion);
        const others = this.#rows.filter((other) => keyOf(other) !== keyOf(row));
        this.#rows = [...others, row];
        this.#save();
    }

    /** Deletes all labels. */
    clear() {
        this.#rows = [];
        this.#store?.removeItem(KEY);
    }

    /** @returns {string} CSV as in RFC 4180. */
    csv() {
        // Rows of models with other labels have other scores.
        const scores = new Set(
            this.#rows.flatMap((row) => Object.keys(row)).filter((column) => !FIXED.includes(column)),
        );
        const columns = columnsWith([...scores]);
        return [columns, ...this.#rows.map((row) => columns.map((column) => cellText(row[column] ?? null)))]
            .map((cells) => `${cells.map(quoted).join(',')}\n`)
            .join('');
    }

    /** @returns {string} */
    jsonLines() {
        return this.#rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    }

    #save() {
        try {
            this.#store?.setItem(KEY, JSON.stringify(this.#rows));
        } catch (error) {
            console.warn('the labels cannot be stored; they stay until the page is closed', error);
        }
    }
}

/** @param {LabelRow} row */
const keyOf = ({ image_sha256 = null, caption = null }) => JSON.stringify([image_sha256, caption]);

/**
 * @param {Result} result
 * @param {{ image: Blob | null, caption: string | null }} post
 * @param {string} emotion
 * @returns {Promise<LabelRow>}
 */
async function rowOf(result, { image, caption }, emotion) {
    const name = image instanceof File && image.name ? image.name : null;
    const image_sha256 = image && (await digestOf(image));
    const alone = (/** @type {import('../emofuse.js').Scores | null} */ scores) => scores && strongest(scores);
    const [imageAlone, captionAlone] = [alone(result.image), alone(result.caption)];
    return {
        id: name ?? image_sha256?.slice(0, 12) ?? caption,
        image: name,
        caption,
        emotion: result.emotion,
        confidence: rounded(result.confidence),
        secondary: result.secondary,
        uncertain: result.uncertain,
        uncertain_because: result.uncertain_because.join('|') || null,
        ...Object.fromEntries(
            Object.entries(result.scores).map(([label, score]) => [scoreColumn(label), rounded(score)]),
        ),
        image_emotion: imageAlone?.[0] ?? null,
        image_confidence: imageAlone && rounded(imageAlone[1]),
        caption_emotion: captionAlone?.[0] ?? null,
        caption_confidence: captionAlone && rounded(captionAlone[1]),
        agreement: result.agreement === null ? null : rounded(result.agreement),
        hand_emotion: emotion,
        corrected_emotion: null,
        corrected_confidence: null,
        error: null,
        image_sha256,
        model_sha256: result.model.sha256,
        backend: result.backend,
    };
}

/** @param {number} score */
const rounded = (score) => Number(score.toFixed(DECIMALS));

/** @param {Blob} blob */
async function digestOf(blob) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string | number | boolean | null} cell */
const cellText = (cell) => (typeof cell === 'number' ? cell.toFixed(DECIMALS) : cell === null ? '' : String(cell));

/** @param {string} cell */
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
