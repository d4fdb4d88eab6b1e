// The texts of the components that all views share. words.js makes sentences about a result or an error of them.

export const imageTexts = {
    group: 'Image',
    alt: 'The image of the post',
    unshowable: 'The browser cannot show this image.',
    choose: 'Choose an image',
    remove: 'Remove the image',
    takePhoto: 'Take a photo',
    drop: 'Drop an image here, or paste one',
};

export const heatMapTexts = {
    less: 'less',
    to: ' to ',
    more: 'more',
    opacity: 'Opacity',
    toggle: 'Heat map',
    hint: (/** @type {string} */ emotion, /** @type {boolean} */ hasColours) =>
        hasColours
            ? `Colours show what raises ${emotion}. The frame is the part that the model sees.`
            : `No part of the image raises ${emotion}. The frame is the part that the model sees.`,
    description: (/** @type {string} */ emotion, /** @type {string | null} */ part) =>
        part
            ? `The image; its ${part} raises the ${emotion} score most`
            : `The image; no part of it raises the ${emotion} score`,
};

export const captionTexts = {
    legend: (/** @type {string} */ emotion, /** @type {number} */ ignored) => {
        const rest = ignored ? ` The last ${counted(ignored, 'word')} (grey) ${verb(ignored)} ignored.` : '';
        return `Highlighted words raise the ${emotion} score; dotted ones lower it.${rest}`;
    },
    full: (/** @type {number} */ characters) => `Only the first ${characters.toLocaleString('en')} characters fit.`,
    tooLong: (/** @type {number} */ words, /** @type {number} */ read) =>
        `${words.toLocaleString('en')} words. The model reads the first ${read.toLocaleString('en')}; ${counted(words - read, 'word')} ${verb(words - read)} ignored.`,
};

export const explanationTexts = {
    title: (/** @type {string} */ emotion) => `Why ${emotion}?`,
};

export const resultTexts = {
    explainFusion: 'Explain the fusion',
    invitation: 'The result appears here. Add an image or a caption, or try a sample.',
    postChanged: 'The post has changed. Analyse it again.',
    modelChanged: 'The model has changed. Analyse the post again.',
    retry: 'Try again',
    showTable: 'Show as a table',
    showWheel: 'Show as a wheel',
    stored: (/** @type {string} */ model) => `Result of ${model}, stored with this sample.`,
    analysed: (/** @type {string} */ backend, /** @type {string} */ time, /** @type {string[]} */ steps) =>
        `Analysed on ${backend} in ${time} (${steps.join(', ')}).`,
    steps: { decode: 'decoding', picture: 'scaling', caption: 'splitting into words', model: 'the networks' },
    alone: { image: 'Image alone', caption: 'Caption alone', both: 'Together' },
    modalities: 'Image and caption',
    wheel: 'The larger a petal’s area, the higher the score.',
    emptyWheel: 'Plutchik’s wheel, without a result yet',
};

export const tableTexts = {
    caption: 'The scores of all labels',
    columns: ['Label', 'Bar', 'Score'],
};

export const copyTexts = {
    json: 'Copy as JSON',
    copied: 'Copied',
    refused: 'The browser does not allow it',
};

export const engineTexts = {
    title: 'The model',
    runOn: 'Run on',
    choices: { auto: 'Automatic', webgpu: 'WebGPU', cpu: 'CPU' },
    unavailable: (/** @type {string} */ reason) => `WebGPU: ${reason}`,
    noWebGpu: 'not in this browser',
    noAdapter: 'no graphics adapter',
    insecure: 'needs a page served over HTTPS',
    cancel: 'Cancel loading',
    load: 'Load the model',
    loadAgain: 'Load again',
    loading: 'Loading the model',
    downloaded: (/** @type {string} */ loaded, /** @type {string} */ total, /** @type {string} */ share) =>
        `Loading the model: ${loaded} of ${total} MB, ${share}`,
    timeLeft: (/** @type {string} */ time) => `, about ${time} left`,
    captionsFirst: 'Captions can be analysed already.',
    start: (/** @type {string} */ backend) => `Starting the model on ${backend}`,
    test: (/** @type {string} */ backend) => `Testing the model on ${backend}`,
    ready: (/** @type {string} */ backend, /** @type {string | null} */ adapter) =>
        `Ready, on ${backend}${adapter ? ` (${adapter})` : ''}`,
    chosen: 'As chosen.',
    notLoaded: 'The model is not loaded',
    analysing: 'Analysing the post …',
    waiting: 'The post is analysed as soon as the model is loaded.',
    refused: (/** @type {string} */ wanted) => `${wanted} cannot be used in this browser`,
    usedInstead: (/** @type {string} */ backend) => `The model runs on ${backend} instead.`,
    /** @type {Record<import('../emofuse.js').Backend, string>} */
    backends: { webgpu: 'WebGPU', cpu: 'the CPU' },
};

