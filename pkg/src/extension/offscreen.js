// Runs in the offscreen document: holds the extension's only classifier and answers the other contexts.
//
// An extension with its own offscreen document imports this module there.

import '../trusted-types.js';
import { toPlainError } from '../errors.js';
import { LazyClassifier } from './lazy-classifier.js';
import { CHANNEL, LOCK, areSame } from './protocol.js';

const channel = new BroadcastChannel(CHANNEL);
/** @type {(answer: import('./protocol.js').Answer) => void} */
const post = (answer) => channel.postMessage(answer);

/** Requests that can still be aborted. @type {Map<string, AbortController>} */
const running = new Map();
/** @type {import('./protocol.js').Holder | null} */
let current = null;

/**
 * Returns the classifier for these settings. A classifier for other settings is disposed of once it has answered its
 * requests.
 *
 * @param {import('./protocol.js').Settings} settings
 * @returns {import('./protocol.js').Holder}
 */
function holderFor(settings) {
    if (current && areSame(current.settings, settings)) return current;
    const replaced = current;
    const classifier = new LazyClassifier(
        settings,
        (progress) => post({ type: 'progress', settings, progress }),
        (description) => post({ type: 'changed', settings, description }),
    );
    current = { settings, classifier, calls: 0 };
    if (replaced) disposeIfIdle(replaced);
    return current;
}

/** @param {import('./protocol.js').Holder} holder */
function disposeIfIdle(holder) {
    if (holder !== current && holder.calls === 0) holder.classifier.dispose();
}

/**
 * @param {import('./protocol.js').Question} question
 * @param {LazyClassifier} classifier
 * @param {AbortSignal} signal
 * @returns {Promise<import('./protocol.js').Answer>}
 */
async function answer(question, classifier, signal) {
    const { id } = question;
    if (question.type === 'describe') return { type: 'described', id, description: await classifier.describe() };
    const image = toImage(question.image);
    try {
        const result = await classifier.classify({ image, caption: question.caption }, { ...question.options, signal });
        return { type: 'classified', id, result };
    } finally {
        if (image instanceof ImageBitmap) image.close();
    }
}

/** @param {import('../transport/protocol.js').ImageSource | null} source */
function toImage(source) {
    if (!source) return null;
    if (source.kind === 'file') return source.file;
    if (source.kind === 'bitmap') return source.bitmap;
    return new ImageData(new Uint8ClampedArray(source.data), source.width, source.height);
}

/** @param {import('./protocol.js').Question} question */
async function handle(question) {
    const { id } = question;
    const controller = new AbortController();
    running.set(id, controller);
    const holder = holderFor(question.settings);
    holder.calls += 1;
    try {
        post(await answer(question, holder.classifier, controller.signal));
    } catch (error) {
        post({ type: 'failed', id, error: toPlainError(error) });
    } finally {
        running.delete(id);
        holder.calls -= 1;
        disposeIfIdle(holder);
    }
}

/** @param {import('./protocol.js').Request} request */
function receive(request) {
    if (request.type === 'hello') post({ type: 'ready' });
    else if (request.type === 'abort') running.get(request.id)?.abort();
    else if (request.type === 'describe' || request.type === 'classify') void handle(request);
}

// No request is answered before the lock is held: callers rely on it.
void navigator.locks.request(LOCK, () => {
    channel.addEventListener('message', ({ data }) => receive(data));
    post({ type: 'ready' });
    return new Promise(() => {}); // for as long as the document lives
});
