// Every system with labels of one's own in a browser: it says what it says on the command line.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, openBlank, openContext, PATIENCE } from '../support/harness.mjs';
import { compareScores, OWN_LABELS, TRAINING_MS, trainSystems } from '../support/own-model.mjs';

/** @typedef {import('./package.test.mjs').Globals} Globals */

/** @type {import('../support/own-model.mjs').TrainedSystem[]} */
let systems;
test.beforeAll(async () => {
    test.setTimeout(2 * TRAINING_MS);
    systems = await trainSystems();
});

/** @type {import('../support/harness.mjs').BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
    test(`every system with labels of one’s own says what it says on the command line, on ${backend}`, {
        tag: `@${backend}`,
    }, async () => {
        test.setTimeout(PATIENCE[backend] * systems.length);
        context = await openContext(backend);
        const page = await openBlank(context);
        for (const { system, images, captions, model, posts } of systems) {
            await context.route(`${address}models/${system}.emofuse`, (route) =>
                route.fulfill({ contentType: 'application/octet-stream', body: model }),
            );
            const { description, results, refused } = await page.evaluate(
                async ({ chosen, name, given, lacking }) => {
                    const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                    const classifier = await emofuse.EmotionClassifier.load({
                        backend: chosen,
                        model: `/models/${name}.emofuse`,
                    });
                    const post = (/** @type {{ bytes: number[] | null, caption: string | null }} */ part) => ({
                        image: part.bytes && new Blob([Uint8Array.from(part.bytes)]),
                        caption: part.caption,
                    });
                    const results = [];
                    for (const part of given) results.push(await classifier.classify(post(part)));
                    const refused = lacking
                        ? await classifier.classify(post(lacking)).then(
                              () => 'classified',
                              (error) => error.name,
                          )
                        : null;
                    const description = classifier.describe();
                    classifier.dispose();
                    return { description, results, refused };
                },
                {
                    chosen: backend,
                    name: system,
                    given: posts.map(({ image, caption }) => ({ bytes: image && [...image], caption })),
                    // The side that the system does not read.
                    lacking: images
                        ? captions
                            ? null
                            : { bytes: null, caption: 'so happy' }
                        : { bytes: [...(posts[0]?.image ?? [])], caption: null },
                },
            );
            assert.deepEqual(
                description.labels.map((label) => (typeof label === 'string' ? label : label.name)),
                OWN_LABELS,
                system,
            );
            assert.equal(description.system, system);
            assert.equal(refused, images && captions ? null : 'ModalityError', system);
            assert.equal(results.length, posts.length, system);
            for (const [index, { name, expected }] of posts.entries()) {
                const result = results[index];
                assert.ok(result && result.backend === backend, name);
                assert.deepEqual(Object.keys(result.scores), OWN_LABELS, name);
                compareScores(result.scores, expected.scores, `${name}, scores`);
                compareScores(result.image, expected.image, `${name}, image`);
                compareScores(result.caption, expected.caption, `${name}, caption`);
                assert.equal(result.emotion, expected.emotion, name);
            }
        }
    });
}
