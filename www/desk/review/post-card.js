// A large view of a post, without the model's prediction.

import { element } from '../../shared/dom.js';
import { ErrorNotice } from '../../shared/error-notice.js';
import { capitalised } from '../../shared/words.js';
import { keyButton } from './emotion-keys.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

const words = texts.post;

/** Images that load faster are shown without a message. */
const PATIENCE_MS = 150;

/** An image that is shown now or next. */
class Loading {
    #address = '';
    #dropped = false;
    image = element('img', { alt: words.image, decoding: 'async' });
    shown;

    /** @param {() => Promise<File>} open */
    constructor(open) {
        this.shown = this.#load(open);
        this.shown.catch(() => {}); // the view that shows it reports the error
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
            throw new Error(words.notAnImage);
        }
        return this.image;
    }

    drop() {
        this.#dropped = true;
        URL.revokeObjectURL(this.#address);
        this.image.removeAttribute('src');
    }
}

/** Shows image and caption, and preloads the next image. */
export class PostCard {
    #image = element('div', { class: 'check-image' });
    #zoom = keyButton(words.zoom, 'Z', 'Z');
    #frame = element('div', { class: 'check-frame' }, this.#image, this.#zoom);
    #notice = new ErrorNotice();
    #caption = element('p', { class: 'check-caption' });
    container = element(
        'div',
        { class: 'check-post', role: 'group', tabindex: -1 },
        this.#frame,
        this.#notice.container,
        this.#caption,
    );
    /** @type {Map<DeskPost, Loading>} */
    #images = new Map();
    /** @type {DeskPost | null} */
    #shown = null;

    constructor() {
        this.#zoom.classList.add('zoom');
        this.#zoom.addEventListener('click', () => this.zoom());
        this.#showZoom(false);
    }

    /** Toggles between the whole image and one twice as large that scrolls. */
    zoom() {
        if (!this.#image.querySelector('img')) return;
        const isZoomed = !this.#image.classList.contains('zoomed');
        this.#showZoom(isZoomed);
        if (isZoomed) {
            this.#image.scrollLeft = (this.#image.scrollWidth - this.#image.clientWidth) / 2;
            this.#image.scrollTop = (this.#image.scrollHeight - this.#image.clientHeight) / 2;
            this.#image.focus({ preventScroll: true });
        } else this.container.focus({ preventScroll: true });
    }

    /** @param {boolean} isZoomed */
    #showZoom(isZoomed) {
        this.#image.classList.toggle('zoomed', isZoomed);
        this.#zoom.setAttribute('aria-pressed', String(isZoomed));
        if (isZoomed) this.#image.setAttribute('tabindex', '0');
        else this.#image.removeAttribute('tabindex');
    }

    /**
     * @param {DeskPost} post
     * @param {(DeskPost | null)[]} near Posts that may be shown next; their images are preloaded.
     * @param {string} name Its name, such as 'Post 3 of 12'.
     */
    show(post, near, name) {
        this.container.setAttribute('aria-label', name);
        this.#fitCaption();
        if (post !== this.#shown) {
            this.#shown = post;
            this.#notice.clear();
            this.#showZoom(false);
            this.#caption.textContent = post.caption ?? '';
            this.#caption.scrollTop = 0;
            this.#caption.hidden = post.caption === null;
            this.container.dataset['alone'] = String(!post.open);
            void this.#showImage(post);
        }
        this.#keep([post, ...near]);
    }

    /** Makes a long caption scrollable, also by keyboard. */
    #fitCaption() {
        requestAnimationFrame(() => {
            if (this.#caption.scrollHeight > this.#caption.clientHeight + 1)
                this.#caption.setAttribute('tabindex', '0');
            else this.#caption.removeAttribute('tabindex');
        });
    }

    /** Releases all images. */
    clear() {
        this.#shown = null;
        this.#image.replaceChildren();
        this.#notice.clear();
        this.#keep([]);
    }

    /** @param {DeskPost} post */
    async #showImage(post) {
        const loading = this.#load(post);
        this.#frame.hidden = !loading;
        this.#zoom.hidden = true;
        this.#image.replaceChildren();
        if (!loading) return;
        const timer = setTimeout(
            () => this.#shown === post && this.#image.replaceChildren(element('p', { class: 'hint' }, words.loading)),
            PATIENCE_MS,
        );
        try {
            const image = await loading.shown;
            if (this.#shown !== post) return;
            this.#image.replaceChildren(image);
            this.#zoom.hidden = false;
        } catch (error) {
            if (this.#shown !== post) return;
            this.#frame.hidden = true;
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
        title: words.cannotShow,
        remedy: `${capitalised(message).replace(/\.$/, '')}.`,
        detail: null,
    };
}
