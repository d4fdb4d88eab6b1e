// The package in Node.js: on the CPU, with its own decoder of images.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeFile } from '../../pkg/src/node/decode.js';
import { EMOTIONS, EmotionClassifier } from '../../pkg/src/node/index.js';
import { MEADOW, NOT_AN_IMAGE, png, pngOf, withOrientation } from '../support/images.mjs';

/** As much as a score may differ between back ends. */
const TOLERANCE = 2e-3;
const root = new URL('../../', import.meta.url);
const posts = new URL('tests/golden/posts/', root);

/** @type {EmotionClassifier} */
let classifier;
before(async () => {
    classifier = await EmotionClassifier.load();
});
after(() => classifier?.dispose());

/** @typedef {import('../../pkg/index.js').Scores} Scores */

/**
 * @param {Scores | null | undefined} found
 * @param {Scores | null} expected
 * @param {string} what
 */
function compare(found, expected, what, tolerance = TOLERANCE) {
    if (!found || !expected) return assert.equal(found, expected, what);
    for (const emotion of EMOTIONS)
        assert.ok(
            Math.abs(found[emotion] - expected[emotion]) <= tolerance,
            `${what}: ${emotion} is ${found[emotion]}, not ${expected[emotion]}`,
        );
}

test('without WebGPU the CPU is taken, in a worker thread, and the reason is said', () => {
    const { backend, backendReason, labels } = classifier.describe();
    assert.equal(backend, 'cpu');
    assert.match(backendReason, /this version of Node\.js has no WebGPU/);
    assert.deepEqual(labels, EMOTIONS);
});

test('asked for, WebGPU is an error', async () => {
    await assert.rejects(EmotionClassifier.load({ backend: 'webgpu' }), { name: 'BackendError', message: /no WebGPU/ });
});

const names = await readdir(posts);
describe('the golden posts are read as on the command line', () => {
    for (const name of names) {
        if (name.includes('.')) continue;
        test(name, async () => {
            const read = (/** @type {string} */ file) => readFile(new URL(`${name}/${file}`, posts)).catch(() => null);
            const expected = JSON.parse(String(await read('expected.json')));
            const result = await classifier.classify({
                image: await read('picture.png'),
                caption: (await read('caption.txt'))?.toString() ?? null,
            });
            compare(result.scores, expected.scores, 'both');
            compare(result.image, expected.image, 'image');
            compare(result.caption, expected.caption, 'caption');
            assert.equal(result.emotion, expected.emotion);
        });
    }
});

/**
 * Levels as the classifier gets them.
 *
 * @param {import('../../pkg/src/worker/decode/bitmap.js').Pixels} pixels
 */
const onWhite = ({ data }) =>
    Array.from(data, (level, place) => {
        const alpha = data[place | 3] ?? 0;
        return place % 4 === 3 ? alpha : Math.round((level * alpha) / 255 + 255 - alpha);
    });

