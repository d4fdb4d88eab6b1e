// The models published with emofuse. The default model is part of this package. The large model is the package
// emofuse-large; it is expected beside the default model's folder unless the program says otherwise.

import { files } from '../files.js';
import manifest from './manifest.js';
import { platform } from './platform.js';

/**
 * A model that is downloaded and cached like the default model.
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
