// Jobs in order and in turns, and what becomes of them when they are dropped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, BackendError } from '../../pkg/src/errors.js';
import { Queue } from '../../pkg/src/queue.js';

/** @typedef {import('../../pkg/src/queue.js').Outcome<string>} Outcome */

/** A job that ends when it is told to. */
function controlled() {
    /** @type {(value: string) => void} */
    let finish = () => {};
    const promise = new Promise((/** @type {(value: string) => void} */ resolve) => {
        finish = resolve;
    });
    const job = {
        started: false,
        finish,
        run: () => {
            job.started = true;
            return promise;
        },
    };
    return job;
}

/** @typedef {{ run: () => Promise<string> }} Work */

/** @type {(works: Work[]) => Promise<Outcome[]>} */
const runEach = (works) =>
    Promise.all(
        works.map(({ run }) =>
            run().then(
                (value) => ({ value }),
                (error) => ({ error }),
            ),
        ),
    );

/** A queue that notes which jobs it runs together. */
function noting() {
    /** @type {string[][]} */
    const batches = [];
    /** @type {Queue<string, string>} */
    const queue = new Queue(
        async (works) => {
            batches.push(works);
            return works.map((value) => ({ value }));
        },
        (one, other) => one.startsWith('!') === other.startsWith('!'),
    );
    return { queue, batches };
}

const yieldToEventLoop = () => new Promise((resolve) => setImmediate(resolve));

test('jobs run one after another', async () => {
    const queue = new Queue(runEach);
    const [first, second] = [controlled(), controlled()];
    const results = [queue.add(first), queue.add(second)];
    await yieldToEventLoop();
    assert.deepEqual([first.started, second.started], [true, false]);
    first.finish('1');
    second.finish('2');
    assert.deepEqual(await Promise.all(results), ['1', '2']);
});

test('lanes take turns, each in its order', async () => {
    const { queue, batches } = noting();
    const long = {};
    const added = [
        ...['a1', 'a2', 'a3', 'a4'].map((work) => queue.add(work, { lane: long })),
        queue.add('b1'),
        queue.add('b2'),
    ];
    await Promise.all(added);
    assert.deepEqual(batches.flat(), ['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
});

test('a call that comes later is next, however many wait in another lane', async () => {
    const { queue, batches } = noting();
    const many = Array.from({ length: 100 }, (_, index) => queue.add(`a${index}`, { lane: 'many' }));
    await many[2];
    await queue.add('b');
    assert.ok(batches.flat().indexOf('b') < 10, `it is number ${batches.flat().indexOf('b')}`);
    await Promise.all(many);
});

test('as many run together as there may be, of every lane, but only such as belong together', async () => {
    const { queue, batches } = noting();
    queue.batch = 3;
    await Promise.all([
        ...['a1', 'a2', '!a3', 'a4'].map((work) => queue.add(work, { lane: 'a' })),
        queue.add('b1', { lane: 'b' }),
    ]);
    assert.deepEqual(batches, [['a1', 'b1', 'a2'], ['!a3'], ['a4']]);
});

test('in a batch each has its own outcome', async () => {
    /** @type {Queue<number, number>} */
    const queue = new Queue(async (works) =>
        works.map((work) => (work % 2 ? { error: new Error(`${work} is odd`) } : { value: work })),
    );
    queue.batch = 4;
    const results = await Promise.allSettled([0, 1, 2, 3].map((work) => queue.add(work)));
    assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
});

test('an aborted job that waits is never started, and the others go on', async () => {
    const queue = new Queue(runEach);
    const [first, second, third] = [controlled(), controlled(), controlled()];
    const abort = new AbortController();
    const one = queue.add(first);
    const two = queue.add(second, { signal: abort.signal });
    const three = queue.add(third);
    abort.abort();
    await assert.rejects(two, AbortError);
    first.finish('1');
    third.finish('3');
    assert.deepEqual(await Promise.all([one, three]), ['1', '3']);
    assert.equal(second.started, false);
});

test('an aborted job that runs is rejected at once, and the next does not wait for it', async () => {
    const queue = new Queue(runEach);
    const [first, second] = [controlled(), controlled()];
    const abort = new AbortController();
    const one = queue.add(first, { signal: abort.signal });
    const two = queue.add(second);
    await yieldToEventLoop();
    abort.abort();
    await assert.rejects(one, AbortError);
    assert.equal(second.started, true);
    second.finish('2');
    assert.equal(await two, '2');
    first.finish('ignored');
});

test('a batch is stopped when all of its jobs were aborted, and not before', async () => {
    /** @type {AbortSignal[]} */
    const signals = [];
    const queue = new Queue((/** @type {ReturnType<typeof controlled>[]} */ jobs, signal) => {
        signals.push(signal);
        return runEach(jobs);
    });
    queue.batch = 2;
    const [one, other] = [new AbortController(), new AbortController()];
    const results = [one, other].map(({ signal }) => queue.add(controlled(), { signal }));
    await yieldToEventLoop();
    one.abort();
    assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [false],
    );
    other.abort();
    assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true],
    );
    for (const result of results) await assert.rejects(result, AbortError);
});

