// Starts systems, each in its worker, and checks what they compute.
import { checked } from './check.js';
import { Peer } from './peer.js';
import { loadedPost } from './post.js';

/**
 * One after the other. Those that fail have an `error` and no `peer`.
 *
 * @param {string[]} names
 * @param {'cpu' | 'webgpu'} backend
 * @param {(step: string) => void} onStep
 * @param {{ isCounted?: boolean, model?: 'default' | 'large' }} [options] `model` is emofuse's.
 */
export async function started(names, backend, onStep, { isCounted, model = 'default' } = {}) {
    const post = await loadedPost(model);
    const entries = [];
    for (const name of names) {
        onStep(`starting ${name}`);
        const began = performance.now();
        const peer = new Peer(name, backend, { isCounted });
        try {
            await peer.ready;
            const calls = await peer.ask('load', post);
            const first_result_ms = performance.now() - began;
            const difference = name === 'floor' ? undefined : await checked(peer, backend);
            entries.push({ name, peer, calls, first_result_ms, difference });
        } catch (error) {
            peer.end();
            entries.push({ name, error: error.message });
        }
    }
    return entries;
}
