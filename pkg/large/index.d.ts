import type { PublishedModel } from 'emofuse';

/** The large model, for `EmotionClassifier.load({ model })`. */
declare const large: PublishedModel;
export default large;