describe('images', () => {
    /** A BMP of 24 bits, its rows from the bottom to the top. */
    function bmp(
        /** @type {number} */ width,
        /** @type {number} */ height,
        /** @type {(x: number, y: number) => [number, number, number]} */ colour,
    ) {
        const row = Math.ceil((width * 3) / 4) * 4;
        const file = Buffer.alloc(54 + row * height);
        file.write('BM');
        file.writeUInt32LE(file.length, 2);
        for (const [value, offset] of /** @type {[number, number][]} */ ([
            [54, 10],
            [40, 14],
            [width, 18],
            [height, 22],
        ]))
            file.writeUInt32LE(value, offset);
        file.writeUInt16LE(1, 26);
        file.writeUInt16LE(24, 28);
        for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) file.set([...colour(x, y)].reverse(), 54 + (height - 1 - y) * row + x * 3);
        return file;
    }
    const colour = (/** @type {number} */ x, /** @type {number} */ y) =>
        /** @type {[number, number, number]} */ ([(x * 9) & 255, (y * 5) & 255, 120]);

    test('come as a Buffer, a Uint8Array, an ArrayBuffer or a Blob, and stay as they are', async () => {
        const bytes = new Uint8Array(MEADOW);
        const { scores } = await classifier.classify({ image: MEADOW });
        for (const image of [bytes, bytes.buffer, new Blob([bytes]), new File([bytes], 'meadow.png')])
            compare((await classifier.classify({ image })).scores, scores, String(image), 0);
        assert.deepEqual(bytes, new Uint8Array(MEADOW));
    });

    test('may be JPEG, PNG, WebP, GIF or BMP', async () => {
        const expected = (await classifier.classify({ image: png(60, 40, (x, y) => [...colour(x, y), 255]) })).scores;
        compare((await classifier.classify({ image: bmp(60, 40, colour) })).scores, expected, 'BMP', 1e-6);
        const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64'); // one red pixel
        compare(
            (await classifier.classify({ image: gif })).scores,
            (await classifier.classify({ image: png(1, 1, () => [255, 0, 0, 255]) })).scores,
            'GIF',
            1e-6,
        );
        // One black pixel, transparent.
        const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
        compare(
            (await classifier.classify({ image: webp })).scores,
            (await classifier.classify({ image: png(1, 1, () => [0, 0, 0, 0]) })).scores,
            'WebP',
            1e-6,
        );
        const cat = await readFile(new URL('www/samples/cat.jpg', root));
        const upright = (await classifier.classify({ image: cat })).scores;
        assert.notDeepEqual(
            (await classifier.classify({ image: withOrientation(cat, 6) })).scores,
            upright,
            'the EXIF orientation matters',
        );
        compare((await classifier.classify({ image: withOrientation(cat, 1) })).scores, upright, 'upright', 0);
    });

    test('have the pixels that Chromium shows, and its JPEGs nearly', async () => {
        const golden = new URL('tests/golden/decode/', root);
        const read = async (/** @type {string} */ path) =>
            decodeFile(new Blob([await readFile(new URL(path, golden))]));
        const shown = new Set(await readdir(new URL('expected/', golden)));
        for (const name of await readdir(new URL('images/', golden))) {
            if (!shown.has(`${name}.png`)) {
                await assert.rejects(read(`images/${name}`), { name: 'UnsupportedImageError' }, name);
                continue;
            }
            const [found, expected] = [await read(`images/${name}`), await read(`expected/${name}.png`)];
            assert.deepEqual([found.width, found.height], [expected.width, expected.height], name);
            const levels = [found, expected].map(onWhite);
            const differences = levels[0]?.map((level, place) => Math.abs(level - (levels[1]?.[place] ?? NaN))) ?? [];
            const most = Math.max(...differences);
            const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
            const [mostAllowed, meanAllowed] = name.endsWith('.jpg') ? [25, 0.5] : [1, 0.25];
            assert.ok(most <= mostAllowed && mean <= meanAllowed, `${name}: by up to ${most}, ${mean} on average`);
        }
    });

    test('that are of another format are called by its name', async () => {
        const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
        await assert.rejects(classifier.classify({ image: heic }), /this is a HEIC image, which cannot be decoded/);
    });

    test('that cannot be read are errors with their names, and the next is read', async () => {
        for (const [image, name] of /** @type {[Buffer, string][]} */ ([
            [NOT_AN_IMAGE, 'UnsupportedImageError'],
            [Buffer.alloc(0), 'UnsupportedImageError'],
            [MEADOW.subarray(0, 60), 'UnsupportedImageError'],
            [pngOf(20_000, 20_000), 'ImageTooLargeError'],
            [Buffer.alloc(200 * 1024 * 1024), 'ImageTooLargeError'],
        ])) {
            await assert.rejects(classifier.classify({ image }), { name });
        }
        await assert.rejects(classifier.classify({}), { name: 'EmptyPostError' });
        await assert.rejects(classifier.classify({ image: /** @type {any} */ ({}) }), TypeError);
        assert.equal((await classifier.classify({ image: MEADOW })).backend, 'cpu');
    });
});

