// A correction as a small file.

import { EMOTIONS } from '../../emofuse.js';
import { COLDEST, HOTTEST } from './last-layer.js';

/** @typedef {import('../types.js').Correction} Correction */

/** A correction has less than one kilobyte. */
const MOST_BYTES = 100_000;

const KEYS = ['format', 'version', 'model_sha256', 'temperature', 'bias', 'posts', 'agreement', 'fitted'];

/** Why a file is no correction for this model, and what to do. */
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
    if (file.size > MOST_BYTES)
        throw new CorrectionError('this file is too large for a correction; choose one that this page exported');
    let text;
    try {
        text = await file.text();
    } catch {
        throw new CorrectionError('this file cannot be read; choose it again');
    }
    let value;
    try {
        value = JSON.parse(text);
    } catch {
        throw new CorrectionError('this file is no JSON; choose a correction that this page exported');
    }
    return checked(value, modelSha256);
}

/**
 * @param {any} value
 * @param {string} modelSha256
 * @returns {Correction}
 */
function checked(value, modelSha256) {
    if (!isObject(value) || value.format !== 'emofuse-correction')
        throw new CorrectionError('this file is no correction; choose one that this page exported');
    if (value.version !== 1) {
        throw new CorrectionError(
            `this correction has version ${JSON.stringify(value.version)}, and this page reads version 1; reload the page, or export it again`,
        );
    }
    demand(KEYS, value, 'the correction');
    const { model_sha256, temperature, bias, posts, agreement, fitted } = value;
    if (typeof model_sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(model_sha256))
        throw broken('model_sha256', 'no SHA-256 in hexadecimal');
    if (model_sha256 !== modelSha256) {
        throw new CorrectionError(
            `this correction belongs to the model ${model_sha256.slice(0, 12)}, and ${modelSha256.slice(0, 12)} is in use; load that model, or fit a correction to this one`,
        );
    }
    if (!isNumber(temperature, COLDEST, HOTTEST))
        throw broken('temperature', `no number from ${COLDEST} to ${HOTTEST}`);
    if (!isObject(bias)) throw broken('bias', 'no object');
    demand(EMOTIONS, bias, 'bias');
    for (const emotion of EMOTIONS)
        if (!isNumber(bias[emotion], -Infinity, Infinity)) throw broken(`bias.${emotion}`, 'no number');
    if (!Number.isSafeInteger(posts) || posts < 1) throw broken('posts', 'no whole number above 0');
    if (!isObject(agreement)) throw broken('agreement', 'no object');
    demand(['before', 'after'], agreement, 'agreement');
    const { before, after } = agreement;
    if (!isNumber(before, 0, 1) || !isNumber(after, 0, 1)) throw broken('agreement', 'not two numbers from 0 to 1');
    if (typeof fitted !== 'string' || Number.isNaN(Date.parse(fitted))) throw broken('fitted', 'no date');
    return {
        format: 'emofuse-correction',
        version: 1,
        model_sha256,
        temperature,
        bias: /** @type {Correction['bias']} */ (
            Object.fromEntries(EMOTIONS.map((emotion) => [emotion, bias[emotion]]))
        ),
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
const broken = (field, why) =>
    new CorrectionError(`‘${field}’ in this correction is ${why}; export it again, and do not change the file`);

/**
 * @param {readonly string[]} keys
 * @param {object} value
 * @param {string} where
 */
function demand(keys, value, where) {
    const missing = keys.find((key) => !Object.hasOwn(value, key));
    if (missing)
        throw new CorrectionError(`‘${missing}’ is missing in ${where}; export it again, and do not change the file`);
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown)
        throw new CorrectionError(
            `${where} has ‘${unknown.slice(0, 40)}’, which this page does not know; export it again, and do not change the file`,
        );
}
