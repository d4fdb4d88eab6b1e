// The least that an answer from WebGPU costs: an empty dispatch, a copy of as many bytes as a post's features and
// statistics have, and a read-back.
import './webgpu-calls.js';
import './answer.js';

const BYTES = 4 * (1280 + 1568);

let device;
let pipeline;
let results;
let read;

self.answer({
    async load() {
        const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
        device = await adapter.requestDevice();
        const module = device.createShaderModule({ code: '@compute @workgroup_size(1) fn nothing() {}' });
        pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'nothing' } });
        results = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
        read = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    },
    async run() {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.dispatchWorkgroups(1);
        pass.end();
        encoder.copyBufferToBuffer(results, 0, read, 0, BYTES);
        device.queue.submit([encoder.finish()]);
        await read.mapAsync(GPUMapMode.READ);
        const features = read.getMappedRange().slice(0);
        read.unmap();
        return features;
    },
});
