// Looks at the page that was clicked on. The function runs in that page and not here, so it uses nothing of this file.

/**
 * @typedef {'selection' | 'figcaption' | 'alt' | 'title'} CaptionSource
 * @typedef {{ left: number, top: number, width: number, height: number, viewportWidth: number }} Place In CSS pixels.
 * @typedef {object} Findings
 * @property {boolean} found Whether the image is on the page.
 * @property {boolean} isPlaceholder Whether the page shows a placeholder and does not name the image that replaces it.
 * @property {string | null} address Where the image is: the clicked address, or that of the image a placeholder stands for.
 * @property {{ text: string, source: CaptionSource }[]} captions Possible captions, in the order of preference.
 * @property {string | null} image A data URL; null if the page itself may not read the image.
 * @property {Place | null} place The visible part of the image.
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
    /** Placeholders are at most this wide and high: one pixel, or a few. */
    const PLACEHOLDER_SIDE = 2;
    /** A placeholder that is larger, a blurred one, is shown this many times as wide as it is. */
    const STRETCHED = 3;
    /** Of several sizes of an image, the smallest one that is this wide is enough for the classifier. */
    const ENOUGH_WIDTH = 400;
    /** Where pages put the address of an image that they load later. */
    const LAZY_ADDRESSES = ['data-src', 'data-lazy-src', 'data-original', 'data-lazy'];
    const LAZY_SETS = ['data-srcset', 'data-lazy-srcset'];

    /**
     * All images, also those in open shadow roots.
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

    /** @param {string} text */
    const resolved = (text) => {
        try {
            return new URL(text.trim(), document.baseURI).href;
        } catch {
            return null;
        }
    };

    /**
     * The addresses of a `srcset`: first the smallest image that is large enough, then larger and smaller ones.
     *
     * @param {string} set
     */
    const fromSet = (set) => {
        const sizes = [...set.matchAll(/(?:^|,)\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?=,|$)/g)].map(
            ([, url = '', size = '1', unit = 'x']) => ({
                url,
                width: Number(size) * (unit === 'x' ? ENOUGH_WIDTH : 1),
            }),
        );
        const rank = (/** @type {number} */ width) => (width >= ENOUGH_WIDTH ? width : 1e9 - width);
        return sizes.sort((one, other) => rank(one.width) - rank(other.width)).map(({ url }) => url);
    };

    /**
     * The address of the image that a placeholder stands for, as the page names it.
     *
     * @param {HTMLImageElement} image
     */
    const addressBehind = (image) => {
        const sources = [...(image.closest('picture')?.querySelectorAll('source') ?? [])];
        /** @type {(name: string) => string[]} */
        const valuesOf = (name) =>
            [image, ...sources].flatMap((node) => {
                const value = node.getAttribute(name)?.trim();
                return value ? [value] : [];
            });
        const named = [
            ...LAZY_ADDRESSES.flatMap(valuesOf),
            ...[...LAZY_SETS, 'srcset'].flatMap(valuesOf).flatMap(fromSet),
        ];
        const shown = [image.currentSrc, image.src];
        return (
            named.map(resolved).find((url) => url !== null && /^(?:https?|blob):/.test(url) && !shown.includes(url)) ??
            null
        );
    };

    /** @param {HTMLImageElement} image */
    const isTiny = ({ complete, naturalWidth, naturalHeight }) =>
        complete &&
        naturalWidth > 0 &&
        naturalWidth <= PLACEHOLDER_SIDE &&
        naturalHeight > 0 &&
        naturalHeight <= PLACEHOLDER_SIDE;

    /**
     * An image of a pixel; or one that the page draws itself or stretches, and for which it names another address.
     *
     * @param {HTMLImageElement} image
     */
    const isPlaceholder = (image) => {
        const isStandIn = image.currentSrc.startsWith('data:') || image.clientWidth >= STRETCHED * image.naturalWidth;
        return isTiny(image) || (isStandIn && addressBehind(image) !== null);
    };

    /**
     * A page may show an image twice: the one under the pointer is meant, or else one that is visible. Many images may
     * share a placeholder: if it is not clear which one is meant, none is.
     */
    const findImage = () => {
        const same = address
            ? imagesIn(document).filter(({ currentSrc, src }) => currentSrc === address || src === address)
            : [];
        const hovered = same.find((node) => node.matches(':hover'));
        if (hovered) return { image: hovered, isAmbiguous: false };
        const visible = same.filter(placeOf);
        const image = visible[0] ?? same[0] ?? null;
        const isAmbiguous = visible.length > 1 && visible.some(isPlaceholder);
        return { image: isAmbiguous ? null : image, isAmbiguous };
    };

    /**
     * Whether a text is displayed. One that is hidden, transparent, without extent, cut off by a box without extent, or
     * moved out of the page is not. `aria-hidden` text is displayed, although screen readers skip it.
     *
     * @param {HTMLElement} node
     */
    const isDisplayed = (node) => {
        if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
        const box = node.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1) return false;
        if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return false;
        for (let around = node.parentElement; around; around = around.parentElement) {
            const isCutOff = (/** @type {'X' | 'Y'} */ axis) =>
                ['hidden', 'clip'].includes(getComputedStyle(/** @type {Element} */ (around))[`overflow${axis}`]);
            if (isCutOff('X') && around.clientWidth <= 1 && around.offsetWidth <= 1) return false;
            if (isCutOff('Y') && around.clientHeight <= 1 && around.offsetHeight <= 1) return false;
        }
        return true;
    };

    /**
     * The caption of the nearest figure that displays one of its own.
     *
     * @param {Element | null | undefined} node
     * @returns {string}
     */
    const figureCaption = (node) => {
        for (let figure = node?.closest('figure'); figure; figure = figure.parentElement?.closest('figure')) {
            for (const caption of figure.querySelectorAll('figcaption')) {
                if (caption.closest('figure') === figure && isDisplayed(caption)) return caption.innerText;
            }
        }
        return '';
    };

    /**
     * An `aria-hidden` image keeps its alternative text from everyone: it is no caption. Its title is displayed.
     *
     * @param {HTMLImageElement | null} image
     * @returns {Findings['captions']}
     */
    const findCaptions = (image) => {
        const isForScreenReaders = !image?.closest('[aria-hidden="true"]');
        /** @type {[CaptionSource, string | null | undefined][]} */
        const candidates = [
            ['selection', String(getSelection() ?? '')],
            ['figcaption', figureCaption(image)],
            ['alt', isForScreenReaders ? image?.alt : null],
            ['title', image?.title],
            ['title', isForScreenReaders ? image?.ariaLabel : null],
        ];
        return candidates.flatMap(([source, text]) => (text?.trim() ? [{ text: text.trim(), source }] : []));
    };

    /**
     * The file as it is, most often from the browser's cache; null if another site does not permit it.
     *
     * @param {string} from
     */
    const fetchImage = async (from) => {
        try {
            const response = await fetch(from, { cache: 'force-cache' });
            const file = response.ok ? await response.blob() : null;
            // A vector image has to be drawn: the classifier needs pixels.
            const isUsable =
                file && file.size <= maxBytes && file.type.startsWith('image/') && !file.type.startsWith('image/svg');
            return isUsable ? file : null;
        } catch {
            return null;
        }
    };

    /**
     * What the page shows, even if its address is no longer valid; null if it is another site's.
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
     * Text, because the results of an injected function are passed as JSON.
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

    const { image, isAmbiguous } = findImage();
    const standsIn = image !== null && isPlaceholder(image);
    const behind = standsIn ? addressBehind(image) : null;
    /** @type {Findings} */
    const findings = {
        found: image !== null,
        isPlaceholder: isAmbiguous || (standsIn && behind === null),
        address: behind ?? address,
        captions: [],
        image: null,
        place: image && !standsIn ? placeOf(image) : null,
    };
    if (what === 'place') return findings;
    findings.captions = findCaptions(image);
    if (findings.isPlaceholder) return findings;
    const file =
        (findings.address && (await fetchImage(findings.address))) || (image && !standsIn && (await drawImage(image)));
    findings.image = file ? await asDataUrl(file) : null;
    return findings;
}
