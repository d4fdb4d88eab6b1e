// The last session of the desk, to continue it.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { grouped } from '../words.js';

/** @typedef {import('../labelling/journal.js').Session} Session */

/** A line with two buttons, or with what to do if the browser cannot open the source by itself. */
export class LastSession {
    #title = element('h2');
    #text = element('p', { class: 'hint' });
    #go = element('button', { type: 'button', class: 'primary' }, 'Continue');
    #forget = element('button', { type: 'button' }, 'Discard');
    #notice = new ErrorNotice();
    container = element(
        'section',
        { class: 'card last-session', hidden: true, 'aria-label': 'Last session' },
        element('div', {}, this.#title, this.#text),
        element('div', { class: 'actions' }, this.#go, this.#forget),
        this.#notice.container,
    );
    /** @type {Session | null} */
    #session = null;

    /**
     * @param {object} callbacks
     * @param {(session: Session) => Promise<void>} callbacks.onContinue Rejects with an Error that says what to do.
     * @param {() => Promise<void>} callbacks.onForget Resolves once it is deleted.
     */
    constructor({ onContinue, onForget }) {
        this.#go.addEventListener('click', async () => {
            if (!this.#session) return;
            this.#notice.clear();
            this.#go.disabled = true;
            this.#text.textContent = 'Looking through it …';
            try {
                await onContinue(this.#session);
            } catch (error) {
                const words = (/** @type {unknown} */ cause) => ({
                    title: 'It cannot be opened',
                    remedy: cause instanceof Error ? cause.message : String(cause),
                    detail: null,
                });
                this.#notice.show(error, null, words);
                this.#describe(this.#session);
            } finally {
                this.#go.disabled = false;
            }
        });
        this.#forget.addEventListener('click', async () => {
            this.#forget.disabled = true;
            await onForget();
            this.#forget.disabled = false;
            this.show(null);
        });
    }

    get hasSession() {
        return this.#session !== null;
    }

    /** @param {Session | null} session */
    show(session) {
        this.#session = session;
        this.container.hidden = session === null;
        this.#notice.clear();
        if (session) this.#describe(session);
    }

    /** @param {Session} session */
    #describe({ name, handles, posts, done }) {
        const reached =
            done === posts
                ? `All ${grouped(posts)} posts are analysed.`
                : `${grouped(done)} of ${grouped(posts)} posts are analysed.`;
        const again = handles.length > 0 ? '' : ' Select the same source again to restore scores and your labels.';
        this.#title.textContent = `Continue with “${name}”?`;
        this.#text.textContent = reached + again;
        this.#go.hidden = handles.length === 0;
    }
}
