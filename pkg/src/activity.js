// Tracks whether anything is in progress, and finds an idle moment for background work.

import { platform } from './platform.js';

/** How many batches `lull` waits for at most if they follow each other without a gap. */
const MOST_WAITED_FOR = 10;

/** Counts the operations in progress. */
export class Activity {
    #underWay = 0;
    /** @type {(() => void)[]} */
    #waiting = [];

    /**
     * @template R
     * @param {() => Promise<R>} run
     * @returns {Promise<R>}
     */
    async during(run) {
        this.#underWay += 1;
        try {
            return await run();
        } finally {
            this.#underWay -= 1;
            for (const resolve of this.#waiting.splice(0)) resolve();
        }
    }

    /**
     * Waits until nothing is in progress. A long list of posts leaves no such moment; then it resolves between two
     * posts, after a few batches.
     *
     * @returns {Promise<void>}
     */
    async lull() {
        for (let waited = 0; ; waited++) {
            await platform.yieldToEventLoop(); // lets the next batch in the queue begin first
            if (this.#underWay === 0 || waited === MOST_WAITED_FOR) return;
            await new Promise((/** @type {(value: void) => void} */ resolve) => this.#waiting.push(resolve));
        }
    }
}
