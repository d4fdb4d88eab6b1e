// Results, errors and sizes in plain words. The strings are in texts.js.

import { AROUND_THE_WHEEL, labelsInUse } from './labels.js';
import { engineTexts, errorTexts, modelTexts, verdictTexts as texts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('../emofuse.js').Scores} Scores */
/** @typedef {import('../emofuse.js').UncertainReason} UncertainReason */

/** Below this agreement, image and caption say different things; above it they only stress them differently. */
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
 * @returns {[string, number][]} Highest first.
 */
export function ranked(scores) {
    return /** @type {[string, number][]} */ (Object.entries(scores)).sort(([, a], [, b]) => b - a);
}

/**
 * @param {Scores} scores
 * @returns {[string, number]}
 */
export function strongest(scores) {
    return /** @type {[string, number]} */ (ranked(scores)[0]);
}

/**
 * Explains why the model is unsure, in one sentence for each reason.
 *
 * @param {readonly UncertainReason[]} reasons
 */
export const doubts = (reasons) => reasons.map((reason) => texts.doubts[reason]).join(' ');

/** @typedef {Pick<Result, 'scores' | 'secondary' | 'uncertain' | 'uncertain_because'>} Labelled */

/**
 * Whether more than one label is a fair answer. If the doubt is not about the scores, the second may be far behind.
 *
 * @param {Labelled} result
 */
const isOpen = ({ secondary, uncertain_because }) => secondary !== null || uncertain_because.includes('low_confidence');

/**
 * The two labels with the highest scores.
 *
 * @param {Scores} scores
 */
const topTwo = (scores) => /** @type {[[string, number], [string, number]]} */ (ranked(scores).slice(0, 2));

/**
 * The label with its confidence in words.
 *
 * @param {Labelled} result
 */
export function headline(result) {
    const [[first], [second]] = topTwo(result.scores);
    const { secondary, uncertain, uncertain_because } = result;
    if (!uncertain) return secondary ? texts.probablyMaybe(first, secondary) : capitalised(first);
    if (isOpen(result)) return texts.either(first, second);
    // The label is far ahead: the doubt is about image and caption, or about the words.
    return uncertain_because.every((reason) => reason === 'sides_disagree')
        ? texts.probably(first)
        : texts.perhaps(first);
}

/**
 * The scores behind the headline, and the reasons for a doubt.
 *
 * @param {Labelled} result
 */
export function explanation(result) {
    const [first, second] = topTwo(result.scores);
    const scored = texts.scores(capitalised(first[0]), percent(first[1]));
    if (isOpen(result))
        return `${scored}, ${second[0]} ${percent(second[1])}. ${doubts(result.uncertain_because)}`.trim();
    const neutral = first[0] === labelsInUse().none ? texts.noneStandsOut : '';
    return `${scored}${neutral}. ${doubts(result.uncertain_because)}`.trim();
}

/**
 * Continues a sentence about a post or a part of it.
 *
 * @param {string} label
 */
function conveys(label) {
    if (label === 'neutral') return texts.isNeutral;
    return AROUND_THE_WHEEL.includes(label) ? texts.conveys(label) : texts.suggests(label);
}

/**
 * Describes in one or two sentences how image and caption relate, and what they convey together; null unless the post
 * has both. `beyond`: together they convey an emotion that neither conveys alone.
 *
 * @param {Pick<Result, 'scores' | 'image' | 'caption' | 'agreement' | 'uncertain_because'>} result
 * @returns {{ kind: 'agree' | 'lean' | 'disagree' | 'beyond', text: string } | null}
 */
export function comparison({ scores, image, caption, agreement, uncertain_because }) {
    if (!image || !caption || agreement === null) return null;
    const [together] = strongest(scores);
    const [imageEmotion] = strongest(image);
    const [captionEmotion] = strongest(caption);
    const both = texts.each(conveys(imageEmotion), conveys(captionEmotion));
    if (together !== imageEmotion && together !== captionEmotion)
        return { kind: 'beyond', text: texts.beyond(both, conveys(together)) };
    const isDoubt = uncertain_because.includes('sides_disagree');
    if (imageEmotion === captionEmotion)
        return isDoubt
            ? { kind: 'lean', text: texts.differ(conveys(imageEmotion)) }
            : { kind: 'agree', text: texts.agree(conveys(imageEmotion)) };
    const decides = together === captionEmotion ? texts.captionDecides : texts.imageDecides;
    return agreement >= AGREEMENT && !isDoubt
        ? { kind: 'lean', text: texts.nearlyAgree(both, decides) }
        : { kind: 'disagree', text: texts.disagree(both, decides) };
}

/**
 * @param {Labelled & Pick<Result, 'image' | 'caption' | 'agreement'>} result
 */
export function announcement(result) {
    const compared = comparison(result);
    if (!compared || compared.kind === 'agree') return `${headline(result)}. ${explanation(result)}`;
    // The comparison already names the emotions.
    const uncertain_because = result.uncertain_because.filter((reason) => reason !== 'sides_disagree');
    return `${headline(result)}. ${explanation({ ...result, uncertain_because })} ${compared.text}`;
}

/**
 * @param {Scores} scores
 * @returns {string} A text alternative for the wheel.
 */
export function wheelLabel(scores) {
    const shown = ranked(scores).slice(0, 3);
    return texts.wheel(shown.map(([emotion, score]) => `${emotion} ${percent(score)}`).join(', '));
}

/**
 * The contribution of a word to a score of 100 points; null if it is close to zero.
 *
 * @param {number} contribution
 */
export function points(contribution) {
    const rounded = Math.round(100 * contribution);
    return rounded === 0 ? null : texts.points(rounded > 0 ? '+' : '\u2212', Math.abs(rounded));
}

/**
 * The part of the image that raises the emotion's score most; null if there is none.
 *
 * @param {import('../emofuse.js').Heatmap} heatmap
 */
export function brightestPart({ width, height, values }) {
    const strongest = Math.max(...values);
    if (!(strongest > 0)) return null;
    const index = values.indexOf(strongest);
    const third = (/** @type {number} */ place, /** @type {number} */ count) =>
        Math.min(2, Math.floor((3 * (place + 0.5)) / count));
    const down = texts.rows[third(Math.floor(index / width), height)];
    const across = texts.columns[third(index % width, width)];
    return down === across ? String(down) : `${down} ${across}`;
}

/** @param {import('./model.js').ModelSource} source */
export function modelKind(source) {
    return modelTexts.kinds[source instanceof File ? 'own' : source];
}

/** @param {import('../emofuse.js').Backend} backend */
export const backendName = (backend) => engineTexts.backends[backend];

/**
 * Whether trying the same post again may help.
 *
 * @param {unknown} error
 */
export function canBeTriedAgain(error) {
    return (
        error instanceof Error &&
        !['UnsupportedImageError', 'ImageTooLargeError', 'EmptyPostError', 'ModalityError'].includes(error.name)
    );
}

/** @typedef {{ title: string, remedy: string, detail: string | null }} ErrorWords */

/**
 * @param {unknown} error
 * @returns {ErrorWords}
 */
export function errorWords(error) {
    const { name } = asError(error);
    return notice(error, errorTexts.post[name] ?? errorTexts.other);
}

/**
 * @param {unknown} error
 * @param {'large' | File} source The model that was chosen.
 * @returns {ErrorWords}
 */
export function modelErrorWords(error, source) {
    const [name, words] =
        source === 'large' ? [errorTexts.largeModel, errorTexts.large] : [source.name, errorTexts.own];
    const { title, remedy } = words[asError(error).name] ?? errorTexts.otherModel;
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
