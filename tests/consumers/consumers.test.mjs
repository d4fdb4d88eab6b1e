// The package as npm packs it, in the projects of those who use it: each builds it in its own way, and all get the same
// scores.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { PATIENCE, openContext } from '../browser/support/harness.mjs';
import { createProject, packed, packedLarge, placeIn } from './project.mjs';
import { serveSite } from './site.mjs';

/** @typedef {import('../../pkg/index.js').Result} Result */

const TOLERANCE = 1e-5;
/** Node.js has another decoder, and no two decoders of JPEG agree to the bit; of PNG they do. */
const TOLERANCES_IN_NODE = [5e-3, TOLERANCE];

const IMAGES = ['../../www/samples/cat.jpg', '../golden/posts/storm_and_fear/picture.png'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
);

const sizeOf = (/** @type {string} */ path) => packed.files.find((file) => file.path === path)?.size ?? NaN;
const MODEL = sizeOf('model/emofuse-default.emofuse');
const PROGRAMS = { cpu: sizeOf('wasm/cpu/emofuse_bg.wasm'), webgpu: sizeOf('wasm/webgpu/emofuse_bg.wasm') };

/**
 * Opens a consumer's page, which reads the images one after another.
 *
 * @param {string} address
 * @returns {Promise<{ results: Result[], urls: string[] }>}
 */
async function usePage(address) {
    const context = await openContext('cpu');
    try {
        /** @type {string[]} */
        const urls = [];
        context.on('request', (request) => urls.push(request.url()));
        const page = await context.newPage();
        const failure = new Promise((_, reject) => {
            page.on('pageerror', reject);
            page.on('console', (message) => {
                const isFavicon = message.location().url.endsWith('/favicon.ico'); // the browser's own wish
                if (message.type() === 'error' && !isFavicon) reject(new Error(message.text()));
            });
        });
        failure.catch(() => {}); // it may come before anybody waits for it
        const results = await Promise.race([failure, page.goto(address).then(() => readImages(page))]);
        return { results: /** @type {Result[]} */ (results), urls };
    } finally {
        await context.close();
    }
}

/** @param {import('playwright-core').Page} page */
async function readImages(page) {
    await page.waitForSelector('input:enabled');
    const output = page.locator('output');
    /** @type {Result[]} */
    const results = [];
    for (const image of IMAGES) {
        await page.setInputFiles('input', image);
        await output.filter({ hasText: '{' }).waitFor();
        results.push(JSON.parse(await output.innerText()));
        await output.evaluate((element) => (element.textContent = ''));
    }
    return results;
}

/**
 * @param {Result[]} found
 * @param {Result[]} expected
 * @param {number[]} tolerances For each image.
 */
function assertSame(found, expected, tolerances = IMAGES.map(() => TOLERANCE)) {
    assert.equal(found.length, IMAGES.length);
    for (const [index, result] of found.entries()) {
        const other = expected[index];
        assert.ok(other);
        assert.equal(result.backend, 'cpu');
        assert.deepEqual(
            [result.emotion, result.model, Object.keys(result.scores)],
            [other.emotion, other.model, Object.keys(other.scores)],
        );
        for (const part of /** @type {const} */ (['scores', 'image', 'caption'])) {
            for (const [emotion, score] of Object.entries(other[part] ?? {})) {
                const difference = Math.abs(
                    (result[part]?.[/** @type {keyof Result['scores']} */ (emotion)] ?? NaN) - score,
                );
                assert.ok(
                    difference <= (tolerances[index] ?? 0),
                    `${IMAGES[index]}: ${part} of ${emotion} differ by ${difference}`,
                );
            }
        }
    }
}

/** @param {Result[]} results */
function assertBelievable(results) {
    assertSame(results, results);
    for (const { scores, image, caption, secondary, uncertain, uncertain_because } of results) {
        assert.ok(secondary === null || secondary in scores);
        assert.equal(uncertain, uncertain_because.length > 0);
        for (const part of [scores, image, caption]) {
            assert.ok(part);
            assert.ok(Math.abs(Object.values(part).reduce((sum, score) => sum + score, 0) - 1) < 1e-4);
        }
    }
    assert.notDeepEqual(results[0]?.image, results[1]?.image);
}

/** @type {Result[]} What the package gives without any build; the other consumers get the same. */
let reference;
/** @type {import('./site.mjs').Fetched[]} */
let fetchedPlainly;

test.beforeAll(async () => {
    const { folder } = await createProject('plain');
    const site = await serveSite(folder, '/');
    ({ results: reference } = await usePage(site.address).finally(site.close));
    fetchedPlainly = site.fetched;
});

test('plain: the folder served as it is', () => {
    assertBelievable(reference);
    assertFetchesOnce(fetchedPlainly);
    assert.ok(!fetchedPlainly.some(({ path }) => path.includes('webgpu')));
});

