export type Emotion = 'joy' | 'trust' | 'fear' | 'surprise' | 'sadness' | 'disgust' | 'anger' | 'anticipation' | 'neutral';
export type UncertainReason = 'language' | 'unknown_words' | 'low_confidence' | 'sides_disagree';
export type Label = {
    name: string;
    /**
     * As `#rrggbb`.
     */
    colour?: string;
    /**
     * Labels with the same group belong together.
     */
    group?: string;
};
export type Scores = Record<string, number>;
export type Backend = 'cpu' | 'webgpu';
export type Global<Name extends string> = typeof globalThis extends Record<Name, {
    prototype: infer Instance;
}> ? Instance : never;
export type Picture = Blob | ArrayBuffer | Uint8Array | Global<'ImageBitmap'> | Global<'ImageData'> | Global<'HTMLImageElement'> | Global<'HTMLCanvasElement'> | Global<'OffscreenCanvas'> | Global<'VideoFrame'>;
export type Post = {
    image?: Picture | null | undefined;
    caption?: string | null | undefined;
};
export type LoadProgress = {
    /**
     * Downloading the program and the model; starting the program; testing
     * it on a post whose scores are known.
     */
    phase: 'download' | 'start' | 'test';
    /**
     * Bytes downloaded.
     */
    loaded: number;
    /**
     * Bytes to download; 0 while unknown. Your own model is read first, and the program's bytes
     * are added afterwards.
     */
    total: number;
    /**
     * The back end that is starting. With `'auto'` it is always `'cpu'`: WebGPU is tried later,
     * without progress events.
     */
    backend: Backend;
};
export type PublishedModel = {
    /**
     * Its name in the cache.
     */
    file: string;
    /**
     * Its URL.
     */
    url: string | URL;
    /**
     * Its size.
     */
    bytes: number;
    sha256: string;
};
export type ModelFile = string | URL | Response | Blob | ArrayBuffer | Uint8Array;
export type Program = string | URL | ArrayBuffer | Uint8Array | CompiledProgram;
export type CompiledProgram = typeof globalThis extends {
    WebAssembly: {
        Module: {
            prototype: infer Module;
        };
    };
} ? Module : never;
export type LoadOptions = {
    /**
     * `'auto'` (default) starts on the CPU and tries WebGPU in the background.
     * WebGPU takes over between two posts if it is measured to be at least 1.2 times as fast.
     */
    backend?: 'auto' | Backend;
    /**
     * The default model if absent. `'large'` is
     * the larger model, which understands captions better and takes longer; it is the package `emofuse-large`, whose
     * default export is accepted too. Or your own model, written by `emofuse train`, of at most 256 megabytes.
     */
    model?: 'large' | PublishedModel | ModelFile | null | undefined;
    /**
     * The program, if it is not beside
     * the package's files: one for each back end that may start, or a single one for the `backend` that you name.
     */
    wasm?: Program | {
        cpu?: Program;
        webgpu?: Program;
    } | null | undefined;
    /**
     * `true` (default) runs in a worker. `false` runs in the calling thread, on the CPU unless
     * `backend` is `'webgpu'`; it is for service workers, which cannot start workers.
     */
    worker?: boolean;
    /**
     * Whether program and model are stored in the browser's Cache Storage, by their SHA-256;
     * true by default. If there is no room or no permission, they stay in memory. With `'auto'`, the measurement is
     * stored too.
     */
    cache?: boolean;
    /**
     * How long a post may take in the worker, 20,000 by default. A post that takes longer
     * is given up with a TimeoutError, the worker is replaced, and other pending posts are repeated in the new one. Slow
     * devices get more: at least ten times as long as the test at the end of loading took. An explanation may take ten
     * times as long. Loading does not count, nor does time in which the page sleeps. `null` is no limit.
     */
    timeout_ms?: number | null;
    onProgress?: (progress: LoadProgress) => void;
    /**
     * Called at most once, while the default model is being downloaded on the
     * CPU or with `'auto'`: from then on captions can be classified, though not images yet. It is not called if the model is stored or arrives
     * quickly.
     */
    onCaptionsReady?: (captions: CaptionClassifier) => void;
    /**
     * Called after loading whenever `backend`, `backendReason` or `measured_ms`
     * changes, which happens only with `'auto'`.
     */
    onBackendChange?: (description: Description) => void;
    /**
     * Aborting rejects with an AbortError and frees everything. It has
     * no effect once the classifier is loaded.
     */
    signal?: AbortSignal | null | undefined;
};
export type ClassifyOptions = {
    /**
     * Aborting rejects with an AbortError and drops queued posts; the
     * model stays loaded.
     */
    signal?: AbortSignal | null | undefined;
    /**
     * Whether to explain the result: which parts of the image and which words raise the
     * emotion's score; false by default.
     */
    explain?: boolean;
    /**
     * Whether to give what every system of the model file says of the post; false by default.
     * It waits for the whole model.
     */
    systems?: boolean;
};
export type SkipOptions = {
    /**
     * Called for each post that cannot be
     * classified, which is then skipped. Without it, the first such post ends the iteration.
     */
    onError?: (error: Error, post: Post, index: number) => void;
};
export type ClassifyAllOptions = ClassifyOptions & SkipOptions;
export type CaptionClassifier = {
    /**
     * A caption with a rare word may wait for more of the
     * model. Once the model is loaded, it is classified as by {@link EmotionClassifier.classify}. If loading fails or is aborted, pending and
     * later calls reject with that error.
     */
    classify: (caption: string, options?: ClassifyOptions) => Promise<Result>;
};
export type Timings = {
    /**
     * Decoding the image. Time that overlapped with another post is not counted.
     */
    decode: number;
    /**
     * Scaling and cropping the image.
     */
    picture: number;
    /**
     * Splitting the caption into words.
     */
    caption: number;
    /**
     * Running the networks; if several posts ran together, this post's share.
     */
    model: number;
    /**
     * The sum.
     */
    total: number;
};
export type ModelName = {
    id: string;
    sha256: string;
};
export type Heatmap = {
    /**
     * Cells across.
     */
    width: number;
    /**
     * Cells down.
     */
    height: number;
    /**
     * Row by row: how much a cell adds to the logarithm of the emotion's score, relative to the
     * other labels. Positive values raise the score, negative values lower it.
     */
    values: number[];
    /**
     * The part of the image that the cells cover, in fractions of
     * its width and height: the network sees its centre.
     */
    area: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
};
export type WordContribution = {
    /**
     * The word as it is written in the caption.
     */
    text: string;
    /**
     * Its start in the caption, as for `String.prototype.slice`.
     */
    start: number;
    /**
     * Its end.
     */
    end: number;
    /**
     * The emotion's score minus the score without this word.
     */
    contribution: number;
};
export type Explanation = {
    /**
     * The label that is explained: the result's.
     */
    emotion: string;
    /**
     * Null without an image.
     */
    heatmap: Heatmap | null;
    /**
     * In the order of the caption; empty without a caption.
     */
    words: WordContribution[];
};
export type SystemAnswer = {
    /**
     * `common_space`, `joint`, `early`, `late`, `image` or `caption` in the default model.
     */
    name: string;
    /**
     * The scores of the post.
     */
    scores: Scores;
    /**
     * The scores with the caption taken away; null without an image, or if the system does
     * not read images.
     */
    image: Scores | null;
    /**
     * The scores with the image taken away; null without a caption that has a word in it,
     * or if the system does not read captions.
     */
    caption: Scores | null;
};
export type Result = {
    /**
     * The label with the highest score.
     */
    emotion: string;
    /**
     * Its score.
     */
    confidence: number;
    /**
     * The label with the second highest score, if it is close and such labels were
     * right often enough; otherwise null.
     */
    secondary: string | null;
    /**
     * The scores of the post: of image and caption together if it has both.
     */
    scores: Scores;
    /**
     * The scores of the image alone; null without an image.
     */
    image: Scores | null;
    /**
     * The scores of the caption alone; null without a caption that has a word in it.
     */
    caption: Scores | null;
    /**
     * From 0 (image and caption have nothing in common) to 1 (they convey the same);
     * null if one is missing.
     */
    agreement: number | null;
    /**
     * Whether there is a reason to doubt the result.
     */
    uncertain: boolean;
    /**
     * The reasons, in the order of {@link UncertainReason}; empty if and only if `uncertain` is false.
     */
    uncertain_because: UncertainReason[];
    /**
     * With the option `explain`.
     */
    explanation?: Explanation;
    /**
     * With the option `systems`: the system that answers first. Systems that read none of the
     * post's sides are left out.
     */
    systems?: SystemAnswer[];
    backend: Backend;
    /**
     * Why it is this back end, in plain words.
     */
    backendReason: string;
    model: ModelName;
    timings_ms: Timings;
};
export type Features = {
    /**
     * Of the image; null without an image. All images have as many.
     */
    image: Float32Array | null;
    /**
     * Of the caption; null without a caption that has a word in it. All captions have
     * as many.
     */
    caption: Float32Array | null;
    model: ModelName;
};
export type FeaturesOptions = {
    /**
     * Aborting rejects with an AbortError.
     */
    signal?: AbortSignal | null | undefined;
};
export type Measured = {
    cpu: number;
    webgpu: number;
};
export type Description = {
    model: ModelName;
    /**
     * Two to 64, in the order of the scores; an object where a label has a colour or a group.
     */
    labels: (string | Label)[];
    /**
     * The label for posts that convey none of the others: `neutral` in the default model; null if there is none.
     */
    none: string | null;
    /**
     * How the model joins image and caption: `common_space` in the default model.
     */
    system: string;
    /**
     * The largest
     * image, as a file in bytes and in pixels; the number of words of a caption that are used; the number of posts that
     * run together.
     */
    limits: {
        max_bytes: number;
        max_pixels: number;
        max_tokens: number;
        max_batch: number;
    };
    /**
     * The confidence below which a result is
     * uncertain because of `low_confidence`: for a post with image and caption, for an image alone, for a caption
     * alone.
     */
    uncertain_below: {
        both: number;
        image: number;
        caption: number;
    };
    /**
     * The back end that the next post runs on.
     */
    backend: Backend;
    /**
     * Why it is this back end, in plain words.
     */
    backendReason: string;
    /**
     * The measurement of `'auto'`, from this visit or an earlier one; null if there
     * is none.
     */
    measured_ms: Measured | null;
    /**
     * The graphics adapter's name, if the browser reports it.
     */
    adapter: string | null;
};
/**
 * Plutchik's eight primary emotions, and `neutral` for a post that conveys none of them: the labels of the default model. A
 * model of your own may have others.
 *
 * @typedef {'joy' | 'trust' | 'fear' | 'surprise' | 'sadness' | 'disgust' | 'anger' | 'anticipation' | 'neutral'} Emotion
 */
