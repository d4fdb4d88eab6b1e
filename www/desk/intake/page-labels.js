// The labels that the person set on the page, under "What would you say?", as posts of the desk. The page stores no
// images, so that they are found by their SHA-256 in a folder.

import { contentKey, sha256 } from '../labelling/hash.js';
import { TimeSlice } from '../time-slice.js';
import { trimmed } from './captions.js';
import { isImage } from './listing.js';
import { NEW_POST } from './posts.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./posts.js').Posts} Posts */

/**
 * A label from the page.
 *
 * @typedef {object} PageLabel
 * @property {string} id
 * @property {string | null} image The name of the image's file, if it had one.
 * @property {string | null} imageSha256 Null if the post has no image.
 * @property {string | null} caption
 * @property {Emotion} emotion
 */

/** @typedef {Map<string, ListedFile>} FoundImages By their SHA-256. */

/** Larger files are no images of the page, which takes 64 MiB at most. */
const MOST_BYTES = 64 * 1024 * 1024;

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What the page has stored.
 *
 * @param {readonly Record<string, unknown>[]} rows See `LabelStore`.
 * @returns {{ labels: PageLabel[], unusable: number }} `unusable` rows lack a label or a post.
 */
export function pageLabelsOf(rows) {
    /** @type {PageLabel[]} */
    const labels = [];
    for (const row of rows) {
        const text = (/** @type {string} */ column) =>
            typeof row?.[column] === 'string' ? trimmed(/** @type {string} */ (row[column])) : null;
        const emotion = text('hand_emotion');
        const [caption, digest] = [text('caption'), text('image_sha256')];
        const imageSha256 = digest && SHA256.test(digest) ? digest : null;
        if (!emotion || digest !== imageSha256 || (caption === null && imageSha256 === null)) continue;
        const image = text('image');
        labels.push({
            id: text('id') ?? image ?? caption ?? String(imageSha256).slice(0, 12),
            image,
            imageSha256,
            caption,
            emotion,
        });
    }
    return { labels, unusable: rows.length - labels.length };
}

/**
 * Looks for the images of labels among files; files with a name that is known come first.
 *
 * @param {readonly PageLabel[]} labels
 * @param {readonly ListedFile[]} files
 * @param {{ signal?: AbortSignal, onProgress?: (done: number, all: number) => void }} [options]
 * @returns {Promise<FoundImages>}
 */
export async function findImages(labels, files, { signal, onProgress } = {}) {
    const slice = new TimeSlice(signal);
    const wanted = new Set(labels.flatMap(({ imageSha256 }) => imageSha256 ?? []));
    const names = new Set(labels.flatMap(({ image }) => image ?? []));
    const images = files.filter(({ path }) => isImage(path));
    const isNamed = (/** @type {ListedFile} */ { path }) => names.has(path.slice(path.lastIndexOf('/') + 1));
    /** @type {FoundImages} */
    const found = new Map();
    const inOrder = [...images.filter(isNamed), ...images.filter((file) => !isNamed(file))];
    for (const [index, file] of inOrder.entries()) {
        if (found.size === wanted.size) break;
        if (slice.isOver) await slice.yieldToEventLoop();
        onProgress?.(index, images.length);
        const digest = await digestOf(file);
        signal?.throwIfAborted();
        if (digest !== null && wanted.has(digest) && !found.has(digest)) found.set(digest, file);
    }
    return found;
}

/**
 * @param {ListedFile} file
 * @returns {Promise<string | null>} Null for one that is too large or cannot be read.
 */
async function digestOf({ open }) {
    try {
        const file = await open();
        return file.size > MOST_BYTES ? null : await sha256(await file.arrayBuffer());
    } catch {
        return null;
    }
}

/**
 * A post for each label whose image was found, or that needs none. A label that the person has set on the desk since
 * takes precedence.
 *
 * @param {readonly PageLabel[]} labels
 * @param {FoundImages} images
 * @param {Pick<import('../labelling/journal.js').Journal, 'manualLabel'>} journal
 * @returns {Promise<Posts & { left: PageLabel[] }>} `left` have an image that was not found.
 */
export async function postsOfPageLabels(labels, images, journal) {
    const at = new Date().toISOString();
    const isLeft = (/** @type {PageLabel} */ { imageSha256 }) => imageSha256 !== null && !images.has(imageSha256);
    const left = labels.filter(isLeft);
    const problems = left.map(({ id }) => ({ where: id, reason: texts.pageLabels.noImage }));
    /** @type {import('../types.js').DeskPost[]} */
    const posts = [];
    for (const { id, image, imageSha256, caption, emotion } of labels.filter((label) => !isLeft(label))) {
        const file = imageSha256 === null ? undefined : images.get(imageSha256);
        const ofDesk = await labelOfDesk(journal, imageSha256, caption);
        if (ofDesk && ofDesk.emotion !== emotion)
            problems.push({ where: id, reason: texts.pageLabels.otherLabel(emotion, ofDesk.emotion) });
        posts.push({
            ...NEW_POST,
            index: posts.length,
            id,
            image: file ? (image ?? file.path) : null,
            caption,
            open: file?.open ?? null,
            manualLabel: ofDesk ?? { emotion, at, how: 'page' },
        });
    }
    return { posts, problems, missing: left.length, left };
}

/**
 * Stores labels for when the same post is opened from a folder or a table.
 *
 * @param {readonly PageLabel[]} labels
 * @param {Pick<import('../labelling/journal.js').Journal, 'manualLabel' | 'saveManualLabel'>} journal
 */
export async function storePageLabels(labels, journal) {
    const at = new Date().toISOString();
    for (const { imageSha256, caption, emotion } of labels) {
        if (await labelOfDesk(journal, imageSha256, caption)) continue;
        await journal.saveManualLabel(await contentKey(imageSha256, caption), { emotion, at, how: 'page' });
    }
}

/**
 * The label that was set for this post on the desk itself.
 *
 * @param {Pick<import('../labelling/journal.js').Journal, 'manualLabel'>} journal
 * @param {string | null} imageSha256
 * @param {string | null} caption
 * @returns {Promise<ManualLabel | null>}
 */
async function labelOfDesk(journal, imageSha256, caption) {
    const label = await journal.manualLabel(await contentKey(imageSha256, caption));
    return label?.how === 'page' ? null : label;
}
