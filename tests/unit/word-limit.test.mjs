// How many words of a caption the model reads, as the page counts them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { READ_WORDS, wordCount } from '../../www/shared/word-limit.js';
import { TimeLeft, roundedTime } from '../../www/shared/time-left.js';

test('the limit is the tokenizer’s', async () => {
    const lexer = await readFile(new URL('../../src/engine/text/lexer.rs', import.meta.url), 'utf8');
    assert.equal(READ_WORDS, Number(/MOST_TOKENS: usize = (\d+);/.exec(lexer)?.[1]));
});

test('words, emoji and marks with feeling count', () => {
    assert.equal(wordCount('I can’t wait, really!'), 5);
    assert.equal(wordCount('#happy 😀😀 …'), 4);
    assert.equal(wordCount('  ,, -- '), 0);
});

test('the time left follows the recent speed, and is not known at first or at the end', () => {
    const left = new TimeLeft();
    assert.equal(left.seconds(0, 1000, 0), null);
    assert.equal(left.seconds(50, 1000, 500), null);
    assert.equal(left.seconds(200, 1000, 2000), 8);
    assert.equal(left.seconds(1000, 1000, 9000), null);
    assert.equal(left.seconds(0, 1000, 10_000), null, 'another download');
});

test('times are rounded so that they do not flicker', () => {
    assert.deepEqual([0.2, 7.4, 22, 61, 240].map(roundedTime), ['1 s', '7 s', '20 s', '60 s', '4 min']);
});
