// Jobs in order, and what becomes of them when they are dropped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, BackendError } from '../../pkg/errors.js';
import { Queue } from '../../pkg/queue.js';

/** A job that ends when it is told to. */
function controlled() {
    /** @type {(value: string) => void} */
    let finish = () => {};
    const promise = new Promise((/** @type {(value: string) => void} */ resolve) => (finish = resolve));
    const job = { started: false, finish, run: () => ((job.started = true), promise) };
    return job;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('jobs run one after another', async () => {
    const queue = new Queue();
    const [first, second] = [controlled(), controlled()];
    const results = [queue.add(first.run, null), queue.add(second.run, null)];
    await turn();
    assert.deepEqual([first.started, second.started], [true, false]);
    first.finish('1');
    second.finish('2');
    assert.deepEqual(await Promise.all(results), ['1', '2']);
});

test('an aborted job that waits is never started, and the others go on', async () => {
    const queue = new Queue();
    const [first, second, third] = [controlled(), controlled(), controlled()];
    const abort = new AbortController();
    const one = queue.add(first.run, null);
    const two = queue.add(second.run, abort.signal);
    const three = queue.add(third.run, null);
    abort.abort();
    await assert.rejects(two, AbortError);
    first.finish('1');
    third.finish('3');
    assert.deepEqual(await Promise.all([one, three]), ['1', '3']);
    assert.equal(second.started, false);
});

test('an aborted job that runs is rejected at once, and the next waits for its end', async () => {
    const queue = new Queue();
    const [first, second] = [controlled(), controlled()];
    const abort = new AbortController();
    const one = queue.add(first.run, abort.signal);
    const two = queue.add(second.run, null);
    await turn();
    abort.abort();
    await assert.rejects(one, AbortError);
    assert.equal(second.started, false);
    first.finish('ignored');
    second.finish('2');
    assert.equal(await two, '2');
});

test('a job with a signal that is aborted already is never started', async () => {
    const job = controlled();
    await assert.rejects(new Queue().add(job.run, AbortSignal.abort()), AbortError);
    assert.equal(job.started, false);
});

test('rejecting all reaches what runs and what waits, and later jobs work', async () => {
    const queue = new Queue();
    const [first, second, third] = [controlled(), controlled(), controlled()];
    const one = queue.add(first.run, null);
    const two = queue.add(second.run, null);
    queue.rejectAll(new BackendError('lost'));
    await assert.rejects(one, BackendError);
    await assert.rejects(two, BackendError);
    first.finish('1');
    third.finish('3');
    assert.equal(await queue.add(third.run, null), '3');
    assert.equal(second.started, false);
});

test('a job that fails does not hold up the next', async () => {
    const queue = new Queue();
    const failing = queue.add(() => Promise.reject(new Error('no')), null);
    const next = queue.add(() => Promise.resolve('yes'), null);
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
});
