// Images from addresses, drawings and screenshots.

import { TEXTS } from './texts.js';

const MAX_BYTES = 64 * 1024 * 1024; // the classifier takes no more
const DRAWN_PIXELS = 1024;

/** An image that cannot be downloaded or drawn; the message is shown. */
export class ImageError extends Error {}

/**
 * @param {string} url A data URL.
 * @returns {Blob | null} Null if it is not a data URL.
 */
export function fromDataUrl(url) {
    const parts = /^data:([^,]*?)(;base64)?,(.*)$/is.exec(url);
    if (!parts) return null;
    const [, type = '', encoded, data = ''] = parts;
    try {
        const content = encoded ? atob(decodeURIComponent(data)) : decodeURIComponent(data);
        const bytes = encoded ? Uint8Array.from(content, (character) => character.charCodeAt(0)) : content;
        return new Blob([bytes], { type });
    } catch {
        return null; // not well-formed
    }
}

/**
 * Downloads an image from a site that you have allowed.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
export async function fetchImage(address, signal) {
    const response = await fetchUnlessRefused(address, signal);
    if (!response.ok) throw new ImageError(TEXTS.download.status(response.status));
    if (Number(response.headers.get('content-length')) > MAX_BYTES) throw new ImageError(TEXTS.download.tooLarge);
    const file = await response.blob();
    if (!file.type.startsWith('image/')) throw new ImageError(TEXTS.download.notAnImage);
    return drawnIfVector(file);
}

/**
 * Without cookies, unless the site requires you to be signed in. Where a redirect leads cannot be known before it is
 * followed, so a request with cookies follows none: another site would get its own.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function fetchUnlessRefused(address, signal) {
    /**
     * @param {RequestCredentials} credentials
     * @param {RequestRedirect} redirect
     */
    const attempt = (credentials, redirect) =>
        fetch(address, { credentials, redirect, referrerPolicy: 'no-referrer', signal });
    try {
        const response = await attempt('omit', 'follow');
        if (![401, 403].includes(response.status)) return response;
        const signedIn = await attempt('include', 'manual');
        return signedIn.type === 'opaqueredirect' ? response : signedIn;
    } catch (error) {
        if (signal.aborted) throw error;
        throw new ImageError(TEXTS.download.unreachable, { cause: error });
    }
}

/** Placeholders are at most this wide and high. */
const PLACEHOLDER_SIDE = 2;

/**
 * Whether an image has too few pixels to show anything: pages show such images until the real one is loaded.
 *
 * @param {Blob} image
 * @returns {Promise<boolean>}
 */
export async function isPlaceholder(image) {
    const bitmap = await createImageBitmap(image).catch(() => null); // the classifier says what is wrong with it
    if (!bitmap) return false;
    const { width, height } = bitmap;
    bitmap.close();
    return width <= PLACEHOLDER_SIDE && height <= PLACEHOLDER_SIDE;
}

/**
 * The classifier needs pixels: a vector image is drawn.
 *
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
export async function drawnIfVector(file) {
    if (!file.type.startsWith('image/svg')) return file;
    const address = URL.createObjectURL(file);
    try {
        const image = new Image();
        image.src = address;
        await image.decode();
        const [width, height] = [image.naturalWidth || DRAWN_PIXELS, image.naturalHeight || DRAWN_PIXELS];
        const scale = DRAWN_PIXELS / Math.max(width, height);
        return await drawn(image, { left: 0, top: 0, width, height }, scale);
    } catch (error) {
        throw new ImageError(TEXTS.download.damagedDrawing, { cause: error });
    } finally {
        URL.revokeObjectURL(address);
    }
}

/**
 * @param {string} screenshot A tab's screenshot, a data URL.
 * @param {import('./in-page.js').Place} place
 * @returns {Promise<Blob>}
 */
export async function cutOut(screenshot, { left, top, width, height, viewportWidth }) {
    const bitmap = await createImageBitmap(/** @type {Blob} */ (fromDataUrl(screenshot)));
    const scale = bitmap.width / viewportWidth; // the screen's and the page's zoom
    try {
        return await drawn(
            bitmap,
            { left: left * scale, top: top * scale, width: width * scale, height: height * scale },
            1,
        );
    } finally {
        bitmap.close();
    }
}

/**
 * @param {CanvasImageSource} source
 * @param {{ left: number, top: number, width: number, height: number }} part
 * @param {number} scale
 */
function drawn(source, { left, top, width, height }, scale) {
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext('2d')?.drawImage(source, left, top, width, height, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: 'image/png' });
}
