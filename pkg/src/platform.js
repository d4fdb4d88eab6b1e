// What differs between browsers and Node.js. These are the browser's implementations; node.js replaces them before
// anything is loaded.

import { openFile } from './worker/decode/bitmap.js';

export const platform = {
    /** The platform's name in messages. */
    host: 'browser',

    /**
     * @param {URL} url
     * @param {RequestInit} options
     * @returns {Promise<Response>}
     */
    fetch: (url, options) => fetch(url, options),

    /** The base of relative URLs. */
    base: () => globalThis.document?.baseURI ?? globalThis.location?.href,

    /**
     * The location of the model in the package emofuse-large.
     *
     * @returns {string | null} Null if it is unknown.
     */
    largeModel: () => null,

    /**
     * Yields to the event loop, so that pending messages, files and decoded images are delivered.
     *
     * @returns {Promise<void>}
     */
    yieldToEventLoop: () =>
        new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
                port1.close();
                resolve();
            };
            port2.postMessage(null);
        }),

    /** Opens an image file for decoding. */
    openFile,
};
