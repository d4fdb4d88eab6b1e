// The package as a developer uses it, without the page.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { openBlank, openContext } from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE, png, withOrientation } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {typeof import('../../../pkg/index.js')} Emofuse */

/** What pages under test have as globals. */
/** @typedef {{ emofuse: Emofuse, classifier: import('../../../pkg/index.js').EmotionClassifier }} Globals */

/** @type {Page} */
let page;

test.beforeAll(async () => {
    page = await openBlank(await openContext('cpu'));
    await page.evaluate(async () => {
        const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        globals.classifier = await globals.emofuse.EmotionClassifier.load({ backend: 'cpu' });
    });
});
test.afterAll(() => page?.context().close());

/**
 * Runs a function in the page with the package's module and a loaded classifier.
 *
 * @template A, R
 * @param {(globals: Globals, argument: A) => R | Promise<R>} run
 * @param {A} argument
 * @returns {Promise<R>}
 */
function inPage(run, argument) {
    return page.evaluate(`(${run})(globalThis, ${JSON.stringify(argument)})`);
}

test.describe('loading', () => {
    test('progress goes from nothing to everything and through all phases', async () => {
        const { steps, bytes } = await inPage(async ({ emofuse }) => {
            /** @type {import('../../../pkg/index.js').LoadProgress[]} */
            const steps = [];
            const classifier = await emofuse.EmotionClassifier.load({
                backend: 'cpu',
                onProgress: (progress) => steps.push(progress),
            });
            classifier.dispose();
            const path = '/pkg/src/manifest.js';
            const manifest = /** @type {typeof import('../../../pkg/src/manifest.js').default} */ (
                (await import(path)).default
            );
            return { steps, bytes: manifest.model.bytes + manifest.wasm.cpu.bytes };
        }, null);
        assert.deepEqual([...new Set(steps.map(({ phase }) => phase))], ['download', 'start', 'test']);
        assert.deepEqual([steps.at(0)?.loaded, steps.at(-1)?.loaded], [0, bytes]);
        assert.ok(steps.every(({ total, backend }) => total === bytes && backend === 'cpu'));
        assert.ok(steps.every(({ loaded }, index) => loaded >= (steps[index - 1]?.loaded ?? 0)));
        assert.ok(steps.length > 4, 'more than a jump');
    });

    test('an aborted load rejects, and the next one works', async () => {
        const names = await inPage(async ({ emofuse }) => {
            const { EmotionClassifier } = emofuse;
            const during = new AbortController();
            const attempts = [
                EmotionClassifier.load({ backend: 'cpu', signal: AbortSignal.abort() }),
                EmotionClassifier.load({ backend: 'cpu', signal: during.signal, onProgress: () => during.abort() }),
            ];
            const names = [];
            for (const attempt of attempts)
                names.push(
                    await attempt.then(
                        () => 'loaded',
                        (error) => error.name,
                    ),
                );
            const classifier = await EmotionClassifier.load({ backend: 'cpu' });
            names.push(classifier.describe().backend);
            classifier.dispose();
            return names;
        }, null);
        assert.deepEqual(names, ['AbortError', 'AbortError', 'cpu']);
    });

    test('an unknown option rejects', async () => {
        const message = await inPage(({ emofuse }) => {
            const options = /** @type {{}} */ ({ backnd: 'cpu' });
            return emofuse.EmotionClassifier.load(options).then(
                () => 'loaded',
                (error) => `${error.name}: ${error.message}`,
            );
        }, null);
        assert.match(message, /^TypeError: .*'backnd'/);
    });

    test('the description says what is loaded and what it takes', async () => {
        const { description, emotions } = await inPage(
            ({ emofuse, classifier }) => ({ description: classifier.describe(), emotions: emofuse.EMOTIONS }),
            null,
        );
        assert.deepEqual(description.labels, emotions);
        assert.deepEqual(
            [description.backend, description.backendReason, description.adapter],
            ['cpu', 'chosen', null],
        );
        assert.ok(
            description.limits.max_pixels === 100_000_000 &&
                description.limits.max_bytes > 0 &&
                description.limits.max_tokens > 0,
        );
        assert.match(description.model.sha256, /^[0-9a-f]{64}$/);
    });

    test('the description has the confidence below which a result of each kind is uncertain', async () => {
        const { thresholds, results } = await inPage(
            async ({ classifier }, bytes) => {
                const image = Uint8Array.from(bytes);
                const captions = [
                    'so sad and lonely',
                    'such a lovely morning',
                    'I am furious',
                    'the bus leaves at nine',
                    'a table',
                    'what a surprise, and what a loss',
                ];
                const posts = [
                    { image },
                    ...captions.map((caption) => ({ caption })),
                    ...captions.map((caption) => ({ image, caption })),
                ];
                const results = [];
                for await (const { confidence, uncertain_because, image, caption } of classifier.classifyAll(posts)) {
                    results.push({
                        confidence,
                        isLow: uncertain_because.includes('low_confidence'),
                        kind: image && caption ? 'both' : image ? 'image' : 'caption',
                    });
                }
                return { thresholds: classifier.describe().uncertain_below, results };
            },
            [...MEADOW],
        );
        assert.deepEqual(Object.keys(thresholds), ['both', 'image', 'caption']);
        assert.equal(results.length, 13);
        for (const { confidence, isLow, kind } of results) {
            assert.equal(
                isLow,
                confidence < thresholds[/** @type {keyof typeof thresholds} */ (kind)],
                `${kind}, ${confidence}`,
            );
        }
    });
});

