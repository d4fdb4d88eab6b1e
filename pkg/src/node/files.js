// How Node.js reads files and images.

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { decodeFile } from './decode.js';

/** @satisfies {Partial<typeof import('../platform.js').platform>} */
export const filesOfNode = {
    host: 'version of Node.js',
    /** Node's own does not take addresses of files. */
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
    /** Its decoder works in this very thread, so that nothing is gained by decoding before the pixels are needed. */
    openFile: async (file) => ({ read: () => decodeFile(file), close: () => {} }),
};