/**
 * A reason to doubt a result:
 *
 * - `language`: the caption does not seem to be English, the only language that the default model knows.
 * - `unknown_words`: the model does not know most of the caption's words.
 * - `low_confidence`: the confidence is below `uncertain_below`; see {@link Description}.
 * - `sides_disagree`: image and caption point to different labels.
 *
 * @typedef {'language' | 'unknown_words' | 'low_confidence' | 'sides_disagree'} UncertainReason
 */
/**
 * A label of a model.
 *
 * @typedef {object} Label
 * @property {string} name
 * @property {string} [colour] As `#rrggbb`.
 * @property {string} [group] Labels with the same group belong together.
 */
/**
 * A probability for each label, in the order of the labels; they add up to 1.
 *
 * @typedef {Record<string, number>} Scores
 */
/**
 * Where the model runs.
 *
 * @typedef {'cpu' | 'webgpu'} Backend
 */
/**
 * The instances of a class, or `never` where the class does not exist: a project may use the types of pages, of workers
 * or of Node.js.
 *
 * @template {string} Name
 * @typedef {typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : never} Global
 */
/**
 * An image: a file or its bytes, or an image that the browser has already decoded. It is not modified. Node.js accepts
 * files and bytes.
 *
 * @typedef {Blob | ArrayBuffer | Uint8Array | Global<'ImageBitmap'> | Global<'ImageData'> | Global<'HTMLImageElement'>
 *     | Global<'HTMLCanvasElement'> | Global<'OffscreenCanvas'> | Global<'VideoFrame'>} Picture
 */
