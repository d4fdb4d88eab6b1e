// Many posts as a stream: in order, few at once, and nothing left behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { AbortError, DisposedError } from '../../pkg/src/errors.js';
import { inOrder } from '../../pkg/src/stream.js';

const options = { ahead: () => 3, signals: [], onError: null };

/** @param {number} count */
function* numbers(count) {
    for (let number = 0; number < count; number++) yield number;
}

/** What is under way at once, and at most. */
function counting(delay = (/** @type {number} */ _number) => 1) {
    const counted = { now: 0, most: 0, taken: 0, aborted: 0 };
    const classify = async (/** @type {number} */ number, /** @type {AbortSignal} */ signal) => {
        counted.most = Math.max(counted.most, ++counted.now);
        counted.taken += 1;
        try {
            await later(delay(number), undefined, { signal });
            return number * 10;
        } catch (error) {
            counted.aborted += 1;
            throw error;
        } finally {
            counted.now -= 1;
        }
    };
    return { counted, classify };
}

/**
 * @template R
 * @param {AsyncIterable<R>} stream
 */
async function collect(stream) {
    const results = [];
    for await (const result of stream) results.push(result);
    return results;
}

test('results come in the order of the posts, whichever is ready first', async () => {
    const { classify } = counting((number) => 12 - number);
    assert.deepEqual(
        await collect(inOrder(numbers(10), classify, options)),
        [...numbers(10)].map((number) => number * 10),
    );
});

test('no more than a few are under way, and none is read before it is needed', async () => {
    const { counted, classify } = counting();
    let read = 0;
    function* source() {
        for (const number of numbers(1000)) {
            read += 1;
            yield number;
        }
    }
    let taken = 0;
    for await (const _ of inOrder(source(), classify, options)) {
        taken += 1;
        assert.ok(read - taken <= options.ahead(), `${read} are read when ${taken} are done`);
        if (taken === 100) break;
    }
    assert.ok(counted.most <= options.ahead() && counted.most > 1, `${counted.most} at once`);
});

test('any iterable is taken: arrays, generators, promises, streams', async () => {
    const { classify } = counting();
    async function* slowly() {
        for (const number of numbers(3)) {
            await later(2);
            yield number;
        }
    }
    const stream = /** @type {AsyncIterable<number>} */ (/** @type {unknown} */ (new Blob(['ab']).stream()));
    for (const posts of [[0, 1, 2], numbers(3), new Set([0, 1, 2]), [0, Promise.resolve(1), later(2, 2)], slowly()]) {
        assert.deepEqual(await collect(inOrder(posts, classify, options)), [0, 10, 20]);
    }
    assert.equal((await collect(inOrder(stream, async () => 'read', options))).length, 1);
    assert.deepEqual(await collect(inOrder([], classify, options)), []);
});

test('a result does not wait for a source that takes its time', async () => {
    const { classify } = counting();
    async function* stuck() {
        yield 1;
        await new Promise(() => {});
    }
    const stream = inOrder(stuck(), classify, options);
    assert.deepEqual(await stream.next(), { done: false, value: 10 });
});

test('leaving the loop aborts what is under way and tells the source', async () => {
    const { counted, classify } = counting((number) => (number === 0 ? 1 : 10_000));
    let isTold = false;
    function* source() {
        try {
            yield* numbers(100);
        } finally {
            isTold = true;
        }
    }
    for await (const _ of inOrder(source(), classify, options)) break;
    while (counted.now > 0) await later(1);
    assert.deepEqual([counted.now, counted.aborted > 0, isTold], [0, true, true]);
});

test('aborting ends it at once, also while the source is stuck', async () => {
    const { classify } = counting();
    async function* stuck() {
        await new Promise(() => {});
        yield 1;
    }
    const abort = new AbortController();
    const ended = collect(inOrder(stuck(), classify, { ...options, signals: [abort.signal] }));
    abort.abort();
    await assert.rejects(ended, AbortError);
    await assert.rejects(collect(inOrder([1], classify, { ...options, signals: [AbortSignal.abort()] })), AbortError);
});

test('the first failure ends it, after the results before it', async () => {
    const { classify } = counting();
    /** @type {number[]} */
    const results = [];
    const failing = async (/** @type {number} */ number, /** @type {AbortSignal} */ signal) => {
        if (number === 2) throw new Error('unreadable');
        return classify(number, signal);
    };
    await assert.rejects(async () => {
        for await (const result of inOrder(numbers(10), failing, options)) results.push(result);
    }, /unreadable/);
    assert.deepEqual(results, [0, 10]);
});

test('with onError failures are told by post and place, and left out', async () => {
    /** @type {[string, number, number][]} */
    const told = [];
    const onError = (/** @type {Error} */ error, /** @type {number} */ post, /** @type {number} */ index) =>
        void told.push([error.message, post, index]);
    const failing = async (/** @type {number} */ number) => {
        if (number % 3 === 0) throw new Error('unreadable');
        return number;
    };
    assert.deepEqual(await collect(inOrder([3, 4, 5, 6], failing, { ...options, onError })), [4, 5]);
    assert.deepEqual(told, [
        ['unreadable', 3, 0],
        ['unreadable', 6, 3],
    ]);
});

test('a source that fails ends it with its own error', async () => {
    const { classify } = counting();
    async function* failing() {
        yield 1;
        throw new Error('the disk is gone');
    }
    await assert.rejects(collect(inOrder(failing(), classify, options)), /the disk is gone/);
});

test('a source that fails ends it after the results of the posts before it', async () => {
    /** @type {number[]} */
    const results = [];
    const { classify } = counting(() => 20);
    async function* failing() {
        yield 1;
        yield 2;
        throw new Error('the disk is gone');
    }
    await assert.rejects(async () => {
        for await (const result of inOrder(failing(), classify, options)) results.push(result);
    }, /the disk is gone/);
    assert.deepEqual(results, [10, 20]);
});

test('promises of posts keep their order, whichever is there first', async () => {
    const { classify } = counting(() => 5);
    const posts = [1, later(60, 2), later(1, 3), later(30, 4), 5];
    assert.deepEqual(await collect(inOrder(posts, classify, options)), [10, 20, 30, 40, 50]);
});

test('each of several signals ends it with its own reason', async () => {
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const { classify } = counting();
    const [one, other] = [new AbortController(), new AbortController()];
    const ended = collect(inOrder(never, classify, { ...options, signals: [one.signal, null, other.signal] }));
    other.abort(new DisposedError('disposed'));
    await assert.rejects(ended, DisposedError);
});

test('aborting does not wait for a source that does not let go', async () => {
    const { classify } = counting();
    async function* holding() {
        try {
            for (let number = 0; ; number++) yield number;
        } finally {
            await new Promise(() => {});
        }
    }
    for (const isLate of [false, true]) {
        const abort = new AbortController();
        const stream = inOrder(holding(), classify, { ...options, signals: [abort.signal] });
        await stream.next();
        if (!isLate) abort.abort();
        const ended = isLate ? stream.return() : stream.next();
        if (isLate) {
            await later(1);
            abort.abort();
        }
        await (isLate ? ended.catch(() => {}) : assert.rejects(ended, AbortError));
    }
});

test('who leaves while the next result is awaited ends it', async () => {
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const leaving = new AbortController();
    const stream = inOrder(never, counting().classify, { ...options, leaving: leaving.signal });
    const next = stream.next();
    leaving.abort();
    assert.deepEqual(await next, { done: true, value: undefined });
});
