// Decodes images before their turn comes, a few at a time: the browser does so in other threads.

import { checkImage, openImage } from './index.js';

/** Decoded and not read yet. A phone's photograph takes 48 MB so long. */
export const DECODED_AHEAD = 3;

/**
 * An image that is being decoded; one of the two is called, once.
 *
 * @typedef {object} ComingImage
 * @property {() => Promise<import('./bitmap.js').Pixels>} read
 * @property {() => void} drop
 */

/** Whoever comes first is decoded first; those who read theirs make room for others. */
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
        // What it takes to look at the beginning of a file does not wait for room.
        const checking = checkImage(source, limits);
        checking.catch(() => {});
        const opening = this.#room().then(async () => openImage(source, await checking, limits));
        opening.catch(() => {}); // whoever reads it gets the error
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
