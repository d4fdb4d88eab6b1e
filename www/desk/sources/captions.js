// Looks for a picture's caption: in sidecar files, then in the picture's own description. docs/labels.md says where.

import ExifReader from '../../libraries/exifreader.js';

/** @typedef {import('../types.js').FoundCaption} FoundCaption */
/** @typedef {import('./listing.js').ListedFile} ListedFile */

const LARGEST_SIDECAR_BYTES = 1_000_000;

/** Where a JSON sidecar file may have it, in the order of preference. */
const KEYS = ['caption', 'description', 'title', 'text'];

/**
 * Nothing else is read: no thumbnails, no notes of the camera's maker.
 *
 * @type {import('exifreader').IncludeTagsOptions}
 */
const READ_TAGS = { xmp: true, iptc: ['Caption/Abstract', 'Coded Character Set'], exif: ['ImageDescription'] };

/** The first of more files of a kind is that with the shorter name. */
const ENDINGS = ['.txt', '.json'];

/**
 * The names that a picture's sidecar files may have, in the order of preference.
 *
 * @param {string} path
 * @returns {string[]}
 */
export function sidecarPaths(path) {
    const stem = path.replace(/\.[^./]*$/, '');
    return ENDINGS.flatMap((ending) => [stem + ending, path + ending]);
}

/**
 * The text without white space around it; null where nothing is left.
 *
 * @param {string | null | undefined} text
 */
export const trimmed = (text) => text?.trim() || null;

/**
 * @param {ListedFile[]} sidecars In the order of preference.
 * @param {ArrayBuffer} picture
 * @returns {Promise<FoundCaption | null>} Rejects where a sidecar file is bad: the person meant the caption to be in it.
 */
export async function findCaption(sidecars, picture) {
    for (const sidecar of sidecars) {
        const text = await readSidecar(sidecar);
        if (text !== null) return { text, from: 'sidecar' };
    }
    const text = await describedBy(picture);
    return text === null ? null : { text, from: 'metadata' };
}

/** @param {ListedFile} sidecar */
async function readSidecar(sidecar) {
    const file = await sidecar.open();
    const bad = (/** @type {string} */ why) => new Error(`The caption’s file “${sidecar.path}” ${why}`);
    if (file.size > LARGEST_SIDECAR_BYTES)
        throw bad('is larger than 1 MB. Put the caption alone into it, or take it away.');
    let bytes;
    try {
        bytes = await file.arrayBuffer();
    } catch (error) {
        throw new Error(`The caption’s file “${sidecar.path}” could not be read. Give the folder once more.`, {
            cause: error,
        });
    }
    let text;
    try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
        throw bad('is not UTF-8 text. Save it as UTF-8.');
    }
    if (!sidecar.path.toLowerCase().endsWith('.json')) return trimmed(text);
    try {
        return captionOf(JSON.parse(text));
    } catch {
        throw bad('is not JSON. Put it right, or take it away.');
    }
}

/** @param {unknown} value */
function captionOf(value) {
    if (value === null || typeof value !== 'object') return null;
    for (const key of KEYS) {
        const text = Object.hasOwn(value, key) ? /** @type {Record<string, unknown>} */ (value)[key] : null;
        if (typeof text === 'string' && text.trim() !== '') return text.trim();
    }
    return null;
}

/** @param {ArrayBuffer} picture */
async function describedBy(picture) {
    let tags;
    try {
        tags = await ExifReader.load(picture, { async: true, expanded: true, includeTags: READ_TAGS });
    } catch {
        return null; // no picture, or one without a description that can be read; the decoder has its own say
    }
    const { xmp, iptc, exif } = /** @type {Record<string, Record<string, Tag> | undefined>} */ (
        /** @type {unknown} */ (tags)
    );
    return (
        trimmed(inDefaultLanguage(xmp?.['description'])) ??
        trimmed(textIn(iptc?.['Caption/Abstract'])) ??
        trimmed(textIn(exif?.['ImageDescription']))
    );
}

/** @typedef {{ value: unknown, description?: unknown, attributes?: Record<string, string> }} Tag */

/**
 * @param {Tag | undefined} tag
 * @returns {string | null}
 */
function inDefaultLanguage(tag) {
    if (!tag || !Array.isArray(tag.value)) return typeof tag?.value === 'string' ? tag.value : null;
    const items = /** @type {Tag[]} */ (tag.value);
    const item =
        items.find(
            ({ attributes }) => attributes?.['xml:lang'] === 'x-default' || attributes?.['lang'] === 'x-default',
        ) ?? items[0];
    return typeof item?.value === 'string' ? item.value : null;
}

/**
 * @param {Tag | undefined} tag
 * @returns {string | null}
 */
const textIn = (tag) => (typeof tag?.description === 'string' ? tag.description : null);
