// Runs posts on WebGPU and says where their time goes: in this worker, until the last command is handed over, and in
// each kernel on the device, which is run again alone for that.

const STARTED_AGAIN = 3;

/** Calls `seen` with what a method is called with, and what it gives. */
function watch({ prototype }, name, seen) {
    const method = prototype[name];
    prototype[name] = function (...given) {
        const result = method.apply(this, given);
        seen(this, given, result);
        return result;
    };
}

const passes = new WeakMap();
let device;
let handedOver;
let dispatches = null;
watch(GPUDevice, 'createShaderModule', (_, [{ code }], module) => {
    module.kernel = nameOf(code);
});
watch(GPUDevice, 'createComputePipeline', (owner, [{ compute }], pipeline) => {
    device = owner;
    pipeline.kernel = compute.module.kernel;
});

/** What the head of a kernel's text says first, and its constants: `src/engine/webgpu/kernels` has the texts. */
function nameOf(code) {
    const [, title = 'a kernel'] = /^\/\/ (.*?)[.,:;]/m.exec(code) ?? [];
    const constants = [...code.matchAll(/^const ([A-Z]+) = (\d+)u;/gm)].map(([, name, value]) => `${name} ${value}`);
    return [title, ...constants].join(', ');
}

watch(GPUComputePassEncoder, 'setPipeline', (pass, [pipeline]) => passes.set(pass, { pipeline, groups: [] }));
watch(GPUComputePassEncoder, 'setBindGroup', (pass, [index, group]) => {
    passes.get(pass).groups[index] = group;
});
watch(GPUComputePassEncoder, 'dispatchWorkgroups', (pass, size) =>
    dispatches?.push({ ...passes.get(pass), groups: [...passes.get(pass).groups], size }),
);
watch(GPUQueue, 'submit', () => {
    handedOver = performance.now();
});

/** How long a kernel takes when it is started so many times. */
async function timeOf({ pipeline, groups, size }, times) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (const [index, group] of groups.entries()) pass.setBindGroup(index, group);
    for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...size);
    pass.end();
    const started = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - started;
}

/** What one start of it costs beyond what any costs. */
async function kernelTime(dispatch, repeats) {
    await timeOf(dispatch, 1);
    const least = async (times) => {
        const all = [];
        for (let again = 0; again < STARTED_AGAIN; again++) all.push(await timeOf(dispatch, times));
        return Math.min(...all);
    };
    return Math.max(0, (await least(1 + repeats)) - (await least(1))) / repeats;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const { default: init, Engine } = await import('/pkg/wasm/webgpu/emofuse.js');

async function measure({ model, posts, runs, repeats }) {
    await init();
    const engine = await Engine.load(new Uint8Array(await (await fetch(model)).arrayBuffer()));
    const classify = ({ picture: { data, width, height } = {}, caption }) =>
        engine.classify([engine.prepare(data, width ?? 0, height ?? 0, caption)], false);
    const results = [];
    for (const { name, ...post } of posts) {
        await classify(post); // compiles its kernels
        const [whole, here] = [[], []];
        for (let run = 0; run < runs; run++) {
            const started = performance.now();
            await classify(post);
            whole.push(performance.now() - started);
            here.push(handedOver - started);
        }
        dispatches = [];
        await classify(post);
        const recorded = dispatches;
        dispatches = null;
        const kernels = {};
        for (const dispatch of recorded) {
            // Without the hash at its end: the same kernel for other sizes.
            const name = dispatch.pipeline.kernel;
            kernels[name] ??= { starts: 0, ms: 0 };
            const kernel = kernels[name];
            kernel.starts += 1;
            kernel.ms += await kernelTime(dispatch, repeats);
        }
        results.push({
            name,
            whole_ms: median(whole),
            until_handed_over_ms: median(here),
            starts: recorded.length,
            kernels,
        });
    }
    return results;
}

self.addEventListener('message', async ({ data }) => {
    try {
        self.postMessage({ results: await measure(data) });
    } catch (error) {
        self.postMessage({ error: String(error) });
    }
});
self.postMessage('ready');
