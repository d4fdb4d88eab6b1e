// Whether a system computes what it should, with the back end that was asked for.
import { featureDifference } from './post.js';
import { SYSTEMS } from './systems.js';

/** How far a post's scores in a batch may be from those of the same post alone. */
const BATCH_TOLERANCE = 1e-3;

/**
 * @param {import('./peer.js').Peer} peer
 * @param {'cpu' | 'webgpu'} backend
 * @param {number} posts
 * @returns {Promise<number>} How far off it is. Throws if that is too far.
 */
export async function checked(peer, backend, posts = 1) {
    const { name } = peer;
    const found = await peer.ask('check', { work: { posts } });
    if (found.backend !== backend) throw new Error(`${name} runs on ${found.backend}`);
    if (name === 'emofuse') return checkedScores(found);
    if (backend === 'cpu' && (found.threads !== 1 || found.simd === false))
        throw new Error(`${name} runs with ${found.threads} threads, SIMD ${found.simd}`);
    const difference = await featureDifference(found.features, posts);
    if (!(difference <= SYSTEMS[name].tolerance)) throw new Error(`${name} is ${difference} away from the reference`);
    return difference;
}

/** emofuse checks itself with a post in the model file; a batch must give every post the same scores. */
function checkedScores({ selfTest, results }) {
    if (!selfTest.passed) throw new Error(`emofuse fails its self-test by ${selfTest.max_difference}`);
    const [first] = results;
    for (const { image, caption, scores } of results) {
        if (!image || !caption) throw new Error('emofuse did not classify the whole post');
        for (const [label, score] of Object.entries(scores)) {
            if (!(Math.abs(score - first.scores[label]) <= BATCH_TOLERANCE))
                throw new Error(`emofuse gives the same post ${score} and ${first.scores[label]} for ${label}`);
        }
    }
    return selfTest.max_difference;
}
