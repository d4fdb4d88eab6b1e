// From a click in the menu to a post: the caption, the image, or why there is no image.

import { firstWritten } from './alternative-text.js';
import { lookInPage } from './in-page.js';
import { ImageError, cutOut, drawnIfVector, fetchImage, fromDataUrl, isPlaceholder } from './pixels.js';
import { isAllowed } from './sites.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./in-page.js').CaptionSource} CaptionSource */

/**
 * `permission`: you can allow the site. `failed`: you allowed it, but the download failed. `placeholder`: the page has not
 * loaded the image yet. `gone`: the image is no longer on the page. `closed`: the browser does not let extensions look into
 * the page. `hidden`: the image is not visible, so no screenshot can be taken.
 *
 * @typedef {{ kind: 'permission' | 'failed', address: string, site: string, reason: string, onScreen: boolean }
 *     | { kind: 'placeholder' | 'gone' | 'closed' | 'hidden' }} Obstacle
 */

/**
 * @typedef {{ image: Blob | null, caption: string, source: CaptionSource | null, obstacle: Obstacle | null }} Found
 */

const IN_PAGE = { maxBytes: 32 * 1024 * 1024, maxPixels: 4 * 1024 * 1024 };
const WEB = /^https?:/i;

/**
 * @param {Click} click
 * @param {AbortSignal} signal
 * @returns {Promise<Found>}
 */
export async function findPost(click, signal) {
    const findings = await look(click, 'post');
    const selection = click.selection?.trim();
    // The page's own selection has the line breaks that the browser's menu drops.
    const caption =
        firstWritten(findings?.captions ?? []) ??
        (selection ? { text: selection, source: /** @type {const} */ ('selection') } : null);
    const { image, obstacle } = await findImage(click, findings, signal);
    return { image, obstacle, caption: caption?.text ?? '', source: caption?.source ?? null };
}

/**
 * @param {Click} click
 * @param {import('./in-page.js').Findings | null} findings
 * @param {AbortSignal} signal
 * @returns {Promise<{ image: Blob | null, obstacle: Obstacle | null }>}
 */
async function findImage({ address: clicked, frameId }, findings, signal) {
    if (clicked === null) return { image: null, obstacle: null };
    if (findings?.isPlaceholder) return { image: null, obstacle: { kind: 'placeholder' } };
    const address = findings?.address ?? clicked;
    const given = fromDataUrl(findings?.image ?? address);
    if (given) return unlessPlaceholder(await drawnIfVector(given).catch(() => given));
    if (!WEB.test(address)) return { image: null, obstacle: { kind: findings ? 'gone' : 'closed' } };
    const onScreen = findings?.place != null && frameId === 0;
    if (await isAllowed(address)) return fetchAllowed(address, onScreen, signal);
    const site = new URL(address).hostname;
    return { image: null, obstacle: { kind: 'permission', address, site, reason: '', onScreen } };
}

/**
 * @param {Blob} image
 * @returns {Promise<{ image: Blob | null, obstacle: Obstacle | null }>}
 */
async function unlessPlaceholder(image) {
    return (await isPlaceholder(image))
        ? { image: null, obstacle: { kind: 'placeholder' } }
        : { image, obstacle: null };
}

/**
 * @param {string} address
 * @param {boolean} onScreen
 * @param {AbortSignal} signal
 * @returns {Promise<{ image: Blob | null, obstacle: Obstacle | null }>}
 */
export async function fetchAllowed(address, onScreen, signal) {
    try {
        return await unlessPlaceholder(await fetchImage(address, signal));
    } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        const site = new URL(address).hostname;
        return { image: null, obstacle: { kind: 'failed', address, site, reason: error.message, onScreen } };
    }
}

/**
 * The visible part of the image, as the browser shows it.
 *
 * @param {Click} click
 * @returns {Promise<{ image: Blob | null, obstacle: Obstacle | null }>}
 */
export async function takeFromScreen(click) {
    const tab = await chrome.tabs.get(click.tabId).catch(() => null);
    const place = tab?.active ? (await look(click, 'place'))?.place : null;
    if (!place) return { image: null, obstacle: { kind: 'hidden' } };
    try {
        const screenshot = await chrome.tabs.captureVisibleTab(click.windowId, { format: 'png' });
        return { image: await cutOut(screenshot, place), obstacle: null };
    } catch {
        return { image: null, obstacle: { kind: 'closed' } };
    }
}

/**
 * @param {Click} click
 * @param {'post' | 'place'} what
 * @returns {Promise<import('./in-page.js').Findings | null>} Null if the browser does not let extensions in, or the tab
 *     is closed.
 */
async function look({ tabId, frameId, address }, what) {
    try {
        const [injected] = await chrome.scripting.executeScript({
            target: { tabId, frameIds: [frameId] },
            func: lookInPage,
            args: [{ address, what, ...IN_PAGE }],
        });
        return injected?.result ?? null;
    } catch {
        return null;
    }
}
