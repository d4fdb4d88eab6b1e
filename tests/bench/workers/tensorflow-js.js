// TensorFlow.js's WebAssembly back end, SIMD and one thread, or its WebGPU back end: the bare image network, with its
// fused kernels.
importScripts(
    './webgpu-calls.js',
    './answer.js',
    '/node_modules/@tensorflow/tfjs-core/dist/tf-core.min.js',
    '/node_modules/@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.min.js',
    '/node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
    '/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js',
);

let layers;
let picture;
/** For each number of posts, its input, which stays where the back end keeps it. */
const inputs = new Map();

function inputFor(posts) {
    if (!inputs.has(posts)) {
        const pixels = self.repeated(self.normalised(picture, 'channels last'), posts);
        inputs.set(posts, tf.tensor(pixels, [posts, picture.height, picture.width, 3]));
    }
    return inputs.get(posts);
}

/** @returns {any} the features, a tensor */
function forward(input) {
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

async function run({ posts }) {
    const output = forward(inputFor(posts));
    const features = await output.data();
    output.dispose();
    return features;
}

self.answer({
    async load(message) {
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
        picture = message.picture;
    },
    run,
    async check(work) {
        return {
            features: await run(work),
            backend: tf.getBackend() === 'wasm' ? 'cpu' : tf.getBackend(),
            threads: (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) ? tf.wasm.getThreadsCount() : 1,
            simd: await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
        };
    },
});
