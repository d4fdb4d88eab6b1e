// Wall-clock times: single posts, batches, captions alone, and the floor.
import { checked } from './check.js';
import { CAPTIONS } from './post.js';
import { started } from './start.js';
import { inTurns, summary } from './turns.js';

const WARM_UP_RUNS = 5;
/** A caption of the default model takes less than the browser's clock shows. */
const CAPTION_REPEATS = { default: 20, large: 1 };
export const BATCH = 8;

/**
 * @param {{ names: string[], backend: 'cpu' | 'webgpu', runs: number, batches: number, onStep: (step: string) => void }}
 *     options
 */
export async function times({ names, backend, runs, batches, onStep }) {
    const entries = await started(backend === 'webgpu' ? ['floor', ...names] : names, backend, onStep);
    const peers = entries.flatMap(({ peer }) => peer ?? []);
    const systems = peers.filter(({ name }) => name !== 'floor');
    try {
        const posts = await timed('posts', peers, runs, { work: { posts: 1 } }, onStep);
        const batch =
            backend === 'webgpu' && batches > 0 ? await timedBatches(systems, backend, batches, onStep) : new Map();
        const captions = backend === 'cpu' && names.includes('emofuse') ? await timedCaptions(runs, onStep) : [];
        const results = entries.map(({ name, peer, error, first_result_ms, difference }) =>
            peer
                ? {
                      name,
                      first_result_ms,
                      difference,
                      ...posts.get(peer),
                      ...(batch.has(peer) && { batch: { posts: BATCH, ...batch.get(peer) } }),
                  }
                : { name, error },
        );
        return {
            results: results.filter(({ name }) => name !== 'floor'),
            floor: results.find(({ name }) => name === 'floor') ?? null,
            captions,
        };
    } finally {
        for (const peer of peers) peer.end();
    }
}

/** @param {object} what Besides `runs`, what workers/answer.js takes for `time`. */
async function timed(title, peers, runs, what, onStep) {
    const warm = new Set();
    const run = async (peer, count) => {
        const isWarm = warm.has(peer);
        warm.add(peer);
        if (!isWarm) await peer.ask('time', { ...what, runs: Math.min(WARM_UP_RUNS, runs) });
        return peer.ask('time', { ...what, runs: count });
    };
    const found = await inTurns(peers, runs, run, (done, total) => onStep(`${title}: ${done} of ${total} turns`));
    return new Map([...found].map(([peer, times_ms]) => [peer, summary(times_ms)]));
}

async function timedBatches(peers, backend, runs, onStep) {
    const results = new Map();
    for (const peer of peers) {
        onStep(`batch of ${BATCH}: checking ${peer.name}`);
        await checked(peer, backend, BATCH).catch((error) => results.set(peer, { error: error.message }));
    }
    const right = peers.filter((peer) => !results.has(peer));
    const found = await timed(`batches of ${BATCH}`, right, runs, { work: { posts: BATCH } }, onStep);
    return new Map([...results, ...found]);
}

/** Of both models, each in a worker of its own. */
async function timedCaptions(runs, onStep) {
    const results = [];
    for (const model of ['default', 'large']) {
        const [{ peer, error }] = await started(['emofuse'], 'cpu', onStep, { model });
        if (!peer) {
            results.push({ model, error });
            continue;
        }
        for (const [words, caption] of Object.entries(CAPTIONS)) {
            const what = { work: { posts: 1, caption }, repeats: CAPTION_REPEATS[model] };
            const found = await timed(`${model} model, captions of ${words} words`, [peer], runs, what, onStep);
            results.push({ model, words: Number(words), ...found.get(peer) });
        }
        peer.end();
    }
    return results;
}
