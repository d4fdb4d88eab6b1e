// Opens the panel on a click and keeps the click until the panel takes it. It has no access to images and pages.

import { send } from './messages.js';
import { openPanel } from './open-panel.js';
import { TEXTS } from './texts.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./messages.js').Message} Message */

const MENU = 'which-emotion';

/**
 * In memory only: if the browser closes, or ends this service worker, you have to click again.
 *
 * @type {Map<number, Click>}
 */
const waiting = new Map();

/** @param {string | undefined} address */
const siteOf = (address) => (address && /^https?:/.test(address) ? new URL(address).hostname : null);

chrome.runtime.onInstalled.addListener(async ({ reason }) => {
    if (reason === 'install') void chrome.tabs.create({ url: chrome.runtime.getURL('extension/welcome.html') });
    await chrome.contextMenus.removeAll(); // those of the previous version
    chrome.contextMenus.create({
        id: MENU,
        title: TEXTS.menu,
        contexts: ['image', 'selection'],
        documentUrlPatterns: ['http://*/*', 'https://*/*', 'file:///*'], // not in the panel itself
    });
});

chrome.contextMenus.onClicked.addListener((info, tab) => {
    if (!tab || info.menuItemId !== MENU) return;
    const { windowId } = tab;
    openPanel(windowId);
    waiting.set(windowId, {
        windowId,
        tabId: tab.id ?? -1,
        frameId: info.frameId ?? 0,
        address: info.mediaType === 'image' || info.srcUrl ? (info.srcUrl ?? '') : null,
        selection: info.selectionText ?? null,
        site: siteOf(info.frameUrl ?? info.pageUrl),
    });
    send({ type: 'clicked', windowId }).catch(() => {}); // no panel is open yet; it takes the click when it opens
});

chrome.action.onClicked.addListener(({ windowId }) => openPanel(windowId));

chrome.runtime.onMessage.addListener((/** @type {Message} */ message, _, respond) => {
    if (message.type !== 'take') return;
    respond(waiting.get(message.windowId) ?? null);
    waiting.delete(message.windowId);
});
