// emofuse's engine: a whole post, from RGBA pixels and a caption to the scores.
import './answer.js';
import init, { Engine } from '/pkg/wasm/cpu/emofuse.js';

let engine;
let post;

self.answer({
    async load({ picture, caption, model }) {
        await init();
        engine = await Engine.load(new Uint8Array(await (await fetch(model)).arrayBuffer()));
        post = { picture, caption };
    },
    run: () => engine.classify(post.picture.data, post.picture.width, post.picture.height, post.caption),
    async check() {
        return { selfTest: await engine.selfTest(), result: await engine.classify(post.picture.data, post.picture.width, post.picture.height, post.caption) };
    },
});
