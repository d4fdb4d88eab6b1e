// Reads files and images in Node.js.

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { decodeFile } from './decode.js';

/** @satisfies {Partial<typeof import('../platform.js').platform>} */
export const filesOfNode = {
    host: 'version of Node.js',
    /** Node's own `fetch` does not support `file:` URLs. */
    async fetch(url, options) {
        return url.protocol === 'file:'
            ? new Response(new Uint8Array(await readFile(url, { signal: options.signal ?? undefined })))
            : fetch(url, options);
    },
    base: () => pathToFileURL(`${process.cwd()}/`).href,
    largeModel() {
        try {
            return import.meta.resolve('emofuse-large/emofuse-large.emofuse');
        } catch {
            return null; // it is not installed
        }
    },
    /** The decoder runs in this thread, so that decoding ahead gains nothing. */
    openFile: async (file) => ({ read: () => decodeFile(file), close: () => {} }),
};
