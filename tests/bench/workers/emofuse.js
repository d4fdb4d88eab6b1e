// emofuse's engine: a whole post, from RGBA pixels and a caption to the scores.
import './webgpu-calls.js';
import './answer.js';

const { default: init, Engine } = await import(`/pkg/wasm/${self.backend}/emofuse.js`);

let engine;
let post;

/** @param {import('./answer.js').Work} work */
function classify({ posts, caption }) {
    const { data, width, height } = post.picture;
    const prepare = () =>
        caption === undefined
            ? engine.prepare(data, width, height, post.caption)
            : engine.prepare(undefined, 0, 0, caption);
    return engine.classify(Array.from({ length: posts }, prepare), false);
}

/** As the package does; without a secure context the engine computes them. */
async function digestsOf(content) {
    if (!crypto.subtle) return undefined;
    const parts = [content.subarray(0, -32), content];
    const digests = await Promise.all(parts.map((part) => crypto.subtle.digest('SHA-256', part)));
    return new Uint8Array(await new Blob(digests).arrayBuffer());
}

self.answer({
    async load({ picture, caption, model }) {
        await init();
        const content = new Uint8Array(await (await fetch(model)).arrayBuffer());
        engine = await Engine.load(content, await digestsOf(content));
        post = { picture, caption };
    },
    run: classify,
    async check(work) {
        return {
            backend: engine.describe().backend,
            selfTest: await engine.selfTest(),
            results: await classify(work),
        };
    },
});
