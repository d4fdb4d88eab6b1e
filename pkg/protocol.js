// What the classifier and its worker say to each other.
//
// Every request has an id, and every answer carries the id of its request.

/**
 * A picture on its way to the worker.
 *
 * @typedef {{ kind: 'file', file: Blob }} FileSource An encoded picture.
 * @typedef {{ kind: 'bitmap', bitmap: ImageBitmap }} BitmapSource A decoded picture, which the worker closes.
 * @typedef {{ kind: 'pixels', data: Uint8ClampedArray, width: number, height: number }} PixelsSource RGBA, not premultiplied.
 * @typedef {FileSource | BitmapSource | PixelsSource} PictureSource
 */

/**
 * `model` is a model file of the caller's own; null stands for the default model.
 *
 * @typedef {{ type: 'load', id: number, backend: import('./index.js').Backend, model: Blob | null }} LoadRequest
 * @typedef {{ type: 'classify', id: number, image: PictureSource | null, caption: string | null }} ClassifyRequest
 * @typedef {LoadRequest | ClassifyRequest} Request
 */

/**
 * @typedef {import('./wasm/cpu/emofuse.js').EngineDescription} EngineDescription
 * @typedef {Pick<import('./index.js').Result,
 *     'emotion' | 'confidence' | 'scores' | 'image' | 'caption' | 'agreement' | 'uncertain' | 'timings_ms'>} Classification
 */

/**
 * `failed` with `fatal` means that the worker is of no use any more; `crashed` says so of itself, outside of a request.
 *
 * @typedef {{ type: 'progress', id: number, progress: import('./index.js').LoadProgress }} ProgressAnswer
 * @typedef {{ type: 'loaded', id: number, description: EngineDescription }} LoadedAnswer
 * @typedef {{ type: 'classified', id: number, classification: Classification }} ClassifiedAnswer
 * @typedef {{ type: 'failed', id: number, error: import('./errors.js').PlainError, fatal: boolean }} FailedAnswer
 * @typedef {{ type: 'crashed', id: null, error: import('./errors.js').PlainError }} CrashedAnswer
 * @typedef {ProgressAnswer | LoadedAnswer | ClassifiedAnswer | FailedAnswer | CrashedAnswer} Answer
 */

/**
 * What a request is answered with in the end.
 *
 * @template {Request['type']} T
 * @typedef {T extends 'load' ? LoadedAnswer : ClassifiedAnswer} AnswerTo
 */

/**
 * What must change hands with a request instead of being copied.
 *
 * @param {Request} request
 * @returns {Transferable[]}
 */
export function transfers(request) {
    return request.type === 'classify' && request.image?.kind === 'bitmap' ? [request.image.bitmap] : [];
}
