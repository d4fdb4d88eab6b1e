// Looks at the page that was clicked on. The function runs there and not here, so it uses nothing of this file.

/**
 * @typedef {'selection' | 'figcaption' | 'alt' | 'title'} CaptionSource
 * @typedef {{ left: number, top: number, width: number, height: number, viewportWidth: number }} Place In CSS pixels.
 * @typedef {object} Findings
 * @property {boolean} found Whether the image is on the page.
 * @property {{ text: string, source: CaptionSource }[]} captions What may be the caption, in the order of preference.
 * @property {string | null} image A data URL; null where the page itself may not read the image.
 * @property {Place | null} place The part of the image that is to be seen.
 */

/**
 * @param {object} wanted
 * @param {string | null} wanted.address The image's; null for the selection alone.
 * @param {'post' | 'place'} wanted.what Where the image is, or all of the post.
 * @param {number} wanted.maxBytes A larger file is drawn instead.
 * @param {number} wanted.maxPixels A larger drawing is scaled down.
 * @returns {Promise<Findings>}
 */
export async function lookInPage({ address, what, maxBytes, maxPixels }) {
    /**
     * All images, those in open shadow roots too.
     *
     * @param {Document | ShadowRoot} root
     * @returns {HTMLImageElement[]}
     */
    const imagesIn = (root) =>
        [...root.querySelectorAll('*')].flatMap((node) => [
            ...(node instanceof HTMLImageElement ? [node] : []),
            ...(node.shadowRoot ? imagesIn(node.shadowRoot) : []),
        ]);

    /**
     * @param {Element} node
     * @returns {Place | null}
     */
    const placeOf = (node) => {
        const box = node.getBoundingClientRect();
        const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
        const [width, height] = [Math.min(innerWidth, box.right) - left, Math.min(innerHeight, box.bottom) - top];
        return width > 0 && height > 0 ? { left, top, width, height, viewportWidth: innerWidth } : null;
    };

    /** A page may show an image twice: the one under the pointer is meant, or else one that is to be seen. */
    const findImage = () => {
        const same = address
            ? imagesIn(document).filter(({ currentSrc, src }) => currentSrc === address || src === address)
            : [];
        return same.find((node) => node.matches(':hover')) ?? same.find(placeOf) ?? same[0] ?? null;
    };

    /**
     * The caption of the nearest figure that has one of its own; one that the page hides is none.
     *
     * @param {Element | null | undefined} node
     * @returns {string}
     */
    const figureCaption = (node) => {
        for (let figure = node?.closest('figure'); figure; figure = figure.parentElement?.closest('figure')) {
            for (const caption of figure.querySelectorAll('figcaption')) {
                const isOwn = caption.closest('figure') === figure;
                if (isOwn && caption.checkVisibility({ visibilityProperty: true })) return caption.innerText;
            }
        }
        return '';
    };

    /**
     * @param {HTMLImageElement | null} image
     * @returns {Findings['captions']}
     */
    const findCaptions = (image) => {
        /** @type {[CaptionSource, string | null | undefined][]} */
        const candidates = [
            ['selection', String(getSelection() ?? '')],
            ['figcaption', figureCaption(image)],
            ['alt', image?.alt],
            ['title', image?.title],
            ['title', image?.ariaLabel],
        ];
        return candidates.flatMap(([source, text]) => (text?.trim() ? [{ text: text.trim(), source }] : []));
    };

    /**
     * The file as it is, most often from the browser's cache; null where another site does not permit it.
     *
     * @param {string} from
     */
    const fetchImage = async (from) => {
        try {
            const response = await fetch(from, { cache: 'force-cache' });
            const file = response.ok ? await response.blob() : null;
            // A drawing of vectors has to be drawn: the classifier reads pixels.
            const isUsable =
                file && file.size <= maxBytes && file.type.startsWith('image/') && !file.type.startsWith('image/svg');
            return isUsable ? file : null;
        } catch {
            return null;
        }
    };

    /**
     * What the page shows, also where its address is no longer good; null where it is another site's.
     *
     * @param {HTMLImageElement} image
     * @returns {Promise<Blob | null>}
     */
    const drawImage = async (image) => {
        const width = image.naturalWidth || image.clientWidth;
        const height = image.naturalHeight || image.clientHeight;
        if (!image.complete || width * height === 0) return null;
        const scale = Math.min(1, Math.sqrt(maxPixels / (width * height)));
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(1, Math.round(width * scale));
        canvas.height = Math.max(1, Math.round(height * scale));
        try {
            canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
            return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
        } catch {
            return null;
        }
    };

    /**
     * Text, because what an injected function returns travels as JSON.
     *
     * @param {Blob} file
     * @returns {Promise<string>}
     */
    const asDataUrl = (file) =>
        new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(String(reader.result));
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(file);
        });

    const image = findImage();
    const place = image && placeOf(image);
    const found = image !== null;
    if (what === 'place') return { found, captions: [], image: null, place };
    const file = (address && (await fetchImage(address))) || (image && (await drawImage(image)));
    return { found, captions: findCaptions(image), image: file ? await asDataUrl(file) : null, place };
}
