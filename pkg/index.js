// emofuse: which of Plutchik's emotions a post conveys, told in the browser.
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
