// How strongly image and caption disagree.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page-modules.mjs';

/** @typedef {import('../../pkg/index.js').Emotion} Emotion */

// Not before the hooks are registered.
const { disagreement, gradeOf, strengthOf } = await import('../../www/shared/disagreement.js');
const { EMOTIONS } = await import('../../pkg/index.js');

/** @param {Partial<Record<Emotion, number>>} some */
const scores = (some) =>
    /** @type {import('../../pkg/index.js').Scores} */ (
        Object.fromEntries(EMOTIONS.map((emotion) => [emotion, some[emotion] ?? 0]))
    );

test('sides that are sure of different emotions disagree strongly, and the same emotion is no disagreement', () => {
    const { strength, ...rest } = disagreement(scores({ joy: 0.9, trust: 0.1 }), scores({ sadness: 0.8, joy: 0.1 }));
    assert.ok(Math.abs(strength - 0.7) < 1e-9);
    assert.deepEqual(rest, { grade: 'strong', image: 'joy', caption: 'sadness' });
    assert.equal(disagreement(scores({ joy: 1 }), scores({ joy: 0.4, trust: 0.3 })).strength, 0);
});

test('the weaker preference counts: one side that is sure does not make a disagreement', () => {
    assert.equal(disagreement(scores({ joy: 0.35, sadness: 0.3 }), scores({ sadness: 1 })).grade, 'none');
    assert.equal(disagreement(scores({ joy: 0.5, sadness: 0.2 }), scores({ sadness: 1 })).grade, 'clear');
});

test('neutral is no emotion to disagree with', () => {
    assert.equal(disagreement(scores({ neutral: 0.95, joy: 0.05 }), scores({ anger: 1 })).grade, 'none');
    assert.equal(disagreement(scores({ joy: 1 }), scores({ neutral: 1 })).strength, 0);
});

test('it is symmetric, never negative, at most 1, and the same for arrays', () => {
    let state = 7;
    const random = () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
    };
    const drawn = () => {
        const powers = EMOTIONS.map(() => random() ** 4);
        const sum = powers.reduce((total, power) => total + power, 0);
        return Float32Array.from(powers, (power) => power / sum);
    };
    for (let round = 0; round < 500; round++) {
        const [image, caption] = [drawn(), drawn()];
        const strength = strengthOf(image, caption);
        assert.ok(strength >= 0 && strength <= 1);
        assert.equal(strength, strengthOf(caption, image));
        const named = (/** @type {Float32Array} */ given) =>
            scores(Object.fromEntries(EMOTIONS.map((emotion, place) => [emotion, given[place] ?? 0])));
        assert.equal(disagreement(named(image), named(caption)).strength, strength);
    }
});

test('grades begin where they are said to', () => {
    assert.deepEqual([0, 0.0999, 0.1, 0.2499, 0.25, 0.4999, 0.5, 1].map(gradeOf), [
        'none',
        'none',
        'slight',
        'slight',
        'clear',
        'clear',
        'strong',
        'strong',
    ]);
});
