// The types that callers meet. There is no code here; the declarations in types/ are generated from these comments.

/**
 * Plutchik's eight primary emotions, and `neutral` where a post conveys none of them.
 *
 * @typedef {'joy' | 'trust' | 'fear' | 'surprise' | 'sadness' | 'disgust' | 'anger' | 'anticipation' | 'neutral'} Emotion
 */

/**
 * A reason to doubt a result:
 *
 * - `language`: the caption does not seem to be English, the only language that the default model knows.
 * - `unknown_words`: the model does not know most of the caption's words.
 * - `low_confidence`: the confidence is below `uncertain_below`; see {@link Description}.
 * - `sides_disagree`: image and caption convey different emotions.
 *
 * @typedef {'language' | 'unknown_words' | 'low_confidence' | 'sides_disagree'} UncertainReason
 */

/**
 * A probability for each label; they add up to 1.
 *
 * @typedef {Record<Emotion, number>} Scores
 */

/**
 * Where the model runs.
 *
 * @typedef {'cpu' | 'webgpu'} Backend
 */

/**
 * The instances of a class that not every host has, and nothing where it has not: a project's types may be those of pages, of workers or of
 * Node.js.
 *
 * @template {string} Name
 * @typedef {typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : never} Global
 */

/**
 * An image: a file or the bytes of one, or something that the browser has decoded already. None of them is altered.
 * Node.js takes files and bytes.
 *
 * @typedef {Blob | ArrayBuffer | Uint8Array | Global<'ImageBitmap'> | Global<'ImageData'> | Global<'HTMLImageElement'>
 *     | Global<'HTMLCanvasElement'> | Global<'OffscreenCanvas'> | Global<'VideoFrame'>} Picture
 */

/**
 * What is classified: an image, a caption, or both.
 *
 * @typedef {object} Post
 * @property {Picture | null | undefined} [image]
 * @property {string | null | undefined} [caption]
 */

/**
 * How far loading has come.
 *
 * @typedef {object} LoadProgress
 * @property {'download' | 'start' | 'test'} phase Fetching the program and the model; starting the program; trying it on a post whose
 *     scores are known.
 * @property {number} loaded Bytes fetched.
 * @property {number} total Bytes to fetch; 0 while not known. A model of your own is read first, and the program's bytes are added after
 *     it.
 * @property {Backend} backend The back end that is being started. With `'auto'`, `'cpu'` may follow `'webgpu'`.
 */

/**
 * A model that is published as a package of its own: the default export of `emofuse-large`.
 *
 * @typedef {object} PublishedModel
 * @property {string} file The name under which it is kept.
 * @property {string | URL} url Where it is.
 * @property {number} bytes How large it is.
 * @property {string} sha256
 */

/**
 * A model file: where it is, or the file itself. A Response is read to its end; none of the others is altered.
 *
 * @typedef {string | URL | Response | Blob | ArrayBuffer | Uint8Array} ModelFile
 */

/**
 * A program (`emofuse_bg.wasm`): where it is, its bytes, or what they were compiled to. Addresses and bytes must be of the very file that
 * this version of the package has; a compiled module is taken as it is.
 *
 * @typedef {string | URL | ArrayBuffer | Uint8Array | CompiledProgram} Program
 * @typedef {typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : never} CompiledProgram
 */

/**
 * @typedef {object} LoadOptions
 * @property {'auto' | Backend} [backend] `'auto'`, the default, takes WebGPU where the browser has it and the model passes its self-test on
 *     it.
 * @property {'large' | PublishedModel | ModelFile | null | undefined} [model] The default model where absent. `'large'` is the larger one, which
 *     reads captions better and takes longer; it is the package `emofuse-large`, whose default export does as well. Else a model of your own, as
 *     `emofuse train` writes it, of 256 megabytes at most.
 * @property {Program | { cpu?: Program, webgpu?: Program } | null | undefined} [wasm] The program where it is not beside the package's own
 *     files: one for each back end that may be started, or just one, for the `backend` that is named.
 * @property {boolean} [worker] `true`, the default, runs in a worker. `false` runs in the thread that calls, on the CPU unless `backend` is
 *     `'webgpu'`; it is for service workers, which can start no worker.
 * @property {boolean} [cache] Whether program and model are stored in the browser's Cache Storage, by their SHA-256; true by default. If
 *     there is no room, or none is allowed, they stay in memory.
 * @property {(progress: LoadProgress) => void} [onProgress]
 * @property {AbortSignal | null | undefined} [signal] Aborting rejects with an AbortError; nothing stays behind.
 */

