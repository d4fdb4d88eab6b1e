// Measures the speed of a run, without pauses.

/** The period that is measured. */
const WINDOW_ms = 10_000;
/** There is no estimate before this much time. */
const LEAST_ms = 1000;
const SAMPLE_EVERY_ms = 250;

/** Counts posts over a clock that stops during pauses. */
export class Pace {
    #count = 0;
    #clock_ms = 0;
    /** @type {number | null} When the clock last started; null during a pause. */
    #since_ms = null;
    /** @type {{ clock_ms: number, count: number }[]} The oldest first. */
    #samples = [{ clock_ms: 0, count: 0 }];
    #now;

    /** @param {() => number} [now] Milliseconds. */
    constructor(now = () => performance.now()) {
        this.#now = now;
    }

    goOn() {
        this.#since_ms ??= this.#now();
    }

    pause() {
        this.#clock_ms = this.#now_ms;
        this.#since_ms = null;
    }

    count() {
        this.#count += 1;
        const clock_ms = this.#now_ms;
        const samples = this.#samples;
        if (clock_ms - /** @type {typeof samples[number]} */ (samples.at(-1)).clock_ms >= SAMPLE_EVERY_ms)
            samples.push({ clock_ms, count: this.#count });
        // One sample older than the window stays, to cover all of it.
        while (samples[1] && samples[1].clock_ms <= clock_ms - WINDOW_ms) samples.shift();
    }

    /** Posts per second; 0 while unknown. */
    get rate_per_s() {
        const [oldest] = this.#samples;
        const spent_ms = this.#now_ms - (oldest?.clock_ms ?? 0);
        return spent_ms < LEAST_ms ? 0 : ((this.#count - (oldest?.count ?? 0)) / spent_ms) * 1000;
    }

    get #now_ms() {
        return this.#clock_ms + (this.#since_ms === null ? 0 : this.#now() - this.#since_ms);
    }
}
