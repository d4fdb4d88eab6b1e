/**
 * Tells which of Plutchik's emotions a post conveys, from its picture, its caption, or both, in the browser.
 *
 * A label names the emotion that the *post conveys*. It does not say what a person feels.
 */

/** Plutchik's eight primary emotions, and `neutral` where a post conveys none of them. */
export type Emotion =
    | 'joy'
    | 'trust'
    | 'fear'
    | 'surprise'
    | 'sadness'
    | 'disgust'
    | 'anger'
    | 'anticipation'
    | 'neutral';

/** All labels, in the order used everywhere. */
export const EMOTIONS: readonly Emotion[];

/** A probability for each label; they add up to 1. */
export type Scores = Record<Emotion, number>;

/** Where the model runs. */
export type Backend = 'cpu' | 'webgpu';

/** A picture: a file or the bytes of one, or something that the browser has decoded already. None of them is altered. */
export type Picture =
    | Blob
    | ArrayBuffer
    | Uint8Array
    | ImageBitmap
    | ImageData
    | HTMLImageElement
    | HTMLCanvasElement
    | OffscreenCanvas
    | VideoFrame;

/** What is classified: a picture, a caption, or both. */
export interface Post {
    image?: Picture | null | undefined;
    caption?: string | null | undefined;
}

/** How far loading has come. */
export interface LoadProgress {
    /** Fetching the program and the model; starting the program; trying it on a post whose scores are known. */
    phase: 'download' | 'start' | 'test';
    /** Bytes fetched. */
    loaded: number;
    /** Bytes to fetch; 0 while not known. A model of your own is read first, and the program's bytes are added after it. */
    total: number;
    /** The back end that is being started. With `'auto'`, `'cpu'` may follow `'webgpu'`. */
    backend: Backend;
}

/** A model file: where it is, or the file itself. A Response is read to its end; none of the others is altered. */
export type ModelFile = string | URL | Response | Blob | ArrayBuffer | Uint8Array;

export interface LoadOptions {
    /** `'auto'`, the default, takes WebGPU where the browser has it and the model passes its self-test on it. */
    backend?: 'auto' | Backend;
    /** A model of your own, as `emofuse train` writes it, of 256 megabytes at most; the default model where absent. */
    model?: ModelFile | null | undefined;
    onProgress?: (progress: LoadProgress) => void;
    /** Aborting rejects with an AbortError; nothing stays behind. */
    signal?: AbortSignal | null | undefined;
}

export interface ClassifyOptions {
    /** Aborting rejects with an AbortError and drops what is queued; the model stays loaded. */
    signal?: AbortSignal | null | undefined;
    /** There are no explanations in this version: only `false` is taken. */
    explain?: false;
}

/** Where the time of a classification went, in milliseconds. */
export interface Timings {
    /** The browser decoded the picture. */
    decode: number;
    /** The picture was scaled and cropped. */
    picture: number;
    /** The caption was split into words. */
    caption: number;
    /** The networks ran. */
    model: number;
    /** Everything, from the decoding to the result. */
    total: number;
}

/** The model that gave a result. */
export interface ModelName {
    id: string;
    sha256: string;
}

export interface Result {
    /** The label with the highest score. */
    emotion: Emotion;
    /** Its score. */
    confidence: number;
    /** What the post conveys: picture and caption together, where there are both. */
    scores: Scores;
    /** What the picture conveys alone; null where there is none. */
    image: Scores | null;
    /** What the caption conveys alone; null where there is none with a word in it. */
    caption: Scores | null;
    /** From 0, picture and caption have nothing in common, to 1, they say the same; null where one is missing. */
    agreement: number | null;
    /** Whether the confidence is too low to be right often enough. */
    uncertain: boolean;
    backend: Backend;
    /** Why it is this back end, in plain words. */
    backendReason: string;
    model: ModelName;
    timings_ms: Timings;
}

/** What is loaded, and what it takes. */
export interface Description {
    model: ModelName;
    labels: Emotion[];
    /** The largest picture, in bytes as a file and in pixels, and how many words of a caption are read. */
    limits: { max_bytes: number; max_pixels: number; max_tokens: number };
    backend: Backend;
    backendReason: string;
    /** The graphics adapter's name, where the browser tells it. */
    adapter: string | null;
}

/** Classifies posts in a worker of its own. */
export class EmotionClassifier {
    private constructor();

    /**
     * Fetches the model and starts it.
     *
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {AbortError} aborted
     * @throws {DownloadError} a file cannot be fetched
     * @throws {IntegrityError} a file is not what it should be
     * @throws {ModelFormatError} the model file is none, is cut short, is too large, or is not one that this version reads
     * @throws {BackendError} the back end that was asked for cannot be used
     */
    static load(options?: LoadOptions): Promise<EmotionClassifier>;

    /**
     * Says which emotion a post conveys. Calls are queued and answered in order.
     *
     * Where the back end fails, whatever is pending rejects with a BackendError; the next call starts it afresh, on the
     * CPU if it was `'auto'`.
     *
     * @throws {TypeError} an unknown option, or one of the wrong type
     * @throws {EmptyPostError} neither a picture nor a caption with a word in it
     * @throws {UnsupportedImageError} the browser cannot decode the picture
     * @throws {ImageTooLargeError} the picture exceeds the limits
     * @throws {AbortError} aborted
     * @throws {DisposedError} disposed
     * @throws {BackendError} the back end failed
     */
    classify(post: Post, options?: ClassifyOptions): Promise<Result>;

    /** Classifies one post after another; ends with the error of the first that fails. */
    classifyAll(
        posts: Iterable<Post> | AsyncIterable<Post>,
        options?: ClassifyOptions,
    ): AsyncGenerator<Result, void, undefined>;

    /** What was loaded last. */
    describe(): Description;

    /** Ends the worker and frees its memory; pending calls reject with a DisposedError. */
    dispose(): void;
}

/** The root of the errors below. Their names are stable. */
export class EmofuseError extends Error {}

/** The picture cannot be decoded: not a picture, a format not known to the browser, or damaged. */
export class UnsupportedImageError extends EmofuseError {
    override name: 'UnsupportedImageError';
}

/** The picture has more bytes or pixels than are allowed. */
export class ImageTooLargeError extends EmofuseError {
    override name: 'ImageTooLargeError';
}

/** Neither a picture nor a caption with a word in it. */
export class EmptyPostError extends EmofuseError {
    override name: 'EmptyPostError';
}

/** The model file is none, is cut short, is too large, or is not one that this version reads. */
export class ModelFormatError extends EmofuseError {
    override name: 'ModelFormatError';
}

/** A fetched file is damaged or was altered. */
export class IntegrityError extends EmofuseError {
    override name: 'IntegrityError';
}

/** A file cannot be fetched. */
export class DownloadError extends EmofuseError {
    override name: 'DownloadError';
}

/** The back end cannot be used or has failed: no adapter, a failed self-test, a lost device, a crash. */
export class BackendError extends EmofuseError {
    override name: 'BackendError';
}

/** The classifier has been disposed. */
export class DisposedError extends EmofuseError {
    override name: 'DisposedError';
}

/** The call was aborted by its signal. */
export class AbortError extends EmofuseError {
    override name: 'AbortError';
}
