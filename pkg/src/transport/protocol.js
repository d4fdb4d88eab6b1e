// What the classifier and its worker say to each other.
//
// Every request has an id, and every answer carries the id of its request.

/**
 * An image on its way to the worker. It is copied, so that it can be sent again where the worker is lost.
 *
 * @typedef {{ kind: 'file', file: Blob }} FileSource An encoded image.
 * @typedef {{ kind: 'bitmap', bitmap: ImageBitmap }} BitmapSource A decoded image.
 * @typedef {{ kind: 'pixels', data: Uint8ClampedArray, width: number, height: number }} PixelsSource RGBA, not
 *     premultiplied.
 * @typedef {FileSource | BitmapSource | PixelsSource} ImageSource
 *
 * @typedef {{ image: ImageSource | null, caption: string | null }} SentPost
 * @typedef {{ post: SentPost, explain: boolean }} Work
 */

/**
 * What to load: `model` is a file, where a published one is, or null for the default one; `wasm` is null for the
 * package's own; `memory` are files that were fetched before and that the browser's cache would not take, by their SHA-256.
 *
 * @typedef {object} Load
 * @property {import('../types.js').Backend} backend
 * @property {Blob | import('../models.js').Published | null} model
 * @property {URL | Blob | WebAssembly.Module | null} wasm
 * @property {boolean} cache
 * @property {ReadonlyMap<string, Blob>} memory
 */

/**
 * @typedef {{ type: 'load', id: number } & Omit<Load, 'wasm'> & { wasm: string | Blob | WebAssembly.Module | null }}
 *     LoadRequest
 * @typedef {{ type: 'classify', id: number, posts: SentPost[], explain: boolean }} ClassifyRequest
 * @typedef {LoadRequest | ClassifyRequest} Request
 */

/**
 * @typedef {import('../../wasm/cpu/emofuse.js').EngineDescription} EngineDescription
 * @typedef {Omit<import('../types.js').Result, 'backend' | 'backendReason' | 'model'>} Classification
 * @typedef {{ value: Classification } | { error: import('../errors.js').PlainError }} SentOutcome
 */

/**
 * `keep` hands over a file that the browser's cache would not take; `failed` with `fatal` means that the worker is of
 * no use any more; `crashed` reports a crash outside of a request.
 *
 * @typedef {{ type: 'progress', id: number, progress: import('../types.js').LoadProgress }} ProgressAnswer
 * @typedef {{ type: 'keep', id: number, sha256: string, file: Blob }} KeepAnswer
 * @typedef {{ type: 'loaded', id: number, description: EngineDescription }} LoadedAnswer
 * @typedef {{ type: 'classified', id: number, outcomes: SentOutcome[] }} ClassifiedAnswer
 * @typedef {{ type: 'failed', id: number, error: import('../errors.js').PlainError, fatal: boolean }} FailedAnswer
 * @typedef {{ type: 'crashed', id: null, error: import('../errors.js').PlainError }} CrashedAnswer
 * @typedef {ProgressAnswer | KeepAnswer | LoadedAnswer | ClassifiedAnswer | FailedAnswer | CrashedAnswer} Answer
 */

/**
 * What a request is answered with in the end.
 *
 * @template {Request['type']} T
 * @typedef {T extends 'load' ? LoadedAnswer : ClassifiedAnswer} AnswerTo
 */

export {};
