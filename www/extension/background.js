// Opens the panel on a click and keeps the click until the panel takes it. It sees no image and no page.

import { send } from './messages.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./messages.js').Message} Message */

const MENU = 'which-emotion';

/**
 * In memory only: whoever ends the browser, or waits so long that it ends this, has to click again.
 *
 * @type {Map<number, Click>}
 */
const waiting = new Map();

/** @typedef {{ sidebarAction: { open(): Promise<void> } }} Firefox */

/**
 * Has to be called at once in the handler of a click: the browser allows it to nobody else.
 *
 * @param {number} windowId
 */
function openPanel(windowId) {
    const opened = chrome.sidePanel
        ? chrome.sidePanel.open({ windowId })
        : /** @type {Firefox} */ (/** @type {unknown} */ (chrome)).sidebarAction.open();
    opened.catch((error) => console.warn('the panel cannot be opened', error));
}

/** @param {string | undefined} address */
const siteOf = (address) => (address && /^https?:/.test(address) ? new URL(address).hostname : null);

chrome.runtime.onInstalled.addListener(async () => {
    await chrome.contextMenus.removeAll(); // those of the version before
    chrome.contextMenus.create({
        id: MENU,
        title: 'What emotion does this post convey?',
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
