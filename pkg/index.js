// emofuse: which of Plutchik's emotions a post conveys, told in the browser.

/**
 * @typedef {import('./types.js').Backend} Backend
 * @typedef {import('./types.js').ClassifyAllOptions} ClassifyAllOptions
 * @typedef {import('./types.js').ClassifyOptions} ClassifyOptions
 * @typedef {import('./types.js').Description} Description
 * @typedef {import('./types.js').Emotion} Emotion
 * @typedef {import('./types.js').Explanation} Explanation
 * @typedef {import('./types.js').Heatmap} Heatmap
 * @typedef {import('./types.js').LoadOptions} LoadOptions
 * @typedef {import('./types.js').LoadProgress} LoadProgress
 * @typedef {import('./types.js').ModelFile} ModelFile
 * @typedef {import('./types.js').ModelName} ModelName
 * @typedef {import('./types.js').Picture} Picture
 * @typedef {import('./types.js').Post} Post
 * @typedef {import('./types.js').Program} Program
 * @typedef {import('./types.js').PublishedModel} PublishedModel
 * @typedef {import('./types.js').Result} Result
 * @typedef {import('./types.js').Scores} Scores
 * @typedef {import('./types.js').Timings} Timings
 * @typedef {import('./types.js').UncertainReason} UncertainReason
 * @typedef {import('./types.js').WordContribution} WordContribution
 */

export { EmotionClassifier } from './classifier.js';
export { EMOTIONS } from './emotions.js';
export {
    AbortError,
    BackendError,
    DisposedError,
    DownloadError,
    EmofuseError,
    EmptyPostError,
    ImageTooLargeError,
    IntegrityError,
    ModelFormatError,
    UnsupportedImageError,
} from './errors.js';
