// What each system asks of WebGPU, and how long its compute passes take on the device. In workers of their own, because
// counting and timestamps cost time.
import { started } from './start.js';
import { BATCH } from './times.js';
import { inTurns, summary } from './turns.js';

/**
 * @param {{ names: string[], passRuns: number, onStep: (step: string) => void }} options `passRuns` is how often the
 *     passes are timed.
 */
export async function calls({ names, passRuns, onStep }) {
    const entries = await started(names, 'webgpu', onStep, { isCounted: true });
    const peers = entries.flatMap(({ peer }) => peer ?? []);
    try {
        const results = [];
        for (const { name, peer, calls: first, error } of entries) {
            if (peer) onStep(`counting the calls of ${name}`);
            results.push({ name, ...(peer ? await counted(peer, first) : { error }) });
        }
        const right = peers.filter((peer) => results.some(({ name, counts }) => counts && name === peer.name));
        for (const [what, posts] of passRuns > 0
            ? [
                  ['passes', 1],
                  ['batch_passes', BATCH],
              ]
            : []) {
            const found = await inTurns(right, passRuns, timedPasses(posts), (done, total) =>
                onStep(`compute passes, posts at once ${posts}: ${done} of ${total} turns`),
            );
            for (const [{ name }, times] of found)
                results.find((result) => result.name === name)[what] = passTimes(times);
        }
        return results;
    } finally {
        for (const peer of peers) peer.end();
    }
}

/**
 * From nothing to the first result; for a warm run, because the system has been checked since; and for a batch, the first
 * and a warm one.
 */
async function counted(peer, first) {
    const count = (posts) => peer.ask('count', { work: { posts } });
    try {
        const warm = await count(1);
        const first_batch = await count(BATCH);
        return { counts: { first, warm, first_batch, batch: await count(BATCH) } };
    } catch (error) {
        return { error: error.message };
    }
}

const timedPasses = (posts) => async (peer, runs) => {
    const found = [];
    for (let run = 0; run < runs; run++) found.push(await peer.ask('timePasses', { work: { posts } }));
    return found;
};

/** @returns {object | null} Null if the adapter has no timestamps. */
function passTimes(found) {
    if (found instanceof Error) return { error: found.message };
    if (found.some((times) => times === null)) return null;
    return {
        all: summary(found.map(({ passes_ms }) => passes_ms)),
        span: summary(found.map(({ span_ms }) => span_ms)),
        rounded: found.some(({ rounded }) => rounded),
    };
}
