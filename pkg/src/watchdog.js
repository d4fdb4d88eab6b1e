// Notices that nothing has been heard for too long.

/**
 * How many times it looks before it gives up. Time in which the page is frozen or the computer sleeps counts as one
 * look: nobody could have answered.
 */
const LOOKS = 8;

/** The longest interval of a timer. */
const LONGEST_ms = 2 ** 31 - 1;

/** Watches one thing at a time. */
export class Watchdog {
    #onSilence;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    #timer;

    /** @param {() => void} onSilence Called once for each call of `watch`, unless something is heard in time. */
    constructor(onSilence) {
        this.#onSilence = onSilence;
    }

    /**
     * Begins to wait, from now on.
     *
     * @param {number} limit_ms
     */
    watch(limit_ms) {
        this.stop();
        let looks = 0;
        const look = () => {
            if (++looks < LOOKS) return;
            this.stop();
            this.#onSilence();
        };
        this.#timer = setInterval(look, Math.min(limit_ms / LOOKS, LONGEST_ms));
        /** @type {{ unref?: () => void }} */ (/** @type {unknown} */ (this.#timer)).unref?.(); // in Node.js
    }

    stop() {
        clearInterval(this.#timer);
    }
}
