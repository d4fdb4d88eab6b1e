// Offline use of the page: a service worker caches it. Reports whether that is done, and offers new versions.

import { cacheCpuProgram, isCached, manifest } from '../emofuse.js';
import { offlineTexts } from './texts.js';

/** @typedef {import('../pkg/src/worker/download.js').FileEntry} FileEntry */

/**
 * The state of the cache. 'installing': not cached yet; 'ready': cached; 'update': cached, and a new version is
 * available; 'failed': could not be cached, for the given reason; 'unsupported': this browser cannot cache pages.
 *
 * @typedef {object} OfflineState
 * @property {'installing' | 'ready' | 'update' | 'failed' | 'unsupported'} state
 * @property {boolean} worksOffline Whether page, program and model are all cached.
 * @property {string | null} reason
 */

/** 'others': the page is open in other tabs, which would mix two versions. */
/** @typedef {'reloading' | 'others'} Applied */

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Registers the service worker and follows its state. Never throws, and reloads the page only on request. */
export class Offline {
    /** @type {OfflineState} */
    #state = { state: 'installing', worksOffline: false, reason: null };
    #onState;
    /** @type {ServiceWorkerRegistration | null} */
    #registration = null;
    #isReloading = false;
    /** Whether a new version has taken over at the request of another tab. */
    #isReplaced = false;
    /** Whether the page itself is cached. */
    #pageIsCached = false;
    /** @type {FileEntry} The model that the page is opened with. */
    #model = manifest.model;
    update = { apply: () => this.#apply() };

    /** @param {(state: OfflineState) => void} onState Called with each state; immediately with the first one. */
    constructor(onState) {
        this.#onState = onState;
        onState(this.#state);
    }

    /**
     * @param {Promise<unknown>} loaded Resolves once the model is loaded; on a first visit nothing is cached before, so
     *     that loading is not slowed down.
     */
    async begin(loaded) {
        if (!/^https?:$/.test(location.protocol)) return this.#say('unsupported', offlineTexts.noServer);
        if (!('serviceWorker' in navigator)) {
            return this.#say('unsupported', isSecureContext ? offlineTexts.notAllowed : offlineTexts.insecure);
        }
        try {
            const container = navigator.serviceWorker;
            const isFirst = container.controller === null;
            if (isFirst) await loaded;
            await pageIsLoaded();
            this.#listen(container);
            // Bypasses the HTTP cache, so that updates are found immediately.
            const options = /** @type {const} */ ({ updateViaCache: 'none' });
            const registration = await container.register(new URL('../service-worker.js', import.meta.url), options);
            if (!registration) return this.#say('unsupported', offlineTexts.noStorage);
            this.#registration = registration;
            registration.addEventListener('updatefound', () => this.#follow(registration.installing));
            this.#follow(registration.installing);
            this.#look();
            await loaded;
            await this.#takeOver(registration, isFirst);
        } catch (error) {
            await this.#couldNot(error);
        }
    }

    /** @param {FileEntry} model The model that the page will open with next time. */
    needs(model) {
        this.#model = model;
        if (this.#pageIsCached) this.#lookAtFiles().catch((error) => this.#couldNot(error));
    }

    /**
     * Activates the new version, unless the page is open elsewhere, and then reloads the page.
     *
     * @returns {Promise<Applied>}
     */
    async #apply() {
        const waiting = this.#registration?.waiting;
        if (!waiting) {
            this.#reload();
            return 'reloading';
        }
        waiting.addEventListener('statechange', () => {
            if (waiting.state === 'activated') this.#reload();
        });
        this.#isReloading = true;
        const { port1, port2 } = new MessageChannel();
        const answered = new Promise(
            (/** @type {(others: number) => void} */ resolve) => (port1.onmessage = ({ data }) => resolve(data.others)),
        );
        waiting.postMessage({ type: 'use-now' }, [port2]);
        if ((await answered) === 0) return 'reloading';
        this.#isReloading = false;
        return 'others';
    }

    #reload() {
        this.#isReloading = true;
        location.reload();
    }

    /** @param {ServiceWorkerContainer} container */
    #listen(container) {
        let controller = container.controller;
        container.addEventListener('controllerchange', () => {
            this.#isReplaced = controller !== null && !this.#isReloading;
            controller = container.controller;
            this.#look();
        });
        container.addEventListener('message', ({ data }) => {
            if (data?.type !== 'not-cached') return;
            console.warn(`version ${data.version} of the page is not kept: ${data.reason}`);
            if (!this.#registration?.active) this.#say('failed', data.reason);
        });
    }

    /** @param {ServiceWorker | null} worker */
    #follow(worker) {
        worker?.addEventListener('statechange', () => this.#look());
    }

    /** Reports the state of the registration. */
    #look() {
        const { active, waiting, installing } = this.#registration ?? {};
        const { worksOffline, state } = this.#state;
        if ((waiting && active) || this.#isReplaced) this.#say('update', null);
        else if (worksOffline) this.#say('ready', null);
        else if (!active && !waiting && !installing && state === 'installing' && this.#registration) {
            this.#say('failed', offlineTexts.incomplete);
        }
    }

    /**
     * Lets the service worker control this page, and makes sure that program and model are cached.
     *
     * @param {ServiceWorkerRegistration} registration
     * @param {boolean} isUncontrolled Whether the page came from the server: a first visit, or a reload that bypasses
     *     caches.
     */
    async #takeOver(registration, isUncontrolled) {
        await activeWorker(registration);
        if (isUncontrolled) {
            // The page has the version on the server, and so has the service worker, unless it finds a newer one now.
            await registration.update().catch(() => {});
            if (!registration.installing && !registration.waiting) await claimed(registration);
        } else if (navigator.onLine && LOCAL.includes(location.hostname)) {
            await this.#leaveIfGone(registration);
        }
        this.#pageIsCached = true;
        await this.#lookAtFiles();
    }

    /** Reports whether the program and the model are cached, too. */
    async #lookAtFiles() {
        const model = this.#model;
        const isModelCached = await isCached(model);
        // On WebGPU, the CPU program has not been needed yet; offline it may be.
        if (isModelCached && !(await isCached(manifest.wasm.cpu))) await cacheCpuProgram();
        if (model !== this.#model) return; // another model is in use by now
        this.#state = { ...this.#state, worksOffline: isModelCached };
        if (isModelCached) this.#look();
        else this.#say('failed', offlineTexts.noModel);
    }

    /**
     * On localhost, another site may be served at this address later, and the cached page would hide it.
     *
     * @param {ServiceWorkerRegistration} registration
     */
    async #leaveIfGone(registration) {
        const isThere = await registration.update().then(
            () => true,
            () => false,
        );
        if (isThere) return;
        const response = await fetch(new URL('../service-worker.js', import.meta.url), {
            method: 'HEAD',
            cache: 'no-store',
        }).catch(() => null);
        if (response?.status !== 404) return;
        await registration.unregister();
        const ours = (await caches.keys()).filter((name) => name.startsWith(`emofuse-page ${registration.scope} `));
        await Promise.all(ours.map((name) => caches.delete(name)));
        throw new Error(offlineTexts.gone);
    }

