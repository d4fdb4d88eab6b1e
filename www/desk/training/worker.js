// Gathers features, fits the last layer and writes the model file, off the page's main thread.

import { train } from './train.js';
import { buildModel } from './trained-model.js';

/** @typedef {import('./train.js').Sample} Sample */
/** @typedef {import('./train.js').TrainOptions} TrainOptions */
/** @typedef {import('./trained-model.js').Trained} Trained */
/** @typedef {{ image: Float32Array | null, caption: Float32Array | null }} Features */
/** @typedef {Omit<Sample, 'image' | 'caption'>} Labelled */
/** @typedef {Omit<Trained, 'head' | 'calibration'>} Naming */

/**
 * A message to the worker. `keep` adds the features of a post; `train` fits to posts whose features were kept; `build`
 * writes the model file of the last fit; `cancel` ends the fit. Answers carry the number of their request.
 *
 * @typedef {{ type: 'keep', key: string, features: Features }} KeepMessage
 * @typedef {{ type: 'train', posts: Labelled[], options: Pick<TrainOptions, 'labels' | 'classWeightPower'>,
 *     widths: TrainOptions['widths'] }} TrainMessage
 * @typedef {{ type: 'build', base: Blob, baseSha256: string, naming: Naming }} BuildMessage
 * @typedef {TrainMessage | BuildMessage} Request
 * @typedef {KeepMessage | { type: 'cancel' } | (Request & { id: number })} Message
 */

/**
 * @typedef {{ type: 'progress', share: number } | { type: 'trained', report: import('./report.js').Report }
 *     | { type: 'built', file: Blob, sha256: string } | { type: 'failed', message: string }} Answer
 */

const scope = /** @type {{ onmessage: (event: MessageEvent<Message>) => void,
 *     postMessage: (answer: Answer & { id: number }) => void }} */ (/** @type {unknown} */ (globalThis));

/** @type {Map<string, Features>} */
const features = new Map();
/** @type {Pick<Trained, 'head' | 'calibration'> | null} */
let last = null;
let running = new AbortController();

/** Progress is reported in steps of this share. */
const STEP = 0.01;

/**
 * @param {TrainMessage} message
 * @param {(share: number) => void} onProgress
 * @returns {Promise<Answer>}
 */
async function fitLayer({ posts, options, widths }, onProgress) {
    running = new AbortController();
    let reported = 0;
    const samples = posts.map((post) => ({ ...post, ...(features.get(post.key) ?? { image: null, caption: null }) }));
    const { head, calibration, report } = await train(
        samples,
        { ...options, widths },
        {
            signal: running.signal,
            onProgress: (share) => {
                if (share - reported < STEP) return;
                reported = share;
                onProgress(share);
            },
        },
    );
    last = { head, calibration };
    return { type: 'trained', report };
}

/**
 * @param {BuildMessage} message
 * @returns {Promise<Answer>}
 */
async function build({ base, baseSha256, naming }) {
    if (!last) throw new TypeError('a model is built after a training');
    const bytes = new Uint8Array(await base.arrayBuffer());
    const { file, sha256 } = await buildModel(bytes, baseSha256, { ...naming, ...last });
    return { type: 'built', file: new Blob([file]), sha256 };
}

scope.onmessage = async ({ data: message }) => {
    if (message.type === 'keep') return void features.set(message.key, message.features);
    if (message.type === 'cancel') return running.abort();
    const { id } = message;
    try {
        const onProgress = (/** @type {number} */ share) => scope.postMessage({ id, type: 'progress', share });
        const answer = message.type === 'train' ? await fitLayer(message, onProgress) : await build(message);
        scope.postMessage({ id, ...answer });
    } catch (error) {
        scope.postMessage({ id, type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
};
