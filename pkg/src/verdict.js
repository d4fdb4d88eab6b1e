// Which back end was measured to be faster, and under which conditions. Stored in the browser's Cache Storage, next to
// the model.

import manifest from './manifest.js';
import { readCached, writeCached } from './worker/cache.js';

/** @typedef {import('./types.js').Measured} Measured */

/**
 * What a verdict depends on. A change of any of these leads to a new measurement.
 *
 * @typedef {object} Circumstances
 * @property {import('./adapter.js').AdapterNames} adapter
 * @property {string} browser Its full version.
 * @property {string} program The SHA-256 of the WebGPU program.
 * @property {string} model The SHA-256 of the model.
 */

/** @typedef {Circumstances & { measured_ms: Measured }} Verdict */

/** How many times as fast WebGPU must be: less does not justify another worker and its memory. */
const ADVANTAGE = 1.2;

/** @param {Measured} measured */
export const isFaster = ({ cpu, webgpu }) => cpu >= ADVANTAGE * webgpu;

/**
 * @param {Measured} measured
 * @returns {string} Why {@link isFaster} chooses this back end.
 */
export function reasonOf(measured) {
    const { cpu, webgpu } = measured;
    if (isFaster(measured)) return `it was measured to be ${rounded(cpu / webgpu)} times as fast as the CPU`;
    const comparison = webgpu < cpu ? 'hardly faster' : webgpu > cpu ? 'slower' : 'no faster';
    return `WebGPU was measured to be ${comparison}: ${rounded(webgpu)} ms a post, the CPU ${rounded(cpu)} ms`;
}

const rounded = (/** @type {number} */ number) => (number < 10 ? number.toFixed(1) : String(Math.round(number)));

/**
 * @param {import('./adapter.js').AdapterNames} adapter
 * @param {string} model
 * @returns {Promise<Circumstances>}
 */
export async function circumstances(adapter, model) {
    return { adapter, browser: await browserVersion(), program: manifest.wasm.webgpu.sha256, model };
}

/**
 * @typedef {{ userAgent?: string, userAgentData?: { getHighEntropyValues(hints: string[]): Promise<{ fullVersionList?:
 *     { brand: string, version: string }[] }> } }} Browser
 */

async function browserVersion() {
    const browser = /** @type {Browser | undefined} */ (globalThis.navigator);
    try {
        const values = await browser?.userAgentData?.getHighEntropyValues(['fullVersionList']);
        const brands = values?.fullVersionList ?? [];
        if (brands.length > 0) return brands.map(({ brand, version }) => `${brand} ${version}`).join(', ');
    } catch {
        // the page is not allowed to know
    }
    return browser?.userAgent ?? '';
}

/**
 * Whether a verdict was measured under these conditions.
 *
 * @param {Verdict} verdict
 * @param {Circumstances} here
 */
export function holdsIn({ measured_ms, ...then }, here) {
    return JSON.stringify(then) === JSON.stringify(here);
}

/** @param {Circumstances} circumstances */
const entryOf = ({ model }) => ({ file: 'verdict.json', sha256: model });

/**
 * @param {Circumstances} here
 * @returns {Promise<Verdict | null>} Null if nothing is stored for these conditions.
 */
export async function readVerdict(here) {
    const content = await readCached(entryOf(here));
    if (!content) return null;
    try {
        const verdict = JSON.parse(new TextDecoder().decode(content));
        const { cpu, webgpu } = verdict.measured_ms;
        return cpu > 0 && webgpu > 0 && holdsIn(verdict, here) ? verdict : null;
    } catch {
        return null; // damaged: it is measured again
    }
}

/**
 * @param {Verdict} verdict
 * @returns {Promise<unknown>} Never rejects: a verdict that cannot be stored is measured again.
 */
export function keepVerdict(verdict) {
    return writeCached(entryOf(verdict), new TextEncoder().encode(JSON.stringify(verdict)));
}
