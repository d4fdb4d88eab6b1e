// The proof that what was written after a failure is stored: its states, and who waits for what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page-modules.mjs';

const { Proof } = await import('../../www/desk/labelling/proof.js');

/**
 * Whether a promise has settled by now.
 *
 * @param {Promise<void>} promise
 */
const isOver = (promise) =>
    Promise.race([promise.then(() => true), new Promise((resolve) => void setImmediate(() => resolve(false)))]);

/** @param {(proof: InstanceType<typeof Proof>, mark: string) => void} whileClosed */
async function round(whileClosed) {
    const proof = new Proof();
    const mark = proof.begin();
    assert.ok(mark);
    const waiting = proof.wait(0);
    whileClosed(proof, mark);
    await waiting;
    proof.opened();
    return { proof, mark };
}

test('the mark that is found is the proof, until something fails', async () => {
    const { proof, mark } = await round(() => {});
    assert.equal(proof.isFound, false);
    proof.look(mark);
    assert.equal(proof.isFound, true);
    proof.end();
    assert.equal(proof.isFound, true);
    proof.need();
    assert.equal(proof.isFound, false);
});

test('another mark, or none, is no proof', async () => {
    for (const found of [undefined, null, '', 'another']) {
        const { proof } = await round(() => {});
        proof.look(found);
        proof.end();
        assert.deepEqual([proof.isFound, proof.isUnderWay], [false, false]);
    }
});

test('a failure while the database is closed spoils the round', async () => {
    const { proof, mark } = await round((failing) => failing.need());
    proof.look(mark);
    proof.end();
    assert.equal(proof.isFound, false);
});

test('a mark counts only if it was looked for after the wait', async () => {
    const proof = new Proof();
    const mark = proof.begin();
    proof.look(mark);
    assert.equal(proof.isFound, false);
    proof.end();
    proof.look(mark);
    assert.equal(proof.isFound, false);
});

test('there is one round at a time, and each has its own mark', async () => {
    const proof = new Proof();
    const first = proof.begin();
    assert.equal(proof.begin(), null);
    proof.end();
    assert.notEqual(proof.begin(), first);
});

test('who reads waits until the database is open, and who deletes until the round is over', async () => {
    const proof = new Proof();
    assert.deepEqual([await isOver(proof.readable), await isOver(proof.over)], [true, true]);
    proof.begin();
    const { readable, over } = proof;
    await proof.wait(0);
    assert.deepEqual([await isOver(readable), await isOver(over)], [false, false]);
    proof.opened();
    assert.deepEqual([await isOver(readable), await isOver(over)], [true, false]);
    proof.end();
    assert.deepEqual([await isOver(over), proof.isUnderWay], [true, false]);
});

test('a round that ends early lets those who read go on', async () => {
    const proof = new Proof();
    proof.begin();
    const { readable } = proof;
    proof.end();
    assert.equal(await isOver(readable), true);
});
