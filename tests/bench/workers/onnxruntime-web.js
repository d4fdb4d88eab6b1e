// onnxruntime-web's WebAssembly back end, one thread, or its WebGPU back end: the bare picture network.
import './answer.js';

const folder = '/node_modules/onnxruntime-web/dist/';
const provider = self.backend === 'cpu' ? 'wasm' : 'webgpu';
const ort = await import(`${folder}ort.${provider}.min.mjs`);

let session;
let input;

self.answer({
    async load({ picture }) {
        ort.env.wasm.numThreads = 1;
        ort.env.wasm.wasmPaths = folder;
        const network = await (await fetch('/networks/network.onnx')).arrayBuffer();
        session = await ort.InferenceSession.create(network, {
            executionProviders: [provider],
            graphOptimizationLevel: 'all',
        });
        const { data, width, height } = picture;
        const planes = new Float32Array(3 * width * height);
        self.normalised(data, (pixel, channel, value) => (planes[channel * width * height + pixel] = value));
        input = new ort.Tensor('float32', planes, [1, 3, height, width]);
    },
    run: () => session.run({ input }),
    async check() {
        return {
            features: (await session.run({ input })).features.data,
            backend: self.backend,
            threads: ort.env.wasm.numThreads,
        };
    },
});
