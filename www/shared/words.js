// The texts of the page: results, errors and sizes in plain words.

/** @typedef {import('../emofuse.js').Emotion} Emotion */
/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('../emofuse.js').Scores} Scores */
/** @typedef {import('../emofuse.js').UncertainReason} UncertainReason */

/** Below this, image and caption really say different things; above it they only stress them differently. */
const AGREEMENT = 0.6;

/** @param {string} text */
export const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {number} share From 0 to 1. */
export function percent(share) {
    if (share > 0 && share < 0.005) return '< 1\u00a0%';
    return `${Math.round(share * 100)}\u00a0%`;
}

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1_000_000).toFixed(1);

/** @param {number} duration_ms */
export function duration(duration_ms) {
    if (duration_ms >= 1000) return `${(duration_ms / 1000).toFixed(1)} s`;
    return duration_ms < 1 ? '< 1 ms' : `${Math.round(duration_ms)} ms`;
}

/**
 * @param {Scores} scores
 * @returns {[Emotion, number][]} Highest first.
 */
export function ranked(scores) {
    return /** @type {[Emotion, number][]} */ (Object.entries(scores)).sort(([, a], [, b]) => b - a);
}

/**
 * @param {Scores} scores
 * @returns {[Emotion, number]}
 */
export function strongest(scores) {
    return /** @type {[Emotion, number]} */ (ranked(scores)[0]);
}

/**
 * A sentence for each reason to doubt a result.
 *
 * @type {Record<UncertainReason, string>}
 */
const DOUBTS = {
    language: 'The caption does not seem to be English, the only language this model knows.',
    unknown_words: 'The model does not know most words of the caption.',
    low_confidence: 'No label is likely enough.',
    sides_disagree: 'Image and caption convey different emotions.',
};

/**
 * Why the model is not sure, a sentence for each reason.
 *
 * @param {readonly UncertainReason[]} reasons
 */
export const doubts = (reasons) => reasons.map((reason) => DOUBTS[reason]).join(' ');

/** @typedef {Pick<Result, 'scores' | 'secondary' | 'uncertain' | 'uncertain_because'>} Labelled */

/** @param {Labelled} result */
export function headline({ scores, secondary, uncertain }) {
    if (uncertain) return 'Not sure';
    const [first] = strongest(scores);
    if (!secondary) return capitalised(first);
    return `${capitalised(first)}, perhaps ${first === 'neutral' || secondary === 'neutral' ? '' : 'also '}${secondary}`;
}

/** @param {Labelled} result */
export function explanation({ scores, secondary, uncertain, uncertain_because }) {
    const [first, second] = /** @type {[[Emotion, number], [Emotion, number]]} */ (ranked(scores).slice(0, 2));
    if (uncertain) {
        // If the doubt is not about the scores, the second label may be far behind.
        const isOpen = secondary !== null || uncertain_because.includes('low_confidence');
        const or = isOpen ? ` or ${second[0]} (${percent(second[1])})` : '';
        return `It may be ${first[0]} (${percent(first[1])})${or}. ${doubts(uncertain_because)}`.trimEnd();
    }
    const what =
        first[0] === 'neutral' ? 'This post conveys none of the eight emotions' : 'The emotion this post conveys';
    const beside = secondary ? `; ${secondary} has ${percent(scores[secondary])}` : '';
    return `${what}, with a score of ${percent(first[1])}${beside}.`;
}

/** @param {Emotion} emotion */
const conveys = (emotion) => (emotion === 'neutral' ? 'is neutral' : `conveys ${emotion}`);

/**
 * How image and caption stand to each other, in a sentence; null where there are not both.
 *
 * @param {Pick<Result, 'image' | 'caption' | 'agreement' | 'uncertain_because'>} result
 * @returns {{ kind: 'agree' | 'lean' | 'disagree', text: string } | null}
 */
export function comparison({ image, caption, agreement, uncertain_because }) {
    if (!image || !caption || agreement === null) return null;
    const [imageEmotion] = strongest(image);
    const [captionEmotion] = strongest(caption);
    const isDoubt = uncertain_because.includes('sides_disagree');
    if (imageEmotion === captionEmotion && isDoubt)
        return { kind: 'lean', text: `Image and caption differ, but each most likely ${conveys(imageEmotion)}.` };
    if (imageEmotion === captionEmotion)
        return { kind: 'agree', text: `Image and caption agree: each ${conveys(imageEmotion)}.` };
    const both = `the image ${conveys(imageEmotion)}, the caption ${conveys(captionEmotion)}`;
    if (agreement >= AGREEMENT && !isDoubt)
        return { kind: 'lean', text: `Image and caption are close but stress different things: ${both}.` };
    return { kind: 'disagree', text: `Image and caption disagree: ${both}.` };
}

/**
 * @param {Pick<Result, 'scores' | 'secondary' | 'uncertain' | 'uncertain_because' | 'image' | 'caption' | 'agreement'>}
 *     result
 */
export function announcement(result) {
    const compared = comparison(result);
    if (!compared || compared.kind === 'agree') return `${headline(result)}. ${explanation(result)}`;
    // The comparison names the emotions; the reason would only repeat it.
    const uncertain_because = result.uncertain_because.filter((reason) => reason !== 'sides_disagree');
    return `${headline(result)}. ${explanation({ ...result, uncertain_because })} ${compared.text}`;
}

/**
 * @param {Scores} scores
 * @returns {string} For those who do not see the wheel.
 */
