// The messages between the classifier and its worker.
//
// Every request has an id, and every answer carries the id of its request.

/**
 * An image as it is sent to the worker. It is copied, so that it can be sent again if the worker is lost.
 *
 * @typedef {{ kind: 'file', file: Blob }} FileSource An encoded image.
 * @typedef {{ kind: 'bitmap', bitmap: ImageBitmap }} BitmapSource A decoded image.
 * @typedef {{ kind: 'pixels', data: Uint8ClampedArray, width: number, height: number }} PixelsSource RGBA, not
 *     premultiplied.
 * @typedef {FileSource | BitmapSource | PixelsSource} ImageSource
 *
 * @typedef {{ image: ImageSource | null, caption: string | null }} SentPost
 * @typedef {'features' | { explain: boolean, systems: boolean }} Wanted What is wanted of a post: the features that its
 *     result is computed from, or the result, with an explanation or what every system says if that is wanted.
 * @typedef {{ post: SentPost, wanted: Wanted, name: string }} Work `name` is what messages call the post.
 */

/**
 * What to load: `model` is a file, a published model, or null for the default model; `wasm` is null for the package's
 * program; `memory` has files by their SHA-256 that were downloaded before and could not be cached.
 *
 * @typedef {object} Load
 * @property {import('../types.js').Backend} backend
 * @property {Blob | import('../models.js').Published | null} model
 * @property {URL | Blob | WebAssembly.Module | null} wasm
 * @property {boolean} cache
 * @property {ReadonlyMap<string, Blob>} memory
 * @property {boolean} captions Whether captions are to be classified while the default model is being downloaded.
 */

/**
 * @typedef {{ type: 'load', id: number } & Omit<Load, 'wasm'> & { wasm: string | Blob | WebAssembly.Module | null }}
 *     LoadRequest
 * @typedef {{ type: 'classify', id: number, posts: SentPost[], wanted: Wanted }} ClassifyRequest
 * @typedef {{ type: 'measure', id: number }} MeasureRequest Measures the post inside the model file.
 * @typedef {LoadRequest | ClassifyRequest | MeasureRequest} Question
 * @typedef {{ type: 'drop', id: number }} DropRequest Nobody waits for the answer to this `classify` any more; it is
 *     answered all the same, as soon as possible.
 * @typedef {Question | DropRequest} Request
 */

/**
 * @typedef {import('../../wasm/cpu/emofuse.js').EngineDescription} EngineDescription
 * @typedef {Omit<import('../types.js').Result, 'backend' | 'backendReason'>} Classification
 * @typedef {{ value: Classification | import('../types.js').Features } | { error: import('../errors.js').PlainError }} SentOutcome
 */

/**
 * `begun` is a sign of life: what the worker does now may take as long as `posts` posts. `test_ms` is how long the test
 * of the loaded engine took, on one post. `keep` hands over a file that the browser's cache would not take; `failed` with `fatal` means that the worker is of
 * no use any more; `crashed` reports a crash outside of a request; after `captions`, captions can be classified before
 * the model is loaded.
 *
 * @typedef {{ type: 'progress', id: number, progress: import('../types.js').LoadProgress }} ProgressAnswer
 * @typedef {{ type: 'keep', id: number, sha256: string, file: Blob }} KeepAnswer
 * @typedef {{ type: 'captions', id: number }} CaptionsAnswer
 * @typedef {{ type: 'begun', id: null, posts: number }} BegunAnswer
 * @typedef {{ type: 'loaded', id: number, description: EngineDescription, test_ms: number }} LoadedAnswer
 * @typedef {{ type: 'classified', id: number, outcomes: SentOutcome[] }} ClassifiedAnswer
 * @typedef {{ type: 'measured', id: number, ms: number }} MeasuredAnswer
 * @typedef {{ type: 'failed', id: number, error: import('../errors.js').PlainError, fatal: boolean }} FailedAnswer
 * @typedef {{ type: 'crashed', id: null, error: import('../errors.js').PlainError }} CrashedAnswer
 * @typedef {ProgressAnswer | BegunAnswer | KeepAnswer | CaptionsAnswer | LoadedAnswer | ClassifiedAnswer | MeasuredAnswer | FailedAnswer
 *     | CrashedAnswer} Answer
 */

/**
 * The final answer to a request.
 *
 * @template {Question['type']} T
 * @typedef {T extends 'load' ? LoadedAnswer : T extends 'measure' ? MeasuredAnswer : ClassifiedAnswer} AnswerTo
 */

export {};
