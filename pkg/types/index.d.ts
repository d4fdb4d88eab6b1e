export type Backend = import('./types.js').Backend;
export type ClassifyAllOptions = import('./types.js').ClassifyAllOptions;
export type ClassifyOptions = import('./types.js').ClassifyOptions;
export type Description = import('./types.js').Description;
export type Emotion = import('./types.js').Emotion;
export type Explanation = import('./types.js').Explanation;
export type Heatmap = import('./types.js').Heatmap;
export type LoadOptions = import('./types.js').LoadOptions;
export type LoadProgress = import('./types.js').LoadProgress;
export type ModelFile = import('./types.js').ModelFile;
export type ModelName = import('./types.js').ModelName;
export type Picture = import('./types.js').Picture;
export type Post = import('./types.js').Post;
export type Program = import('./types.js').Program;
export type PublishedModel = import('./types.js').PublishedModel;
export type Result = import('./types.js').Result;
export type Scores = import('./types.js').Scores;
export type Timings = import('./types.js').Timings;
export type UncertainReason = import('./types.js').UncertainReason;
export type WordContribution = import('./types.js').WordContribution;
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
export { AbortError, BackendError, DisposedError, DownloadError, EmofuseError, EmptyPostError, ImageTooLargeError, IntegrityError, ModelFormatError, UnsupportedImageError, } from './errors.js';
