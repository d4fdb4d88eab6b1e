// Several systems in one model file: `classify(post, { systems: true })` says what each says on the command line.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, openBlank, openContext, PATIENCE } from '../support/harness.mjs';
import { compareScores, TRAINING_MS, trainCompanions } from '../support/own-model.mjs';

/** @typedef {import('./package.test.mjs').Globals} Globals */

/** @type {Awaited<ReturnType<typeof trainCompanions>>} */
let trained;
test.beforeAll(async () => {
    test.setTimeout(TRAINING_MS);
    trained = await trainCompanions();
});

/** @type {import('../support/harness.mjs').BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/** Of a post with both sides, with the image alone, and with the caption alone. */
const NAMES = {
    both: ['common_space', 'joint', 'early', 'late', 'image', 'caption'],
    image: ['common_space', 'joint', 'early', 'late', 'image'],
    caption: ['common_space', 'joint', 'early', 'late', 'caption'],
};

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
    test(`each system says what it says on the command line, with either side taken away, on ${backend}`, {
        tag: `@${backend}`,
    }, async () => {
        test.setTimeout(PATIENCE[backend]);
        context = await openContext(backend);
        const page = await openBlank(context);
        await context.route(`${address}models/companions.emofuse`, (route) =>
            route.fulfill({ contentType: 'application/octet-stream', body: trained.model }),
        );
        const results = await page.evaluate(
            async ({ chosen, given }) => {
                const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
                const classifier = await emofuse.EmotionClassifier.load({
                    backend: chosen,
                    model: '/models/companions.emofuse',
                });
                const results = await Promise.all(
                    given.map(async ({ bytes, caption }) => {
                        const post = { image: bytes && new Blob([Uint8Array.from(bytes)]), caption };
                        // Both at once: what is wanted differs, so they do not share a batch.
                        const [asked, explained, plain] = await Promise.all([
                            classifier.classify(post, { systems: true }),
                            classifier.classify(post, { systems: true, explain: true }),
                            classifier.classify(post),
                        ]);
                        return { asked, explained, plain };
                    }),
                );
                classifier.dispose();
                return results;
            },
            {
                chosen: backend,
                given: trained.posts.map(({ image, caption }) => ({ bytes: image && [...image], caption })),
            },
        );
        for (const [index, { name, systems: expected }] of trained.posts.entries()) {
            const { asked, explained, plain } = results[index] ?? assert.fail(name);
            assert.ok(!('systems' in plain) && !('explanation' in plain), name);
            assert.ok(!('explanation' in asked), name);
            assert.ok(explained.systems && explained.explanation, name);
            const found = asked.systems ?? assert.fail(name);
            const names = found.map((system) => system.name);
            assert.deepEqual(names, NAMES[/** @type {keyof typeof NAMES} */ (name)]);
            assert.deepEqual(
                names,
                expected.map((system) => system.name),
            );
            assert.deepEqual(found[0]?.scores, asked.scores, name);
            compareScores(asked.scores, plain.scores, name);
            for (const [place, system] of found.entries())
                for (const way of /** @type {const} */ (['scores', 'image', 'caption']))
                    compareScores(system[way], expected[place]?.[way] ?? null, `${name}, ${system.name}, ${way}`);
        }
    });
}

test('a model file without companions answers with its own system alone', { tag: '@cpu' }, async () => {
    context = await openContext('cpu');
    const page = await openBlank(context);
    const { systems, scores, refused } = await page.evaluate(async () => {
        const { emofuse } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu', model: 'large' });
        const { systems, scores } = await classifier.classify({ caption: 'finally home' }, { systems: true });
        const refused = await classifier
            .classify({ caption: 'finally home' }, /** @type {any} */ ({ systems: 'all' }))
            .catch((error) => error.name);
        classifier.dispose();
        return { systems, scores, refused };
    });
    assert.deepEqual(systems, [{ name: 'common_space', scores, image: null, caption: scores }]);
    assert.equal(refused, 'TypeError');
});
