// Caches the page for offline use: every file of one version, verified against the list in page-files.js. Listed files
// are always answered from the cache; all other requests pass through. The package itself caches the program and the
// model (pkg/src/worker/cache.js).
//
// A new version is downloaded beside the one in use and waits until a person asks for it, or until no page of the old
// version is open.

/* A classic script, because not every browser has service workers that are modules. */

/**
 * @typedef {{ version: string, policy: string, files: Record<string, string>, programs: Record<string, string> }}
 *     PageList SHA-256 by path.
 */
/** @typedef {Event & { waitUntil(promise: Promise<unknown>): void }} Extended */
/**
 * @typedef {Extended & { request: Request, clientId: string, respondWith(response: Promise<Response>): void }} Fetching
 */
/** @typedef {{ id: string, type: string, url: string, postMessage(message: unknown): void }} Client */
/** @typedef {Extended & { data: unknown, ports: readonly MessagePort[], source: Client | null }} Messaging */

/**
 * The service worker's globals that are used here; TypeScript cannot load the types of pages and of workers together.
 *
 * @typedef {object} Scope
 * @property {PageList} PAGE
 * @property {(url: string) => void} importScripts
 * @property {{ createPolicy(name: string, rules: object): unknown }} [trustedTypes]
 * @property {() => Promise<void>} skipWaiting
 * @property {{ scope: string }} registration
 * @property {{ claim(): Promise<void>, get(id: string): Promise<Client | undefined>, matchAll(options: object):
 *     Promise<Client[]> }} clients
 * @property {(type: string, listener: (event: any) => void) => void} addEventListener
 */
const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

scope.trustedTypes?.createPolicy('default', {
    createScriptURL: (/** @type {string} */ address) => (address === './page-files.js' ? address : null),
});
scope.importScripts('./page-files.js');
const { version, policy, files, programs } = scope.PAGE;
const base = new URL('./', location.href);

/**
 * The prefix of this page's caches, in case another page is on the same origin. The package's cache has another name.
 */
const CACHES = `emofuse-page ${base.href} `;
const CACHE = CACHES + version;

/** The package's cache and its keys, as in pkg/src/worker/cache.js. */
const PACKAGE_CACHE = 'emofuse';
const packageKey = (/** @type {string} */ path) => new URL(`/.emofuse/${path.replace(/^pkg\//, '')}`, base).href;

const AT_ONCE = 6;

/** How many requests were made to cache this version. */
let requestCount = 0;

/** Headers of the response that do not apply to the cached content. */
const UNCACHED_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding', 'vary', 'set-cookie'];

scope.addEventListener('install', (/** @type {Extended} */ event) => event.waitUntil(install()));
scope.addEventListener('activate', (/** @type {Extended} */ event) => event.waitUntil(removeOthers()));
scope.addEventListener('fetch', answer);
scope.addEventListener('message', (/** @type {Messaging} */ event) => event.waitUntil(take(event)));

async function install() {
    try {
        const cache = await caches.open(CACHE);
        await forEachLimited(Object.entries(files), async ([path, sha256]) =>
            cache.put(keyOf(path), await fetchChecked(path, sha256)),
        );
        await forEachLimited(Object.entries(programs), ([path, sha256]) => renewProgram(path, sha256));
    } catch (error) {
        await caches.delete(CACHE);
        const reason = error instanceof Error ? error.message : String(error);
        await notifyPages({ type: 'not-cached', version, reason });
        throw error;
    } finally {
        await notifyPages({ type: 'requested-to-keep', count: requestCount });
    }
}

/**
 * If an older version of a program or model is cached, its successor is cached too, so that the page still works
 * offline after an update.
 *
 * @param {string} path
 * @param {string} sha256
 */
async function renewProgram(path, sha256) {
    if (!(await caches.has(PACKAGE_CACHE))) return;
    const cache = await caches.open(PACKAGE_CACHE);
    const key = packageKey(path);
    const cached = (await cache.keys()).map(({ url }) => url).filter((url) => url.startsWith(`${key}?`));
    if (!cached.length || cached.includes(`${key}?sha256=${sha256}`)) return;
    const { body } = await fetchChecked(path, sha256);
    await Promise.all(cached.slice(0, -1).map((url) => cache.delete(url))); // the last one may be in use
    await cache.put(
        `${key}?sha256=${sha256}`,
        new Response(body, { headers: { 'content-type': 'application/octet-stream' } }),
    );
}