test.describe('classifying', () => {
    test('every kind of image is taken, is read alike, and stays usable', async () => {
        const results = await inPage(
            async ({ classifier }, bytes) => {
                const encoded = Uint8Array.from(bytes);
                const blob = new Blob([encoded], { type: 'image/png' });
                const bitmap = await createImageBitmap(blob);
                const canvas = Object.assign(document.createElement('canvas'), {
                    width: bitmap.width,
                    height: bitmap.height,
                });
                const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
                context.drawImage(bitmap, 0, 0);
                const offscreen = new OffscreenCanvas(bitmap.width, bitmap.height);
                /** @type {OffscreenCanvasRenderingContext2D} */ (offscreen.getContext('2d')).drawImage(bitmap, 0, 0);
                const element = new Image();
                element.src = URL.createObjectURL(blob);
                const frame = new VideoFrame(bitmap, { timestamp: 0 });
                const data = context.getImageData(0, 0, bitmap.width, bitmap.height);
                const images = {
                    Blob: blob,
                    File: new File([blob], 'meadow.png'),
                    ArrayBuffer: encoded.buffer,
                    Uint8Array: new Uint8Array([0, ...encoded]).subarray(1),
                    ImageBitmap: bitmap,
                    ImageData: data,
                    HTMLImageElement: element,
                    HTMLCanvasElement: canvas,
                    OffscreenCanvas: offscreen,
                    VideoFrame: frame,
                };
                /** @type {Record<string, import('../../../pkg/index.js').Scores>} */
                const results = {};
                for (const [kind, image] of Object.entries(images))
                    results[kind] = (await classifier.classify({ image })).scores;
                const alive =
                    encoded.buffer.byteLength > 0 && bitmap.width > 0 && data.data.length > 0 && frame.codedWidth > 0;
                frame.close();
                return alive ? results : {};
            },
            [...MEADOW],
        );
        assert.equal(Object.keys(results).length, 10);
        for (const [kind, scores] of Object.entries(results)) {
            for (const [emotion, score] of Object.entries(scores)) {
                const expected =
                    results['Blob']?.[/** @type {import('../../../pkg/index.js').Emotion} */ (emotion)] ?? NaN;
                // A video frame goes through other colours.
                assert.ok(
                    Math.abs(score - expected) <= (kind === 'VideoFrame' ? 0.02 : 1e-6),
                    `${kind}: ${emotion} ${score}, not ${expected}`,
                );
            }
        }
    });

    test('an image element that is out of sight is loaded; one that never loads ends with the call, the classifier, or its time', async () => {
        await page.context().route('**/never.png', () => {}); // is never answered
        await page.clock.install();
        const found = await inPage(
            async ({ classifier, emofuse }, bytes) => {
                const lazy = new Image();
                lazy.loading = 'lazy';
                lazy.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }));
                const below = document.createElement('div');
                below.style.marginTop = '100000px';
                below.append(lazy);
                document.body.append(below);
                const { emotion } = await classifier.classify({ image: lazy });
                const never = new Image();
                never.src = '/never.png';
                const stop = new AbortController();
                const aborted = classifier.classify({ image: never }, { signal: stop.signal });
                const other = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
                const disposed = other.classify({ image: never });
                stop.abort();
                other.dispose();
                const names = (await Promise.allSettled([aborted, disposed])).map(
                    (outcome) => outcome.status === 'rejected' && outcome.reason.name,
                );
                Object.assign(globalThis, { tooLate: classifier.classify({ image: never }).catch((error) => error) });
                const beside = (await classifier.classify({ caption: 'finally home' })).emotion;
                return { emotion, loading: lazy.loading, names, beside };
            },
            [...MEADOW],
        );
        assert.ok(found.emotion);
        assert.equal(found.loading, 'lazy', 'as it was');
        assert.deepEqual(found.names, ['AbortError', 'DisposedError']);
        assert.ok(found.beside, 'other calls do not wait for it');
        await page.clock.fastForward('00:31');
        const { name, message } = await inPage(async () => {
            const { tooLate } = /** @type {{ tooLate: Promise<Error> }} */ (/** @type {unknown} */ (globalThis));
            const { name, message } = await tooLate;
            return { name, message };
        }, null);
        assert.equal(name, 'UnsupportedImageError');
        assert.match(message, /has not loaded within 30 seconds/);
    });

    test('what is no post rejects with the right name', async () => {
        const names = await inPage(
            async ({ classifier }, bytes) => {
                const broken = new Blob([Uint8Array.from(bytes)]);
                const closed = await createImageBitmap(new ImageData(2, 2));
                closed.close();
                const posts = [
                    {},
                    { image: null, caption: '' },
                    { caption: '   ' },
                    { image: broken },
                    { image: new Blob() },
                    { image: closed },
                    { image: new Image() },
                    { image: 'picture.png' },
                    { caption: 7 },
                    { picture: broken },
                ];
                const names = [];
                for (const post of posts) {
                    names.push(
                        await classifier.classify(/** @type {import('../../../pkg/index.js').Post} */ (post)).then(
                            () => 'read',
                            (error) => error.name,
                        ),
                    );
                }
                return names;
            },
            [...NOT_AN_IMAGE],
        );
        assert.deepEqual(names, [
            ...Array(3).fill('EmptyPostError'),
            ...Array(4).fill('UnsupportedImageError'),
            ...Array(3).fill('TypeError'),
        ]);
    });

    test('a file of another format is called by its name', async () => {
        const files = {
            'a HEIC image': '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
            'an AVIF image': '\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf',
            'a video': '\0\0\0\x18ftypmp42\0\0\0\0mp42isom',
            'a TIFF image': 'II*\0\x08\0\0\0',
            'a PDF document': '%PDF-1.7\n',
            'an SVG image': '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" />',
        };
        const messages = await inPage(async ({ classifier }, files) => {
            /** @type {string[]} */
            const messages = [];
            for (const file of files) {
                const image = Uint8Array.from(file, (letter) => letter.charCodeAt(0));
                await classifier.classify({ image }).catch((error) => messages.push(error.message));
            }
            return messages;
        }, Object.values(files));
        for (const [index, name] of Object.keys(files).entries())
            assert.ok(messages[index]?.includes(`this is ${name}, which this browser cannot decode`), messages[index]);
    });

    test('too many bytes are refused before they are decoded', async () => {
        const [name, message] = await inPage(async ({ classifier }) => {
            const piece = new Uint8Array(1024 * 1024);
            const { max_bytes } = classifier.describe().limits;
            const image = new Blob(Array(Math.floor(max_bytes / piece.length) + 1).fill(piece));
            return classifier.classify({ image }).then(
                () => [],
                (error) => [error.name, error.message],
            );
        }, null);
        assert.equal(name, 'ImageTooLargeError');
        assert.match(message, /megabytes, more than the \d+ allowed/);
    });

    test('a result has a second label or none, and reasons for doubt if and only if it is uncertain', async () => {
        const { results, emotions } = await inPage(
            async ({ emofuse, classifier }, bytes) => {
                const image = Uint8Array.from(bytes);
                const captions = [
                    'What a wonderful, happy day!',
                    'This is outrageous, I am so angry',
                    'so happy and so grateful',
                    'a table',
                    'Dzisiaj jest najgorszy dzień mojego życia',
                ];
                const results = [];
                for await (const result of classifier.classifyAll([
                    { image },
                    ...captions.flatMap((caption) => [{ caption }, { image, caption }]),
                ]))
                    results.push(result);
                return { results, emotions: emofuse.EMOTIONS };
            },
            [...MEADOW],
        );
        const order = ['language', 'unknown_words', 'low_confidence', 'sides_disagree'];
        for (const {
            emotion,
            confidence,
            secondary,
            scores,
            image,
            caption,
            uncertain,
            uncertain_because: reasons,
        } of results) {
            const [first, second] = Object.entries(scores)
                .sort(([, one], [, other]) => other - one)
                .map(([name]) => name);
            assert.deepEqual([emotion, confidence], [first, Math.max(...Object.values(scores))]);
            assert.ok(secondary === null || secondary === second);
            assert.equal(uncertain, reasons.length > 0);
            assert.deepEqual(
                reasons,
                order.filter((reason) => reasons.some((given) => given === reason)),
                'in their order, each once',
            );
            if (!caption) assert.ok(!reasons.includes('language') && !reasons.includes('unknown_words'));
            if (!image || !caption) assert.ok(!reasons.includes('sides_disagree'));
            assert.deepEqual(Object.keys(scores), emotions);
        }
        const ofCaption = (/** @type {number} */ index) => results[1 + 2 * index];
        assert.deepEqual([ofCaption(0)?.emotion, ofCaption(1)?.emotion], ['joy', 'anger']);
        assert.match(ofCaption(4)?.uncertain_because.join() ?? '', /language|unknown_words/);
    });

    test('calls at once are answered each with its own', async () => {
        const { alone, together } = await inPage(async ({ classifier }) => {
            const captions = ['I am so happy today', 'this is disgusting', 'what a terrible loss', 'I cannot wait'];
            const alone = [];
            for (const caption of captions) alone.push((await classifier.classify({ caption })).scores);
            const together = (await Promise.all(captions.map((caption) => classifier.classify({ caption })))).map(
                ({ scores }) => scores,
            );
            return { alone, together };
        }, null);
        assert.deepEqual(together, alone);
        assert.notDeepEqual(alone[0], alone[1]);
    });

    test('an aborted call rejects at once, and the model stays', async () => {
        const outcomes = await inPage(async ({ classifier }) => {
            const abort = new AbortController();
            const { signal } = abort;
            const calls = [
                classifier.classify({ caption: 'one' }, { signal: AbortSignal.abort() }),
                classifier.classify({ caption: 'two' }, { signal }),
                classifier.classify({ caption: 'three' }, { signal }),
                classifier.classify({ caption: 'four' }),
            ];
            abort.abort();
            return Promise.all(
                calls.map((call) =>
                    call.then(
                        ({ backend }) => backend,
                        (error) => error.name,
                    ),
                ),
            );
        }, null);
        assert.deepEqual(outcomes, ['AbortError', 'AbortError', 'AbortError', 'cpu']);
    });

    test('many posts are read in order, from any iterable', async () => {
        const { one, other } = await inPage(async ({ classifier }) => {
            const posts = ['happy', 'sad', 'angry'].map((caption) => ({ caption }));
            async function* later() {
                yield* posts;
            }
            const one = [];
            const other = [];
            for await (const { emotion, scores } of classifier.classifyAll(posts)) one.push({ emotion, scores });
            for await (const { emotion, scores } of classifier.classifyAll(later())) other.push({ emotion, scores });
            return { one, other };
        }, null);
        assert.equal(one.length, 3);
        assert.deepEqual(other, one);
    });

    test('a caption changes what an image alone conveys, and absence is null', async () => {
        const { both, image, caption } = await inPage(
            async ({ classifier }, bytes) => {
                const image = new Blob([Uint8Array.from(bytes)]);
                const words = 'I am furious, this is an outrage';
                return {
                    both: await classifier.classify({ image, caption: words }),
                    image: await classifier.classify({ image }),
                    caption: await classifier.classify({ caption: words }),
                };
            },
            [...MEADOW],
        );
        assert.deepEqual([image.caption, image.agreement, caption.image, caption.agreement], [null, null, null, null]);
        assert.deepEqual(image.scores, image.image);
        assert.deepEqual(caption.scores, caption.caption);
        assert.deepEqual([both.image, both.caption], [image.image, caption.caption]);
        assert.ok(both.agreement !== null && both.agreement >= 0 && both.agreement <= 1);
        assert.notDeepEqual(both.scores, both.image);
    });
});

