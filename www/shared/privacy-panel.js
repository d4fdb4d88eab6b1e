// Shows the number of network requests, whether the page works offline, and which model it uses.

import { element } from './dom.js';
import { counted, privacyTexts } from './texts.js';
import { Traffic } from './traffic.js';
import { capitalised, megabytes } from './words.js';
import { CopyButton } from './copy-button.js';

/** @typedef {import('./offline.js').OfflineState} OfflineState */
/** @typedef {import('./traffic.js').Requests} Requests */
/** @typedef {{ worksOffline: boolean, elsewhere: number }} Facts How many requests went to any other server. */

const TICK_MS = 1000;

/** The section about privacy. It never announces anything by itself. */
export class PrivacyPanel {
    #here = element('dd', { id: 'requested-here' });
    #elsewhere = element('dd', { id: 'requested-elsewhere' });
    #workers = element('dd', { id: 'requested-by-workers' });
    #blocked = element('dd', { id: 'blocked-by-policy' });
    #last = element('dd', { id: 'last-request' });
    #network = element('dd', { id: 'without-network' });
    #modelId = element('strong');
    #digest = element('code', { class: 'privacy-digest' });
    #copy = new CopyButton(privacyTexts.copyDigest);
    #model = element('div', { class: 'privacy-model', hidden: true }, element('dt', {}, privacyTexts.model));
    container;
    #traffic = new Traffic(() => this.#count());
    #onChange;
    #elsewhereCount = 0;
    /** @type {OfflineState} */
    #offline = { state: 'installing', worksOffline: false, reason: null };

    /**
     * @param {string} [stored] One or two sentences about which of the person's data is stored.
     * @param {(facts: Facts) => void} [onChange]
     */
    constructor(stored = privacyTexts.stored, onChange = () => {}) {
        this.#onChange = onChange;
        this.#model.append(
            element('dd', {}, this.#modelId, privacyTexts.digest, this.#digest, ' ', this.#copy.container),
        );
        this.container = element(
            'section',
            { class: 'privacy', 'aria-labelledby': 'privacy-title' },
            element(
                'div',
                { class: 'privacy-about' },
                element('h2', { id: 'privacy-title' }, privacyTexts.title),
                ...privacyTexts.about.map((text) => element('p', {}, text)),
                element('p', {}, stored),
            ),
            element(
                'div',
                { class: 'privacy-facts' },
                element('h3', {}, privacyTexts.facts),
                element(
                    'dl',
                    {},
                    fact(privacyTexts.toServer, this.#here),
                    fact(privacyTexts.toOthers, this.#elsewhere),
                    fact(privacyTexts.byWorkers, this.#workers),
                    fact(privacyTexts.blocked, this.#blocked),
                    fact(privacyTexts.last, this.#last),
                    fact(privacyTexts.offline, this.#network),
                    this.#model,
                ),
                element('p', { class: 'privacy-not-counted' }, privacyTexts.notCounted),
            ),
        );
        for (const type of ['online', 'offline']) addEventListener(type, () => this.#showNetwork());
        document.addEventListener('visibilitychange', () => this.#showLastRequest());
        setInterval(() => this.#showLastRequest(), TICK_MS);
        this.#count();
        this.#showNetwork();
    }

    /** @param {import('../emofuse.js').ModelName} model What is in use. */
    show({ id, sha256 }) {
        this.#model.hidden = false;
        this.#modelId.textContent = id;
        this.#digest.textContent = sha256;
        this.#copy.showText(sha256);
    }

    /** @param {OfflineState} state */
    showOffline(state) {
        this.#offline = state;
        this.#showNetwork();
        this.#report();
    }

    #count() {
        const { elsewhere, workers, blocked, ...own } = this.#traffic.requests;
        const total = [...elsewhere.values()].reduce((sum, count) => sum + count, 0);
        say(this.#here, wordsOfOwn(own));
        say(
            this.#elsewhere,
            total ? privacyTexts.to(requests(total), [...elsewhere.keys()].join(', ')) : privacyTexts.none,
        );
        say(this.#workers, wordsOfWorkers(workers));
        say(this.#blocked, wordsOfBlocked(blocked));
        this.#elsewhereCount = total + (workers?.elsewhere ?? 0);
        this.#showLastRequest();
        this.#report();
    }

    #report() {
        this.#onChange({ worksOffline: this.#offline.worksOffline, elsewhere: this.#elsewhereCount });
    }

    #showLastRequest() {
        if (document.hidden) return;
        const { last_ms } = this.#traffic.requests;
        const since_ms = last_ms ?? performance.timeOrigin;
        const at = new Date(since_ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
        const when = privacyTexts.at(at, time(Date.now() - since_ms));
        say(
            this.#last,
            last_ms === null ? privacyTexts.noneSinceOpening(when) : privacyTexts.noneSince(capitalised(when)),
        );
    }

    #showNetwork() {
        say(this.#network, wordsOfNetwork(this.#offline));
        this.#network.dataset.cached = String(this.#offline.worksOffline);
    }
}

/**
 * @param {string} term
 * @param {HTMLElement} description
 */
const fact = (term, description) => element('div', {}, element('dt', {}, term), description);

/**
 * Leaves an unchanged text alone: it may be selected.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
function say(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

const requests = (/** @type {number} */ count) => counted(count, 'request');

/** @param {number} bytes */
const size = (bytes) => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${megabytes(bytes)} MB`);

/** @param {Pick<Requests, 'here' | 'bytes' | 'toKeep' | 'cached'>} own */
function wordsOfOwn({ here, bytes, toKeep, cached }) {
    const parts = [here ? privacyTexts.own(requests(here), location.host, size(bytes)) : privacyTexts.none];
    if (toKeep) parts.push(privacyTexts.toKeep(requests(toKeep)));
    if (cached) parts.push(privacyTexts.cached(cached));
    return parts.join(' ');
}

/** @param {Requests['workers']} workers */
function wordsOfWorkers(workers) {
    if (!workers) return privacyTexts.workers;
    const { here, elsewhere, sinceOpening } = workers;
    const all = here + elsewhere ? privacyTexts.allTabs(requests(here + elsewhere), elsewhere) : privacyTexts.none;
    return sinceOpening ? all : `${privacyTexts.workers} ${privacyTexts.workersSince(all)}`;
}

/** @param {Requests['blocked']} blocked */
function wordsOfBlocked(blocked) {
    if (!blocked.length) return privacyTexts.nothingBlocked;
    const places = new Set(blocked.map(({ what, directive }) => `${what} (${directive})`));
    return privacyTexts.attempts(blocked.length, [...places].join(', '));
}

/** @param {OfflineState} offline */
function wordsOfNetwork({ state, worksOffline, reason }) {
    if (worksOffline) return navigator.onLine ? privacyTexts.worksOnline : privacyTexts.worksOffline;
    const without = navigator.onLine ? '' : privacyTexts.offlineNow;
    if (state === 'failed') return privacyTexts.notKept(reason ?? '') + without;
    if (state === 'unsupported') return privacyTexts.unsupported(reason ?? '') + without;
    return privacyTexts.notYet + without;
}

/** @param {number} passed_ms */
function time(passed_ms) {
    const seconds = Math.max(0, Math.round(passed_ms / 1000));
    if (seconds < 2) return privacyTexts.moment;
    if (seconds < 120) return privacyTexts.seconds(seconds);
    const minutes = Math.floor(seconds / 60);
    return minutes < 120 ? privacyTexts.minutes(minutes) : privacyTexts.hours(Math.floor(minutes / 60));
}
