// LiteRT.js on the CPU, one thread, in f32 or int8, or on WebGPU: the bare image network.
//
// A classic worker: LiteRT.js loads its WebAssembly with `importScripts`, and finds it only with `Module`.
importScripts('./webgpu-calls.js', './answer.js');

const folder = '/node_modules/@litertjs/core/';
self.Module = { locateFile: (file) => `${folder}wasm/${file}` };

const accelerator = self.backend === 'cpu' ? 'wasm' : 'webgpu';

let litert;
let runtime;
let picture;
/** For each number of posts, a model for this size and its input. */
const models = new Map();

/** A model's input has a fixed size, so there is a file for each. */
function fileFor(posts) {
    if (self.precision === 'int8') return 'network-int8.tflite';
    return posts === 1 ? 'network.tflite' : `network-batch${posts}.tflite`;
}

async function modelFor(posts) {
    if (!models.has(posts)) {
        const model = await litert.loadAndCompile(`/networks/${fileFor(posts)}`, {
            accelerator,
            gpuOptions: { precision: 'fp32' }, // as in the other systems
        });
        const pixels = self.repeated(self.normalised(picture, 'channels last'), posts);
        models.set(posts, { model, input: new litert.Tensor(pixels, [posts, picture.height, picture.width, 3]) });
    }
    return models.get(posts);
}

async function run({ posts }) {
    const { model, input } = await modelFor(posts);
    const [output] = await model.run([input]);
    const features = await output.data();
    output.delete();
    return features;
}

self.answer({
    async load(message) {
        litert = await import(`${folder}dist/index.js`);
        runtime = await litert.loadLiteRt(`${folder}wasm/`);
        picture = message.picture;
    },
    run,
    async check(work) {
        const { model } = await modelFor(work.posts);
        return {
            features: await run(work),
            // It falls back to the CPU by itself.
            backend: model.options.accelerator === 'webgpu' ? 'webgpu' : 'cpu',
            threads: runtime.liteRtWasm.getThreadCount(),
        };
    },
});