test('a job with a signal that is aborted already is never started', async () => {
    const job = controlled();
    await assert.rejects(new Queue(runEach).add(job, { signal: AbortSignal.abort() }), AbortError);
    assert.equal(job.started, false);
});

test('rejecting all reaches what runs and what waits, and later jobs work', async () => {
    const queue = new Queue(runEach);
    const [first, second, third] = [controlled(), controlled(), controlled()];
    const one = queue.add(first);
    const two = queue.add(second, { lane: 'other' });
    await yieldToEventLoop();
    queue.rejectAll(new BackendError('lost'));
    await assert.rejects(one, BackendError);
    await assert.rejects(two, BackendError);
    first.finish('1');
    third.finish('3');
    assert.equal(await queue.add(third), '3');
    assert.equal(second.started, false);
});

test('a job that fails does not hold up the next', async () => {
    const queue = new Queue(runEach);
    const failing = queue.add({ run: () => Promise.reject(new Error('no')) });
    const next = queue.add({ run: () => Promise.resolve('yes') });
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
});

test('a batch that fails as a whole fails each of its jobs', async () => {
    /** @type {Queue<number, number>} */
    const queue = new Queue(() => Promise.reject(new BackendError('gone')));
    queue.batch = 2;
    const results = await Promise.allSettled([queue.add(1), queue.add(2)]);
    assert.ok(results.every((result) => result.status === 'rejected' && result.reason instanceof BackendError));
});

test('a few are under way at once, no more, and the next starts when one ends', async () => {
    const queue = new Queue(runEach);
    queue.depth = 3;
    const jobs = Array.from({ length: 5 }, controlled);
    const results = jobs.map((job) => queue.add(job));
    const started = () => jobs.map((job) => job.started);
    await yieldToEventLoop();
    assert.deepEqual(started(), [true, true, true, false, false]);
    jobs[1]?.finish('2');
    await yieldToEventLoop();
    assert.deepEqual(started(), [true, true, true, true, false]);
    for (const [index, job] of jobs.entries()) job.finish(String(index + 1));
    assert.deepEqual(await Promise.all(results), ['1', '2', '3', '4', '5']);
});

test('with a few under way a call of its own waits for those and one of the other lane, however many wait there', async () => {
    const queue = new Queue(runEach);
    queue.depth = 3;
    const many = Array.from({ length: 50 }, controlled);
    const results = many.map((job) => queue.add(job, { lane: 'many' }));
    await yieldToEventLoop();
    const single = controlled();
    const result = queue.add(single);
    for (const job of many.slice(0, 2)) {
        job.finish('done');
        await yieldToEventLoop();
    }
    assert.ok(single.started);
    single.finish('single');
    assert.equal(await result, 'single');
    for (const job of many) job.finish('done');
    await Promise.all(results);
});

test('beside a batch that runs, only a full one starts', async () => {
    const queue = new Queue(runEach);
    queue.batch = 2;
    queue.depth = 2;
    const [one, two, three, four] = [controlled(), controlled(), controlled(), controlled()];
    const results = [queue.add(one), queue.add(two)];
    await yieldToEventLoop();
    results.push(queue.add(three));
    await yieldToEventLoop();
    assert.deepEqual([one.started, two.started, three.started], [true, true, false], 'it waits for company');
    results.push(queue.add(four));
    await yieldToEventLoop();
    assert.deepEqual([three.started, four.started], [true, true]);
    for (const job of [one, two, three, four]) job.finish('done');
    await Promise.all(results);
    const fifth = controlled();
    const alone = queue.add(fifth);
    await yieldToEventLoop();
    assert.ok(fifth.started, 'with nothing under way it does not wait');
    fifth.finish('done');
    await alone;
});

test('rejecting all reaches every batch under way', async () => {
    const queue = new Queue(runEach);
    queue.depth = 2;
    const results = [controlled(), controlled(), controlled()].map((job) => queue.add(job));
    await yieldToEventLoop();
    queue.rejectAll(new BackendError('lost'));
    const settled = await Promise.allSettled(results);
    assert.ok(settled.every((result) => result.status === 'rejected' && result.reason instanceof BackendError));
});
