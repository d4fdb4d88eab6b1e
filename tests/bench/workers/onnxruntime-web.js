// onnxruntime-web's WebAssembly back end, one thread, or its WebGPU back end: the bare image network.
import './webgpu-calls.js';
import './answer.js';

const folder = '/node_modules/onnxruntime-web/dist/';
const provider = self.backend === 'cpu' ? 'wasm' : 'webgpu';
const ort = await import(`${folder}ort.${provider}.min.mjs`);

let network;
let picture;
/** For each number of posts, a session for this size and its input. */
const sessions = new Map();

async function sessionFor(posts) {
    if (!sessions.has(posts)) {
        const session = await ort.InferenceSession.create(network, {
            executionProviders: [provider],
            graphOptimizationLevel: 'all',
            freeDimensionOverrides: { batch: posts },
        });
        const planes = self.repeated(self.normalised(picture, 'channels first'), posts);
        const input = new ort.Tensor('float32', planes, [posts, 3, picture.height, picture.width]);
        sessions.set(posts, { session, input });
    }
    return sessions.get(posts);
}

async function run({ posts }) {
    const { session, input } = await sessionFor(posts);
    return (await session.run({ input })).features.data;
}

self.answer({
    async load(message) {
        ort.env.wasm.numThreads = 1;
        ort.env.wasm.wasmPaths = folder;
        picture = message.picture;
        network = new Uint8Array(await (await fetch('/networks/network.onnx')).arrayBuffer());
    },
    run,
    async check(work) {
        return { features: await run(work), backend: self.backend, threads: ort.env.wasm.numThreads };
    },
});
