// The page without a network: has a service worker cache it, reports whether that is done, and offers a new version when
// there is one.

import { cacheCpuProgram, isCached, manifest } from '../emofuse.js';

/** @typedef {import('../pkg/src/worker/download.js').FileEntry} FileEntry */

/**
 * How far it is. 'installing': not yet; 'ready': the page is cached; 'update': it is, and a new version is there;
 * 'failed': it could not be cached, for the given reason; 'unsupported': this browser caches no pages.
 *
 * @typedef {object} OfflineState
 * @property {'installing' | 'ready' | 'update' | 'failed' | 'unsupported'} state
 * @property {boolean} worksOffline Whether page, program and model are all kept.
 * @property {string | null} reason
 */

/** 'others': it is open in other tabs, which would be torn apart. */
/** @typedef {'reloading' | 'others'} Applied */

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Registers the service worker and follows it. Never throws, and never reloads the page unless it is asked to. */
export class Offline {
    /** @type {OfflineState} */
    #state = { state: 'installing', worksOffline: false, reason: null };
    #onState;
    /** @type {ServiceWorkerRegistration | null} */
    #registration = null;
    #isReloading = false;
    /** Whether a new version has taken over, asked for elsewhere. */
    #isReplaced = false;
    /** Whether the page itself is kept. */
    #pageIsCached = false;
    /** @type {FileEntry} The model that the page is opened with. */
    #model = manifest.model;
    update = { apply: () => this.#apply() };

    /** @param {(state: OfflineState) => void} onState Called with each state, the first one at once. */
    constructor(onState) {
        this.#onState = onState;
        onState(this.#state);
    }

    /**
     * @param {Promise<unknown>} loaded Resolves once the model is there; on a first visit nothing is kept before, so as
     *     not to slow it down.
     */
    async begin(loaded) {
        if (!/^https?:$/.test(location.protocol))
            return this.#say('unsupported', 'the page does not come from a web server');
        if (!('serviceWorker' in navigator)) {
            return this.#say(
                'unsupported',
                isSecureContext
                    ? 'this browser does not keep pages, at least not in this window'
                    : 'the page is not served over HTTPS',
            );
        }
        try {
            const container = navigator.serviceWorker;
            const isFirst = container.controller === null;
            if (isFirst) await loaded;
            await pageIsLoaded();
            this.#listen(container);
            // Without its HTTP cache, so that an update is found as soon as it is there.
            const options = /** @type {const} */ ({ updateViaCache: 'none' });
            const registration = await container.register(new URL('../service-worker.js', import.meta.url), options);
            if (!registration) return this.#say('unsupported', 'this browser keeps no pages');
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

    /** @param {FileEntry} model The model that the page is opened with the next time. */
    needs(model) {
        this.#model = model;
        if (this.#pageIsCached) this.#lookAtFiles().catch((error) => this.#couldNot(error));
    }

    /**
     * Uses the new version, where it is not in use elsewhere: the page is reloaded once it is active.
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
            this.#say('failed', 'not all of its files could be fetched and kept');
        }
    }

    /**
     * Lets the service worker answer for this page too, and makes sure that program and model are kept.
     *
     * @param {ServiceWorkerRegistration} registration
     * @param {boolean} isUncontrolled Whether the page came from the server itself: a first visit, or a reload past all
     *     caches.
     */
    async #takeOver(registration, isUncontrolled) {
        await activeWorker(registration);
        if (isUncontrolled) {
            // The page is of the version that is on the server. The service worker, too, unless it finds a newer one
            // now.
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
        // Where posts are read on WebGPU, the CPU's program has not been needed yet; without a network it may be.
        if (isModelCached && !(await isCached(manifest.wasm.cpu))) await cacheCpuProgram();
        if (model !== this.#model) return; // another one has come into use meanwhile
        this.#state = { ...this.#state, worksOffline: isModelCached };
        if (isModelCached) this.#look();
        else this.#say('failed', 'the browser does not keep the model that the page opens with');
    }

    /**
     * On one's own machine something else may be served at this address tomorrow, and the kept page would be shown in
     * its place.
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
        throw new Error('it is not served at this address any more');
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
 * Resolves once a version is active; rejects where the first one cannot be kept.
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
            else reject(new Error('not all of its files could be fetched and kept'));
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