/**
 * The input: an image, a caption, or both.
 *
 * @typedef {object} Post
 * @property {Picture | null | undefined} [image]
 * @property {string | null | undefined} [caption]
 */
/**
 * The progress of loading.
 *
 * @typedef {object} LoadProgress
 * @property {'download' | 'start' | 'test'} phase Downloading the program and the model; starting the program; testing
 *     it on a post whose scores are known.
 * @property {number} loaded Bytes downloaded.
 * @property {number} total Bytes to download; 0 while unknown. Your own model is read first, and the program's bytes
 *     are added afterwards.
 * @property {Backend} backend The back end that is starting. With `'auto'` it is always `'cpu'`: WebGPU is tried later,
 *     without progress events.
 */
/**
 * A model published as its own package: the default export of `emofuse-large`.
 *
 * @typedef {object} PublishedModel
 * @property {string} file Its name in the cache.
 * @property {string | URL} url Its URL.
 * @property {number} bytes Its size.
 * @property {string} sha256
 */
/**
 * A model file: its URL, or the file itself. A Response is consumed; the others are not modified.
 *
 * @typedef {string | URL | Response | Blob | ArrayBuffer | Uint8Array} ModelFile
 */
/**
 * A program (`emofuse_bg.wasm`): its URL, its bytes, or the compiled module. URL and bytes must be those of the file in
 * this version of the package; a compiled module is used unchecked.
 *
 * @typedef {string | URL | ArrayBuffer | Uint8Array | CompiledProgram} Program
 * @typedef {typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : never} CompiledProgram
 */
