// The messages between an extension's contexts and its offscreen document, over one BroadcastChannel.
//
// Every request has a unique id, and each answer carries the id of its request: all contexts receive all answers.

/** The channel's name. */
export const CHANNEL = 'emofuse';

/** The offscreen document holds this lock while it exists, so that other contexts notice when it closes. */
export const LOCK = 'emofuse: the offscreen document';

/**
 * The settings that the classifier is loaded with. `model` is `'large'` or the URL of a model file; null stands for the
 * default model.
 *
 * @typedef {{ backend: 'auto' | import('../../index.js').Backend, model: string | null }} Settings
 */

/**
 * A classifier in the offscreen document, and its number of pending calls.
 *
 * @typedef {{ settings: Settings, classifier: import('./lazy-classifier.js').LazyClassifier, calls: number }} Holder
 */

/**
 * `hello` checks whether the document exists; `abort` cancels the request with its id. Neither has its own answer.
 *
 * @typedef {{ type: 'hello' }} HelloRequest
 * @typedef {{ type: 'abort', id: string }} AbortRequest
 * @typedef {{ type: 'describe', id: string, settings: Settings }} DescribeRequest
 * @typedef {{ type: 'classify', id: string, settings: Settings, image: import('../transport/protocol.js').ImageSource | null,
 *     caption: string | null, options: Omit<import('../../index.js').ClassifyOptions, 'signal'> }} ClassifyRequest
 * @typedef {DescribeRequest | ClassifyRequest} Question
 * @typedef {HelloRequest | AbortRequest | Question} Request
 */

/**
 * The offscreen document sends `ready` when it starts and in reply to `hello`. It sends `progress` and `changed`
 * (another back end is in use, or the reason changed) to all contexts.
 *
 * @typedef {{ type: 'ready' }} ReadyAnswer
 * @typedef {{ type: 'progress', settings: Settings, progress: import('../../index.js').LoadProgress }} ProgressAnswer
 * @typedef {{ type: 'changed', settings: Settings, description: import('../../index.js').Description }} ChangedAnswer
 * @typedef {{ type: 'described', id: string, description: import('../../index.js').Description }} DescribedAnswer
 * @typedef {{ type: 'classified', id: string, result: import('../../index.js').Result }} ClassifiedAnswer
 * @typedef {{ type: 'failed', id: string, error: import('../errors.js').PlainError }} FailedAnswer
 * @typedef {ReadyAnswer | ProgressAnswer | ChangedAnswer | DescribedAnswer | ClassifiedAnswer | FailedAnswer} Answer
 */

/**
 * @param {Settings} one
 * @param {Settings} other
 */
export const areSame = (one, other) => one.backend === other.backend && one.model === other.model;