/**
 * One model and one program, whatever the bundler made of the names.
 *
 * @param {{ bytes: number }[]} fetched
 */
function assertFetchesOnce(fetched) {
    const large = fetched.map(({ bytes }) => bytes).filter((bytes) => bytes > 100_000);
    assert.deepEqual(large.sort(), [PROGRAMS.cpu, MODEL].sort());
}

/**
 * @param {string} name
 * @param {string} built The folder that its build leaves.
 * @param {(project: import('./project.mjs').Project) => Promise<unknown>} [also]
 */
function testBundler(name, built, also = async () => {}) {
    test.describe(name, () => {
        test.describe.configure({ timeout: PATIENCE.cpu * 3 });
        /** @type {import('./project.mjs').Project} */
        let project;
        test.beforeAll(async () => {
            project = await createProject(name);
        });

        test('it builds one model and either program, and tells nothing of the machine', async () => {
            await also(project);
            await project.run('build');
            const files = await project.files(built);
            const large = files.map(({ content }) => content.length).filter((bytes) => bytes > 100_000);
            assert.deepEqual(large.sort(), [PROGRAMS.cpu, PROGRAMS.webgpu, MODEL].sort());
            assert.deepEqual(
                files.filter(({ content }) => placeIn(content)).map(({ name }) => name),
                [],
            );
        });

        for (const prefix of ['/', '/some/folder/']) {
            test(`what it built works below ${prefix}`, async () => {
                const site = await serveSite(join(project.folder, built), prefix);
                const { results } = await usePage(site.address).finally(site.close);
                assertSame(results, reference);
                assertFetchesOnce(site.fetched);
                const code = site.fetched.filter(({ path }) => path.endsWith('.js'));
                console.log(
                    `${name}: ${code.reduce((sum, { bytes }) => sum + bytes, 0)} bytes of JavaScript in ${code.length} requests`,
                );
            });
        }
    });
}

testBundler('vite', 'dist');
testBundler('webpack', 'www');
testBundler('esbuild', 'www');
testBundler('typescript', 'dist', (project) => project.run('check'));

test.describe('emofuse-large beside it', () => {
    test.describe.configure({ timeout: PATIENCE.cpu * 3 });
    /** @type {import('./project.mjs').Project} */
    let project;
    let bytes = 0;
    test.beforeAll(async () => {
        const large = packedLarge();
        bytes = large.files.find(({ path }) => path === 'emofuse-large.emofuse')?.size ?? NaN;
        project = await createProject('large', [large]);
    });

    test('its export is a model: a bundler finds the file, and only that one is fetched', async () => {
        await project.run('build');
        const site = await serveSite(join(project.folder, 'dist'), '/');
        const { results } = await usePage(site.address).finally(site.close);
        assertBelievable(results);
        assert.match(results[0]?.model.id ?? '', /large/);
        assert.deepEqual(
            site.fetched
                .map((file) => file.bytes)
                .filter((size) => size > 100_000)
                .sort(),
            [PROGRAMS.cpu, bytes].sort(),
        );
    });

    test("Node.js finds it by the word 'large'", async () => {
        const lines = (await project.run('start', IMAGES)).trim().split('\n');
        const results = lines.map((line) => JSON.parse(line));
        assertBelievable(results);
        assert.match(results[0].model.id, /large/);
    });
});

test("vite's development server works", async () => {
    test.setTimeout(PATIENCE.cpu * 2);
    const { folder } = await createProject('vite');
    const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', import.meta.url));
    const server = spawn(process.execPath, [vite], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
        const { results, urls } = await usePage(await printedAddress(server.stdout));
        assertSame(results, reference);
        assert.equal(urls.filter((url) => url.endsWith('.emofuse')).length, 1);
        assert.equal(urls.filter((url) => url.endsWith('.wasm')).length, 1);
    } finally {
        server.kill();
    }
});

for (const [name, build] of /** @type {const} */ ([
    ['node', false],
    ['typescript-node', true],
])) {
    test(`${name}: a script of Node.js`, async () => {
        test.setTimeout(PATIENCE.cpu);
        const project = await createProject(name);
        if (build) await project.run('build');
        const lines = (await project.run('start', IMAGES)).trim().split('\n');
        assertSame(
            lines.map((line) => JSON.parse(line)),
            reference,
            TOLERANCES_IN_NODE,
        );
    });
}

/**
 * @param {import('node:stream').Readable} output Of a server.
 * @returns {Promise<string>}
 */
function printedAddress(output) {
    return new Promise((resolve, reject) => {
        let text = '';
        output.on('data', (chunk) => {
            text += chunk;
            const [address] = /http:\S+/.exec(text) ?? [];
            if (address) resolve(address);
        });
        output.on('end', () => reject(new Error(`no address was printed:\n${text}`)));
    });
}
