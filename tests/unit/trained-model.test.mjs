// The model file of a training on the desk, read back byte by byte.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromHalf, toHalf } from '../../www/desk/training/half.js';
import { rounded, scoresOf } from '../../www/desk/training/head.js';
import { readModelFile, writeModelFile } from '../../www/desk/training/model-file.js';
import { generator } from '../../www/desk/training/random.js';
import { SELF_TEST, testCard } from '../../www/desk/training/self-test.js';
import { TOWERS, groupOf } from '../../www/desk/training/tensor-names.js';
import { buildModel } from '../../www/desk/training/trained-model.js';

const base = new Uint8Array(await readFile(new URL('../../pkg/model/emofuse-default.emofuse', import.meta.url)));
const large = new Uint8Array(await readFile(new URL('../../pkg/large/emofuse-large.emofuse', import.meta.url)));
const sha256 = (/** @type {NodeJS.ArrayBufferView} */ bytes) => createHash('sha256').update(bytes).digest('hex');

const LABELS = ['calm', 'proud', 'żal'];
const CALIBRATED = { temperature: 0.8, uncertain_below: 0.5, secondary_from: 1 };
const CALIBRATION = {
    both: CALIBRATED,
    image: CALIBRATED,
    caption: CALIBRATED,
    standalone_image: { ...CALIBRATED, temperature: 2 },
    standalone_caption: CALIBRATED,
    sides_disagree_below: 0.25,
};

/** @param {{ image: number, caption: number }} widths */
function trained({ image, caption }) {
    const random = generator(12);
    const numbers = (/** @type {number} */ length, scale = 0.02) =>
        Float32Array.from({ length }, () => scale * (random() - 0.5));
    const side = (/** @type {number} */ width) => ({
        width,
        statistics: { mean: numbers(width, 1), deviation: numbers(width).map((value) => 1 + value) },
        weight: rounded(numbers(width * LABELS.length)),
        standaloneWeight: rounded(numbers(width * LABELS.length)),
        standaloneBias: numbers(LABELS.length, 1),
    });
    return {
        head: { labels: LABELS, image: side(image), caption: side(caption), priors: numbers(9, 1) },
        calibration: CALIBRATION,
        id: 'my-moods',
        labels: [{ name: 'calm', colour: '#00aa00' }, { name: 'proud' }, { name: 'żal' }],
        none: /** @type {string | null} */ (null),
        origin: { trained: 'in the browser, on 60 posts that a person labelled' },
        testFeatures: { image: numbers(image, 1), caption: numbers(caption, 1) },
    };
}

const WIDTHS = { image: 2854, caption: 484 };

/** @param {import('../../www/desk/training/model-file.js').Tensor} tensor */
function numbersOf({ encoding, bytes }) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (encoding === 'f32')
        return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => fromHalf(view.getUint16(2 * i, true)));
}

test('a published model that is read and written again has the same tensors, byte by byte', async () => {
    for (const file of [base, large]) {
        const { manifest, tensors } = await readModelFile(file);
        const again = await readModelFile(await writeModelFile(manifest, tensors));
        assert.deepEqual(again.manifest, manifest);
        assert.equal(again.tensors.length, tensors.length);
        for (const { name, bytes } of tensors) {
            const copy = again.tensors.find((other) => other.name === name);
            assert.ok(copy && Buffer.from(copy.bytes).equals(Buffer.from(bytes)), name);
        }
    }
    const { tensors } = await readModelFile(base);
    const names = (/** @type {readonly { name: string }[]} */ list) => list.map(({ name }) => name);
    const again = await readModelFile(await writeModelFile({}, tensors.toReversed()));
    assert.deepEqual(names(again.tensors), names(tensors), 'in the order that `emofuse train` writes');
});

