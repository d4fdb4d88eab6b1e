// Puts a new last layer on the towers of a model: the file that `emofuse`, the package, the page and the desk load.

import { toHalf } from './half.js';
import { scoresOf } from './head.js';
import { readModelFile, sha256, writeModelFile } from './model-file.js';
import { SELF_TEST } from './self-test.js';
import { FUSION, NAMES, TOWERS, groupOf } from './tensor-names.js';
import { errors } from './texts.js';

/** @typedef {import('./head.js').Head} Head */
/** @typedef {import('./head.js').HeadCalibration} HeadCalibration */
/** @typedef {import('./head.js').HeadSide} HeadSide */
/** @typedef {import('./model-file.js').Tensor} Tensor */

/** A label with what a model file stores of it. @typedef {{ name: string, colour?: string, group?: string }} Label */

/**
 * @typedef {object} Trained
 * @property {Head} head
 * @property {HeadCalibration} calibration
 * @property {string} id The name of the new model.
 * @property {readonly Label[]} labels In the order of the head's labels.
 * @property {string | null} none The label that says “none of these”, if there is one.
 * @property {Record<string, string>} origin What the file says of the training; see `provenance`.
 * @property {{ image: Float32Array, caption: Float32Array }} testFeatures The features of the file's self-test.
 */

/**
 * @param {Uint8Array<ArrayBuffer>} base The model file whose features the layer was fitted to.
 * @param {string} baseSha256 The digest that it must have.
 * @param {Trained} trained
 * @returns {Promise<{ file: Uint8Array<ArrayBuffer>, sha256: string }>} Rejects if the base is another file.
 */
export async function buildModel(base, baseSha256, trained) {
    const { manifest, tensors, sha256: found } = await readModelFile(base);
    if (found !== baseSha256) throw new Error(errors.otherBase);
    const towers = tensors.filter(({ name }) => TOWERS.includes(groupOf(name)));
    if (!TOWERS.every((group) => towers.some(({ name }) => groupOf(name) === group))) throw new Error(errors.noTowers);
    const file = await writeModelFile(manifestOf(manifest, found, trained), [...towers, ...tensorsOf(trained.head)]);
    return { file, sha256: await sha256(file) };
}

/**
 * @param {any} base The manifest of the base.
 * @param {string} baseSha256
 * @param {Trained} trained
 */
function manifestOf(base, baseSha256, { head, calibration, id, labels, none, origin, testFeatures }) {
    const { n_grams, standalone_n_grams, ...text } = base.architecture.text;
    const names = labels.map((label) => (label.colour || label.group ? label : label.name));
    return {
        id,
        labels: none === null || isPlutchik(names, none) ? names : { labels: names, none },
        architecture: { image: base.architecture.image, text, fusion: FUSION },
        preprocessing: base.preprocessing,
        vocabulary: base.vocabulary,
        calibration: { ...calibration, unknown_words_above: base.calibration.unknown_words_above },
        caption_thresholds: [],
        self_test: {
            caption: SELF_TEST.caption,
            test_card_side: SELF_TEST.test_card_side,
            scores: Array.from(scoresOf(head, calibration, testFeatures), Math.fround),
            tolerance: SELF_TEST.tolerance,
        },
        provenance: sorted({
            ...base.provenance,
            ...origin,
            base_model: String(base.id),
            base_model_sha256: baseSha256,
        }),
    };
}

/** For Plutchik's labels in their order, `neutral` is implied. */
const PLUTCHIK = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'];

/**
 * @param {readonly (string | Label)[]} names
 * @param {string} none
 */
const isPlutchik = (names, none) =>
    none === 'neutral' && names.length === PLUTCHIK.length && names.every((name, place) => name === PLUTCHIK[place]);

/** @param {Record<string, string>} entries */
const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * @param {Head} head
 * @returns {Tensor[]}
 */
function tensorsOf({ labels, image, caption, priors }) {
    const classes = labels.length;
    const weight = new Float32Array((image.width + caption.width) * classes);
    weight.set(image.weight);
    weight.set(caption.weight, image.weight.length);
    const bias = priors.slice(0, classes);
    const ofOneSide = priors.slice(classes).map((prior, index) => prior - bias[index % classes]);
    const alone = [
        { names: NAMES.standaloneImage, side: image },
        { names: NAMES.standaloneCaption, side: caption },
    ].flatMap(({ names, side }) => [
        ...standardTensors(names, side),
        halves(names.weight, [side.width, classes], side.standaloneWeight),
        singles(names.bias, [classes], side.standaloneBias),
    ]);
    return [
        ...standardTensors(NAMES.image, image),
        ...standardTensors(NAMES.caption, caption),
        halves(NAMES.output.weight, [image.width + caption.width, classes], weight),
        singles(NAMES.output.bias, [classes], bias),
        singles(NAMES.priors, [ofOneSide.length / classes, classes], ofOneSide),
        ...alone,
    ];
}

/**
 * @param {{ mean: string, deviation: string }} names
 * @param {HeadSide} side
 */
const standardTensors = (names, { width, statistics }) => [
    singles(names.mean, [width], statistics.mean),
    singles(names.deviation, [width], statistics.deviation),
];

/**
 * @param {string} name
 * @param {number[]} shape
 * @param {Float32Array} values Rounded already; see `rounded`.
 * @returns {Tensor}
 */
function halves(name, shape, values) {
    const bytes = new Uint8Array(2 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [index, value] of values.entries()) view.setUint16(2 * index, toHalf(value), true);
    return { name, shape, encoding: 'f16', bytes };
}

/**
 * @param {string} name
 * @param {number[]} shape
 * @param {Float32Array} values
 * @returns {Tensor}
 */
function singles(name, shape, values) {
    const bytes = new Uint8Array(4 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
    return { name, shape, encoding: 'f32', bytes };
}