test.describe('ending', () => {
    test('disposing rejects what is pending and whatever comes later', async () => {
        const names = await inPage(async ({ emofuse }) => {
            const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
            const pending = [classifier.classify({ caption: 'one' }), classifier.classify({ caption: 'two' })];
            classifier.dispose();
            classifier.dispose();
            pending.push(classifier.classify({ caption: 'three' }));
            return Promise.all(
                pending.map((call) =>
                    call.then(
                        () => 'read',
                        (error) => error.name,
                    ),
                ),
            );
        }, null);
        assert.deepEqual(names, Array(3).fill('DisposedError'));
    });
});

test.describe('decoding', () => {
    /**
     * Decodes a file with the worker's own code.
     *
     * @param {Buffer} file
     * @returns {Promise<{ width: number, height: number, sum: number, samples: number[][] }>}
     */
    const decoded = (file) =>
        page.evaluate(async (text) => {
            const path = '/pkg/src/worker/decode/index.js';
            const { checkImage, openImage } = /** @type {typeof import('../../../pkg/src/worker/decode/index.js')} */ (
                await import(path)
            );
            const encoded = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const limits = { max_bytes: 1e8, max_pixels: 1e8 };
            const source = { kind: /** @type {const} */ ('file'), file: new Blob([encoded]) };
            const image = await openImage(source, await checkImage(source, limits), limits);
            const { data, width, height } = await image.read();
            const at = (/** @type {number} */ x, /** @type {number} */ y) => [
                ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
            ];
            const steps = [0, 0.25, 0.5, 0.75, 0.999];
            const samples = steps.flatMap((down) =>
                steps.map((across) => at(Math.floor(across * width), Math.floor(down * height))),
            );
            return { width, height, sum: data.reduce((sum, value) => sum + value, 0), samples };
        }, file.toString('base64'));

    for (const [width, height] of /** @type {const} */ ([
        [300, 200],
        [2600, 3100],
    ])) {
        test(`a PNG of ${width} × ${height} arrives to the bit`, async () => {
            /** @type {(x: number, y: number) => [number, number, number, number]} */
            const pixel = (x, y) => [x & 255, y & 255, (x * 7 + y * 13) & 255, 255];
            const found = await decoded(png(width, height, pixel));
            assert.deepEqual([found.width, found.height], [width, height]);
            const steps = [0, 0.25, 0.5, 0.75, 0.999];
            const expected = steps.flatMap((down) =>
                steps.map((across) => pixel(Math.floor(across * width), Math.floor(down * height))),
            );
            assert.deepEqual(found.samples, expected);
            let sum = 0;
            for (let y = 0; y < height; y++)
                for (let x = 0; x < width; x++) sum += pixel(x, y).reduce((a, b) => a + b, 0);
            assert.equal(found.sum, sum);
        });
    }

    test('a JPEG, which has no transparency, is decoded another way, to the same bits', async () => {
        const differing = await page.evaluate(async () => {
            const path = '/pkg/src/worker/decode/bitmap.js';
            const { openFile } = /** @type {typeof import('../../../pkg/src/worker/decode/bitmap.js')} */ (
                await import(path)
            );
            const limits = { max_bytes: 1e8, max_pixels: 1e8 };
            const differing = [];
            for (const name of ['cat', 'coffee', 'rocket']) {
                const file = await (await fetch(`/samples/${name}.jpg`)).blob();
                const [one, other] = await Promise.all([
                    openFile(file, 'opaque', limits),
                    openFile(file, 'unknown', limits),
                ]);
                const [left, right] = [await one.read(), await other.read()];
                differing.push([
                    left.data.length > 0 && left.data.length === right.data.length,
                    left.data.filter((value, index) => value !== right.data[index]).length,
                ]);
            }
            return differing;
        });
        assert.deepEqual(differing, Array(3).fill([true, 0]));
    });

    test('transparency stays, and colours under it are near', async () => {
        const { samples } = await decoded(png(8, 8, () => [210, 30, 40, 128]));
        for (const [red = 0, green = 0, blue = 0, alpha] of samples) {
            assert.equal(alpha, 128);
            assert.ok(Math.abs(red - 210) <= 2 && Math.abs(green - 30) <= 2 && Math.abs(blue - 40) <= 2);
        }
    });

    test('a photograph is turned as its EXIF orientation says', async () => {
        const jpeg = Buffer.from(
            await page.evaluate(async () => {
                const canvas = new OffscreenCanvas(64, 32);
                const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
                context.fillStyle = '#ff0000';
                context.fillRect(0, 0, 32, 32);
                context.fillStyle = '#0000ff';
                context.fillRect(32, 0, 32, 32);
                return [
                    ...new Uint8Array(
                        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })).arrayBuffer(),
                    ),
                ];
            }),
        );
        const upright = await decoded(jpeg);
        assert.deepEqual([upright.width, upright.height], [64, 32]);
        // To be turned a quarter clockwise: left goes to the top.
        const turned = await decoded(withOrientation(jpeg, 6));
        assert.deepEqual([turned.width, turned.height], [32, 64]);
        const [top, bottom] = [turned.samples[0], turned.samples.at(-1)];
        assert.ok(
            top &&
                bottom &&
                (top[0] ?? 0) > 200 &&
                (top[2] ?? 255) < 50 &&
                (bottom[2] ?? 0) > 200 &&
                (bottom[0] ?? 255) < 50,
        );
    });
});
