// Opens the side panel (Chrome) or the sidebar (Firefox).

/** @typedef {{ sidebarAction: { open(): Promise<void> } }} Firefox */

/**
 * Must be called synchronously in the handler of a click: the browser does not allow it anywhere else.
 *
 * @param {number} windowId
 */
export function openPanel(windowId) {
    const opened = chrome.sidePanel
        ? chrome.sidePanel.open({ windowId })
        : /** @type {Firefox} */ (/** @type {unknown} */ (chrome)).sidebarAction.open();
    opened.catch((error) => console.warn('the panel cannot be opened', error));
}
