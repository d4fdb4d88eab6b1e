// Runs jobs in batches, a few batches at a time and fairly. Waiting jobs can be dropped.

import { AbortError } from './errors.js';

/**
 * The outcome of one job of a batch.
 *
 * @template R
 * @typedef {{ value: R } | { error: Error }} Outcome
 */

/**
 * @template W, R
 * @typedef {object} Job
 * @property {W} work
 * @property {(outcome: Outcome<R>) => void} settle
 * @property {Batch<W, R> | null} batch Null while it waits.
 */

/**
 * @template W, R
 * @typedef {{ jobs: Job<W, R>[], left: number, stop: AbortController }} Batch `left` counts those that were not aborted.
 */

/**
 * Jobs wait in lanes, each in order. The next jobs are taken from the lanes in turn, so that a long list in one lane
 * does not block the others.
 *
 * @template W, R
 */
export class Queue {
    #run;
    #runTogether;
    /** @type {Map<unknown, Job<W, R>[]>} The lanes that are not empty; the first one is served next. */
    #lanes = new Map();
    /** @type {Set<Batch<W, R>>} */
    #running = new Set();

    /** The maximum number of jobs in a batch. */
    batch = 1;
    /** The maximum number of batches in progress. More than one runs only while they are full. */
    depth = 1;

    /**
     * @param {(works: W[], signal: AbortSignal) => Promise<Outcome<R>[]>} run Runs a batch and returns an outcome for each
     *     job, in order. If it rejects, all of them fail. The signal is aborted when all of them were; the next batch
     *     does not wait for them.
     * @param {(one: W, other: W) => boolean} runTogether Whether two jobs can share a batch.
     */
    constructor(run, runTogether = () => true) {
        this.#run = run;
        this.#runTogether = runTogether;
    }

    /**
     * @param {W} work
     * @param {{ signal?: AbortSignal | null, lane?: unknown }} [options] Aborting rejects immediately: a waiting job is
     *     dropped; a running one is stopped if it was alone, otherwise its result is discarded.
     * @returns {Promise<R>}
     */
    add(work, { signal = null, lane = null } = {}) {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) throw new AbortError('the call was aborted');
            const abort = () => {
                job.settle({ error: new AbortError('the call was aborted') });
                if (job.batch) this.#leave(job.batch);
                else this.#drop(lane, job);
            };
            /** @type {Job<W, R>} */
            const job = {
                work,
                batch: null,
                settle: (outcome) => {
                    signal?.removeEventListener('abort', abort);
                    if ('error' in outcome) reject(outcome.error);
                    else resolve(outcome.value);
                },
            };
            signal?.addEventListener('abort', abort);
            const waiting = this.#lanes.get(lane);
            if (waiting) waiting.push(job);
            else this.#lanes.set(lane, [job]);
            // Deferred, so that calls made together can run in one batch.
            queueMicrotask(() => this.#advance());
        });
    }

    /**
     * Rejects all waiting and running jobs.
     *
     * @param {Error} error
     */
    rejectAll(error) {
        const jobs = [...[...this.#running].flatMap(({ jobs }) => jobs), ...[...this.#lanes.values()].flat()];
        this.#lanes.clear();
        for (const job of jobs) job.settle({ error });
    }

    #advance() {
        while (this.#isNextDue()) void this.#runBatch(this.#take());
    }

    /** A batch that is not full waits for more jobs, unless nothing is in progress. */
    #isNextDue() {
        let waiting = 0;
        for (const jobs of this.#lanes.values()) waiting += jobs.length;
        return waiting > 0 && (this.#running.size === 0 || (this.#running.size < this.depth && waiting >= this.batch));
    }

    /** @param {Job<W, R>[]} jobs */
    async #runBatch(jobs) {
        /** @type {Batch<W, R>} */
        const batch = { jobs, left: jobs.length, stop: new AbortController() };
        for (const job of jobs) job.batch = batch;
        this.#running.add(batch);
        const works = jobs.map(({ work }) => work);
        const outcomes = await this.#run(works, batch.stop.signal).catch((error) => jobs.map(() => ({ error })));
        if (batch.left === 0) return; // nobody waits for them
        for (const [index, job] of jobs.entries()) job.settle(/** @type {Outcome<R>} */ (outcomes[index]));
        this.#end(batch);
    }

    /** @param {Batch<W, R>} batch One of its jobs was aborted. */
    #leave(batch) {
        batch.left -= 1;
        if (batch.left > 0) return;
        batch.stop.abort();
        this.#end(batch);
    }

    /** @param {Batch<W, R>} batch */
    #end(batch) {
        this.#running.delete(batch);
        this.#advance();
    }

    /** Takes the next batch: one job from each lane in turn. */
    #take() {
        /** @type {Job<W, R>[]} */
        const jobs = [];
        while (jobs.length < this.batch) {
            const [entry] = this.#lanes;
            const [first] = jobs;
            const next = entry?.[1][0];
            if (!entry || !next || (first && !this.#runTogether(first.work, next.work))) break;
            const [lane, waiting] = entry;
            jobs.push(next);
            waiting.shift();
            this.#lanes.delete(lane); // a lane with more jobs goes to the end
            if (waiting.length > 0) this.#lanes.set(lane, waiting);
        }
        return jobs;
    }

    /**
     * @param {unknown} lane
     * @param {Job<W, R>} job
     */
    #drop(lane, job) {
        const left = this.#lanes.get(lane)?.filter((other) => other !== job);
        if (left?.length) this.#lanes.set(lane, left);
        else if (left) this.#lanes.delete(lane);
    }
}
