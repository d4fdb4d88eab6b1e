// Runs batches on the back end in use: the chosen one, or the CPU until WebGPU proves faster. Repeats batches that a
// failure interrupted.

import { Activity } from './activity.js';
import { findAdapter } from './adapter.js';
import { BackEnd } from './back-end.js';
import { describedLabels } from './emotions.js';
import { BackendError, TimeoutError, inOneLine } from './errors.js';
import { platform } from './platform.js';
import { tryWebGpu } from './trial.js';

/** @typedef {import('./transport/protocol.js').Work} Work */
/** @typedef {import('./types.js').Description} Description */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./queue.js').Outcome<Result | import('./types.js').Features>} Outcome */
/**
 * @typedef {{ session: import('./transport/session.js').Session, description: Pick<Description, 'backend' | 'backendReason'> }}
 *     Running
 */

/** How many times a graphics device may be lost before WebGPU is given up. */
const LOSSES = 2;

/** Keeps the classifier running on the best back end that works. */
export class Supervisor {
    #options;
    #model;
    #onChange;
    #onCaptions;
    /** What classifies captions until the first start has ended. @type {import('./transport/session.js').Session | null} */
    #early = null;
    /** Whether WebGPU may take over from the CPU. */
    #isTried;
    /** The back end that loading waits for. */
    #first;
    /** WebGPU, during its trial and after it has taken over. @type {BackEnd | null} */
    #webgpu = null;
    /** Either of these two. */
    #inUse;
    /** Why it is in use. */
    #reason;
    /** @type {import('./verdict.js').Verdict | null} */
    #verdict = null;
    /** The description reported last. @type {Description | null} */
    #described = null;
    /** @type {Promise<import('./adapter.js').Found> | null} */
    #adapter = null;
    #activity = new Activity();
    /** How many times the graphics device was lost. */
    #losses = 0;
    /** Settles when interrupted batches have been repeated. @type {Promise<unknown>} */
    #repeated = Promise.resolve();
    /** @type {Error | null} Why no session is started any more. */
    #closed = null;

    /**
     * @param {import('./options.js').CheckedLoadOptions} options
     * @param {import('./transport/protocol.js').Load['model']} model A model file is used again for each start.
     * @param {object} listeners
     * @param {(description: Description) => void} listeners.onChange Called after the first start, and whenever the back
     *     end or its reason changes.
     * @param {(() => void) | null} listeners.onCaptions Called when captions can be classified during the first start.
     */
    constructor(options, model, { onChange, onCaptions }) {
        const { backend, worker } = options;
        this.#options = options;
        this.#model = model;
        this.#onChange = onChange;
        this.#onCaptions = onCaptions;
        this.#isTried = backend === 'auto' && worker;
        this.#reason =
            backend !== 'auto' ? 'chosen' : worker ? 'WebGPU is still being tried' : 'it runs without a worker';
        this.#first = new BackEnd(backend === 'auto' ? 'cpu' : backend, options, model, () => {});
        this.#inUse = this.#first;
    }

    /** The model and the back end in use. */
    get description() {
        return this.#describe(this.#inUse);
    }

    /**
     * Ends the sessions for good.
     *
     * @param {Error} error Rejects pending and later calls.
     */
    close(error) {
        this.#closed = error;
        this.#first.close(error);
        this.#webgpu?.close(error);
    }

