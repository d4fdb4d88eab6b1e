// How fast a run is said to be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../www/desk/labelling/pace.js';

/** A pace with a clock that is set by hand. */
function timed() {
    const clock = { now_ms: 5000 };
    const pace = new Pace(() => clock.now_ms);
    /** @type {(posts: number, each_ms: number) => void} */
    const read = (posts, each_ms) => {
        for (let post = 0; post < posts; post++) {
            clock.now_ms += each_ms;
            pace.count();
        }
    };
    return { clock, pace, read };
}

const near = (/** @type {number} */ found, /** @type {number} */ expected) =>
    assert.ok(Math.abs(found - expected) <= 0.05 * expected, `${found}, not ${expected}`);

test('it is not known at first, then it is the posts of a second', () => {
    const { pace, read } = timed();
    pace.goOn();
    read(5, 100);
    assert.equal(pace.rate_per_s, 0);
    read(45, 100);
    near(pace.rate_per_s, 10);
});

test('what was long ago does not count', () => {
    const { pace, read } = timed();
    pace.goOn();
    read(5000, 1); // found in the journal
    read(100, 200);
    near(pace.rate_per_s, 5);
});

test('pauses do not count', () => {
    const { clock, pace, read } = timed();
    pace.goOn();
    read(50, 100);
    for (let pause = 0; pause < 3; pause++) {
        pace.pause();
        clock.now_ms += 60_000;
        near(pace.rate_per_s, 10);
        pace.goOn();
        near(pace.rate_per_s, 10);
        read(20, 100);
    }
    near(pace.rate_per_s, 10);
});

test('where nothing is read any more, it sinks', () => {
    const { clock, pace, read } = timed();
    pace.goOn();
    read(100, 100);
    clock.now_ms += 10_000;
    near(pace.rate_per_s, 5);
});
