// What differs between browsers and Node.js. These are the browser's ways; node.js sets its own before anything is
// loaded.

import { openFile } from './worker/decode/bitmap.js';

export const platform = {
    /** What it is called in messages. */
    host: 'browser',

    /**
     * @param {URL} url
     * @param {RequestInit} options
     * @returns {Promise<Response>}
     */
    fetch: (url, options) => fetch(url, options),

    /** What addresses are relative to. */
    base: () => globalThis.document?.baseURI ?? globalThis.location?.href,

    /**
     * Where the package emofuse-large has its model.
     *
     * @returns {string | null} Null where that is not known.
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

    /** Decodes an image's file. */
    openFile,
};
