// What a browser has and Node.js has not, as far as the package asks for it.

/**
 * Sets globals.
 *
 * @param {Record<string, unknown>} values
 * @returns {() => void} Takes them back.
 */
export function setGlobals(values) {
    const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const [name, value] of Object.entries(values))
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    return () => {
        for (const [name, descriptor] of /** @type {[string, PropertyDescriptor | undefined][]} */ (before)) {
            if (descriptor) Object.defineProperty(globalThis, name, descriptor);
            else Reflect.deleteProperty(globalThis, name);
        }
    };
}

/** The Cache Storage, in memory. */
export class FakeCaches {
    /** @type {Map<string, Map<string, Response>>} */
    #caches = new Map();

    /** @param {string} name */
    async open(name) {
        const entries = this.#caches.get(name) ?? new Map();
        this.#caches.set(name, entries);
        return {
            match: async (/** @type {string} */ url) => entries.get(url)?.clone(),
            put: async (/** @type {string} */ url, /** @type {Response} */ response) => void entries.set(url, response),
            keys: async () => [...entries.keys()].map((url) => ({ url })),
            delete: async (/** @type {string | { url: string }} */ key) =>
                entries.delete(typeof key === 'string' ? key : key.url),
        };
    }

    /** @param {string} name */
    urls(name) {
        return [...(this.#caches.get(name)?.keys() ?? [])];
    }

    clear() {
        this.#caches.clear();
    }
}

/** @typedef {import('../../pkg/src/transport/protocol.js').Request} Request */
/** @typedef {import('../../pkg/src/transport/protocol.js').Answer} Answer */
/**
 * What a worker does: `load` and `measure` resolve when it is done, or reject with why not; `measure` with
 * milliseconds.
 *
 * @typedef {object} Behaviour
 * @property {() => Promise<void>} [load]
 * @property {number} [test_ms] How long the test of its engine took.
 * @property {Promise<unknown>} [captions] When it can classify captions, though it is not loaded yet.
 * @property {() => Promise<number>} [measure]
 * @property {(caption: string | null) => Promise<void>} [classify]
 */

/** Workers that run no program, and what became of them. */
export class FakeWorkers {
    /** Those that were started, in order. @type {FakeWorker[]} */
    all = [];
    /** @type {Record<'cpu' | 'webgpu', Behaviour>} */
    behaviour = { cpu: {}, webgpu: {} };
    /** Whether each classifies one request after another, as real ones do. */
    areSerial = false;

    /** As the package's `channels.openWorker`. @type {typeof import('../../pkg/src/transport/browser.js').channels.openWorker} */
    open = (listener) => {
        const worker = new FakeWorker(this, listener);
        this.all.push(worker);
        return { post: (request) => void worker.receive(request), close: () => worker.end(), keepAlive: () => {} };
    };

    /** @param {'cpu' | 'webgpu'} backend */
    on(backend) {
        return this.all.filter((worker) => worker.backend === backend);
    }

    get running() {
        return this.all.filter(({ isEnded }) => !isEnded).map(({ backend }) => backend);
    }
}

class FakeWorker {
    #workers;
    #listener;
    /** @type {'cpu' | 'webgpu'} */
    backend = 'cpu';
    isEnded = false;
    /** Its last request; the next one waits for it. @type {Promise<unknown>} */
    #last = Promise.resolve();
    /** What it was asked. @type {Request[]} */
    requests = [];

    /**
     * @param {FakeWorkers} workers
     * @param {import('../../pkg/src/transport/browser.js').Listener} listener
     */
    constructor(workers, listener) {
        this.#workers = workers;
        this.#listener = listener;
    }

    end() {
        this.isEnded = true;
    }

    /** Fails by itself, as a worker does whose device is lost. @param {string} message */
    fail(message) {
        this.#answer({ type: 'crashed', id: null, error: { name: 'BackendError', message } });
    }

    /** Shows that it is alive. @param {number} posts As long as so many may take what it begins. */
    begin(posts) {
        this.#answer({ type: 'begun', id: null, posts });
    }

    /** @param {Answer} answer */
    #answer(answer) {
        if (!this.isEnded) this.#listener.onAnswer(answer);
    }

    /** @param {Request} request */
    async receive(request) {
        if (request.type === 'load') this.backend = request.backend;
        this.requests.push(request);
        if (request.type === 'drop') return;
        await new Promise(setImmediate); // as messages come
        try {
            const answer = this.#workers.areSerial
                ? this.#last.then(() => this.#answerTo(request))
                : this.#answerTo(request);
            this.#last = answer.catch(() => {});
            this.#answer(await answer);
        } catch (error) {
            const { name, message } = /** @type {Error} */ (error);
            this.#answer({ type: 'failed', id: request.id, error: { name, message }, fatal: name === 'BackendError' });
        }
    }

    /**
     * @param {import('../../pkg/src/transport/protocol.js').Question} request
     * @returns {Promise<Answer>}
     */
    async #answerTo(request) {
        const { id } = request;
        const { load, test_ms = 0, captions, measure, classify } = this.#workers.behaviour[this.backend];
        if (request.type === 'load') {
            this.#answer({
                type: 'progress',
                id,
                progress: { phase: 'test', loaded: 1, total: 1, backend: this.backend },
            });
            if (request.captions) void captions?.then(() => this.#answer({ type: 'captions', id }));
            await load?.();
            return { type: 'loaded', id, description: describe(this.backend), test_ms };
        }
        if (request.type === 'measure') return { type: 'measured', id, ms: (await measure?.()) ?? 10 };
        for (const { caption } of request.posts) await classify?.(caption);
        const outcomes = request.posts.map(({ caption }) => ({ value: /** @type {any} */ ({ caption }) }));
        return { type: 'classified', id, outcomes };
    }
}

/**
 * @param {'cpu' | 'webgpu'} backend
 * @returns {import('../../pkg/src/transport/protocol.js').EngineDescription}
 */
const describe = (backend) => ({
    id: 'model',
    sha256: 'abc',
    labels: ['joy'],
    none: null,
    system: 'common_space',
    limits: { max_bytes: 1, max_pixels: 1, max_tokens: 1, max_batch: backend === 'webgpu' ? 8 : 1 },
    uncertain_below: { both: 0, image: 0, caption: 0 },
    backend,
    adapter: backend === 'webgpu' ? 'a card' : null,
});
