// A model that is trained on features of the package, written to a file and loaded again: the engine's scores are those
// of the plain formula.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { EmotionClassifier } from '../../pkg/src/node/index.js';
import { scoresOf } from '../../www/desk/training/head.js';
import { SELF_TEST, testCard } from '../../www/desk/training/self-test.js';
import { train } from '../../www/desk/training/train.js';
import { buildModel } from '../../www/desk/training/trained-model.js';
import { png } from '../support/images.mjs';

const LABELS = ['at home', 'at work', 'żal'];
const WORDS = [
    ['kitchen', 'sofa', 'garden', 'family', 'dinner', 'cat', 'blanket', 'tea'],
    ['meeting', 'office', 'deadline', 'boss', 'report', 'desk', 'email', 'project'],
    ['grave', 'tears', 'lost', 'gone', 'funeral', 'alone', 'goodbye', 'grief'],
];
const base = new Uint8Array(await readFile(new URL('../../pkg/model/emofuse-default.emofuse', import.meta.url)));

/** Sixty captions, of which every third has an image and every sixth is an image alone. */
const posts = Array.from({ length: 60 }, (_, index) => {
    const label = index % LABELS.length;
    const words = WORDS[label] ?? [];
    const word = (/** @type {number} */ place) => words[(index * 5 + place * 3) % words.length];
    const shade = 40 + 80 * label;
    return {
        label: LABELS[label] ?? '',
        caption: index % 6 === 5 ? null : `the ${word(0)} and the ${word(1)} and the ${word(2)} number ${index}`,
        image: index % 3 === 2 ? png(48, 48, () => [shade, (index * 4) % 256, 120, 255]) : null,
    };
});

/**
 * @param {Uint8ClampedArray} pixels RGBA
 * @param {number} place
 */
const pixelOf = (pixels, place) =>
    /** @type {[number, number, number, number]} */ ([...pixels.subarray(4 * place, 4 * place + 4)]);

test('the scores of the engine are those of the formula, for posts with both sides and with either', async () => {
    const classifier = await EmotionClassifier.load();
    const { model } = classifier.describe();
    const side = SELF_TEST.test_card_side;
    const card = testCard(side);
    const tested = await classifier.features({
        image: png(side, side, (column, row) => pixelOf(card, row * side + column)),
        caption: SELF_TEST.caption,
    });
    assert.ok(tested.image && tested.caption);
    assert.deepEqual(tested.model, model);
    const features = await Promise.all(posts.map(({ image, caption }) => classifier.features({ image, caption })));
    const samples = posts.map(({ label }, index) => ({
        key: `post ${index}`,
        label,
        second: null,
        image: features[index]?.image ?? null,
        caption: features[index]?.caption ?? null,
        alike: [],
        before: null,
    }));
    const { head, calibration, report } = await train(samples, {
        labels: LABELS,
        widths: { image: tested.image.length, caption: tested.caption.length },
    });
    assert.ok(report.accuracy.value > 0.6, String(report.accuracy.value));
    const { file, sha256 } = await buildModel(base, model.sha256, {
        head,
        calibration,
        id: 'my-own',
        labels: LABELS.map((name) => ({ name })),
        none: null,
        origin: {},
        testFeatures: { image: tested.image, caption: tested.caption },
    });
    classifier.dispose();
    const own = await EmotionClassifier.load({ model: file }); // its self-test compares the scores in the file
    assert.deepEqual(own.describe().model, { id: 'my-own', sha256 });
    for (const [index, { image, caption }] of posts.slice(0, 12).entries()) {
        const scores = /** @type {Record<string, number>} */ ((await own.classify({ image, caption })).scores);
        const expected = scoresOf(head, calibration, {
            image: features[index]?.image ?? null,
            caption: features[index]?.caption ?? null,
        });
        for (const [place, label] of LABELS.entries())
            assert.ok(Math.abs((scores[label] ?? NaN) - (expected[place] ?? 0)) < 2e-3, `${label} of post ${index}`);
    }
    own.dispose();
});
