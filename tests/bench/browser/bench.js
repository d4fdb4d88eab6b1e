// The whole benchmark of one back end; bench.mjs and the page (page/) run it and report.js shows it.
import { adapterDetails } from './adapter.js';
import { calls } from './calls.js';
import { starts } from './starts.js';
import { times } from './times.js';

/**
 * @param {object} options
 * @param {'cpu' | 'webgpu'} options.backend
 * @param {string[]} options.names
 * @param {number} options.runs Of each system, with single posts.
 * @param {number} options.batches Of each system on WebGPU, with eight posts.
 * @param {number} options.passRuns How often compute passes are timed.
 * @param {number} options.rounds How often emofuse and onnxruntime-web are started.
 * @param {(step: string) => void} [options.onStep]
 */
export async function bench({ backend, names, runs, batches, passRuns, rounds, onStep = () => {} }) {
    const adapter = backend === 'webgpu' ? await adapterDetails() : null;
    const measured = await times({ names, backend, runs, batches, onStep });
    const counted = backend === 'webgpu' ? await calls({ names, passRuns, onStep }) : [];
    const started = rounds > 0 ? await starts({ names, rounds, backend, onStep }) : [];
    return {
        backend,
        adapter,
        ...measured,
        ratios: ratios(measured.results),
        calls: counted,
        starts: started,
        start_ratios: ratios(started),
    };
}

/** emofuse's whole post over each other system's bare network. */
function ratios(results) {
    const own = results.find(({ name, error }) => name === 'emofuse' && !error);
    if (!own) return [];
    const over = (one, other) => ({
        minimum: one.minimum_ms / other.minimum_ms,
        median: one.median_ms / other.median_ms,
    });
    return results
        .filter((other) => other !== own && !other.error)
        .map((other) => ({
            name: other.name,
            ...over(own, other),
            ...(own.batch?.runs && other.batch?.runs && { batch: over(own.batch, other.batch) }),
        }));
}
