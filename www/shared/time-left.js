// Estimates the remaining time of a download from its recent speed.

/** The speed is measured over this much time. */
const WINDOW_MS = 8000;
/** There is no estimate before this much time. */
const LEAST_MS = 1000;

/** Follows one download. */
export class TimeLeft {
    /** @type {{ at_ms: number, bytes: number }[]} */
    #samples = [];

    /**
     * @param {number} loaded Bytes downloaded so far.
     * @param {number} total
     * @param {number} [now_ms]
     * @returns {number | null} Seconds; null while unknown.
     */
    seconds(loaded, total, now_ms = performance.now()) {
        if (loaded < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = []; // another download
        this.#samples.push({ at_ms: now_ms, bytes: loaded });
        while ((this.#samples[1]?.at_ms ?? now_ms) < now_ms - WINDOW_MS) this.#samples.shift();
        const [first] = this.#samples;
        if (!first || now_ms - first.at_ms < LEAST_MS || loaded <= first.bytes || loaded >= total) return null;
        return ((total - loaded) * (now_ms - first.at_ms)) / (loaded - first.bytes) / 1000;
    }
}

/**
 * Rounded, so that it does not flicker.
 *
 * @param {number} seconds
 */
export function roundedTime(seconds) {
    if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
    if (seconds < 90) return `${5 * Math.round(seconds / 5)} s`;
    return `${Math.round(seconds / 60)} min`;
}
