// Back end, offline use and network requests in one quiet line that unfolds to the details.

import { element } from './dom.js';
import { statusTexts } from './texts.js';

/** @typedef {import('./engine-status.js').Shown} Shown */

/** A disclosure that opens by itself when a model or a back end has an error. */
export class StatusLine {
    #text = element('span', { class: 'status-text' });
    #more = element('span', { class: 'status-more' });
    /** The same below, for narrow screens. */
    #facts = element('p', { class: 'status-facts' });
    #bar = element('progress', { max: 1, hidden: true, 'aria-hidden': 'true' });
    #panel = element('div', { class: 'status-panel' });
    container = element(
        'details',
        { class: 'status-line' },
        element(
            'summary',
            {},
            element('span', { class: 'status-dot', 'aria-hidden': 'true' }),
            this.#text,
            this.#more,
            this.#bar,
        ),
        this.#panel,
    );
    #isOpenedByNotice = false;
    #hasCaptions = false;
    /** @type {import('./privacy-panel.js').Facts} */
    #shownFacts = { worksOffline: false, elsewhere: 0 };

    /**
     * @param {import('./engine-status.js').EngineStatus} status
     * @param {Node[]} details What is unfolded.
     */
    constructor(status, details) {
        status.container.classList.remove('card');
        this.#panel.append(
            status.container,
            ...details,
            this.#facts,
            element('a', { href: '#privacy' }, statusTexts.privacy),
        );
        status.watch((shown) => this.#showEngine(shown));
        this.#text.textContent = statusTexts.loading;
        this.#panel.addEventListener('click', ({ target }) => {
            if (target instanceof HTMLAnchorElement) this.#close();
        });
        new MutationObserver(() => this.#openForNotice()).observe(this.#panel, { childList: true, subtree: true });
        document.addEventListener('pointerdown', ({ target }) => {
            if (target instanceof Node && !this.container.contains(target)) this.#close();
        });
        this.container.addEventListener('keydown', ({ key }) => {
            if (key !== 'Escape' || !this.container.open) return;
            this.#close();
            this.container.querySelector('summary')?.focus();
        });
    }

    /** @param {import('./privacy-panel.js').Facts} facts */
    showFacts(facts) {
        this.#shownFacts = facts;
        this.#showMore();
    }

    /** @param {Shown} shown */
    #showEngine({ state, share, backend, hasCaptions }) {
        const wasReady = this.container.dataset.state === 'ready';
        this.container.dataset.state = state;
        this.#bar.hidden = state !== 'loading';
        if (share === null) this.#bar.removeAttribute('value');
        else this.#bar.value = share;
        if (state === 'ready') this.#text.textContent = statusTexts.ready[backend ?? 'cpu'];
        else if (state !== 'loading') this.#text.textContent = statusTexts.notLoaded;
        else if (share === null) this.#text.textContent = statusTexts.loading;
        else
            this.#text.replaceChildren(
                element('span', { class: 'status-word' }, `${statusTexts.loading} `),
                statusTexts.share(share),
            );
        this.#hasCaptions = hasCaptions;
        this.#showMore();
        if (state === 'ready' && !wasReady && this.#isOpenedByNotice && !this.#hasNotice) this.#close();
    }

    get #hasNotice() {
        return this.#panel.querySelector('.notice-body') !== null;
    }

    #openForNotice() {
        if (!this.#hasNotice || this.container.open) return;
        this.#isOpenedByNotice = true;
        this.container.open = true;
    }

    #showMore() {
        const { worksOffline, elsewhere } = this.#shownFacts;
        const parts = [...(worksOffline ? [statusTexts.offline] : []), statusTexts.requests(elsewhere)];
        const isReady = this.container.dataset.state === 'ready';
        this.#facts.textContent = parts.join(' · ');
        const more = isReady ? parts : this.#hasCaptions ? [statusTexts.captionsFirst] : [];
        this.#more.textContent = more.map((part) => ` · ${part}`).join('');
    }

    #close() {
        this.#isOpenedByNotice = false;
        this.container.open = false;
    }
}
