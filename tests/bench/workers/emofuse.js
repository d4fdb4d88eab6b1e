// emofuse's engine: a whole post, from RGBA pixels and a caption to the scores.
import './answer.js';

const { default: init, Engine } = await import(`/pkg/wasm/${self.backend}/emofuse.js`);

let engine;
let post;

async function classify() {
    const { data, width, height } = post.picture;
    const [result] = await engine.classify([engine.prepare(data, width, height, post.caption)], false);
    return result;
}

self.answer({
    async load({ picture, caption, model }) {
        await init();
        engine = await Engine.load(new Uint8Array(await (await fetch(model)).arrayBuffer()));
        post = { picture, caption };
    },
    run: classify,
    async check() {
        return { backend: engine.describe().backend, selfTest: await engine.selfTest(), result: await classify() };
    },
});
