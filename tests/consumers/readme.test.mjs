// Every block of code in the package's README is run, against the packed package.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from '@playwright/test';
import { PATIENCE, openContext } from '../browser/support/harness.mjs';
import { EMOTIONS } from '../../pkg/src/emotions.js';
import { createProject, packed, packedLarge } from './project.mjs';
import { serveSite } from './site.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const samples = fileURLToPath(new URL('../../www/samples/', import.meta.url));
const readme = await readFile(new URL('../../pkg/README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
}));

const isOf = {
    shell: blocks.filter(({ language }) => language === 'sh'),
    pages: blocks.filter(({ language }) => language === 'html'),
    policies: blocks.filter(({ language }) => language === 'http'),
    node: blocks.filter(({ language, code }) => language === 'js' && code.includes("from 'node:")),
    extension: blocks.filter(
        ({ language, code }) => language === 'json' || (language === 'js' && code.includes('emofuse/extension')),
    ),
    scripts: blocks.filter(
        ({ language, code }) =>
            language === 'js' && !code.includes("from 'node:") && !code.includes('emofuse/extension'),
    ),
};

test('every block is of a kind that is run', () => {
    assert.ok(blocks.length > 10);
    assert.deepEqual(
        Object.values(isOf).map(({ length }) => length > 0),
        Object.values(isOf).map(() => true),
    );
    assert.equal(Object.values(isOf).flat().length, blocks.length);
    assert.equal((readme.match(/^```/gm) ?? []).length, 2 * blocks.length, 'each fence has a language');
});

const large = packedLarge();
/** @type {import('./project.mjs').Project} */
let project;
/** @type {import('../browser/support/harness.mjs').BrowserContext} */
let context;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

test.beforeAll(async () => {
    project = await createProject('plain', [large]);
    await symlink(join(project.folder, 'node_modules/emofuse'), join(project.folder, 'emofuse'));
    await copyFile(join(samples, 'cat.jpg'), join(project.folder, 'cat.jpg'));
    site = await serveSite(project.folder, '/');
    context = await openContext('cpu');
});
test.afterAll(async () => {
    await context?.close();
    site?.close();
});

/**
 * Opens a page of this text, with the project's files beside it.
 *
 * @param {string} html
 * @param {Record<string, string>} [headers]
 */
async function open(html, headers = {}) {
    const page = await context.newPage();
    await page.route(`${site.address}given.html`, (route) =>
        route.fulfill({ contentType: 'text/html', body: html, headers }),
    );
    await page.goto(`${site.address}given.html`);
    return page;
}

const MODULES =
    '<script type="importmap">{ "imports": { "emofuse": "/emofuse/index.js", "emofuse-large": "/node_modules/emofuse-large/index.js" } }</script>';

test.describe('in a page', () => {
    test.describe.configure({ timeout: PATIENCE.cpu * 3 });
    for (const [index, { code }] of isOf.scripts.entries()) {
        test(`script ${index + 1}: ${code.trim().split('\n').at(-1)}`, async () => {
            const page = await open(`<!doctype html><title>README</title>${MODULES}<img src="/cat.jpg">`);
            /** @type {string[]} */
            const printed = [];
            page.on('console', (message) => printed.push(message.text()));
            await page.evaluate(
                async ({ text, declares }) => {
                    const { EmotionClassifier } = await import(/** @type {string} */ ('/emofuse/index.js'));
                    const file = await (await fetch('/cat.jpg')).blob();
                    const model = await (await fetch('/emofuse/model/emofuse-default.emofuse')).blob();
                    Object.assign(globalThis, {
                        EmotionClassifier,
                        file,
                        files: [file, new Blob(['no image']), file],
                        input: { files: [model] },
                    });
                    if (!declares)
                        Object.assign(globalThis, { classifier: await EmotionClassifier.load({ backend: 'cpu' }) });
                    await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
                },
                { text: code, declares: /const classifier\b/.test(code) },
            );
            if (code.includes('console.log')) assert.ok(printed.length > 0, 'it prints');
            await page.close();
        });
    }

    for (const { code } of isOf.pages) {
        test('a page without npm', async () => {
            const page = await open(`<!doctype html><title>README</title><body></body>${code}`);
            await page.waitForFunction(
                (labels) => labels.includes(document.body.innerText.trim()),
                [...EMOTIONS].map(String),
            );
            await page.close();
        });
    }

    for (const { code } of isOf.policies) {
        test('a page under the policy', async () => {
            const [name = '', policy = ''] = code.trim().split(/:\s+(.*)/s);
            const page = await open('<!doctype html><title>README</title>', { [name.toLowerCase()]: policy });
            const emotion = await page.evaluate(async () => {
                const { EmotionClassifier } = await import(/** @type {string} */ ('/emofuse/index.js'));
                return (await (await EmotionClassifier.load()).classify({ caption: 'finally home' })).emotion;
            });
            assert.ok(EMOTIONS.includes(emotion));
            const refused = await page.evaluate(() =>
                fetch('https://example.org/').then(
                    () => 'sent',
                    () => 'refused',
                ),
            );
            assert.equal(refused, 'refused');
            await page.close();
        });
    }
});

test('in Node.js', async () => {
    test.setTimeout(PATIENCE.cpu);
    for (const { code } of isOf.node) {
        await writeFile(join(project.folder, 'readme.mjs'), code);
        const { stdout } = await promisify(execFile)(process.execPath, ['readme.mjs'], { cwd: project.folder });
        assert.match(stdout, /^[a-z]+\n$/);
    }
});

test('on the command line', async () => {
    test.setTimeout(PATIENCE.cpu);
    const folder = join(project.folder, 'shell');
    await mkdir(join(folder, 'src'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await writeFile(join(folder, 'src/main.js'), isOf.scripts[0]?.code ?? '');
    const env = { ...process.env, PATH: `${join(here, 'node_modules/.bin')}${delimiter}${process.env['PATH']}` };
    for (const { code } of isOf.shell) {
        const command = code
            .replace('npm install', 'npm install --offline --no-fund --no-audit')
            .replace(' ../emofuse/pkg/large', ` ${large.path}`)
            .replace(' ../emofuse/pkg', ` ${packed.path}`);
        await promisify(execFile)('bash', ['-euc', command], { cwd: folder, env });
    }
    for (const file of ['main.js', 'worker.js', 'wasm/cpu/emofuse_bg.wasm', 'model/emofuse-default.emofuse'])
        await readFile(join(folder, 'dist', file));
});
