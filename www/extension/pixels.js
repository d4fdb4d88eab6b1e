// Images out of addresses, drawings and screenshots.

const MAX_BYTES = 64 * 1024 * 1024; // the classifier takes no more
const DRAWN_PIXELS = 1024;

/** An image that cannot be had, with a message for the person. */
export class ImageError extends Error {}

/**
 * @param {string} url A data URL.
 * @returns {Blob | null} Null where it is none.
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
 * Fetches an image from its site, which the person has allowed.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
export async function fetchImage(address, signal) {
    const response = await fetchUnlessRefused(address, signal);
    if (!response.ok) throw new ImageError(`the site answers ${response.status}`);
    if (Number(response.headers.get('content-length')) > MAX_BYTES)
        throw new ImageError('the file is larger than 64 megabytes');
    const file = await response.blob();
    if (!file.type.startsWith('image/')) throw new ImageError('what the site sends is not an image');
    return drawnIfVector(file);
}

/**
 * Without cookies, unless the site gives the image only to those who have signed in.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function fetchUnlessRefused(address, signal) {
    /** @param {RequestCredentials} credentials */
    const attempt = (credentials) => fetch(address, { credentials, referrerPolicy: 'no-referrer', signal });
    try {
        const response = await attempt('omit');
        return [401, 403].includes(response.status) ? await attempt('include') : response;
    } catch (error) {
        if (signal.aborted) throw error;
        throw new ImageError('it cannot be reached, or sends its images from yet another site', { cause: error });
    }
}

/**
 * The classifier reads pixels: a drawing of vectors becomes some.
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
        throw new ImageError('the drawing is damaged', { cause: error });
    } finally {
        URL.revokeObjectURL(address);
    }
}

/**
 * @param {string} screenshot A data URL of what a tab shows.
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