    /**
     * Returns the session in use, and starts one if there is none. The trial of WebGPU follows the first start.
     *
     * @param {AbortSignal | null} signal Aborting ends the start.
     * @returns {Promise<Running>}
     */
    async open(signal) {
        if (this.#isTried && !this.#adapter) this.#lookForAdapter();
        const backEnd = this.#inUse;
        const session = await backEnd.open(this.#loadListeners, signal);
        this.#early = null;
        const running = { session, description: this.#describe(backEnd) };
        if (!this.#described) {
            this.#announce();
            if (this.#isTried) void this.#tryWebGpu();
        }
        return running;
    }

    /** @returns {import('./transport/session.js').LoadListeners} */
    get #loadListeners() {
        const { onProgress } = this.#options;
        const onCaptions = this.#described ? null : this.#onCaptions;
        if (!onCaptions) return { onProgress };
        return {
            onProgress,
            onCaptions: (session) => {
                this.#early = session;
                onCaptions();
            },
        };
    }

    /**
     * Classifies a batch. If the back end fails, the batch is repeated: on the CPU if that can take over, otherwise after
     * a restart. A post with which the worker is silent for too long is not repeated where that happened.
     *
     * @param {Work[]} works All of one kind.
     * @param {AbortSignal} signal
     * @returns {Promise<Outcome[]>}
     */
    classify(works, signal) {
        return this.#activity.during(() => this.#classify(works, signal));
    }

    /**
     * @param {Work[]} works
     * @param {AbortSignal} signal
     * @returns {Promise<Outcome[]>}
     */
    async #classify(works, signal) {
        const early = this.#early && { session: this.#early, description: this.#inShort('cpu') };
        const running = early ?? (await this.#openUndisturbed());
        let failure;
        try {
            return await classifyIn(running, works, signal);
        } catch (error) {
            if (!this.#canRepeat(running.session, 0)) throw error;
            failure = error;
        }
        // One at a time: a post that makes the back end fail must not affect the others that ran beside it.
        const repeating = this.#repeated.then(() =>
            this.#isGivenUp(running.session, failure)
                ? this.#goOnWithout(failure, works, signal)
                : this.#repeat(works, signal),
        );
        this.#repeated = repeating.catch(() => {});
        return repeating;
    }

    /**
     * @param {Work[]} works
     * @param {AbortSignal} signal
     * @returns {Promise<Outcome[]>}
     */
    async #repeat(works, signal) {
        for (let repeated = 1; ; repeated++) {
            const running = await this.open(null);
            try {
                return await classifyIn(running, works, signal);
            } catch (error) {
                if (this.#isGivenUp(running.session, error)) return this.#goOnWithout(error, works, signal);
                if (!this.#canRepeat(running.session, repeated)) throw error;
            }
        }
    }

    /**
     * Gives up the post with which the worker was silent for too long. Of several it is found by repeating each alone.
     *
     * @param {TimeoutError} error
     * @param {Work[]} works
     * @param {AbortSignal} signal
     * @returns {Promise<Outcome[]>}
     */
    async #goOnWithout(error, works, signal) {
        if (works[0] && works.length === 1) return [timedOut(works[0], error)];
        /** @type {Outcome[]} */
        const outcomes = [];
        for (const work of works)
            outcomes.push(...(await this.#repeat([work], signal).catch((reason) => [{ error: reason }])));
        return outcomes;
    }

    /**
     * Whether the back end is not to try the post again: WebGPU was silent for too long, and the CPU cannot take over.
     *
     * @param {import('./transport/session.js').Session} session
     * @param {unknown} error
     * @returns {error is TimeoutError}
     */
    #isGivenUp({ backend }, error) {
        return error instanceof TimeoutError && !this.#closed && !(backend === 'webgpu' && this.#isTried);
    }

    /**
     * @param {import('./transport/session.js').Session} session The session that failed.
     * @param {number} repeated How many times the batch was repeated.
     */
    #canRepeat(session, repeated) {
        // A device may be lost twice before it is given up; a program that stops twice is not restarted.
        const most = session.backend === 'webgpu' && this.#isTried ? LOSSES : 1;
        const wasLoaded = this.#described !== null; // else loading rejects, and nothing is to be started again
        return wasLoaded && !this.#closed && session.isOver && repeated < most;
    }

    /** Returns the session in use once no batch is being repeated in it. */
    async #openUndisturbed() {
        for (;;) {
            const repeated = this.#repeated;
            await repeated;
            const running = await this.open(null);
            if (repeated === this.#repeated) return running;
        }
    }

    /** Begins while the CPU starts: it downloads nothing. */
    #lookForAdapter() {
        const looking = findAdapter(platform.host);
        this.#adapter = looking;
        void looking.then((found) => {
            if ('reason' in found && this.#adapter === looking) this.#reason = found.reason;
        });
        return looking;
    }

    /** Lets WebGPU take over if it is faster. Posts in progress finish on the CPU. */
    async #tryWebGpu() {
        const webgpu = new BackEnd('webgpu', this.#options, this.#model, (error) => this.#lose(webgpu, error));
        this.#webgpu = webgpu;
        const { takesOver, reason, verdict } = await tryWebGpu({
            cpu: this.#first,
            webgpu,
            found: await (this.#adapter ?? this.#lookForAdapter()),
            known: this.#verdict,
            cache: this.#options.cache,
            lull: () => this.#activity.lull(),
        });
        if (this.#closed) return;
        if (takesOver) this.#inUse = webgpu;
        else webgpu.close(new BackendError(reason));
        this.#reason = reason;
        this.#verdict = verdict;
        this.#announce();
    }

    /**
     * Returns to the CPU immediately: its session was never closed.
     *
     * @param {BackEnd} webgpu
     * @param {Error} error
     */
    #lose(webgpu, error) {
        if (webgpu !== this.#inUse) return; // during the trial, which ends it
        this.#losses += 1;
        this.#inUse = this.#first;
        const isOver = this.#losses >= LOSSES;
        const times = isOver ? `${LOSSES} times` : 'and is being tried again';
        this.#reason = `WebGPU stopped working ${times}: ${inOneLine(error.message)}`;
        this.#announce();
        if (isOver) return;
        this.#adapter = null; // the adapter may have changed
        void this.#tryWebGpu();
    }

    /** @param {BackEnd} backEnd */
    #describe({ kind, engine }) {
        if (!engine) throw new BackendError('nothing is loaded yet');
        const { id, sha256, limits, uncertain_below, adapter } = engine;
        return {
            model: { id, sha256 },
            ...describedLabels(engine),
            limits,
            uncertain_below,
            ...this.#inShort(kind),
            measured_ms: this.#verdict?.measured_ms ?? null,
            adapter,
        };
    }

    /** @param {import('./types.js').Backend} backend */
    #inShort(backend) {
        return { backend, backendReason: this.#reason };
    }

    #announce() {
        const { description } = this;
        const { backend, backendReason, measured_ms } = description;
        const last = this.#described;
        if (backend === last?.backend && backendReason === last.backendReason && measured_ms === last.measured_ms)
            return;
        this.#described = description;
        this.#onChange(description);
    }
}

/**
 * @param {Work} work
 * @param {TimeoutError} error
 * @returns {{ error: Error }}
 */
const timedOut = ({ name }, { message }) => ({
    error: new TimeoutError(
        `${name} was given up: ${message}; use a smaller image, or a higher timeout_ms on a slow device`,
    ),
});

/**
 * @param {Running} running
 * @param {Work[]} works
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome[]>}
 */
async function classifyIn({ session, description }, works, signal) {
    const wanted = works[0]?.wanted ?? { explain: false, systems: false };
    const outcomes = await session.classify(
        works.map(({ post }) => post),
        wanted,
        signal,
    );
    const { backend, backendReason } = description;
    return outcomes.map((outcome) => {
        if ('error' in outcome) return outcome;
        if (wanted === 'features') return { value: /** @type {import('./types.js').Features} */ (outcome.value) };
        const { model, ...value } = /** @type {import('./transport/protocol.js').Classification} */ (outcome.value);
        return { value: { ...value, backend, backendReason, model } };
    });
}
