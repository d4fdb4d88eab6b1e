// Long work in the page is done in short turns, so that the page stays awake.

/** How long a turn may take. A task of more than 50 ms is felt. */
const TURN_MS = 12;

/** Takes note of how long the present turn has lasted, and ends it in time. */
export class Turn {
    #began = performance.now();
    #signal;

    /** @param {AbortSignal | null | undefined} [signal] Ends the work. */
    constructor(signal) {
        this.#signal = signal;
    }

    /** Whether the work was ended. */
    get isAborted() {
        return this.#signal?.aborted ?? false;
    }

    /** Whether it is time for `end`. */
    get isOver() {
        return performance.now() - this.#began > TURN_MS;
    }

    /**
     * Lets the page have its turn. Rejects where the work was ended.
     *
     * @returns {Promise<void>}
     */
    async end() {
        this.#signal?.throwIfAborted();
        await others();
        this.#signal?.throwIfAborted();
        this.#began = performance.now();
    }
}

/** @type {(() => void)[]} Those who wait for their next turn, in order. */
const waiting = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/**
 * A timer would wait for 4 ms, and for a second in a hidden page; `scheduler.yield` would go before all timers and messages.
 *
 * @returns {Promise<void>}
 */
function others() {
    return new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
    });
}
