// Offers to continue the last session of the desk.

import { element } from '../../shared/dom.js';
import { ErrorNotice } from '../../shared/error-notice.js';
import { texts } from './texts.js';

/** @typedef {import('../labelling/journal.js').Session} Session */

const words = texts.last;

/** A line with two buttons, or with instructions if the browser cannot reopen the source. */
export class LastSession {
    #title = element('h2', {}, words.title);
    #text = element('p', { class: 'hint' });
    #go = element('button', { type: 'button', class: 'primary' }, words.go);
    #forget = element('button', { type: 'button' }, words.forget);
    #notice = new ErrorNotice();
    container = element(
        'section',
        { class: 'card last-session', hidden: true, 'aria-label': words.label },
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
            this.#text.textContent = words.looking;
            try {
                await onContinue(this.#session);
            } catch (error) {
                const describe = (/** @type {unknown} */ cause) => ({
                    title: words.cannotOpen,
                    remedy: cause instanceof Error ? cause.message : String(cause),
                    detail: null,
                });
                this.#notice.show(error, null, describe);
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
    #describe({ name, kind, handles, posts, done, labelled = 0, labels = null }) {
        const isThere = kind === 'samples' || kind === 'page' || handles.length > 0;
        const own = labelled > 0 ? words.labelled(labelled) : '';
        const reached = labels === null ? words.reached(name, done, posts) : words.ownLabels(name, posts);
        this.#text.textContent = `${reached}${own}.${isThere ? '' : words.again}`;
        this.#go.hidden = !isThere;
    }
}
