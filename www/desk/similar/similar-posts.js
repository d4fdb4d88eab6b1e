// Finds posts whose images look alike and whose captions are the same, such as bursts of photographs.

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./difference-hash.js').Hash} Hash */

/** Decoding a photograph from a phone takes 50 MB. */
const AT_ONCE = 2;

/** A worker and its pending questions. */
class Comparer {
    #worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
    #waiting = new Map();
    #asked = 0;

    constructor() {
        this.#worker.onmessage = ({ data: { id, answer } }) => {
            this.#waiting.get(id)?.resolve(answer);
            this.#waiting.delete(id);
        };
        this.#worker.onerror = (event) => {
            for (const { reject } of this.#waiting.values()) reject(new Error(event.message));
            this.#waiting.clear();
        };
    }

    /**
     * @param {import('./worker.js').Question} question
     * @returns {Promise<any>}
     */
    ask(question) {
        const id = ++this.#asked;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { resolve, reject });
            this.#worker.postMessage({ id, question });
        });
    }

    end() {
        this.#worker.terminate();
    }
}

/** Caches hashes, so that a second search is fast. */
export class SimilarPosts {
    /** @type {WeakMap<DeskPost, Hash | null>} */
    #hashes = new WeakMap();

    /**
     * @param {readonly DeskPost[]} posts
     * @param {{ signal: AbortSignal, onProgress: (done: number, all: number) => void }} options
     * @returns {Promise<DeskPost[][]>} Groups of two or more. Rejects if aborted.
     */
    async find(posts, { signal, onProgress }) {
        const pictured = posts.filter(({ open }) => open);
        const comparer = new Comparer();
        try {
            let next = 0;
            let done = 0;
            const work = async () => {
                for (let post = pictured[next++]; post; post = pictured[next++]) {
                    signal.throwIfAborted();
                    if (!this.#hashes.has(post)) this.#hashes.set(post, await hashOf(post, comparer));
                    onProgress(++done, pictured.length);
                }
            };
            await Promise.all(Array.from({ length: AT_ONCE }, work));
            signal.throwIfAborted();
            const hashes = pictured.map((post) => this.#hashes.get(post) ?? null);
            const groups = /** @type {number[][]} */ (await comparer.ask({ hashes }));
            signal.throwIfAborted();
            return groups.flatMap((places) => withSameCaption(places.flatMap((place) => pictured[place] ?? [])));
        } finally {
            comparer.end();
        }
    }
}

/**
 * Posts with the same image and different captions may convey different emotions, so they are not grouped.
 *
 * @param {DeskPost[]} posts
 */
function withSameCaption(posts) {
    return [...Map.groupBy(posts, ({ caption }) => caption).values()].filter((group) => group.length > 1);
}

/**
 * @param {DeskPost} post
 * @param {Comparer} comparer
 * @returns {Promise<Hash | null>}
 */
async function hashOf({ open }, comparer) {
    try {
        const file = await open?.();
        return file ? await comparer.ask({ file }) : null;
    } catch {
        return null; // a file that is gone resembles nothing; its post says so
    }
}