test('towers are copied byte for byte, and nothing of the old last layers is left', async () => {
    const { file, sha256: digest } = await buildModel(base, sha256(base), trained(WIDTHS));
    assert.equal(digest, sha256(file));
    assert.equal(Buffer.from(file.subarray(-32)).toString('hex'), sha256(file.subarray(0, -32)));
    const [old, made] = [await readModelFile(base), await readModelFile(file)];
    const towers = old.tensors.filter(({ name }) => TOWERS.includes(groupOf(name)));
    assert.ok(towers.length > 50);
    for (const tower of towers) {
        const copy = made.tensors.find(({ name }) => name === tower.name);
        assert.ok(copy && Buffer.from(copy.bytes).equals(Buffer.from(tower.bytes)), tower.name);
        assert.deepEqual([copy.shape, copy.encoding], [tower.shape, tower.encoding]);
        assert.equal((copy.bytes.byteOffset - file.byteOffset) % 8, 0);
    }
    const added = made.tensors.filter(({ name }) => !TOWERS.includes(groupOf(name)));
    assert.deepEqual(added.map(({ name, shape, encoding }) => `${name} ${shape} ${encoding}`).sort(), [
        'fusion.caption.deviation 484 f32',
        'fusion.caption.mean 484 f32',
        'fusion.image.deviation 2854 f32',
        'fusion.image.mean 2854 f32',
        'fusion.output.bias 3 f32',
        'fusion.output.weight 3338,3 f16',
        'fusion.priors 2,3 f32',
        'standalone_caption.output.linear.bias 3 f32',
        'standalone_caption.output.linear.weight 484,3 f16',
        'standalone_caption.output.standard.deviation 484 f32',
        'standalone_caption.output.standard.mean 484 f32',
        'standalone_image.output.linear.bias 3 f32',
        'standalone_image.output.linear.weight 2854,3 f16',
        'standalone_image.output.standard.deviation 2854 f32',
        'standalone_image.output.standard.mean 2854 f32',
    ]);
});

test('what captions need comes first in the file, then the words', async () => {
    const { file } = await buildModel(base, sha256(base), trained(WIDTHS));
    const groups = (await readModelFile(file)).tensors.map(({ name }) => groupOf(name));
    const order = groups.filter((group, place) => group !== groups[place - 1]);
    assert.deepEqual(order, ['caption', 'standalone_caption', 'words', 'fusion', 'image', 'standalone_image']);
});

test('the manifest has the labels, the calibration and where the model comes from', async () => {
    const made = trained(WIDTHS);
    const { manifest } = await readModelFile((await buildModel(base, sha256(base), made)).file);
    const { manifest: old } = await readModelFile(base);
    assert.equal(manifest.id, 'my-moods');
    assert.deepEqual(manifest.labels, [{ name: 'calm', colour: '#00aa00' }, 'proud', 'żal']);
    assert.deepEqual(manifest.architecture.fusion, { kind: 'early' });
    const { n_grams: _, standalone_n_grams: __, ...text } = old.architecture.text;
    assert.deepEqual(manifest.architecture.text, text);
    assert.deepEqual(manifest.caption_thresholds, []);
    assert.deepEqual(manifest.vocabulary, old.vocabulary);
    assert.deepEqual(manifest.calibration, {
        ...CALIBRATION,
        unknown_words_above: old.calibration.unknown_words_above,
    });
    const { provenance } = manifest;
    assert.equal(provenance.base_model, old.id);
    assert.equal(provenance.base_model_sha256, sha256(base));
    assert.match(provenance.trained, /60 posts/);
    assert.equal(provenance.image_weights, old.provenance.image_weights);
    assert.deepEqual(Object.keys(manifest).sort(), Object.keys(old).sort(), 'no field more, none less');
});

test('a label that says none of these is named, but for Plutchik’s, where it is implied', async () => {
    const made = trained(WIDTHS);
    const labelsOf = async (/** @type {any} */ changed) =>
        (await readModelFile((await buildModel(base, sha256(base), { ...made, ...changed })).file)).manifest.labels;
    assert.deepEqual(await labelsOf({ none: 'calm' }), {
        labels: [{ name: 'calm', colour: '#00aa00' }, 'proud', 'żal'],
        none: 'calm',
    });
    const plutchik = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'];
    assert.deepEqual(await labelsOf({ labels: plutchik.map((name) => ({ name })), none: 'neutral' }), plutchik);
});