/**
 * Downloads a file and verifies it. The browser's HTTP cache is tried first, so that files loaded with the page are not
 * sent again.
 *
 * @param {string} path
 * @param {string} sha256
 */
async function fetchChecked(path, sha256) {
    return (
        (await fetchOnce(path, sha256, 'no-cache')) ??
        (await fetchOnce(path, sha256, 'reload')) ??
        Promise.reject(notTheListed(path))
    );
}

/**
 * @param {string} path
 * @param {string} sha256
 * @param {RequestCache} cache
 * @returns {Promise<Response | null>} Null if it is another file.
 */
async function fetchOnce(path, sha256, cache) {
    requestCount += 1;
    const response = await fetch(urlOf(path), { cache, credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${path} cannot be fetched (HTTP ${response.status})`);
    const content = await response.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    if (Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') !== sha256) return null;
    const headers = new Headers(response.headers);
    for (const name of UNCACHED_HEADERS) headers.delete(name);
    // Required for workers, which do not inherit the policy of the page's markup.
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', policy);
    headers.set('server-timing', 'cached'); // the page counts cached responses by this
    return new Response(content, { headers });
}

const notTheListed = (/** @type {string} */ path) =>
    new Error(
        `${path} is not the file that page-files.js lists: files of two versions are on the server; put up all files of one version`,
    );

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<unknown>} action
 */
async function forEachLimited(items, action) {
    const left = [...items];
    const next = async () => {
        for (let item = left.shift(); item !== undefined; item = left.shift()) {
            await action(item).catch((error) => {
                left.length = 0;
                throw error;
            });
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function removeOthers() {
    const others = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE);
    await Promise.all(others.map((name) => caches.delete(name)));
}

/** @param {Fetching} event */
function answer(event) {
    const { request } = event;
    const path = request.method === 'GET' && !request.headers.has('range') ? listed(request.url) : null;
    if (path === null) return event.waitUntil(reportWorkerRequest(event));
    event.respondWith(fromCache(path, request));
}

/**
 * @param {string} path
 * @param {Request} request
 */
async function fromCache(path, request) {
    const cache = await caches.open(CACHE);
    return (await cache.match(keyOf(path))) ?? fetch(request); // missing only if the cache was emptied
}

/**
 * Returns the listed path of a URL, whatever its query is; null if it is not listed.
 *
 * @param {string} address
 */
function listed(address) {
    const { origin, pathname } = new URL(address);
    if (origin !== base.origin || !pathname.startsWith(base.pathname)) return null;
    try {
        const path = decodeURIComponent(pathname.slice(base.pathname.length));
        const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
        // Some servers serve desk.html as desk.
        return [file, `${file}.html`].find((name) => Object.hasOwn(files, name)) ?? null;
    } catch {
        return null; // an invalid percent sign
    }
}

const urlOf = (/** @type {string} */ path) => new URL(path.split('/').map(encodeURIComponent).join('/'), base).href;
const keyOf = urlOf;

/**
 * Reports a worker's request that is not answered from the cache to the pages, which cannot see it otherwise.
 *
 * @param {Fetching} event
 */
async function reportWorkerRequest({ request, clientId }) {
    const client = clientId ? await scope.clients.get(clientId) : undefined;
    if (!client || client.type === 'window') return;
    await notifyPages({ type: 'worker-requested', url: request.url });
}

/** The open pages. */
async function pages() {
    const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    return windows.filter(({ url }) => url.startsWith(base.href));
}

/** @param {{ type: string, [more: string]: unknown }} message */
async function notifyPages(message) {
    for (const page of await pages()) page.postMessage(message);
}

/** @param {Messaging} event */
async function take({ data, ports: [port], source }) {
    const { type } = /** @type {{ type: string }} */ (data);
    if (type === 'claim') await scope.clients.claim();
    if (type === 'use-now') {
        // A page needs the files of a single version: another tab would combine old modules with new workers.
        const others = (await pages()).filter(({ id }) => id !== source?.id).length;
        port?.postMessage({ others });
        if (others === 0) await scope.skipWaiting();
    }
}
