// What the contexts of an extension and its offscreen document say to each other, over one BroadcastChannel.
//
// Every request has an id of its own, and an answer carries the id of its request: all contexts hear all answers.

/** The channel's name. */
export const CHANNEL = 'emofuse';

/** The offscreen document holds this lock for as long as it lives, so that others learn of its end. */
export const LOCK = 'emofuse: the offscreen document';

/**
 * What the classifier is loaded with. `model` is `'large'` or the address of a model file; null stands for the default
 * model.
 *
 * @typedef {{ backend: 'auto' | import('../../index.js').Backend, model: string | null }} Settings
 */

/**
 * A classifier in the offscreen document, with how many calls it has not answered yet.
 *
 * @typedef {{ settings: Settings, classifier: import('./lazy-classifier.js').LazyClassifier, calls: number }} Holder
 */

/**
 * `hello` checks whether the document is there; `abort` takes the request with its id back. Neither has an answer of its own.
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
 * `ready` is said by an offscreen document when it starts and to every `hello`; `progress` to everybody.
 *
 * @typedef {{ type: 'ready' }} ReadyAnswer
 * @typedef {{ type: 'progress', settings: Settings, progress: import('../../index.js').LoadProgress }} ProgressAnswer
 * @typedef {{ type: 'described', id: string, description: import('../../index.js').Description }} DescribedAnswer
 * @typedef {{ type: 'classified', id: string, result: import('../../index.js').Result }} ClassifiedAnswer
 * @typedef {{ type: 'failed', id: string, error: import('../errors.js').PlainError }} FailedAnswer
 * @typedef {ReadyAnswer | ProgressAnswer | DescribedAnswer | ClassifiedAnswer | FailedAnswer} Answer
 */

/**
 * @param {Settings} one
 * @param {Settings} other
 */
export const areSame = (one, other) => one.backend === other.backend && one.model === other.model;
