// What differs between browsers and Node.js. These are the browser's ways; node.js sets its own before anything is loaded.

import { decodeFile } from './bitmap.js';

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

    /** Decodes a picture's file to RGBA pixels. */
    decodeFile,
};
