// The golden posts: the browser says what the native command line says, on both back ends.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from '@playwright/test';
import { PATIENCE, openBlank, openContext } from '../support/harness.mjs';

const TOLERANCE = 2e-3;
const folder = new URL('../../golden/posts/', import.meta.url);

/** @typedef {Record<string, number>} Scores */
/**
 * @typedef {{ emotion: string, scores: Scores, image: Scores | null, caption: Scores | null, uncertain: boolean }}
 *     Expected
 */

/**
 * @param {string} name
 * @param {string} file
 */
const optional = (name, file) =>
    readFile(new URL(`${name}/${file}`, folder)).catch((error) => {
        if (error.code !== 'ENOENT') throw error;
        return null;
    });

/**
 * @param {string} name
 * @param {string} file
 * @returns {Promise<Expected>}
 */
const answer = async (name, file) => JSON.parse(String(await readFile(new URL(`${name}/${file}`, folder))));

const cases = await Promise.all(
    (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map(async ({ name }) => ({
            name,
            image: await optional(name, 'picture.png'),
            caption: (await optional(name, 'caption.txt'))?.toString() ?? null,
            expected: {
                default: await answer(name, 'expected.json'),
                large: await answer(name, 'expected-large.json'),
            },
        })),
);

test('there are golden posts of every kind', () => {
    const kinds = new Set(cases.map(({ image, caption }) => `${image ? 'image' : ''}${caption ? 'caption' : ''}`));
    assert.deepEqual([...kinds].sort(), ['caption', 'image', 'imagecaption']);
});

/**
 * @param {Scores | null} found
 * @param {Scores | null} expected
 * @param {string} what
 */
function compare(found, expected, what) {
    if (!found || !expected) return assert.equal(found, expected, what);
    assert.deepEqual(Object.keys(found), Object.keys(expected));
    for (const [emotion, score] of Object.entries(expected)) {
        const difference = Math.abs((found[emotion] ?? NaN) - score);
        assert.ok(difference <= TOLERANCE, `${what}: ${emotion} is ${found[emotion]}, not ${score}`);
    }
}

for (const [backend, model] of /** @type {const} */ ([
    ['cpu', 'default'],
    ['webgpu', 'default'],
    ['cpu', 'large'],
    ['webgpu', 'large'],
])) {
    test.describe(`the ${model} model on ${backend}`, { tag: `@${backend}` }, () => {
        test.describe.configure({ timeout: PATIENCE[backend] * 2 });
        /** @type {import('../support/harness.mjs').Page} */
        let page;
        test.beforeAll(async () => {
            page = await openBlank(await openContext(backend));
            await page.evaluate(
                async ({ chosen, large }) => {
                    const globals = /** @type {import('./package.test.mjs').Globals} */ (
                        /** @type {unknown} */ (globalThis)
                    );
                    globals.classifier = await globals.emofuse.EmotionClassifier.load({
                        backend: chosen,
                        model: large ? 'large' : null,
                    });
                },
                { chosen: backend, large: model === 'large' },
            );
        });
        test.afterAll(() => page?.context().close());

        for (const { name, image, caption, expected: answers } of cases) {
            test(name, async () => {
                const expected = answers[model];
                const result = await page.evaluate(
                    ({ bytes, words }) => {
                        const { classifier } = /** @type {import('./package.test.mjs').Globals} */ (
                            /** @type {unknown} */ (globalThis)
                        );
                        return classifier.classify({
                            image: bytes && new Blob([Uint8Array.from(bytes)]),
                            caption: words,
                        });
                    },
                    { bytes: image && [...image], words: caption },
                );
                assert.equal(result.backend, backend);
                compare(result.scores, expected.scores, 'both');
                compare(result.image, expected.image, 'image');
                compare(result.caption, expected.caption, 'caption');
                assert.deepEqual([result.emotion, result.uncertain], [expected.emotion, expected.uncertain]);
            });
        }
    });
}
