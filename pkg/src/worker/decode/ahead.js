// Decodes images ahead of time, a few at once: the browser does this in other threads.

import { checkImage, openImage } from './index.js';
import { AbortError } from '../../errors.js';

/** The maximum number of decoded images that are not read yet. A photograph from a phone takes 48 MB. */
export const DECODED_AHEAD = 3;

/**
 * An image that is being decoded. Call `read` at most once, or `drop` instead of it, or while it waits.
 *
 * @typedef {object} ComingImage
 * @property {() => Promise<import('./bitmap.js').Pixels>} read
 * @property {() => void} drop Makes room at once: a decoder may never answer.
 */

/** @param {boolean} isDropped */
function refuseDropped(isDropped) {
    if (isDropped) throw new AbortError('the call was aborted');
}

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
        let hasRoom = false;
        let isOver = false;
        const end = () => {
            if (hasRoom && !isOver) this.#leave();
            isOver = true;
        };
        const opening = this.#room().then(async () => {
            hasRoom = true;
            if (isOver) this.#leave();
            refuseDropped(isOver);
            return openImage(source, await checking, limits);
        });
        opening.catch(() => {}); // the error is thrown when the image is read
        return {
            read: async () => {
                try {
                    const image = await opening;
                    refuseDropped(isOver);
                    return await image.read();
                } finally {
                    end();
                }
            },
            drop: () => {
                end();
                opening.then(
                    (image) => image.close(),
                    () => {},
                );
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
