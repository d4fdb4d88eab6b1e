// Runs systems in turns, so that whatever else the machine does falls on all of them.

const RUNS_A_TURN = 5;

/**
 * @template T, U
 * @param {T[]} entries
 * @param {number} runs Of each.
 * @param {(entry: T, runs: number) => Promise<U[]>} run
 * @param {(done: number, total: number) => void} [onProgress] Of the turns.
 * @returns {Promise<Map<T, U[] | Error>>} An error for an entry that failed; the others go on.
 */
export async function inTurns(entries, runs, run, onProgress = () => {}) {
    const results = new Map(entries.map((entry) => [entry, []]));
    const rounds = Math.ceil(runs / RUNS_A_TURN);
    for (let round = 0; round < rounds; round++) {
        const count = Math.min(RUNS_A_TURN, runs - round * RUNS_A_TURN);
        // Each round begins with another system, so that none always follows the same one.
        for (let place = 0; place < entries.length; place++) {
            const entry = entries[(round + place) % entries.length];
            const found = results.get(entry);
            if (found instanceof Error) continue;
            try {
                found.push(...(await run(entry, count)));
            } catch (error) {
                results.set(entry, error);
            }
            onProgress(round * entries.length + place + 1, rounds * entries.length);
        }
    }
    return results;
}

const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** @param {number[] | Error} times */
export const summary = (times) =>
    times instanceof Error
        ? { error: times.message }
        : { runs: times.length, minimum_ms: Math.min(...times), median_ms: median(times) };
