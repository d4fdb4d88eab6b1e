// A system in a worker of its own.
import { SYSTEMS } from './systems.js';

const FLOOR = { worker: 'floor', type: 'module' };

export class Peer {
    #worker;
    #name;
    #pending = new Map();
    #last = 0;
    /** @type {Error | null} */
    #failure = null;

    /**
     * @param {string} name A system's, or 'floor'.
     * @param {'cpu' | 'webgpu'} backend
     * @param {{ isCounted?: boolean }} [options] Whether what it asks of WebGPU is counted.
     */
    constructor(name, backend, { isCounted = false } = {}) {
        this.#name = name;
        const { worker, type, precision } = name === 'floor' ? FLOOR : SYSTEMS[name];
        const query = new URLSearchParams({
            backend,
            ...(precision && { precision }),
            ...(isCounted && { counted: '' }),
        });
        this.#worker = new Worker(`/workers/${worker}.js?${query}`, { type });
        this.ready = this.#wait(0);
        this.#worker.addEventListener('message', ({ data }) => {
            const { resolve, reject } = this.#pending.get(data.id);
            this.#pending.delete(data.id);
            if (data.error) reject(new Error(`${name}: ${data.error}`));
            else resolve(data.result);
        });
        this.#worker.addEventListener('error', (event) => {
            event.preventDefault();
            this.#failure = new Error(`${name}: ${event.message ?? 'its worker did not start'}`);
            for (const { reject } of this.#pending.values()) reject(this.#failure);
            this.#pending.clear();
        });
    }

    #wait(id) {
        return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    }

    get name() {
        return this.#name;
    }

    end() {
        this.#worker.terminate();
    }

    /**
     * @param {string} action One of workers/answer.js.
     * @param {object} [details]
     */
    ask(action, details) {
        if (this.#failure) return Promise.reject(this.#failure);
        const id = ++this.#last;
        this.#worker.postMessage({ id, action, ...details });
        return this.#wait(id);
    }
}
