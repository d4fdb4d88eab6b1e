// A post, large, without the model's prediction.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** Pictures that come sooner are shown without a word. */
const PATIENCE_MS = 150;

/** A picture that is shown, or will be next. */
class Loading {
    #address = '';
    #dropped = false;
    image = element('img', { alt: 'The post’s picture', decoding: 'async' });
    shown;

    /** @param {() => Promise<File>} open */
    constructor(open) {
        this.shown = this.#load(open);
        this.shown.catch(() => {}); // whoever shows it says so
    }

    /** @param {() => Promise<File>} open */
    async #load(open) {
        const file = await open();
        if (this.#dropped) return this.image;
        this.#address = URL.createObjectURL(file);
        this.image.src = this.#address;
        try {
            await this.image.decode();
        } catch {
            throw new Error('the browser cannot show this file; open it in another program');
        }
        return this.image;
    }

    drop() {
        this.#dropped = true;
        URL.revokeObjectURL(this.#address);
        this.image.removeAttribute('src');
    }
}

/** Picture and caption, and the next picture loaded behind. */
export class PostCard {
    #picture = element('div', { class: 'check-picture' });
    #notice = new ErrorNotice();
    #caption = element('p', { class: 'check-caption' });
    container = element(
        'div',
        { class: 'check-post', role: 'group', tabindex: -1 },
        this.#picture,
        this.#notice.container,
        this.#caption,
    );
    /** @type {Map<DeskPost, Loading>} */
    #pictures = new Map();
    /** @type {DeskPost | null} */
    #shown = null;

    /**
     * @param {DeskPost} post
     * @param {(DeskPost | null)[]} near Those that may be shown next; their pictures are kept ready.
     * @param {string} name What it is called, as 'Post 3 of 12'.
     */
    show(post, near, name) {
        this.container.setAttribute('aria-label', name);
        if (post !== this.#shown) {
            this.#shown = post;
            this.#notice.clear();
            this.#caption.textContent = post.caption ?? '';
            this.#caption.hidden = post.caption === null;
            this.container.dataset['alone'] = String(!post.open);
            void this.#showPicture(post);
        }
        this.#keep([post, ...near]);
    }

    /** Lets all pictures go. */
    clear() {
        this.#shown = null;
        this.#picture.replaceChildren();
        this.#notice.clear();
        this.#keep([]);
    }

    /** @param {DeskPost} post */
    async #showPicture(post) {
        const loading = this.#load(post);
        this.#picture.hidden = !loading;
        this.#picture.replaceChildren();
        if (!loading) return;
        const timer = setTimeout(
            () =>
                this.#shown === post &&
                this.#picture.replaceChildren(element('p', { class: 'hint' }, 'Loading the picture')),
            PATIENCE_MS,
        );
        try {
            const image = await loading.shown;
            if (this.#shown === post) this.#picture.replaceChildren(image);
        } catch (error) {
            if (this.#shown !== post) return;
            this.#picture.hidden = true;
            this.#notice.show(error, null, pictureErrorWords);
        } finally {
            clearTimeout(timer);
        }
    }

    /** @param {DeskPost} post */
    #load(post) {
        if (!post.open) return null;
        const loading = this.#pictures.get(post) ?? new Loading(post.open);
        this.#pictures.set(post, loading);
        return loading;
    }

    /** @param {(DeskPost | null)[]} posts */
    #keep(posts) {
        for (const [post, loading] of this.#pictures) {
            if (posts.includes(post)) continue;
            loading.drop();
            this.#pictures.delete(post);
        }
        for (const post of posts) if (post) this.#load(post);
    }
}

/** @param {unknown} error */
function pictureErrorWords(error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
        title: 'The picture cannot be shown',
        remedy: `${capitalised(message).replace(/\.$/, '')}.`,
        detail: null,
    };
}
