// Thumbnails for posts in view: decoded on demand, a few at a time, and cached.

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** The longer side in pixels: twice the largest size on the page. */
const SIDE = 320;

/** At this size, the cache takes at most about 100 MB. */
const CACHE_SIZE = 300;

/** Decoding a photograph from a phone takes 50 MB. */
const AT_ONCE = 2;

/** Draws images of posts into canvases. */
export class Thumbnails {
    /**
     * @type {Map<DeskPost, ImageBitmap | null>} The most recently used one is at the end; null if the image cannot be
     *     shown.
     */
    #cache = new Map();
    /** @type {Map<HTMLCanvasElement, DeskPost>} The post that each canvas shows or waits for. */
    #wanted = new Map();
    #underWay = 0;
    /** @type {Set<DeskPost>} */
    #decoding = new Set();

    /**
     * @param {HTMLCanvasElement} canvas
     * @param {DeskPost} post
     */
    draw(canvas, post) {
        if (this.#wanted.get(canvas) === post && canvas.dataset.drawn === 'true') return;
        this.#wanted.set(canvas, post);
        canvas.dataset.drawn = 'false';
        if (!post.open) {
            canvas.hidden = true;
            return;
        }
        const cached = this.#cache.get(post);
        if (cached !== undefined) return this.#paint(canvas, post, cached);
        canvas.hidden = false;
        canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
        this.#advance();
    }

    /** Clears the cache, because other posts are on the desk. */
    clear() {
        for (const bitmap of this.#cache.values()) bitmap?.close();
        this.#cache.clear();
        this.#wanted.clear();
    }

    #advance() {
        while (this.#underWay < AT_ONCE) {
            const post = this.#next();
            if (!post) return;
            this.#underWay += 1;
            this.#decoding.add(post);
            void this.#decode(post);
        }
    }

    /** Returns the post that came into view last and is still in view. */
    #next() {
        let last = null;
        for (const [canvas, post] of this.#wanted) {
            if (!canvas.isConnected) this.#wanted.delete(canvas);
            else if (
                canvas.dataset.drawn === 'false' &&
                canvas.offsetParent &&
                !this.#cache.has(post) &&
                !this.#decoding.has(post) &&
                post.open
            )
                last = post;
        }
        return last;
    }

    /** @param {DeskPost} post */
    async #decode(post) {
        /** @type {ImageBitmap | null} */
        let bitmap = null;
        try {
            const file = await post.open?.();
            if (file) bitmap = await small(file);
        } catch {
            // The post shows its own error.
        }
        this.#underWay -= 1;
        this.#decoding.delete(post);
        this.#cache.set(post, bitmap);
        for (const [oldest, old] of this.#cache) {
            if (this.#cache.size <= CACHE_SIZE) break;
            old?.close();
            this.#cache.delete(oldest);
        }
        for (const [canvas, wanted] of this.#wanted) if (wanted === post) this.#paint(canvas, post, bitmap);
        this.#advance();
    }

    /**
     * @param {HTMLCanvasElement} canvas
     * @param {DeskPost} post
     * @param {ImageBitmap | null} bitmap
     */
    #paint(canvas, post, bitmap) {
        canvas.dataset.drawn = 'true';
        canvas.hidden = bitmap === null;
        if (!bitmap) return;
        this.#cache.delete(post); // moves it to the end
        this.#cache.set(post, bitmap);
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    }
}

/** @param {File} file */
async function small(file) {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height));
    if (scale === 1) return whole;
    const width = Math.max(1, Math.round(whole.width * scale));
    const height = Math.max(1, Math.round(whole.height * scale));
    try {
        return await createImageBitmap(whole, { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' });
    } finally {
        whole.close();
    }
}
