// The texts that the extension shows from JavaScript; those that never change are in its HTML.

export const TEXTS = {
    menu: 'What emotion does this post convey?',

    invitation:
        'Right-click an image or selected text on any page and choose “What emotion does this post convey?”, or add an image or a caption below.',
    captionHint: 'English; emoji and hashtags count.',
    fromSite: (/** @type {string} */ site) => `From ${site}`,
    fromPage: 'From the page you clicked',
    looking: 'Looking at the page …',
    fetching: 'Downloading the image …',

    /** Where the caption comes from, below the caption. */
    captionSource: {
        selection: 'You selected this text on the page. You can edit it.',
        figcaption: 'This is the caption below the image on the page. You can edit it.',
        alt: 'This is the image’s alternative text. Replace it with the text of the post.',
        title: 'This is the image’s title. Replace it with the text of the post.',
    },

    summary: {
        imageAlt: 'The image of this post',
        quoted: (/** @type {string} */ caption) => `“${caption}”`,
    },

    obstacle: {
        alternative: 'Or drop the image here, paste it, or choose a file under “Image and caption”.',
        instead: 'Drop the image here, paste it, or choose a file under “Image and caption”.',
        permission: {
            title: 'The image needs your permission',
            remedy: (/** @type {string} */ site) =>
                `The image is on ${site}, which does not let other sites read it. If you allow it, emofuse downloads the image from there and does nothing else there, even if the browser’s question sounds like more.`,
        },
        refused: {
            title: (/** @type {string} */ site) => `${site} is not allowed`,
            remedy: 'Without your permission the image cannot be analysed.',
        },
        failed: {
            title: 'The image could not be downloaded',
            remedy: (/** @type {string} */ site, /** @type {string} */ reason) => `From ${site}: ${reason}.`,
        },
        placeholder: {
            title: 'The image has not loaded yet',
            remedy: 'The page still shows a placeholder. Wait until you see the image, then right-click it again.',
        },
        gone: { title: 'The image is no longer on the page' },
        closed: { title: 'The browser does not let extensions look into this page' },
        hidden: {
            title: 'The image is not visible',
            remedy: 'Bring its tab to the front, scroll to the image, and right-click it again.',
        },
        allow: (/** @type {string} */ site) => `Allow ${site}`,
        takeFromScreen: 'Take it from the screen',
    },

    /** Why an image that the person allowed could not be downloaded; continues a sentence. */
    download: {
        status: (/** @type {number} */ status) => `the site answered with error ${status}`,
        tooLarge: 'the file is larger than 64 megabytes',
        notAnImage: 'the file is not an image',
        unreachable: 'the site cannot be reached, or keeps its images on yet another site',
        damagedDrawing: 'the drawing is damaged',
    },

    sites: {
        title: 'Sites you have allowed',
        forget: 'Remove',
        forgetSite: (/** @type {string} */ site) => `Remove ${site}`,
    },
};