test('the scores of the self-test are those of the numbers in the file, by the engine’s formula', async () => {
    const made = trained(WIDTHS);
    const { manifest, tensors } = await readModelFile((await buildModel(base, sha256(base), made)).file);
    const of = (/** @type {string} */ name) => {
        const tensor = tensors.find((other) => other.name === name);
        assert.ok(tensor, name);
        return numbersOf(tensor);
    };
    const [weight, bias, priors] = [of('fusion.output.weight'), of('fusion.output.bias'), of('fusion.priors')];
    const logitsOf = (/** @type {('image' | 'caption')[]} */ sides) =>
        LABELS.map((_, label) => {
            let sum = bias[label] ?? 0;
            for (const side of sides) {
                const [mean, deviation] = [of(`fusion.${side}.mean`), of(`fusion.${side}.deviation`)];
                const first = side === 'image' ? 0 : WIDTHS.image;
                for (const [index, feature] of made.testFeatures[side].entries()) {
                    const standard = (feature - (mean[index] ?? 0)) / (deviation[index] ?? 1);
                    sum += Math.max(-6, Math.min(6, standard)) * (weight[(first + index) * LABELS.length + label] ?? 0);
                }
            }
            return sum;
        });
    for (const [index, prior] of made.head.priors.slice(3).entries())
        assert.ok(Math.abs((bias[index % 3] ?? 0) + (priors[index] ?? 0) - prior) < 1e-6);
    const logits = logitsOf(['image', 'caption']).map((logit) => logit / CALIBRATION.both.temperature);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [label, score] of manifest.self_test.scores.entries())
        assert.ok(Math.abs(score - Math.exp(logits[label] ?? 0) / total) < 1e-6);
    assert.equal(manifest.self_test.caption, SELF_TEST.caption);
});

test('a side that stands alone is answered by its own layer and its own temperature', () => {
    const { head, testFeatures } = trained({ image: 4, caption: 3 });
    const alone = scoresOf(head, CALIBRATION, { image: testFeatures.image, caption: null });
    const warmer = scoresOf(
        head,
        { ...CALIBRATION, standalone_image: CALIBRATED },
        { image: testFeatures.image, caption: null },
    );
    assert.ok(Math.max(...alone) < Math.max(...warmer));
    assert.notDeepEqual(alone, scoresOf(head, CALIBRATION, { image: null, caption: testFeatures.caption }));
});

test('a transformer’s towers are copied too', async () => {
    const made = trained({ image: 2854, caption: 384 });
    const { manifest, tensors } = await readModelFile((await buildModel(large, sha256(large), made)).file);
    assert.equal(manifest.architecture.text.kind, 'transformer');
    assert.equal(manifest.architecture.text.n_grams, undefined);
    assert.ok(tensors.every(({ name }) => !name.startsWith('caption_emotion')));
});

test('another file, a damaged one, one of another version and one without towers are refused', async () => {
    const made = trained(WIDTHS);
    await assert.rejects(buildModel(base, sha256(large), made), /changed/);
    await assert.rejects(buildModel(base.slice(0, -9), sha256(base), made), /damaged/);
    const flipped = base.slice();
    flipped[5_000_000] = (flipped[5_000_000] ?? 0) ^ 1;
    await assert.rejects(buildModel(flipped, sha256(flipped), made), /damaged/);
    await assert.rejects(buildModel(new Uint8Array(100), '', made), /not an emofuse model/);
    const other = base.slice();
    new DataView(other.buffer).setUint32(8, 9, true);
    await assert.rejects(buildModel(other, sha256(other), made), /version 9/);
    const { manifest, tensors } = await readModelFile(base);
    const headless = await writeModelFile(
        manifest,
        tensors.filter(({ name }) => groupOf(name) !== 'image'),
    );
    await assert.rejects(buildModel(headless, sha256(headless), made), /image/);
});

test('numbers in half precision are the nearest ones', () => {
    for (const [value, half] of [
        [0, 0],
        [1, 0x3c00],
        [-2, 0xc000],
        [65504, 0x7bff],
        [2 ** -24, 1],
        [2 ** -25, 0], // half way: to even
        [1 + 2 ** -11, 0x3c00],
        [1 + 3 * 2 ** -11, 0x3c02],
        [2047.9999, 0x6800],
        [6.1e-5, 0x3ff],
    ])
        assert.equal(toHalf(value ?? 0), half, String(value));
    const random = generator(3);
    for (let index = 0; index < 2000; index++) {
        const value = (random() - 0.5) * 2 ** Math.floor(30 * random() - 20);
        const error = Math.abs(fromHalf(toHalf(value)) - value);
        assert.ok(error <= Math.max(Math.abs(value) * 2 ** -11, 2 ** -25), String(value));
    }
});

test('the test card is the engine’s, pixel for pixel', () => {
    assert.equal(
        sha256(testCard(224)),
        '6160a6f493a7510be34794eecdf87da0c591fa1101f43153cefbe74caf79059a', // of src/engine/preprocessing/test_card.rs
    );
});