export const statusTexts = {
    loading: 'Loading',
    share: (/** @type {number} */ share) => `${Math.floor(100 * share)} %`,
    notLoaded: 'Model not loaded',
    captionsFirst: 'captions can be analysed',
    ready: { cpu: 'CPU', webgpu: 'WebGPU' },
    offline: 'offline-ready',
    requests: (/** @type {number} */ count) => `${counted(count, 'request')} to others`,
    privacy: 'Privacy and network requests in detail',
};

export const modelTexts = {
    use: 'Use another model',
    back: 'Back to the default model',
    hint: 'A file that “emofuse train” wrote. It stays on your device.',
    useLarge: (/** @type {string} */ where) => `Use the large model (${where})`,
    onDevice: 'on this device',
    largeHint: (/** @type {boolean} */ isHere) =>
        `The large model reads captions better and takes longer.${isHere ? '' : ' It is downloaded once, then kept on this device.'}`,
    stays: (/** @type {string} */ id) => `${id} stays in use.`,
    defaultInstead: 'The default model is used instead.',
    digest: (/** @type {string} */ sha256) => `SHA-256 ${sha256}`,
    kinds: { own: 'Your own model', large: 'Large model', default: 'Default model' },
};

export const updateTexts = {
    offer: 'A new version of this page is available.',
    others: 'This page is also open in another tab or window. Close it there first, then use the new version.',
    reload: (/** @type {string} */ atStake) => `To use it, the page must reload. ${atStake}`,
    use: 'Use it now',
    reloadNow: 'Reload now',
    later: 'Later',
};

export const privacyTexts = {
    title: 'Privacy',
    about: [
        'Images and captions never leave this page: they are analysed on your device. The page, its programs and the model come from the server ' +
            'of this page, and the browser keeps them, so that the page works offline. Once they are there, analysing a post makes no request.',
        'A model of your own is read from your disk and stays here too. The browser enforces this: the page’s security policy allows no contact with any other server.',
    ],
    stored: 'There are no cookies, and nothing of a post is stored.',
    notCounted:
        'Not counted: when you open the page, the browser itself asks its server whether there is a new version.',
    facts: 'Requests since this page was opened',
    toServer: 'To its own server',
    toOthers: 'To any other',
    byWorkers: 'By the model’s worker',
    blocked: 'Stopped by the policy',
    last: 'Last request',
    offline: 'Without a network',
    model: 'Model in use',
    copyDigest: 'Copy the SHA-256',
    none: 'None.',
    to: (/** @type {string} */ requests, /** @type {string} */ places) => `${requests}, to ${places}.`,
    own: (/** @type {string} */ requests, /** @type {string} */ host, /** @type {string} */ size) =>
        `${requests} to ${host}, ${size}.`,
    toKeep: (/** @type {string} */ requests) => `${requests} more, to keep the page for offline use.`,
    cached: (/** @type {number} */ count) => `${counted(count, 'file')} came from the browser’s cache.`,
    workers: 'Programs and model, from this page’s server unless cached; the browser does not list these to the page.',
    workersSince: (/** @type {string} */ counted) => `Since the page is cached: ${counted}`,
    allTabs: (/** @type {string} */ requests, /** @type {number} */ elsewhere) =>
        `${requests}${elsewhere ? `, ${elsewhere} of them elsewhere` : ''}, in all tabs of this page together.`,
    nothingBlocked: 'Nothing. No attempt was reported.',
    attempts: (/** @type {number} */ count, /** @type {string} */ places) => `${counted(count, 'attempt')}: ${places}.`,
    at: (/** @type {string} */ time, /** @type {string} */ passed) => `at ${time}, ${passed} ago`,
    noneSinceOpening: (/** @type {string} */ when) => `None since it was opened ${when}.`,
    noneSince: (/** @type {string} */ when) => `${when}. None since.`,
    worksOnline: 'Everything is kept here. Turn the network off and continue: it works the same.',
    worksOffline: 'You are offline now; everything still works.',
    offlineNow: ' You are offline now: what is loaded continues to work, but a reload needs the network.',
    notKept: (/** @type {string} */ reason) => `The page could not be kept, so it needs the network: ${reason}.`,
    unsupported: (/** @type {string} */ reason) => `The page needs the network: ${reason}.`,
    notYet: 'Not yet: the page is kept for offline use once the model is loaded.',
    moment: 'a moment',
    seconds: (/** @type {number} */ count) => counted(count, 'second'),
    minutes: (/** @type {number} */ count) => counted(count, 'minute'),
    hours: (/** @type {number} */ count) => counted(count, 'hour'),
    digest: ', SHA-256 ',
};

/** Why the page does not work offline; they continue a sentence. */
export const offlineTexts = {
    noServer: 'the page does not come from a web server',
    notAllowed: 'this browser does not store pages, at least not in this window',
    insecure: 'the page is not served over HTTPS',
    noStorage: 'this browser does not store pages',
    incomplete: 'not all of its files could be downloaded and stored',
    noModel: 'the browser does not store the model that the page opens with',
    gone: 'it is no longer served at this address',
};