/**
 * @typedef {object} LoadOptions
 * @property {'auto' | Backend} [backend] `'auto'` (default) starts on the CPU and tries WebGPU in the background.
 *     WebGPU takes over between two posts if it is measured to be at least 1.2 times as fast.
 * @property {'large' | PublishedModel | ModelFile | null | undefined} [model] The default model if absent. `'large'` is
 *     the larger model, which understands captions better and takes longer; it is the package `emofuse-large`, whose
 *     default export is accepted too. Or your own model, written by `emofuse train`, of at most 256 megabytes.
 * @property {Program | { cpu?: Program, webgpu?: Program } | null | undefined} [wasm] The program, if it is not beside
 *     the package's files: one for each back end that may start, or a single one for the `backend` that you name.
 * @property {boolean} [worker] `true` (default) runs in a worker. `false` runs in the calling thread, on the CPU unless
 *     `backend` is `'webgpu'`; it is for service workers, which cannot start workers.
 * @property {boolean} [cache] Whether program and model are stored in the browser's Cache Storage, by their SHA-256;
 *     true by default. If there is no room or no permission, they stay in memory. With `'auto'`, the measurement is
 *     stored too.
 * @property {number | null} [timeout_ms] How long a post may take in the worker, 20,000 by default. A post that takes longer
 *     is given up with a TimeoutError, the worker is replaced, and other pending posts are repeated in the new one. Slow
 *     devices get more: at least ten times as long as the test at the end of loading took. An explanation may take ten
 *     times as long. Loading does not count, nor does time in which the page sleeps. `null` is no limit.
 * @property {(progress: LoadProgress) => void} [onProgress]
 * @property {(captions: CaptionClassifier) => void} [onCaptionsReady] Called at most once, while the default model is being downloaded on the
 *     CPU or with `'auto'`: from then on captions can be classified, though not images yet. It is not called if the model is stored or arrives
 *     quickly.
 * @property {(description: Description) => void} [onBackendChange] Called after loading whenever `backend`, `backendReason` or `measured_ms`
 *     changes, which happens only with `'auto'`.
 * @property {AbortSignal | null | undefined} [signal] Aborting rejects with an AbortError and frees everything. It has
 *     no effect once the classifier is loaded.
 */
/**
 * @typedef {object} ClassifyOptions
 * @property {AbortSignal | null | undefined} [signal] Aborting rejects with an AbortError and drops queued posts; the
 *     model stays loaded.
 * @property {boolean} [explain] Whether to explain the result: which parts of the image and which words raise the
 *     emotion's score; false by default.
 * @property {boolean} [systems] Whether to give what every system of the model file says of the post; false by default.
 *     It waits for the whole model.
 */
/**
 * Additional options of {@link EmotionClassifier.classifyAll}.
 *
 * @typedef {object} SkipOptions
 * @property {(error: Error, post: Post, index: number) => void} [onError] Called for each post that cannot be
 *     classified, which is then skipped. Without it, the first such post ends the iteration.
 * @typedef {ClassifyOptions & SkipOptions} ClassifyAllOptions
 */
/**
 * Classifies captions while the rest of the model is being downloaded. The results are those of the whole model.
 *
 * @typedef {object} CaptionClassifier
 * @property {(caption: string, options?: ClassifyOptions) => Promise<Result>} classify A caption with a rare word may wait for more of the
 *     model. Once the model is loaded, it is classified as by {@link EmotionClassifier.classify}. If loading fails or is aborted, pending and
 *     later calls reject with that error.
 */
/**
 * Where the time of a classification went, in milliseconds.
 *
 * @typedef {object} Timings
 * @property {number} decode Decoding the image. Time that overlapped with another post is not counted.
 * @property {number} picture Scaling and cropping the image.
 * @property {number} caption Splitting the caption into words.
 * @property {number} model Running the networks; if several posts ran together, this post's share.
 * @property {number} total The sum.
 */
/**
 * The model that gave a result.
 *
 * @typedef {object} ModelName
 * @property {string} id
 * @property {string} sha256
 */
