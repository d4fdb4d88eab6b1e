// The examples in the comments of the package's public functions run as they stand there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { PATIENCE, address, openContext } from '../support/harness.mjs';

/** The modules with public functions and classes, and what each must have an example of. */
const PUBLIC = {
    'src/classifier.js': [
        'class EmotionClassifier',
        'load(',
        'classify(',
        'classifyAll(',
        'features(',
        'get labels(',
        'describe(',
        'dispose(',
    ],
    'src/errors.js': ['class EmofuseError'],
    'src/emotions.js': ['const EMOTIONS'],
    'src/storage.js': ['function cacheCpuProgram(', 'function publishedModel('],
    'src/worker/cache.js': ['function isCached('],
    'extension.js': ['function createExtensionHost('],
};

/** The example in a comment and the first line of code behind the comment. */
const EXAMPLE = /@example\n((?: *\* ?.*\n)*?) *\*(?:\/| *\n *\* @[\s\S]*?\*\/)\n(.*)/g;

/** @param {string} comment */
const codeOf = (comment) => comment.replace(/^ *\* ?/gm, '');

/** @returns {Promise<{ of: string, code: string }[]>} */
async function examples() {
    const found = [];
    for (const [file, names] of Object.entries(PUBLIC)) {
        const source = await readFile(new URL(`../../../pkg/${file}`, import.meta.url), 'utf8');
        const ofFile = [...source.matchAll(EXAMPLE)].map(([, comment = '', of = '']) => ({
            of,
            code: codeOf(comment),
        }));
        for (const name of names)
            assert.ok(
                ofFile.some(({ of }) => of.includes(name)),
                `${file}: ${name} has an example`,
            );
        assert.equal(ofFile.length, names.length, `${file}: each example is known here`);
        found.push(...ofFile);
    }
    return found;
}

test('each public function has an example, and it runs', async () => {
    test.setTimeout(PATIENCE.cpu * 3);
    const all = await examples();
    const context = await openContext('cpu');
    const page = await context.newPage();
    const imports = {
        emofuse: `${address}pkg/index.js`,
        'emofuse/storage': `${address}pkg/src/storage.js`,
        'emofuse/extension': `${address}pkg/extension.js`,
    };
    await page.route(`${address}examples.html`, (route) =>
        route.fulfill({
            contentType: 'text/html',
            body: `<!doctype html><title>examples</title><script type="importmap">${JSON.stringify({ imports })}</script>`,
        }),
    );
    await page.goto(`${address}examples.html`);
    for (const { of, code } of all) {
        const declares = /const classifier\b/.test(code);
        const failure = await page.evaluate(
            async ({ code, declares, image }) => {
                const { EmotionClassifier } = await import(/** @type {string} */ ('emofuse'));
                const file = await (await fetch(image)).blob();
                Object.assign(globalThis, { EmotionClassifier, file });
                if (!declares)
                    Object.assign(globalThis, { classifier: await EmotionClassifier.load({ backend: 'cpu' }) });
                const module = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
                return import(module).then(
                    () => null,
                    (error) => String(error),
                );
            },
            { code, declares, image: `${address}samples/cat.jpg` },
        );
        assert.equal(failure, null, `${of}:\n${code}`);
    }
    await context.close();
});
