// Splits long work into short time slices, so that the page stays responsive.

/** How long a slice may take. A task of more than 50 ms is noticeable. */
const SLICE_MS = 12;

/** Measures the current slice of a long task, and yields to the event loop between two slices. */
export class TimeSlice {
    #began = performance.now();
    #signal;

    /** @param {AbortSignal | null | undefined} [signal] Ends the work. */
    constructor(signal) {
        this.#signal = signal;
    }

    /** Whether the work was aborted. */
    get isAborted() {
        return this.#signal?.aborted ?? false;
    }

    /** Whether it is time for `yieldToEventLoop`. */
    get isOver() {
        return performance.now() - this.#began > SLICE_MS;
    }

    /**
     * Yields to the event loop, then begins the next slice. Rejects if the work was aborted.
     *
     * @returns {Promise<void>}
     */
    async yieldToEventLoop() {
        this.#signal?.throwIfAborted();
        await yieldToEventLoop();
        this.#signal?.throwIfAborted();
        this.#began = performance.now();
    }
}

/** @type {(() => void)[]} Those who wait for their next slice, in order. */
const waiting = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/**
 * Yields by a message. A timer would wait for 4 ms, and for a second in a hidden page; `scheduler.yield` would go before
 * all timers and messages.
 *
 * @returns {Promise<void>}
 */
function yieldToEventLoop() {
    return new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
    });
}
