// The benchmark's page: starts the workers, checks that they compute the same, and lets them run in turns.
// `bench` is called from bench.mjs.

const RUNS_A_TURN = 5;
const WARM_UP_RUNS = 5;
const CAPTION = 'what a lovely evening with old friends by the sea';
const PICTURE = '/golden/shapes.rgb.png';
const EXPECTED = '/golden/shapes.f32';
const TOLERANCE = 1e-3;

const systems = {
    emofuse: { type: 'module' },
    'onnxruntime-web': { type: 'module' },
    'tensorflow-js': { type: 'classic' },
};

/** A worker whose `ask` is a promise; it answers in order. */
class Peer {
    #worker;
    #pending = new Map();
    #last = 0;

    constructor(name, backend) {
        this.#worker = new Worker(`/workers/${name}.js?backend=${backend}`, systems[name]);
        this.ready = this.#wait(0);
        this.#worker.addEventListener('message', ({ data }) => {
            const { resolve, reject } = this.#pending.get(data.id);
            this.#pending.delete(data.id);
            if (data.error) reject(new Error(`${name}: ${data.error}`));
            else resolve(data.result);
        });
        this.#worker.addEventListener('error', (event) => {
            for (const { reject } of this.#pending.values())
                reject(new Error(`${name}: ${event.message ?? 'did not start'}`));
        });
    }

    #wait(id) {
        return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    }

    end() {
        this.#worker.terminate();
    }

    ask(action, details) {
        const id = ++this.#last;
        this.#worker.postMessage({ id, action, ...details });
        return this.#wait(id);
    }
}

async function pixels(address) {
    const blob = await (await fetch(address)).blob();
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data, width, height };
}

/** ‖found − expected‖ ∕ ‖expected‖ */
function relativeDifference(found, expected) {
    const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return norm(expected.map((value, index) => found[index] - value)) / norm(expected);
}

/** Throws unless the system computes what it should; says how far off it is. */
async function checked(name, peer, expected, backend) {
    const found = await peer.ask('check');
    if (name === 'emofuse') {
        if (!found.selfTest.passed) throw new Error(`emofuse fails its self-test by ${found.selfTest.max_difference}`);
        if (!found.result.image || !found.result.caption) throw new Error('emofuse did not read the whole post');
        return found.selfTest.max_difference;
    }
    if (found.backend !== backend) throw new Error(`${name} runs on ${found.backend}`);
    if (backend === 'cpu' && (found.threads !== 1 || found.simd === false))
        throw new Error(`${name} runs with ${found.threads} threads, SIMD ${found.simd}`);
    const difference = relativeDifference(found.features, expected);
    if (!(difference <= TOLERANCE)) throw new Error(`${name} is ${difference} away from the reference`);
    return difference;
}

const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** @param {{ names: string[], runs: number, model: string, backend: 'cpu' | 'webgpu' }} options */
globalThis.bench = async ({ names, runs, model, backend }) => {
    const picture = await pixels(PICTURE);
    const expected = new Float32Array(await (await fetch(EXPECTED)).arrayBuffer());
    const entries = [];
    for (const name of names) {
        const started = performance.now();
        const peer = new Peer(name, backend);
        await peer.ready;
        await peer.ask('load', { picture, caption: CAPTION, model });
        const first_result_ms = performance.now() - started;
        const difference = await checked(name, peer, expected, backend);
        await peer.ask('time', { runs: WARM_UP_RUNS });
        entries.push({ name, peer, first_result_ms, difference, times_ms: [] });
    }
    for (let turn = 0; turn * RUNS_A_TURN < runs; turn++) {
        // Each round begins with another system, so that none always follows the same one.
        for (let place = 0; place < entries.length; place++) {
            const entry = entries[(turn + place) % entries.length];
            entry.times_ms.push(...(await entry.peer.ask('time', { runs: RUNS_A_TURN })).times_ms);
        }
    }
    return entries.map(({ name, first_result_ms, difference, times_ms }) => ({
        name,
        runs: times_ms.length,
        first_result_ms,
        minimum_ms: Math.min(...times_ms),
        median_ms: median(times_ms),
        difference,
    }));
};

/**
 * How long a classifier takes from `load()` to its first result, and onnxruntime-web from `InferenceSession.create` to
 * its first run of the bare network. Nothing is kept from one start to the next but the browser's HTTP cache; a first
 * start of each, which fills it, is not counted.
 *
 * @param {{ rounds: number, backend: 'cpu' | 'webgpu' }} options
 */
globalThis.benchStarts = async ({ rounds, backend }) => {
    const { EmotionClassifier } = await import('/pkg/index.js');
    const image = await (await fetch(PICTURE)).blob();
    const picture = await pixels(PICTURE);
    const starts = {
        async emofuse() {
            const started = performance.now();
            const classifier = await EmotionClassifier.load({ backend, cache: false });
            await classifier.classify({ image, caption: CAPTION });
            const time_ms = performance.now() - started;
            classifier.dispose();
            return time_ms;
        },
        async 'onnxruntime-web'() {
            const peer = new Peer('onnxruntime-web', backend);
            await peer.ready; // its scripts are there; emofuse's worker starts within its time
            const started = performance.now();
            await peer.ask('load', { picture });
            const time_ms = performance.now() - started;
            peer.end();
            return time_ms;
        },
    };
    const times_ms = Object.fromEntries(Object.keys(starts).map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
        for (const [name, start] of Object.entries(starts)) {
            const time_ms = await start();
            if (round >= 0) times_ms[name].push(time_ms);
        }
    }
    return Object.entries(times_ms).map(([name, times]) => ({
        name,
        minimum_ms: Math.min(...times),
        median_ms: median(times),
    }));
};

/** What WebGPU runs on. */
globalThis.graphicsCard = async () => {
    const { info } = await navigator.gpu.requestAdapter();
    return ['WebGPU', info.vendor, info.architecture, info.description].filter(Boolean).join(' ');
};
