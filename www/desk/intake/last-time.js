// What was on the desk the last time, to go on with it.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { grouped } from '../words.js';

/** @typedef {import('../labelling/journal.js').Session} Session */

/** A line with two buttons, or with what to do where the browser cannot open the place by itself. */
export class LastTime {
    #title = element('h2');
    #text = element('p', { class: 'hint' });
    #go = element('button', { type: 'button', class: 'primary' }, 'Go on with it');
    #forget = element('button', { type: 'button' }, 'Not any more');
    #notice = new ErrorNotice();
    container = element(
        'section',
        { class: 'card last-time', hidden: true, 'aria-label': 'The last time' },
        element('div', {}, this.#title, this.#text),
        element('div', { class: 'actions' }, this.#go, this.#forget),
        this.#notice.container,
    );
    /** @type {Session | null} */
    #session = null;

    /**
     * @param {object} callbacks
     * @param {(session: Session) => Promise<void>} callbacks.onContinue Rejects with an Error that says what to do.
     * @param {() => Promise<void>} callbacks.onForget Resolves when nothing of it is kept any more.
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
                this.#tell(this.#session);
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
        if (session) this.#tell(session);
    }

    /** @param {Session} session */
    #tell({ name, handles, posts, done }) {
        const reached =
            done === posts
                ? `All ${grouped(posts)} posts were read.`
                : `${grouped(done)} of ${grouped(posts)} posts were read.`;
        const again = handles.length > 0 ? '' : ' Give it once more: what was read and set by hand is kept.';
        this.#title.textContent = `The last time: ${name}`;
        this.#text.textContent = reached + again;
        this.#go.hidden = handles.length === 0;
    }
}
