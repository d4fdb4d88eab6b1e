// The requests since the page was opened, as the browser reports them: the page's own from the performance timeline,
// those of workers from the service worker if it controls the page, and those that the security policy blocked.

/**
 * @typedef {object} Requests
 * @property {number} here The number of requests to the page's own server.
 * @property {number} bytes The size of its responses, as transferred.
 * @property {number} toKeep The number of requests that the service worker made there to cache the page.
 * @property {number} cached The number of requests answered from the browser's cache.
 * @property {Map<string, number>} elsewhere The number of requests to each other place.
 * @property {{ here: number, elsewhere: number, sinceOpening: boolean } | null} workers Null if they are not counted.
 * @property {{ what: string, directive: string }[]} blocked
 * @property {number | null} last_ms When the last request began, as Date.now(); null if there was none.
 */

const CACHED = 'cached';

/** Counts requests, including those that the browser recorded before. */
export class Traffic {
    #here = 0;
    #bytes = 0;
    #cached = 0;
    #toKeep = 0;
    /** @type {string[]} URLs; browsers also list some that were blocked. */
    #elsewhere = [];
    /** @type {Set<string>} */
    #stopped = new Set();
    #workers = { here: 0, elsewhere: 0 };
    #wasControlled = globalThis.navigator.serviceWorker?.controller != null;
    /**
     * By policy: the page's markup and the server's header have the same policy, and each reports what it blocks.
     *
     * @type {Map<string, { what: string, directive: string }[]>}
     */
    #blocked = new Map();
    /** @type {number | null} */
    #last_ms = null;

    /** @param {() => void} onChange */
    constructor(onChange) {
        const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) this.#count(/** @type {PerformanceResourceTiming} */ (entry));
            onChange();
        });
        observer.observe({ type: 'resource', buffered: true });
        addEventListener('load', onChange); // the page's own size is known by then
        document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective, originalPolicy }) => {
            this.#stopped.add(blockedURI);
            const known = this.#blocked.get(originalPolicy) ?? [];
            this.#blocked.set(originalPolicy, [...known, { what: placeOf(blockedURI), directive: effectiveDirective }]);
            onChange();
        });
        navigator.serviceWorker?.addEventListener('message', ({ data }) => {
            if (data?.type === 'worker-requested')
                this.#workers[new URL(data.url).origin === location.origin ? 'here' : 'elsewhere'] += 1;
            else if (data?.type === 'requested-to-keep') this.#toKeep += data.count;
            else return;
            this.#last_ms = Date.now();
            onChange();
        });
        navigator.serviceWorker?.addEventListener('controllerchange', onChange);
    }

    /** @returns {Requests} */
    get requests() {
        const isCounted = navigator.serviceWorker?.controller != null;
        const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
        const pageIsCached = page !== undefined && isCached(page);
        return {
            here: this.#here + (pageIsCached ? 0 : 1),
            bytes: this.#bytes + (pageIsCached ? 0 : (page?.transferSize ?? 0)),
            toKeep: this.#toKeep,
            cached: this.#cached + (pageIsCached ? 1 : 0),
            elsewhere: byOrigin(this.#elsewhere.filter((url) => !this.#stopped.has(url))),
            workers: isCounted ? { ...this.#workers, sinceOpening: this.#wasControlled } : null,
            blocked: [...this.#blocked.values()].reduce(
                (most, known) => (known.length > most.length ? known : most),
                [],
            ),
            last_ms: this.#last_ms ?? (pageIsCached ? null : performance.timeOrigin),
        };
    }

    /** @param {PerformanceResourceTiming} entry */
    #count(entry) {
        const { origin, protocol } = new URL(entry.name);
        if (!/^https?:$/.test(protocol)) return; // an image in memory
        if (isCached(entry)) {
            this.#cached += 1;
            return;
        }
        if (origin === location.origin) {
            this.#here += 1;
            this.#bytes += entry.transferSize;
        } else {
            this.#elsewhere.push(entry.name);
        }
        this.#last_ms = Math.max(this.#last_ms ?? 0, performance.timeOrigin + entry.startTime);
    }
}

/** @param {PerformanceResourceTiming} entry */
function isCached({ transferSize, decodedBodySize, serverTiming }) {
    return serverTiming?.some(({ name }) => name === CACHED) || (transferSize === 0 && decodedBodySize > 0);
}

/** @param {string[]} urls */
function byOrigin(urls) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const url of urls) counts.set(new URL(url).origin, (counts.get(new URL(url).origin) ?? 0) + 1);
    return counts;
}

/** @param {string} blocked A URL, or a word such as "inline". */
function placeOf(blocked) {
    return URL.canParse(blocked) ? new URL(blocked).origin : blocked;
}
