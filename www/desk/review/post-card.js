// A post, large, without the model's prediction.

import { ErrorNotice } from '../../shared/error-notice.js';
import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** Images that come sooner are shown without a word. */
const PATIENCE_MS = 150;

/** An image that is shown, or will be next. */
class Loading {
    #address = '';
    #dropped = false;
    image = element('img', { alt: 'The post’s image', decoding: 'async' });
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

/** Image and caption, and the next image loaded behind. */
export class PostCard {
    #image = element('div', { class: 'check-image' });
    #notice = new ErrorNotice();
    #caption = element('p', { class: 'check-caption' });
    container = element(
        'div',
        { class: 'check-post', role: 'group', tabindex: -1 },
        this.#image,
        this.#notice.container,
        this.#caption,
    );
    /** @type {Map<DeskPost, Loading>} */
    #images = new Map();
    /** @type {DeskPost | null} */
    #shown = null;

    /**
     * @param {DeskPost} post
     * @param {(DeskPost | null)[]} near Those that may be shown next; their images are kept ready.
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
            void this.#showImage(post);
        }
        this.#keep([post, ...near]);
    }

    /** Lets all images go. */
    clear() {
        this.#shown = null;
        this.#image.replaceChildren();
        this.#notice.clear();
        this.#keep([]);
    }

    /** @param {DeskPost} post */
    async #showImage(post) {
        const loading = this.#load(post);
        this.#image.hidden = !loading;
        this.#image.replaceChildren();
        if (!loading) return;
        const timer = setTimeout(
            () =>
                this.#shown === post &&
                this.#image.replaceChildren(element('p', { class: 'hint' }, 'Loading the image')),
            PATIENCE_MS,
        );
        try {
            const image = await loading.shown;
            if (this.#shown === post) this.#image.replaceChildren(image);
        } catch (error) {
            if (this.#shown !== post) return;
            this.#image.hidden = true;
            this.#notice.show(error, null, imageErrorWords);
        } finally {
            clearTimeout(timer);
        }
    }

    /** @param {DeskPost} post */
    #load(post) {
        if (!post.open) return null;
        const loading = this.#images.get(post) ?? new Loading(post.open);
        this.#images.set(post, loading);
        return loading;
    }

    /** @param {(DeskPost | null)[]} posts */
    #keep(posts) {
        for (const [post, loading] of this.#images) {
            if (posts.includes(post)) continue;
            loading.drop();
            this.#images.delete(post);
        }
        for (const post of posts) if (post) this.#load(post);
    }
}

/** @param {unknown} error */
function imageErrorWords(error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
        title: 'The image cannot be shown',
        remedy: `${capitalised(message).replace(/\.$/, '')}.`,
        detail: null,
    };
}