    /** @param {unknown} error */
    async #couldNot(error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#state.state !== 'failed') this.#say('failed', reason);
        console.warn('the page is not kept for use without a network:', error);
    }

    /**
     * @param {OfflineState['state']} state
     * @param {string | null} reason
     */
    #say(state, reason) {
        this.#state = { state, reason, worksOffline: this.#state.worksOffline };
        this.#onState(this.#state);
    }
}

const pageIsLoaded = () =>
    new Promise((resolve) => {
        if (document.readyState === 'complete') resolve(null);
        else addEventListener('load', () => resolve(null), { once: true });
    });

/**
 * Resolves once a version is active; rejects if the first one cannot be cached.
 *
 * @param {ServiceWorkerRegistration} registration
 */
function activeWorker(registration) {
    return new Promise((resolve, reject) => {
        const look = () => {
            const { active, waiting, installing } = registration;
            if (active?.state === 'activated') return resolve(null);
            const worker = active ?? waiting ?? installing;
            if (worker) worker.addEventListener('statechange', look, { once: true });
            else reject(new Error(offlineTexts.incomplete));
        };
        look();
    });
}

/** @param {ServiceWorkerRegistration} registration */
function claimed({ active }) {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) return;
    return new Promise((resolve) => {
        serviceWorker.addEventListener('controllerchange', resolve, { once: true });
        active?.postMessage({ type: 'claim' });
    });
}
