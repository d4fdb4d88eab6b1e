// Reads and writes a correction as a JSON file.

import { labelsInUse } from '../../shared/labels.js';
import { COLDEST, HOTTEST } from './last-layer.js';
import { errors } from './texts.js';

/** @typedef {import('../types.js').Correction} Correction */

/** A correction takes less than one kilobyte. */
const MOST_BYTES = 100_000;

const KEYS = ['format', 'version', 'model_sha256', 'temperature', 'bias', 'posts', 'agreement', 'fitted'];

/** The reason why a file cannot be used as a correction for this model, and what to do. */
export class CorrectionError extends Error {
    name = 'CorrectionError';
}

/**
 * @param {Correction} correction
 * @returns {Blob}
 */
export function toFile(correction) {
    return new Blob([`${JSON.stringify(correction, null, 2)}\n`], { type: 'application/json' });
}

/**
 * @param {Blob} file
 * @param {string} modelSha256 Of the model in use.
 * @returns {Promise<Correction>} Rejects with a CorrectionError.
 */
export async function fromFile(file, modelSha256) {
    if (file.size > MOST_BYTES) throw new CorrectionError(errors.tooLarge);
    let text;
    try {
        text = await file.text();
    } catch {
        throw new CorrectionError(errors.unreadable);
    }
    let value;
    try {
        value = JSON.parse(text);
    } catch {
        throw new CorrectionError(errors.notJson);
    }
    return checked(value, modelSha256);
}

/**
 * @param {any} value
 * @param {string} modelSha256
 * @returns {Correction}
 */
function checked(value, modelSha256) {
    if (!isObject(value) || value.format !== 'emofuse-correction') throw new CorrectionError(errors.notACorrection);
    if (value.version !== 1) throw new CorrectionError(errors.version(JSON.stringify(value.version)));
    demand(KEYS, value, errors.theCorrection);
    const { model_sha256, temperature, bias, posts, agreement, fitted } = value;
    if (typeof model_sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(model_sha256))
        throw broken('model_sha256', errors.not.sha256);
    if (model_sha256 !== modelSha256)
        throw new CorrectionError(errors.otherModel(model_sha256.slice(0, 12), modelSha256.slice(0, 12)));
    if (!isNumber(temperature, COLDEST, HOTTEST)) throw broken('temperature', errors.not.inRange(COLDEST, HOTTEST));
    if (!isObject(bias)) throw broken('bias', errors.not.object);
    const { names } = labelsInUse();
    demand(names, bias, 'bias');
    for (const emotion of names)
        if (!isNumber(bias[emotion], -Infinity, Infinity)) throw broken(`bias.${emotion}`, errors.not.number);
    if (!Number.isSafeInteger(posts) || posts < 1) throw broken('posts', errors.not.wholeNumber);
    if (!isObject(agreement)) throw broken('agreement', errors.not.object);
    demand(['before', 'after'], agreement, 'agreement');
    const { before, after } = agreement;
    if (!isNumber(before, 0, 1) || !isNumber(after, 0, 1)) throw broken('agreement', errors.not.shares);
    if (typeof fitted !== 'string' || Number.isNaN(Date.parse(fitted))) throw broken('fitted', errors.not.date);
    return {
        format: 'emofuse-correction',
        version: 1,
        model_sha256,
        temperature,
        bias: Object.fromEntries(names.map((emotion) => [emotion, bias[emotion]])),
        posts,
        agreement: { before, after },
        fitted,
    };
}

/** @param {any} value */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param {unknown} value
 * @param {number} low
 * @param {number} high
 */
const isNumber = (value, low, high) =>
    typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high;

/**
 * @param {string} field
 * @param {string} why
 */
const broken = (field, why) => new CorrectionError(errors.field(field, why));

/**
 * @param {readonly string[]} keys
 * @param {object} value
 * @param {string} where
 */
function demand(keys, value, where) {
    const missing = keys.find((key) => !Object.hasOwn(value, key));
    if (missing) throw new CorrectionError(errors.missing(missing, where));
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown) throw new CorrectionError(errors.unknown(unknown.slice(0, 40), where));
}
