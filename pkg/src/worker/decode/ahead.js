// Decodes images ahead of time, a few at once: the browser does this in other threads.

import { checkImage, openImage } from './index.js';

/** The maximum number of decoded images that are not read yet. A photograph from a phone takes 48 MB. */
export const DECODED_AHEAD = 3;

/**
 * An image that is being decoded; call one of the two, once.
 *
 * @typedef {object} ComingImage
 * @property {() => Promise<import('./bitmap.js').Pixels>} read
 * @property {() => void} drop
 */

/** Images are decoded in the order of arrival; reading one makes room for the next. */
export class DecodingAhead {
    #free = DECODED_AHEAD;
    /** @type {(() => void)[]} */
    #waiting = [];

    /**
     * @param {import('../../transport/protocol.js').ImageSource} source
     * @param {import('../../limits.js').Limits} limits
     * @returns {ComingImage}
     */
    begin(source, limits) {
        // Checking the beginning of a file does not wait for room.
        const checking = checkImage(source, limits);
        checking.catch(() => {});
        const opening = this.#room().then(async () => openImage(source, await checking, limits));
        opening.catch(() => {}); // the error is thrown when the image is read
        return {
            read: async () => {
                try {
                    return await (await opening).read();
                } finally {
                    this.#leave();
                }
            },
            drop: () => {
                opening
                    .then(
                        (image) => image.close(),
                        () => {},
                    )
                    .finally(() => this.#leave());
            },
        };
    }

    /** @returns {Promise<void>} */
    #room() {
        if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
        this.#free -= 1;
        return Promise.resolve();
    }

    #leave() {
        const next = this.#waiting.shift();
        if (next) next();
        else this.#free += 1;
    }
}
