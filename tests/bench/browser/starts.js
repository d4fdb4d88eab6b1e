// How long a system takes from nothing to its first result, with everything in the browser's HTTP cache.
import { Peer } from './peer.js';
import { CAPTION, imageFile, loadedPost } from './post.js';
import { summary } from './turns.js';

/**
 * emofuse from `load()`, and onnxruntime-web from `InferenceSession.create` to its first run of the bare network. Nothing
 * is kept from one start to the next but the browser's HTTP cache; a first start of each, which fills it, is not
 * counted.
 *
 * @param {{ names: string[], rounds: number, backend: 'cpu' | 'webgpu', onStep: (step: string) => void }} options `names`
 *     are the systems that are there.
 */
export async function starts({ names, rounds, backend, onStep }) {
    const { EmotionClassifier } = await import('/pkg/index.js');
    const image = await imageFile();
    const post = await loadedPost('default');
    const systems = {
        async emofuse() {
            const started = performance.now();
            const classifier = await EmotionClassifier.load({ backend, cache: false });
            await classifier.classify({ image, caption: CAPTION });
            const time_ms = performance.now() - started;
            classifier.dispose();
            return time_ms;
        },
        async 'onnxruntime-web'() {
            const peer = new Peer('onnxruntime-web', backend);
            await peer.ready; // its scripts are there; emofuse's worker starts within its time
            const started = performance.now();
            await peer.ask('load', post);
            const time_ms = performance.now() - started;
            peer.end();
            return time_ms;
        },
    };
    const chosen = Object.keys(systems).filter((name) => names.includes(name));
    const results = new Map(chosen.map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
        onStep(`starts: ${round + 1} of ${rounds}`);
        for (const [name, times_ms] of results) {
            if (times_ms instanceof Error) continue;
            try {
                const time_ms = await systems[name]();
                if (round >= 0) times_ms.push(time_ms);
            } catch (error) {
                results.set(name, error);
            }
        }
    }
    return [...results].map(([name, times_ms]) => ({ name, ...summary(times_ms) }));
}
