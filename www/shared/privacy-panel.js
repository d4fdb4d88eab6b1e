// The network requests of the page, in numbers; that it works without a network; which model it uses.

import { element } from './dom.js';
import { Traffic } from './traffic.js';
import { capitalised, megabytes } from './words.js';
import { CopyButton } from './copy-button.js';

/** @typedef {import('./offline.js').OfflineState} OfflineState */
/** @typedef {import('./traffic.js').Requests} Requests */

const TICK_MS = 1000;

const ABOUT = [
    'Image and caption never leave this page: they are analysed here, on your device. The page, the program and the model are fetched from the place ' +
        'this page came from, and the browser keeps them, so that the page works without a network. Once they are there, reading a post makes no request.',
    'A model of your own is read from your disk and stays here too. The browser enforces all this: the page’s security policy lets it contact no other place.',
];
const NOT_COUNTED =
    'Not counted: when the page is opened, the browser itself asks the same place whether there is a new version.';

/** The section about privacy. It speaks up by itself never: whoever wants to know looks. */
export class PrivacyPanel {
    #here = element('dd', { id: 'requested-here' });
    #elsewhere = element('dd', { id: 'requested-elsewhere' });
    #workers = element('dd', { id: 'requested-by-workers' });
    #blocked = element('dd', { id: 'blocked-by-policy' });
    #last = element('dd', { id: 'last-request' });
    #network = element('dd', { id: 'without-network' });
    #modelId = element('strong');
    #digest = element('code', { class: 'privacy-digest' });
    #copy = new CopyButton('Copy the SHA-256');
    #model = element('div', { class: 'privacy-model', hidden: true }, element('dt', {}, 'Model in use'));
    container;
    #traffic = new Traffic(() => this.#count());
    /** @type {OfflineState} */
    #offline = { state: 'installing', worksOffline: false, reason: null };

    /** @param {string} stored What of a person's work is stored, in a sentence or two. */
    constructor(stored = 'There are no cookies, and nothing of a post is stored.') {
        this.#model.append(element('dd', {}, this.#modelId, ', SHA-256 ', this.#digest, ' ', this.#copy.container));
        this.container = element(
            'section',
            { class: 'privacy', 'aria-labelledby': 'privacy-title' },
            element(
                'div',
                { class: 'privacy-about' },
                element('h2', { id: 'privacy-title' }, 'Privacy'),
                ...ABOUT.map((text) => element('p', {}, text)),
                element('p', {}, stored),
            ),
            element(
                'div',
                { class: 'privacy-facts' },
                element('h3', {}, 'Requests since this page was opened'),
                element(
                    'dl',
                    {},
                    fact('To its own server', this.#here),
                    fact('To any other', this.#elsewhere),
                    fact('By the model’s worker', this.#workers),
                    fact('Stopped by the policy', this.#blocked),
                    fact('Last request', this.#last),
                    fact('Without a network', this.#network),
                    this.#model,
                ),
                element('p', { class: 'privacy-not-counted' }, NOT_COUNTED),
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
    }

    #count() {
        const { elsewhere, workers, blocked, ...own } = this.#traffic.requests;
        const total = [...elsewhere.values()].reduce((sum, count) => sum + count, 0);
        say(this.#here, wordsOfOwn(own));
        say(this.#elsewhere, total ? `${requests(total)}, to ${[...elsewhere.keys()].join(', ')}.` : 'None.');
        say(this.#workers, wordsOfWorkers(workers));
        say(this.#blocked, wordsOfBlocked(blocked));
        this.#showLastRequest();
    }

    #showLastRequest() {
        if (document.hidden) return;
        const { last_ms } = this.#traffic.requests;
        const since_ms = last_ms ?? performance.timeOrigin;
        const at = new Date(since_ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
        const when = `at ${at}, ${time(Date.now() - since_ms)} ago`;
        say(this.#last, last_ms === null ? `None since it was opened ${when}.` : `${capitalised(when)}. None since.`);
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
 * Leaves the text alone where it is the same: it may be selected.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
function say(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

const requests = (/** @type {number} */ count) => (count === 1 ? '1 request' : `${count} requests`);

/** @param {number} bytes */
const size = (bytes) => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${megabytes(bytes)} MB`);

/** @param {Pick<Requests, 'here' | 'bytes' | 'toKeep' | 'cached'>} own */
function wordsOfOwn({ here, bytes, toKeep, cached }) {
    const parts = [here ? `${requests(here)} to ${location.host}, ${size(bytes)}.` : 'None.'];
    if (toKeep) parts.push(`${requests(toKeep)} more, to keep the page for use without a network.`);
    if (cached) parts.push(`${cached} ${cached === 1 ? 'file' : 'files'} came from what the browser keeps.`);
    return parts.join(' ');
}

/** @param {Requests['workers']} workers */
function wordsOfWorkers(workers) {
    const first =
        'Program and model, from where the page came from, unless they were kept already; the browser does not list these to the page.';
    if (!workers) return first;
    const { here, elsewhere, sinceOpening } = workers;
    const others = elsewhere ? `, ${elsewhere} of them elsewhere` : '';
    const counted =
        here + elsewhere ? `${requests(here + elsewhere)}${others}, in all tabs of this page together.` : 'none.';
    return sinceOpening ? capitalised(counted) : `${first} Since the page is kept: ${counted}`;
}

/** @param {Requests['blocked']} blocked */
function wordsOfBlocked(blocked) {
    if (!blocked.length) return 'Nothing. No attempt was reported.';
    const attempts = new Set(blocked.map(({ what, directive }) => `${what} (${directive})`));
    return `${blocked.length === 1 ? '1 attempt' : `${blocked.length} attempts`}: ${[...attempts].join(', ')}.`;
}

/** @param {OfflineState} offline */
function wordsOfNetwork({ state, worksOffline, reason }) {
    if (worksOffline) {
        return navigator.onLine
            ? 'Everything is kept here. Turn the network off and go on: it works the same.'
            : 'You are offline now; everything still works.';
    }
    const without = navigator.onLine
        ? ''
        : ' You are offline now: what is loaded goes on, a reload would need the network.';
    if (state === 'failed') return `The page could not be kept, so it needs the network: ${reason}.${without}`;
    if (state === 'unsupported') return `The page needs the network: ${reason}.${without}`;
    return `Not yet: once the model is there, the page is kept to work without one.${without}`;
}

/** @param {number} passed_ms */
function time(passed_ms) {
    const seconds = Math.max(0, Math.round(passed_ms / 1000));
    if (seconds < 2) return 'a moment';
    if (seconds < 120) return `${seconds} seconds`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}
