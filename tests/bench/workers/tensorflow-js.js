// TensorFlow.js's WebAssembly back end, SIMD and one thread, or its WebGPU back end: the bare picture network, with its
// fused kernels.
importScripts(
    './answer.js',
    '/node_modules/@tensorflow/tfjs-core/dist/tf-core.min.js',
    '/node_modules/@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.min.js',
    '/node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
    '/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js',
);

let layers;
let input;

/** @returns {any} the features, a tensor */
function forward() {
    return tf.tidy(() => {
        let current = input;
        let kept;
        for (const layer of layers) {
            if (layer.keeps) kept = current;
            const convolve = layer.depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
            current = convolve({
                x: current,
                filter: layer.filter,
                bias: layer.bias,
                strides: layer.stride,
                pad: 'same',
                activation: layer.relu6 ? 'relu6' : 'linear',
            });
            if (layer.adds) current = tf.add(current, kept);
        }
        return tf.mean(current, [1, 2]);
    });
}

async function features() {
    const output = forward();
    const data = await output.data();
    output.dispose();
    return data;
}

self.answer({
    async load({ picture }) {
        tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
        tf.enableProdMode();
        await tf.setBackend(self.backend === 'cpu' ? 'wasm' : 'webgpu');
        const [index, weights] = await Promise.all([
            fetch('/networks/network.json').then((response) => response.json()),
            fetch('/networks/network.bin').then((response) => response.arrayBuffer()),
        ]);
        const numbers = (from, shape) =>
            tf.tensor(
                new Float32Array(
                    weights,
                    4 * from,
                    shape.reduce((product, side) => product * side),
                ),
                shape,
            );
        layers = index.map((layer) => ({
            ...layer,
            filter: numbers(layer.weight, layer.shape),
            bias: numbers(layer.bias, [layer.biases]),
        }));
        const { data, width, height } = picture;
        const interleaved = new Float32Array(3 * width * height);
        self.normalised(data, (pixel, channel, value) => (interleaved[3 * pixel + channel] = value));
        input = tf.tensor(interleaved, [1, height, width, 3]);
    },
    run: features,
    async check() {
        return {
            features: await features(),
            backend: tf.getBackend() === 'wasm' ? 'cpu' : tf.getBackend(),
            threads: (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) ? tf.wasm.getThreadsCount() : 1,
            simd: await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
        };
    },
});