/**
 * @typedef {object} ClassifyOptions
 * @property {AbortSignal | null | undefined} [signal] Aborting rejects with an AbortError and drops what is queued; the model stays loaded.
 * @property {boolean} [explain] Whether the result has an explanation: the parts of the image and the words that raise the emotion's score; false by default.
 */

/**
 * What else {@link EmotionClassifier.classifyAll} takes.
 *
 * @typedef {object} SkipOptions
 * @property {(error: Error, post: Post, index: number) => void} [onError] Called for a post that cannot be read, which is left out then;
 *     without it the first one ends everything.
 * @typedef {ClassifyOptions & SkipOptions} ClassifyAllOptions
 */

/**
 * Where the time of a classification went, in milliseconds.
 *
 * @typedef {object} Timings
 * @property {number} decode The image was decoded; as far as that was done while another post was read, it is not counted.
 * @property {number} picture The image was scaled and cropped.
 * @property {number} caption The caption was split into words.
 * @property {number} model The networks ran; where several posts ran together, this post's share.
 * @property {number} total All of them.
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
 * @property {number[]} values Row by row: how much a cell adds to the logarithm of the emotion's score, against the other labels. Positive
 *     values raise the emotion's score, negative ones lower it.
 * @property {{ left: number, top: number, width: number, height: number }} area The part of the image that the cells cover, in fractions of
 *     its width and height: the network sees its centre.
 */

/**
 * What one word of a caption adds.
 *
 * @typedef {object} WordContribution
 * @property {string} text The word as the caption has it.
 * @property {number} start Where it begins in the caption, as `String.prototype.slice` counts.
 * @property {number} end Where it ends.
 * @property {number} contribution The emotion's score less what it would be without this word.
 */

/**
 * Why it is this emotion.
 *
 * @typedef {object} Explanation
 * @property {Emotion} emotion What is explained: the result's emotion.
 * @property {Heatmap | null} heatmap Null where there is no image.
 * @property {WordContribution[]} words In the caption's order; empty where there is no caption.
 */

/**
 * @typedef {object} Result
 * @property {Emotion} emotion The label with the highest score.
 * @property {number} confidence Its score.
 * @property {Emotion | null} secondary The label with the second highest score, if it is close and such second labels were right often enough;
 *     else null.
 * @property {Scores} scores What the post conveys: image and caption together, where there are both.
 * @property {Scores | null} image What the image conveys alone; null where there is none.
 * @property {Scores | null} caption What the caption conveys alone; null where there is none with a word in it.
 * @property {number | null} agreement From 0, image and caption have nothing in common, to 1, they convey the same; null where one is missing.
 * @property {boolean} uncertain Whether there is a reason to doubt the result.
 * @property {UncertainReason[]} uncertain_because The reasons, in the order of {@link UncertainReason}; empty if and only if `uncertain` is false.
 * @property {Explanation} [explanation] With the option `explain`.
 * @property {Backend} backend
 * @property {string} backendReason Why it is this back end, in plain words.
 * @property {ModelName} model
 * @property {Timings} timings_ms
 */

/**
 * What is loaded, and what it takes.
 *
 * @typedef {object} Description
 * @property {ModelName} model
 * @property {Emotion[]} labels
 * @property {{ max_bytes: number, max_pixels: number, max_tokens: number, max_batch: number }} limits The largest image, in bytes as a file
 *     and in pixels; how many words of a caption are read; how many posts run together.
 * @property {{ both: number, image: number, caption: number }} uncertain_below The confidence below which a result is uncertain because of
 *     `low_confidence`: for a post with an image and a caption, an image alone, a caption alone.
 * @property {Backend} backend
 * @property {string} backendReason
 * @property {string | null} adapter The graphics adapter's name, if the browser reports it.
 */

export {};
