// onnxruntime-web's WebAssembly back end, one thread: the bare picture network.
import './answer.js';
import * as ort from '/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';

let session;
let input;

self.answer({
    async load({ picture }) {
        ort.env.wasm.numThreads = 1;
        ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
        const network = await (await fetch('/networks/network.onnx')).arrayBuffer();
        session = await ort.InferenceSession.create(network, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
        const { data, width, height } = picture;
        const planes = new Float32Array(3 * width * height);
        self.normalised(data, (pixel, channel, value) => (planes[channel * width * height + pixel] = value));
        input = new ort.Tensor('float32', planes, [1, 3, height, width]);
    },
    run: () => session.run({ input }),
    async check() {
        return { features: (await session.run({ input })).features.data, threads: ort.env.wasm.numThreads };
    },
});
