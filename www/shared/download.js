// Saves a file as a download.

import { element } from './dom.js';

/** How long the URL stays valid: some browsers read the file late. */
const KEPT_MS = 60_000;

/**
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
    const address = URL.createObjectURL(file);
    element('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
