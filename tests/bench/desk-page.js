// The page of the desk's benchmark; `benchDesk` is called from desk.mjs.

const SAMPLES = ['cat', 'coffee', 'rocket'];
const QUALITY = 0.85;

/** Pictures like photographs: the samples, scaled, turned a little, with the noise of a sensor. */
async function photograph({ width, height }, number) {
    const sample = await createImageBitmap(
        await (await fetch(`/samples/${SAMPLES[number % SAMPLES.length]}.jpg`)).blob(),
    );
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.translate(width / 2, height / 2);
    context.rotate(0.03 * number);
    context.drawImage(sample, -0.8 * width, -0.8 * height, 1.6 * width, 1.6 * height);
    const pixels = context.getImageData(0, 0, width, height);
    for (let index = 0; index < pixels.data.length; index += 4) {
        const noise = (Math.random() - 0.5) * 16;
        for (let channel = 0; channel < 3; channel++) pixels.data[index + channel] += noise;
    }
    context.putImageData(pixels, 0, 0);
    const file = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })).arrayBuffer(),
    );
    return { file, pixels: context.getImageData(0, 0, width, height) };
}

let made = 0;

/** The same picture by another hash: what follows the end of a JPEG is not looked at. */
const another = (file) => new File([file, String(made++)], `${made}.jpg`);

function deskPosts(pictures, count) {
    return Array.from({ length: count }, (_, index) => {
        const file = another(pictures[index % pictures.length].file);
        const empty = {
            caption: null,
            findCaption: null,
            own: null,
            error: null,
            imageSha256: null,
            key: null,
            prediction: null,
            manualLabel: null,
            repeated: false,
        };
        return { ...empty, index, id: file.name, image: file.name, open: async () => file, state: 'waiting' };
    });
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => {
    const ascending = sorted(values);
    const middle = ascending.length >> 1;
    return ascending.length % 2 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
};
const summary = (values) => ({ minimum: Math.min(...values), median: median(values), maximum: Math.max(...values) });

globalThis.benchDesk = async ({ sizes, rounds, backend }) => {
    const [{ EmotionClassifier }, { ClassifierPool }, { Journal }, { Run }] = await Promise.all(
        ['/pkg/index.js', '/desk/labelling/pool.js', '/desk/labelling/journal.js', '/desk/labelling/run.js'].map(
            (path) => import(path),
        ),
    );
    const journal = await Journal.open();
    const classifier = await EmotionClassifier.load({ backend });
    const pools = {
        one: await ClassifierPool.load({ backend, workers: 1 }),
        // On a graphics card there is one worker; beside it, what all cores do.
        ...(backend === 'cpu'
            ? { two: await ClassifierPool.load({ backend, workers: 2 }) }
            : { cores: await ClassifierPool.load({ backend: 'cpu' }) }),
    };

    async function runDesk(pool, posts) {
        const run = new Run({ posts, pool, journal, onPost: () => {}, onProgress: () => {} });
        const started = performance.now();
        run.start();
        await run.finished;
        const time_ms = performance.now() - started;
        if (posts.some(({ state, repeated }) => state !== 'done' || repeated))
            throw new Error('not every picture was classified');
        return time_ms;
    }
    const results = [];
    for (const size of sizes) {
        const pictures = [];
        for (let number = 0; number < size.pictures; number++) pictures.push(await photograph(size, number));
        const systems = {
            async pixels() {
                const posts = Array.from({ length: size.posts }, (_, index) => ({
                    image: pictures[index % pictures.length].pixels,
                }));
                const started = performance.now();
                let read = 0;
                for await (const result of classifier.classifyAll(posts)) read += result.image ? 1 : 0;
                if (read !== size.posts) throw new Error('not every picture was classified');
                return performance.now() - started;
            },
            ...Object.fromEntries(
                Object.entries(pools).map(([name, pool]) => [
                    name,
                    () => runDesk(pool, deskPosts(pictures, size.posts)),
                ]),
            ),
        };
        const names = Object.keys(systems);
        const times = Object.fromEntries(names.map((name) => [name, []]));
        for (let round = -1; round < rounds; round++) {
            // Each round begins with another, so that none always follows the same one; the first round is not counted.
            for (let place = 0; place < names.length; place++) {
                const name = names[(round + 1 + place) % names.length];
                const time_ms = await systems[name]();
                if (round >= 0) times[name].push(time_ms);
            }
        }
        const ratio = (above, below) => summary(times[above].map((time_ms, round) => time_ms / times[below][round]));
        results.push({
            name: size.name,
            ms: Object.fromEntries(names.map((name) => [name, median(times[name]) / size.posts])),
            least_ms: Object.fromEntries(names.map((name) => [name, Math.min(...times[name]) / size.posts])),
            ratios: {
                'desk / pixels': ratio('pixels', 'one'),
                ...(backend === 'cpu'
                    ? { 'two workers / one': ratio('one', 'two') }
                    : { 'WebGPU / CPU, all cores': ratio('cores', 'one') }),
            },
        });
    }
    return results;
};
