// Saves a file as a download.

import { element } from '../../shared/dom.js';

/**
 * @param {Blob} file
 * @param {string} name
 */
export function saveFile(file, name) {
    const address = URL.createObjectURL(file);
    element('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers read it late
}