export function wheelLabel(scores) {
    const shown = ranked(scores).slice(0, 3);
    return `Plutchik’s wheel. Strongest: ${shown.map(([emotion, score]) => `${emotion} ${percent(score)}`).join(', ')}.`;
}

/**
 * What a word adds to a score of 100 points; null where it is next to nothing.
 *
 * @param {number} contribution
 */
export function points(contribution) {
    const rounded = Math.round(100 * contribution);
    return rounded === 0
        ? null
        : `${rounded > 0 ? '+' : '\u2212'}${Math.abs(rounded)} ${Math.abs(rounded) === 1 ? 'point' : 'points'}`;
}

/**
 * Which part of the image speaks most for the emotion; null where none does.
 *
 * @param {import('../emofuse.js').Heatmap} heatmap
 */
export function brightestPart({ width, height, values }) {
    const strongest = Math.max(...values);
    if (!(strongest > 0)) return null;
    const index = values.indexOf(strongest);
    const third = (/** @type {number} */ place, /** @type {number} */ count) =>
        Math.min(2, Math.floor((3 * (place + 0.5)) / count));
    const down = ['upper', 'middle', 'lower'][third(Math.floor(index / width), height)];
    const across = ['left', 'middle', 'right'][third(index % width, width)];
    return down === across ? 'middle' : `${down} ${across}`;
}

/** @param {import('./model.js').ModelSource} source */
export function modelKind(source) {
    if (source instanceof File) return 'Your own model';
    return source === 'large' ? 'Large model' : 'Default model';
}

/** @param {import('../emofuse.js').Backend} backend */
export const backendName = (backend) => (backend === 'webgpu' ? 'WebGPU' : 'the CPU');

/**
 * What went wrong and what to do about it; null where the error itself says that.
 *
 * @type {Record<string, { title: string, remedy: string | null }>}
 */
const ERRORS = {
    UnsupportedImageError: { title: 'This image cannot be read', remedy: null },
    ImageTooLargeError: { title: 'This image is too large', remedy: null },
    EmptyPostError: {
        title: 'There is nothing to analyse',
        remedy: 'Add an image, or a caption with at least one word.',
    },
    IntegrityError: {
        title: 'The model arrived damaged',
        remedy: 'Load it again. If it happens each time, the files of this page do not belong together.',
    },
    DownloadError: { title: 'The model could not be fetched', remedy: 'Check the connection, then load it again.' },
    ModelFormatError: {
        title: 'The model cannot be used',
        remedy: 'Reload the page, so that page and model belong together.',
    },
    BackendError: {
        title: 'The model stopped working',
        remedy: 'Try again: it is started afresh. If it goes on, choose the CPU above.',
    },
};

/**
 * The same for the large model, while another one is in use.
 *
 * @type {typeof ERRORS}
 */
const LARGE_MODEL_ERRORS = {
    IntegrityError: {
        title: 'arrived damaged',
        remedy: 'Choose it again. If it happens each time, the files of this page do not belong together.',
    },
    DownloadError: { title: 'could not be fetched', remedy: 'Check the connection, then choose it again.' },
    ModelFormatError: { title: 'cannot be used', remedy: 'Reload the page, so that page and model belong together.' },
    BackendError: { title: 'does not run here', remedy: 'Choose another back end above, then choose it again.' },
};

/**
 * The same for a model file of the person's own.
 *
 * @type {typeof ERRORS}
 */
const OWN_MODEL_ERRORS = {
    ModelFormatError: { title: 'cannot be used as a model', remedy: null },
    IntegrityError: { title: 'is damaged', remedy: 'Copy it again from where it was made, or train it again.' },
    DownloadError: { title: 'cannot be read', remedy: null },
    BackendError: { title: 'does not run here', remedy: 'Choose another back end above, then choose the file again.' },
};

/**
 * Whether the same post may be read the next time.
 *
 * @param {unknown} error
 */
export function canBeTriedAgain(error) {
    return (
        error instanceof Error &&
        !['UnsupportedImageError', 'ImageTooLargeError', 'EmptyPostError'].includes(error.name)
    );
}

/** @typedef {{ title: string, remedy: string, detail: string | null }} ErrorWords */

/**
 * @param {unknown} error
 * @returns {ErrorWords}
 */
export function errorWords(error) {
    const { name } = asError(error);
    return notice(error, ERRORS[name] ?? { title: 'Something went wrong', remedy: 'Try again, or reload the page.' });
}

/**
 * @param {unknown} error
 * @param {'large' | File} source The model that was chosen.
 * @returns {ErrorWords}
 */
export function modelErrorWords(error, source) {
    const [name, words] =
        source === 'large' ? ['The large model', LARGE_MODEL_ERRORS] : [source.name, OWN_MODEL_ERRORS];
    const { title, remedy } = words[asError(error).name] ?? {
        title: 'cannot be used',
        remedy: 'Choose it again, or another one.',
    };
    return notice(error, { title: `${name} ${title}`, remedy });
}

/** @param {unknown} error */
const asError = (error) => (error instanceof Error ? error : new Error(String(error)));

/**
 * @param {unknown} error
 * @param {{ title: string, remedy: string | null }} words
 * @returns {ErrorWords}
 */
function notice(error, { title, remedy }) {
    const detail = `${capitalised(asError(error).message).replace(/\.$/, '')}.`;
    return remedy === null ? { title, remedy: detail, detail: null } : { title, remedy, detail };
}
