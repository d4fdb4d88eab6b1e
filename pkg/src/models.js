// The models that are published with emofuse. The default one is part of this package; the large one is the package
// emofuse-large, and is looked for beside the default one's folder unless a program says where it is.

import { files } from '../files.js';
import manifest from './manifest.js';
import { platform } from './platform.js';

/**
 * A model that is fetched and kept as the default one is.
 *
 * @typedef {import('./worker/download.js').FileEntry & { url: string }} Published
 */

export const LARGE = 'large';

/** @returns {Published} */
export function defaultModel() {
    return { ...manifest.model, url: files.model().href };
}

/** @returns {Published} */
export function largeModel() {
    const remedy =
        "the large model is a package of its own: give the default export of emofuse-large as 'model', or copy its file there";
    return {
        ...manifest.large,
        remedy,
        url: platform.largeModel() ?? new URL(`../${manifest.large.file}`, defaultModel().url).href,
    };
}
