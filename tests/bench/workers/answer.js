// What the three workers share: they answer `load`, `features` and `time`, each with the id it came with.
//
// A classic script, because TensorFlow.js is one; it sets `answer` on the worker's scope.

/** @param {{ load(message: object): Promise<void>, check?(): Promise<object>, run(): Promise<unknown> }} system */
self.answer = (system) => {
    const actions = {
        async load(message) {
            await system.load(message);
            await system.run();
            return {};
        },
        check: () => system.check(),
        /** Runs several times in a row and gives each time in milliseconds. */
        async time({ runs }) {
            const times_ms = [];
            for (let run = 0; run < runs; run++) {
                const started = performance.now();
                await system.run();
                times_ms.push(performance.now() - started);
            }
            return { times_ms };
        },
    };
    self.addEventListener('message', async ({ data }) => {
        try {
            self.postMessage({ id: data.id, result: await actions[data.action](data) });
        } catch (error) {
            self.postMessage({ id: data.id, error: `${error.name}: ${error.message}` });
        }
    });
    self.postMessage({ id: 0, result: 'ready' });
};

/** RGBA pixels → RGB as EfficientNet-Lite takes them, (x / 255 − 0.498) / 0.502. */
self.normalised = (rgba, write) => {
    for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
        for (let channel = 0; channel < 3; channel++) write(pixel, channel, (rgba[4 * pixel + channel] / 255 - 0.498) / 0.502);
    }
};
