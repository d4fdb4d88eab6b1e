// What was requested since the page opened, as the browser reports it: the page's own requests by its performance
// timeline, those of workers by the service worker where it is in charge, and what the security policy has stopped.

/**
 * @typedef {object} Requests
 * @property {number} here How many went to the place that the page came from.
 * @property {number} bytes What came back from there, as it travelled.
 * @property {number} toKeep How many the service worker made there, to keep the page.
 * @property {number} cached How many were answered from the browser's cache, without a network request.
 * @property {Map<string, number>} elsewhere How many went to each other place.
 * @property {{ here: number, elsewhere: number, sinceOpening: boolean } | null} workers Null where nobody counts them.
 * @property {{ what: string, directive: string }[]} blocked
 * @property {number | null} last_ms When the last one began, on the clock of Date.now(); null where there was none.
 */

const CACHED = 'cached';

/** Counts from its making on, with what the browser remembers from before. */
export class Traffic {
    #here = 0;
    #bytes = 0;
    #cached = 0;
    #toKeep = 0;
    /** @type {string[]} Addresses; browsers list some that were stopped here, too. */
    #elsewhere = [];
    /** @type {Set<string>} */
    #stopped = new Set();
    #workers = { here: 0, elsewhere: 0 };
    #wasControlled = globalThis.navigator.serviceWorker?.controller != null;
    /**
     * By policy: the page states the same one in its head as the server in a header, and each reports what it stops.
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
        addEventListener('load', onChange); // by then the page's own size is known
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

/** @param {string} blocked An address, or a word such as "inline". */
function placeOf(blocked) {
    return URL.canParse(blocked) ? new URL(blocked).origin : blocked;
}
