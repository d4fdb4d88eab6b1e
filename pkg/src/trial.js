// Tries WebGPU while the CPU classifies: starts it, runs its self-test and measures which back end is faster.

import { BackendError, inOneLine } from './errors.js';
import { reasonToSave } from './saving.js';
import { circumstances, holdsIn, isFaster, keepVerdict, readVerdict, reasonOf } from './verdict.js';

/** @typedef {import('./types.js').Measured} Measured */
/** @typedef {import('./verdict.js').Verdict} Verdict */
/** @typedef {import('./back-end.js').BackEnd} BackEnd */

/**
 * @typedef {object} Outcome
 * @property {boolean} takesOver Whether to use WebGPU from now on.
 * @property {string} reason Why, in plain words.
 * @property {Verdict | null} verdict The measurement behind it, if there is one.
 */

/** How many times each back end is measured; the median is used. */
const RUNS = 3;

/** How long WebGPU may be silent before it is given up: a driver can hang. */
const PATIENCE_MS = 5 * 60_000;

/**
 * @param {object} parts
 * @param {BackEnd} parts.cpu Loaded.
 * @param {BackEnd} parts.webgpu Not started yet.
 * @param {import('./adapter.js').Found} parts.found
 * @param {Verdict | null} parts.known The verdict of an earlier trial of this classifier.
 * @param {boolean} parts.cache Whether to store the verdict and to use a stored one.
 * @param {() => Promise<void>} parts.lull Waits for a moment in which no post is in progress.
 * @returns {Promise<Outcome>} Never rejects.
 */
export async function tryWebGpu({ cpu, webgpu, found, known, cache, lull }) {
    if ('reason' in found) return staying(found.reason, known);
    const here = await circumstances(found.adapter, cpu.engine?.sha256 ?? '');
    const kept = known && holdsIn(known, here) ? known : cache ? await readVerdict(here) : null;
    if (kept && !isFaster(kept.measured_ms)) return staying(reasonOf(kept.measured_ms), kept);
    const saving = await reasonToSave();
    if (saving) return staying(saving, kept);
    let verdict = kept;
    try {
        await lull(); // whoever was waiting for the CPU is answered first
        await heardOf((onSign) => webgpu.open({ onProgress: onSign }, null));
        if (!verdict) {
            verdict = { ...here, measured_ms: await measure(cpu, webgpu, lull) };
            if (cache) await keepVerdict(verdict);
        }
    } catch (error) {
        return staying(failureOf(webgpu, error), kept);
    }
    if (webgpu.failure) return staying(failureOf(webgpu, null), verdict); // it may have been lost while the verdict was stored
    const { measured_ms } = verdict;
    return { takesOver: isFaster(measured_ms), reason: reasonOf(measured_ms), verdict };
}

/**
 * @param {string} reason
 * @param {Verdict | null} verdict
 * @returns {Outcome}
 */
const staying = (reason, verdict) => ({ takesOver: false, reason, verdict });

/** The beginning of messages that only say that WebGPU failed. */
const PREFIX = /^the (?:webgpu back end cannot be used|back end failed): /i;

/**
 * @param {BackEnd} webgpu
 * @param {unknown} error
 */
function failureOf({ failure, engine }, error) {
    if (failure) return `WebGPU stopped working: ${inOneLine(failure.message)}`;
    const message = inOneLine(error instanceof Error ? error.message : String(error)).replace(PREFIX, '');
    return engine ? `WebGPU could not be measured: ${message}` : `the WebGPU back end cannot be used: ${message}`;
}

/**
 * Measures both on the post inside the model file. Both have classified it before and are warm. They take turns, so
 * that other load on the device affects both.
 *
 * @param {BackEnd} cpu
 * @param {BackEnd} webgpu
 * @param {() => Promise<void>} lull
 * @returns {Promise<Measured>}
 */
async function measure(cpu, webgpu, lull) {
    /** @type {Record<keyof Measured, number[]>} */
    const times = { cpu: [], webgpu: [] };
    for (let run = 0; run < RUNS; run++) {
        await lull();
        times.cpu.push(await timeOf(cpu));
        times.webgpu.push(await heardOf(() => timeOf(webgpu)));
    }
    return { cpu: median(times.cpu), webgpu: median(times.webgpu) };
}

/** @param {BackEnd} backEnd */
async function timeOf(backEnd) {
    const session = await backEnd.open({ onProgress: () => {} }, null);
    return session.measure();
}

/** @param {number[]} times An odd number of them. */
const median = (times) => /** @type {number} */ (times.sort((a, b) => a - b)[(times.length - 1) / 2]);

/**
 * @template R
 * @param {(onSign: () => void) => Promise<R>} run Calls `onSign` at each sign of life.
 * @returns {Promise<R>} Rejects after a long silence.
 */
async function heardOf(run) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
        return await new Promise((resolve, reject) => {
            const giveUp = () => reject(new BackendError(`it gave no answer within ${PATIENCE_MS / 60_000} minutes`));
            const onSign = () => {
                clearTimeout(timer);
                timer = setTimeout(giveUp, PATIENCE_MS);
            };
            onSign();
            run(onSign).then(resolve, reject);
        });
    } finally {
        clearTimeout(timer);
    }
}
