// The messages between background and panel.

/**
 * A click in the menu, as the browser reports it, before the page is looked at.
 *
 * @typedef {object} Click
 * @property {number} windowId
 * @property {number} tabId
 * @property {number} frameId
 * @property {string | null} address The image's; null if no image was clicked.
 * @property {string | null} selection The selected text.
 * @property {string | null} site The page's host name.
 */

/**
 * `clicked` is sent to all panels, and the one of that window takes the click; a panel that has just opened asks for it. A
 * click is taken once, so that a panel that is opened again later starts empty.
 *
 * @typedef {{ type: 'clicked', windowId: number }} ClickedMessage
 * @typedef {{ type: 'take', windowId: number }} TakeMessage Answered with a Click or null.
 * @typedef {ClickedMessage | TakeMessage} Message
 */

/** @type {(message: Message) => Promise<any>} */
export const send = (message) => chrome.runtime.sendMessage(message);
