// What background and panel say to each other.

/**
 * A click in the menu: what the browser reports of it, before anything of the page was read.
 *
 * @typedef {object} Click
 * @property {number} windowId
 * @property {number} tabId
 * @property {number} frameId
 * @property {string | null} address The image's; null where no image was clicked.
 * @property {string | null} selection The selected text.
 * @property {string | null} site The page's host name.
 */

/**
 * `clicked` is said to all panels, and the one of that window takes the click; a panel that has just opened asks by
 * itself. A click is given away once, so that a panel that is opened again later starts empty.
 *
 * @typedef {{ type: 'clicked', windowId: number }} ClickedMessage
 * @typedef {{ type: 'take', windowId: number }} TakeMessage Answered with a Click or null.
 * @typedef {ClickedMessage | TakeMessage} Message
 */

/** @type {(message: Message) => Promise<any>} */
export const send = (message) => chrome.runtime.sendMessage(message);
