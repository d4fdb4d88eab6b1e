// The panel's classifier: the extension's host, with its status shown.

import '../pkg/src/trusted-types.js';
import { labelsOf, useLabels } from '../shared/labels.js';
import { createExtensionHost } from '../pkg/extension.js';

/** @typedef {import('../shared/engine-status.js').Choice} Choice */
/** @typedef {import('../pkg/extension.js').ExtensionHost} ExtensionHost */

/** Loads the model when the panel opens, and updates the status line. */
export class PanelModel {
    #status;
    /** @type {ExtensionHost} */
    #host;

    /**
     * @param {import('../shared/engine-status.js').EngineStatus} status
     * @param {Choice} backend
     */
    constructor(status, backend) {
        this.#status = status;
        this.#host = this.#open(backend);
    }

    /**
     * Switches to another back end.
     *
     * @param {Choice} backend
     */
    choose(backend) {
        this.#host.dispose();
        this.#host = this.#open(backend);
    }

    /**
     * @param {import('../../pkg/index.js').Post} post
     * @param {AbortSignal} signal
     */
    async classify(post, signal) {
        const host = this.#host;
        try {
            return await host.classify(post, { signal, explain: true });
        } finally {
            if (host === this.#host) void this.#load(host); // it may have failed, or another back end may have taken over
        }
    }

    /** @param {Choice} backend */
    #open(backend) {
        const host = createExtensionHost({
            backend,
            onProgress: (progress) => {
                if (host === this.#host) this.#status.loading(progress, null);
            },
            onBackendChange: (description) => {
                if (host === this.#host) this.#status.changed(description);
            },
        });
        this.#status.loading({ phase: 'download', loaded: 0, total: 0, backend: 'cpu' }, null);
        void this.#load(host);
        return host;
    }

    /** @param {ExtensionHost} host */
    async #load(host) {
        try {
            const description = await host.describe();
            if (host !== this.#host) return;
            useLabels(labelsOf(description));
            this.#status.ready(description);
        } catch (error) {
            if (host === this.#host) this.#status.failed(error, () => void this.#load(host));
        }
    }
}