/**
 * The parts of an image that raise the emotion's score: a class activation map over the network's last feature map.
 *
 * @typedef {object} Heatmap
 * @property {number} width Cells across.
 * @property {number} height Cells down.
 * @property {number[]} values Row by row: how much a cell adds to the logarithm of the emotion's score, relative to the
 *     other labels. Positive values raise the score, negative values lower it.
 * @property {{ left: number, top: number, width: number, height: number }} area The part of the image that the cells cover, in fractions of
 *     its width and height: the network sees its centre.
 */
/**
 * The contribution of one word of a caption.
 *
 * @typedef {object} WordContribution
 * @property {string} text The word as it is written in the caption.
 * @property {number} start Its start in the caption, as for `String.prototype.slice`.
 * @property {number} end Its end.
 * @property {number} contribution The emotion's score minus the score without this word.
 */
/**
 * Why the result is this emotion.
 *
 * @typedef {object} Explanation
 * @property {string} emotion The label that is explained: the result's.
 * @property {Heatmap | null} heatmap Null without an image.
 * @property {WordContribution[]} words In the order of the caption; empty without a caption.
 */
/**
 * What a system of the model file says of a post: the one that answers, or another that was trained on the same posts for
 * comparison.
 *
 * @typedef {object} SystemAnswer
 * @property {string} name `common_space`, `joint`, `early`, `late`, `image` or `caption` in the default model.
 * @property {Scores} scores The scores of the post.
 * @property {Scores | null} image The scores with the caption taken away; null without an image, or if the system does
 *     not read images.
 * @property {Scores | null} caption The scores with the image taken away; null without a caption that has a word in it,
 *     or if the system does not read captions.
 */
/**
 * @typedef {object} Result
 * @property {string} emotion The label with the highest score.
 * @property {number} confidence Its score.
 * @property {string | null} secondary The label with the second highest score, if it is close and such labels were
 *     right often enough; otherwise null.
 * @property {Scores} scores The scores of the post: of image and caption together if it has both.
 * @property {Scores | null} image The scores of the image alone; null without an image.
 * @property {Scores | null} caption The scores of the caption alone; null without a caption that has a word in it.
 * @property {number | null} agreement From 0 (image and caption have nothing in common) to 1 (they convey the same);
 *     null if one is missing.
 * @property {boolean} uncertain Whether there is a reason to doubt the result.
 * @property {UncertainReason[]} uncertain_because The reasons, in the order of {@link UncertainReason}; empty if and only if `uncertain` is false.
 * @property {Explanation} [explanation] With the option `explain`.
 * @property {SystemAnswer[]} [systems] With the option `systems`: the system that answers first. Systems that read none of the
 *     post's sides are left out.
 * @property {Backend} backend
 * @property {string} backendReason Why it is this back end, in plain words.
 * @property {ModelName} model
 * @property {Timings} timings_ms
 */
/**
 * What the model's networks make of a post: the numbers from which its last layer computes the scores. Train a classifier
 * of your own on them, for any labels. Features of different models cannot be compared.
 *
 * @typedef {object} Features
 * @property {Float32Array | null} image Of the image; null without an image. All images have as many.
 * @property {Float32Array | null} caption Of the caption; null without a caption that has a word in it. All captions have
 *     as many.
 * @property {ModelName} model
 */
/**
 * @typedef {object} FeaturesOptions
 * @property {AbortSignal | null | undefined} [signal] Aborting rejects with an AbortError.
 */
/**
 * How long each back end took for the post inside the model file, in milliseconds: the median of three runs.
 *
 * @typedef {{ cpu: number, webgpu: number }} Measured
 */
/**
 * The loaded model, its back end and its limits.
 *
 * @typedef {object} Description
 * @property {ModelName} model
 * @property {(string | Label)[]} labels Two to 64, in the order of the scores; an object where a label has a colour or a group.
 * @property {string | null} none The label for posts that convey none of the others: `neutral` in the default model; null if there is none.
 * @property {string} system How the model joins image and caption: `common_space` in the default model.
 * @property {{ max_bytes: number, max_pixels: number, max_tokens: number, max_batch: number }} limits The largest
 *     image, as a file in bytes and in pixels; the number of words of a caption that are used; the number of posts that
 *     run together.
 * @property {{ both: number, image: number, caption: number }} uncertain_below The confidence below which a result is
 *     uncertain because of `low_confidence`: for a post with image and caption, for an image alone, for a caption
 *     alone.
 * @property {Backend} backend The back end that the next post runs on.
 * @property {string} backendReason Why it is this back end, in plain words.
 * @property {Measured | null} measured_ms The measurement of `'auto'`, from this visit or an earlier one; null if there
 *     is none.
 * @property {string | null} adapter The graphics adapter's name, if the browser reports it.
 */
export {};