/** A result in words. */
export const verdictTexts = {
    /**
     * A sentence for each reason to doubt a result.
     *
     * @type {Record<import('../emofuse.js').UncertainReason, string>}
     */
    doubts: {
        language: 'The caption does not seem to be English, the only language this model reads.',
        unknown_words: 'The model does not know most words in the caption.',
        low_confidence: 'No label scores clearly higher than the others.',
        sides_disagree: 'Image and caption point to different labels.',
    },
    probablyMaybe: (/** @type {string} */ first, /** @type {string} */ second) => `Probably ${first}, maybe ${second}`,
    probably: (/** @type {string} */ emotion) => `Probably ${emotion}`,
    either: (/** @type {string} */ first, /** @type {string} */ second) => `Hard to say: ${first} or ${second}`,
    perhaps: (/** @type {string} */ emotion) => `Hard to say, perhaps ${emotion}`,
    scores: (/** @type {string} */ emotion, /** @type {string} */ score) => `${emotion} scores ${score}`,
    noneStandsOut: ': none of the other labels stands out',
    isNeutral: 'is neutral',
    conveys: (/** @type {string} */ emotion) => `conveys ${emotion}`,
    suggests: (/** @type {string} */ label) => `suggests “${label}”`,
    each: (/** @type {string} */ image, /** @type {string} */ caption) => `the image ${image}, the caption ${caption}`,
    beyond: (/** @type {string} */ both, /** @type {string} */ together) =>
        `Neither says it alone: ${both}. Together, the post ${together}.`,
    differ: (/** @type {string} */ each) => `Image and caption differ, but each most likely ${each}.`,
    agree: (/** @type {string} */ each) => `Image and caption agree: each ${each}.`,
    nearlyAgree: (/** @type {string} */ both, /** @type {string} */ decides) =>
        `Image and caption nearly agree: ${both}. Together, ${decides}.`,
    disagree: (/** @type {string} */ both, /** @type {string} */ decides) =>
        `Image and caption disagree: ${both}. Together, ${decides}.`,
    captionDecides: 'the caption decides',
    imageDecides: 'the image decides',
    wheel: (/** @type {string} */ strongest) => `Plutchik’s wheel. Strongest: ${strongest}.`,
    points: (/** @type {string} */ sign, /** @type {number} */ count) => `${sign}${counted(count, 'point')}`,
    rows: ['upper', 'middle', 'lower'],
    columns: ['left', 'middle', 'right'],
};

/** @typedef {Record<string, { title: string, remedy: string | null }>} ErrorTexts */

/** What went wrong and what to do about it, by the error's name; the remedy is null where the error itself says it. */
export const errorTexts = {
    /** @type {ErrorTexts} */
    post: {
        UnsupportedImageError: { title: 'This image cannot be read', remedy: null },
        TimeoutError: { title: 'This post takes too long', remedy: 'Try again, or use a smaller image.' },
        ImageTooLargeError: { title: 'This image is too large', remedy: null },
        EmptyPostError: {
            title: 'There is nothing to analyse',
            remedy: 'Add an image, or a caption with at least one word.',
        },
        ModalityError: {
            title: 'This model does not read such posts',
            remedy: 'Use another model, or add what this one reads.',
        },
        IntegrityError: {
            title: 'The model arrived damaged',
            remedy: 'Load it again. If it happens each time, the files of this page do not belong together.',
        },
        DownloadError: {
            title: 'The model could not be downloaded',
            remedy: 'Check the connection, then load it again.',
        },
        ModelFormatError: {
            title: 'The model cannot be used',
            remedy: 'Reload the page, so that page and model belong together.',
        },
        BackendError: {
            title: 'The model stopped working',
            remedy: 'Try again: the model is restarted. If it stops again, choose the CPU.',
        },
    },
    other: { title: 'Something went wrong', remedy: 'Try again, or reload the page.' },

    /** The same for the large model, while another one is in use; the titles continue `largeModel`. */
    largeModel: 'The large model',
    /** @type {ErrorTexts} */
    large: {
        IntegrityError: {
            title: 'arrived damaged',
            remedy: 'Choose it again. If it happens each time, the files of this page do not belong together.',
        },
        DownloadError: {
            title: 'could not be downloaded',
            remedy: 'Check the connection, then choose it again.',
        },
        ModelFormatError: {
            title: 'cannot be used',
            remedy: 'Reload the page, so that page and model belong together.',
        },
        BackendError: { title: 'does not run here', remedy: 'Choose another back end, then choose it again.' },
    },

    /** The same for a model file of the person's own; the titles continue the file's name. */
    /** @type {ErrorTexts} */
    own: {
        ModelFormatError: { title: 'cannot be used as a model', remedy: null },
        IntegrityError: { title: 'is damaged', remedy: 'Copy it again from where it was made, or train it again.' },
        DownloadError: { title: 'cannot be read', remedy: null },
        BackendError: { title: 'does not run here', remedy: 'Choose another back end, then choose the file again.' },
    },
    otherModel: { title: 'cannot be used', remedy: 'Choose it again, or another one.' },
};

/**
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** @param {number} count */
const verb = (count) => (count === 1 ? 'is' : 'are');
