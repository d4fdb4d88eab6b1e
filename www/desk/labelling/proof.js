// The proof that what was written after a failure of the database is really stored: a mark is written last, the
// database is closed until the browser has closed its files, and the mark is looked for when it is open again.

/**
 * - `needed`: after a failure, and after a round that found no mark.
 * - `writing`: the mark is being written.
 * - `waiting`: the database is closed.
 * - `looking`: it is being opened again.
 * - `found`: the mark was there, and nothing has failed since.
 *
 * @typedef {'needed' | 'writing' | 'waiting' | 'looking' | 'found'} ProofState
 */

const settled = Promise.resolve();

/** One round after another, each from `begin` to `end`. A failure ends what a round can show, but not the round. */
export class Proof {
    /** @type {ProofState} */
    #state = 'needed';
    /** What the database has to contain. */
    #mark = '';
    /** @type {Later | null} The end of the round. */
    #round = null;
    /** @type {Later | null} The end of the time in which the database is closed, or about to be. */
    #reading = null;

    /** Whether a mark was found, and nothing has failed since. */
    get isFound() {
        return this.#state === 'found';
    }

    get isUnderWay() {
        return this.#round !== null;
    }

    /** Resolves when no round is under way. */
    get over() {
        return this.#round?.promise ?? settled;
    }

    /** Resolves when the database can be read. */
    get readable() {
        return this.#reading?.promise ?? settled;
    }

    /** Something has failed: what is written from now on has to be proven. */
    need() {
        this.#state = 'needed';
    }

    /** @returns {string | null} The mark to write; null if a round is under way. */
    begin() {
        if (this.#round) return null;
        this.#round = later();
        this.#reading = later();
        this.#mark = crypto.randomUUID();
        this.#state = 'writing';
        return this.#mark;
    }

    /**
     * The mark is written and the database closed.
     *
     * @param {number} wait_ms How long it stays closed.
     */
    async wait(wait_ms) {
        if (this.#state === 'writing') this.#state = 'waiting';
        await new Promise((resolve) => void setTimeout(resolve, wait_ms));
        if (this.#state === 'waiting') this.#state = 'looking';
    }

    /** The database is open and can be read, whatever is in it. */
    opened() {
        this.#reading?.resolve();
        this.#reading = null;
    }

    /** @param {unknown} found What is in the place of the mark. */
    look(found) {
        if (this.#state === 'looking') this.#state = found === this.#mark ? 'found' : 'needed';
    }

    end() {
        if (this.#state !== 'found') this.#state = 'needed';
        this.opened();
        this.#round?.resolve();
        this.#round = null;
    }
}

/** @typedef {{ promise: Promise<void>, resolve: () => void }} Later */

/** @returns {Later} */
function later() {
    let resolve = () => {};
    const promise = /** @type {Promise<void>} */ (new Promise((settle) => (resolve = settle)));
    return { promise, resolve };
}
