// From a click in the menu to a post: the caption, the image, or what stands in its way.

import { firstWritten } from './alternative-text.js';
import { lookInPage } from './in-page.js';
import { ImageError, cutOut, drawnIfVector, fetchImage, fromDataUrl } from './pixels.js';
import { isAllowed } from './sites.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./in-page.js').CaptionSource} CaptionSource */

/**
 * `permission`: the person may allow it. `failed`: allowed, but the site does not give it. `gone`: it is not on the
 * page any more. `closed`: the browser keeps extensions out of the page. `hidden`: it is not to be seen, so no screenshot
 * can be taken.
 *
 * @typedef {{ kind: 'permission' | 'failed', site: string, reason: string, onScreen: boolean }
 *     | { kind: 'gone' | 'closed' | 'hidden' }} Obstacle
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
async function findImage({ address, frameId }, findings, signal) {
    if (address === null) return { image: null, obstacle: null };
    const given = fromDataUrl(findings?.image ?? address);
    if (given) return { image: await drawnIfVector(given).catch(() => given), obstacle: null };
    if (!WEB.test(address)) return { image: null, obstacle: { kind: findings ? 'gone' : 'closed' } };
    const onScreen = findings?.place != null && frameId === 0;
    if (await isAllowed(address)) return fetchAllowed(address, onScreen, signal);
    return { image: null, obstacle: { kind: 'permission', site: new URL(address).hostname, reason: '', onScreen } };
}

/**
 * @param {string} address
 * @param {boolean} onScreen
 * @param {AbortSignal} signal
 * @returns {Promise<{ image: Blob | null, obstacle: Obstacle | null }>}
 */
export async function fetchAllowed(address, onScreen, signal) {
    try {
        return { image: await fetchImage(address, signal), obstacle: null };
    } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        return {
            image: null,
            obstacle: { kind: 'failed', site: new URL(address).hostname, reason: error.message, onScreen },
        };
    }
}

/**
 * The part of the image that is on the screen, as the browser shows it.
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
 * @returns {Promise<import('./in-page.js').Findings | null>} Null where the browser keeps extensions out, or the tab
 *     has gone.
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
