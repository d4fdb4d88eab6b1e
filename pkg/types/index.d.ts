export type Backend = import('./src/types.js').Backend;
export type CaptionClassifier = import('./src/types.js').CaptionClassifier;
export type ClassifyAllOptions = import('./src/types.js').ClassifyAllOptions;
export type ClassifyOptions = import('./src/types.js').ClassifyOptions;
export type Description = import('./src/types.js').Description;
export type Emotion = import('./src/types.js').Emotion;
export type Explanation = import('./src/types.js').Explanation;
export type Features = import('./src/types.js').Features;
export type FeaturesOptions = import('./src/types.js').FeaturesOptions;
export type Heatmap = import('./src/types.js').Heatmap;
export type Label = import('./src/types.js').Label;
export type LoadOptions = import('./src/types.js').LoadOptions;
export type LoadProgress = import('./src/types.js').LoadProgress;
export type Measured = import('./src/types.js').Measured;
export type ModelFile = import('./src/types.js').ModelFile;
export type ModelName = import('./src/types.js').ModelName;
export type Picture = import('./src/types.js').Picture;
export type Post = import('./src/types.js').Post;
export type Program = import('./src/types.js').Program;
export type PublishedModel = import('./src/types.js').PublishedModel;
export type Result = import('./src/types.js').Result;
export type Scores = import('./src/types.js').Scores;
export type SystemAnswer = import('./src/types.js').SystemAnswer;
export type Timings = import('./src/types.js').Timings;
export type UncertainReason = import('./src/types.js').UncertainReason;
export type WordContribution = import('./src/types.js').WordContribution;
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
export { AbortError, BackendError, DisposedError, DownloadError, EmofuseError, EmptyPostError, ImageTooLargeError, IntegrityError, ModalityError, ModelFormatError, TimeoutError, UnsupportedImageError, } from './src/errors.js';