test('a result has its second label and its reasons for doubt', async () => {
    for (const caption of ['What a wonderful, happy day!', 'a table', 'Dzisiaj jest najgorszy dzień mojego życia']) {
        for (const image of [null, MEADOW]) {
            const { secondary, scores, uncertain, uncertain_because } = await classifier.classify({ image, caption });
            const [, second] = Object.entries(scores).sort(([, one], [, other]) => other - one);
            assert.ok(secondary === null || secondary === second?.[0]);
            assert.equal(uncertain, uncertain_because.length > 0);
            if (caption.startsWith('Dzisiaj')) assert.match(uncertain_because.join(), /language|unknown_words/);
        }
    }
});

test('an explanation names words and regions', async () => {
    const { explanation, emotion } = await classifier.classify(
        { image: MEADOW, caption: 'so happy' },
        { explain: true },
    );
    assert.equal(explanation?.emotion, emotion);
    assert.deepEqual(
        explanation?.words.map(({ text }) => text),
        ['so', 'happy'],
    );
    assert.ok(explanation?.heatmap?.values.every(Number.isFinite));
});

test('many are read as a stream, and aborting ends it', async () => {
    const abort = new AbortController();
    /** @type {string[]} */
    const read = [];
    await assert.rejects(
        async () => {
            for await (const { emotion } of classifier.classifyAll(
                Array.from({ length: 50 }, (_, index) => ({ caption: `number ${index}` })),
                { signal: abort.signal },
            )) {
                read.push(emotion);
                if (read.length === 5) abort.abort();
            }
        },
        { name: 'AbortError' },
    );
    assert.equal(read.length, 5);
});

test('a model of one’s own is found by its path, and it also runs without a worker', async () => {
    const model = fileURLToPath(new URL('pkg/model/emofuse-default.emofuse', root));
    const other = await EmotionClassifier.load({ backend: 'cpu', model, worker: false });
    const post = { image: MEADOW, caption: 'a day in the meadow' };
    compare((await other.classify(post)).scores, (await classifier.classify(post)).scores, 'inline', 1e-6);
    other.dispose();
    await assert.rejects(EmotionClassifier.load({ model: './nowhere.emofuse' }), { name: 'DownloadError' });
});

test('importing index.js by its path is an error that says what to import', async () => {
    const { EmotionClassifier: ofBrowsers } = await import('../../pkg/index.js');
    assert.equal(ofBrowsers, EmotionClassifier, 'it is the same class');
    const code = `import { EmotionClassifier } from ${JSON.stringify(new URL('pkg/index.js', root).href)};
        EmotionClassifier.load().catch(({ name, message }) => console.log(name + ': ' + message));`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { timeout: 60_000 });
    assert.match(stdout, /^BackendError: .*in Node\.js, import 'emofuse'/);
});

test('a program that does not dispose of its classifier ends all the same, and a failure does not hide', async () => {
    const script = (/** @type {string} */ code) =>
        promisify(execFile)(
            process.execPath,
            [
                '--input-type=module',
                '--eval',
                `import { EmotionClassifier } from ${JSON.stringify(new URL('pkg/src/node/index.js', root).href)};${code}`,
            ],
            { timeout: 60_000 },
        );
    const { stdout } = await script(`
        const classifier = await EmotionClassifier.load();
        console.log((await classifier.classify({ caption: 'so happy' })).emotion);`);
    assert.equal(stdout, `${(await classifier.classify({ caption: 'so happy' })).emotion}\n`);
    await assert.rejects(
        script('await (await EmotionClassifier.load()).classify({ image: new Uint8Array(9) });'),
        /UnsupportedImageError/,
    );
});
