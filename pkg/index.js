// emofuse: detects the emotion that a post conveys, in the browser.

/**
 * @typedef {import('./src/types.js').Backend} Backend
 * @typedef {import('./src/types.js').CaptionClassifier} CaptionClassifier
 * @typedef {import('./src/types.js').ClassifyAllOptions} ClassifyAllOptions
 * @typedef {import('./src/types.js').ClassifyOptions} ClassifyOptions
 * @typedef {import('./src/types.js').Description} Description
 * @typedef {import('./src/types.js').Emotion} Emotion
 * @typedef {import('./src/types.js').Explanation} Explanation
 * @typedef {import('./src/types.js').Features} Features
 * @typedef {import('./src/types.js').FeaturesOptions} FeaturesOptions
 * @typedef {import('./src/types.js').Heatmap} Heatmap
 * @typedef {import('./src/types.js').Label} Label
 * @typedef {import('./src/types.js').LoadOptions} LoadOptions
 * @typedef {import('./src/types.js').LoadProgress} LoadProgress
 * @typedef {import('./src/types.js').Measured} Measured
 * @typedef {import('./src/types.js').ModelFile} ModelFile
 * @typedef {import('./src/types.js').ModelName} ModelName
 * @typedef {import('./src/types.js').Picture} Picture
 * @typedef {import('./src/types.js').Post} Post
 * @typedef {import('./src/types.js').Program} Program
 * @typedef {import('./src/types.js').PublishedModel} PublishedModel
 * @typedef {import('./src/types.js').Result} Result
 * @typedef {import('./src/types.js').Scores} Scores
 * @typedef {import('./src/types.js').SystemAnswer} SystemAnswer
 * @typedef {import('./src/types.js').Timings} Timings
 * @typedef {import('./src/types.js').UncertainReason} UncertainReason
 * @typedef {import('./src/types.js').WordContribution} WordContribution
 */

export { EmotionClassifier } from './src/classifier.js';
export { EMOTIONS } from './src/emotions.js';
export {
    AbortError,
    BackendError,
    DisposedError,
    DownloadError,
    EmofuseError,
    EmptyPostError,
    ImageTooLargeError,
    IntegrityError,
    ModalityError,
    ModelFormatError,
    TimeoutError,
    UnsupportedImageError,
} from './src/errors.js';
