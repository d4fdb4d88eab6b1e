// Runs jobs in batches, a few of them at once, fairly, so that those which wait can be dropped.

import { AbortError } from './errors.js';

/**
 * What becomes of one job of a batch.
 *
 * @template R
 * @typedef {{ value: R } | { error: Error }} Outcome
 */

/**
 * @template W, R
 * @typedef {object} Job
 * @property {W} work
 * @property {(outcome: Outcome<R>) => void} settle
 */

/**
 * Jobs wait in lanes, each in order; whoever runs next is taken from the lanes in turns, so that a long list in one
 * does not hold up the others.
 *
 * @template W, R
 */
export class Queue {
    #run;
    #runTogether;
    /** @type {Map<unknown, Job<W, R>[]>} The lanes with something in them; the first is served next. */
    #lanes = new Map();
    /** @type {Set<Job<W, R>[]>} */
    #running = new Set();

    /** How many jobs run together at most. */
    batch = 1;
    /** How many batches are under way at most. More than one only while they are full. */
    depth = 1;

    /**
     * @param {(works: W[]) => Promise<Outcome<R>[]>} run Does a batch; one outcome for each, in order. Where it
     *     rejects, each of them fails.
     * @param {(one: W, other: W) => boolean} runTogether Whether two can be in one batch.
     */
    constructor(run, runTogether = () => true) {
        this.#run = run;
        this.#runTogether = runTogether;
    }

    /**
     * @param {W} work
     * @param {{ signal?: AbortSignal | null, lane?: unknown }} [options] Aborting rejects at once: a job that waits is
     *     dropped, the result of one that runs is.
     * @returns {Promise<R>}
     */
    add(work, { signal = null, lane = null } = {}) {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) throw new AbortError('the call was aborted');
            const abort = () => {
                this.#drop(lane, job);
                job.settle({ error: new AbortError('the call was aborted') });
            };
            /** @type {Job<W, R>} */
            const job = {
                work,
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
            // Not at once, so that calls which are made together can run together.
            queueMicrotask(() => this.#advance());
        });
    }

    /**
     * Rejects everything that waits or runs.
     *
     * @param {Error} error
     */
    rejectAll(error) {
        const jobs = [...[...this.#running].flat(), ...[...this.#lanes.values()].flat()];
        this.#lanes.clear();
        for (const job of jobs) job.settle({ error });
    }

    #advance() {
        while (this.#isNextDue()) void this.#runBatch(this.#take());
    }

    /** A batch that is not full yet waits for others, unless nothing is under way. */
    #isNextDue() {
        let waiting = 0;
        for (const jobs of this.#lanes.values()) waiting += jobs.length;
        return waiting > 0 && (this.#running.size === 0 || (this.#running.size < this.depth && waiting >= this.batch));
    }

    /** @param {Job<W, R>[]} jobs */
    async #runBatch(jobs) {
        this.#running.add(jobs);
        const outcomes = await this.#run(jobs.map(({ work }) => work)).catch((error) => jobs.map(() => ({ error })));
        for (const [index, job] of jobs.entries()) job.settle(/** @type {Outcome<R>} */ (outcomes[index]));
        this.#running.delete(jobs);
        this.#advance();
    }

    /** The next batch, one job of each lane in turns. */
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
            this.#lanes.delete(lane); // and to the end, if there is more in it
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
