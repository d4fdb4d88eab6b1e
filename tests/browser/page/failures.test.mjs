// What goes wrong is said, and the next try works.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { disguiseAdapter } from '../support/adapter.mjs';
import {
    PATIENCE,
    TRAP,
    address,
    alter,
    errorIsThere,
    modelIsReady,
    onCaption,
    openContext,
    openPage,
    resultIsThere,
    unfoldStatus,
} from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE, pngOf } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */

const MODEL = 'model/emofuse-default.emofuse';
const CPU = '?backend=cpu';

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/** @param {Buffer} content */
function flipped(content) {
    const changed = Buffer.from(content);
    const middle = changed.length >> 1;
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    return changed;
}

/**
 * @param {Page} page
 * @param {Buffer} buffer
 */
const choose = (page, buffer) =>
    page.setInputFiles('#choose-image', { name: 'picture.png', mimeType: 'image/png', buffer });

/** @param {Page} page */
const errorTitle = async (page) => (await errorIsThere(page)).textContent();

/**
 * @param {Page} page
 * @param {string} caption
 */
async function readCaption(page, caption) {
    await page.fill('#caption', caption);
    await page.click('#analyse');
}

test.describe('a post that cannot be read', () => {
    test('a broken image is said to be one, and the next image is read', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, CPU);
        for (const broken of [NOT_AN_IMAGE, Buffer.alloc(0), MEADOW.subarray(0, 60)]) {
            await choose(page, broken);
            assert.equal(await errorTitle(page), 'This image cannot be read');
            assert.match((await page.textContent('#result .notice')) ?? '', /JPEG, PNG, WebP, GIF or BMP/);
            await choose(page, MEADOW);
            await resultIsThere(page);
        }
    });

    test('an image of too many pixels is refused by its header', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, CPU);
        await choose(page, pngOf(20_000, 20_000));
        assert.equal(await errorTitle(page), 'This image is too large');
        assert.match((await page.textContent('#result .notice')) ?? '', /400 megapixels, more than the 100 allowed/);
    });

    test('an empty post is said to be empty, also where the caption has no word', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, CPU);
        await page.click('#analyse');
        assert.equal(await errorTitle(page), 'There is nothing to analyse');
        await readCaption(page, 'finally home');
        await resultIsThere(page);
        await readCaption(page, '   ');
        assert.equal(await errorTitle(page), 'There is nothing to analyse');
    });
});

test.describe('files that are not what they should be', () => {
    test('an altered model is refused, and loading again works', async () => {
        context = await openContext('cpu');
        const restore = await alter(context, MODEL, flipped);
        const page = await openPage(context, CPU);
        await page.waitForSelector('.engine[data-state="failed"]');
        assert.match((await page.textContent('.engine .notice')) ?? '', /The model arrived damaged.*was altered/s);
        await restore();
        await page.getByRole('button', { name: 'Load again' }).click();
        await modelIsReady(page);
        await readCaption(page, 'finally home');
        await resultIsThere(page);
    });

    test('a truncated model is refused', async () => {
        context = await openContext('cpu');
        await alter(context, MODEL, (content) => content.subarray(0, -1));
        const page = await openPage(context, CPU);
        await page.waitForSelector('.engine[data-state="failed"]');
        assert.equal(await page.textContent('.engine .notice-title'), 'The model arrived damaged');
    });

    test('an altered program is refused', async () => {
        context = await openContext('cpu');
        await alter(context, 'wasm/cpu/emofuse_bg.wasm', flipped);
        const page = await openPage(context, CPU);
        await page.waitForSelector('.engine[data-state="failed"]');
        assert.equal(await page.textContent('.engine .notice-title'), 'The model arrived damaged');
    });

    test('a model that the manifest vouches for but that is none is refused', async () => {
        context = await openContext('cpu');
        const wrong = Buffer.from('this is not a model');
        const { createHash } = await import('node:crypto');
        const entry = { file: MODEL, bytes: wrong.length, sha256: createHash('sha256').update(wrong).digest('hex') };
        await alter(
            context,
            'src/manifest.js',
            (content) =>
                content.toString().replace('export default', 'const manifest =') +
                `manifest.model = ${JSON.stringify(entry)}; export default manifest;`,
        );
        await alter(context, MODEL, () => wrong);
        const page = await openPage(context, CPU);
        await page.waitForSelector('.engine[data-state="failed"]');
        assert.equal(await page.textContent('.engine .notice-title'), 'The model cannot be used');
    });

    test('a missing model is said to be missing, and reading a post loads again', async () => {
        context = await openContext('cpu');
        const url = `${address}pkg/${MODEL}`;
        await context.route(url, (route) => route.fulfill({ status: 503 }));
        const page = await openPage(context, CPU);
        await page.waitForSelector('.engine[data-state="failed"]');
        assert.match((await page.textContent('.engine .notice')) ?? '', /could not be downloaded.*503/s);
        await context.unroute(url);
        await readCaption(page, 'finally home');
        await resultIsThere(page);
    });
});

/**
 * Waits for the reason of the back end: it changes by itself.
 *
 * @param {Page} page
 * @param {RegExp} reason
 */
const reasonIs = (page, reason) =>
    expect.poll(() => page.textContent('#engine-reason'), { timeout: PATIENCE.webgpu }).toMatch(reason);

/**
 * Notes the reasons that are shown from now on; one may be gone soon.
 *
 * @param {Page} page
 */
async function reasonsSeen(page) {
    const seen = await page.evaluateHandle(() => {
        const reason = document.querySelector('#engine-reason');
        /** @type {string[]} */
        const texts = [];
        if (reason)
            new MutationObserver(() => texts.push(reason.textContent)).observe(reason, {
                childList: true,
                characterData: true,
                subtree: true,
            });
        return texts;
    });
    return () => seen.jsonValue();
}

test.describe('back ends that fail', () => {
    test('without an adapter the CPU is taken, and the reason shown', async () => {
        context = await openContext('cpu');
        const page = await openPage(context);
        await modelIsReady(page);
        assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
        await reasonIs(page, /^This browser (has no WebGPU|offers no graphics adapter)\.$/);
    });

    test('on an adapter that is only software the CPU is taken, and the reason shown', {
        tag: '@webgpu',
    }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        context = await openContext('webgpu');
        const page = await openPage(context);
        await modelIsReady(page);
        await reasonIs(page, /^The only graphics adapter is software\.$/);
        assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
    });

    test('without an adapter, WebGPU cannot be chosen, and the option says why', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, CPU);
        await modelIsReady(page);
        const option = page.locator('#backend option[value="webgpu"]');
        await expect(option).toBeDisabled();
        await expect(option).toHaveText(/^WebGPU: (not in this browser|no graphics adapter)$/);
    });

    test('asked for by the address without an adapter, WebGPU leads to the CPU, and the page says so', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, '?backend=webgpu');
        await modelIsReady(page);
        await page.getByText('WebGPU cannot be used in this browser').waitFor();
        assert.match((await page.textContent('.engine')) ?? '', /The model runs on the CPU instead/);
        assert.equal(await page.inputValue('#backend'), 'cpu');
        assert.equal(new URL(page.url()).searchParams.get('backend'), 'cpu');
        await readCaption(page, 'finally home');
        await resultIsThere(page);
    });

    test('a back end that cannot start leaves the one that works in use', async () => {
        context = await openContext('cpu');
        const page = await openPage(context, CPU);
        await modelIsReady(page);
        await readCaption(page, 'finally home');
        await resultIsThere(page);
        const workers = page.workers();
        // As on a browser that offers an adapter whose device then fails.
        await page.evaluate(() => {
            const option = /** @type {HTMLOptionElement} */ (document.querySelector('#backend [value="webgpu"]'));
            option.disabled = false;
        });
        await unfoldStatus(page);
        await page.selectOption('#backend', 'webgpu');
        await page.getByText('WebGPU cannot be used in this browser').waitFor();
        await page.waitForSelector('.engine[data-state="ready"]');
        assert.ok(
            workers.every((worker) => page.workers().includes(worker)),
            'the worker was not ended',
        );
        assert.equal(await page.inputValue('#backend'), 'cpu');
        await readCaption(page, 'so sad and lonely');
        await resultIsThere(page);
    });

    test('a self-test that fails on WebGPU leads to the CPU, and the reason is shown', { tag: '@webgpu' }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        context = await openContext('webgpu');
        const failing =
            'Engine.prototype.selfTest = async () => ({ passed: false, max_difference: 0.25, tolerance: 0.002 });';
        await disguiseAdapter(context);
        await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${failing}`);
        const page = await openPage(context);
        await modelIsReady(page);
        await reasonIs(page, /fails its self-test, with scores off by 0\.25/);
        assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
        await readCaption(page, 'finally home');
        await resultIsThere(page);
    });

    test('a program that traps while it starts on WebGPU leads to the CPU', { tag: '@webgpu' }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        context = await openContext('webgpu');
        const failing = 'Engine.load = () => new Promise(() => queueMicrotask(trap));';
        await disguiseAdapter(context);
        await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${TRAP}\n${failing}`);
        const page = await openPage(context);
        await modelIsReady(page);
        await reasonIs(page, /unreachable/);
        assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
    });

    test('a missing WebGPU program leads to the CPU', { tag: '@webgpu' }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        context = await openContext('webgpu');
        await disguiseAdapter(context);
        await context.route(`${address}pkg/wasm/webgpu/emofuse_bg.wasm`, (route) => route.fulfill({ status: 404 }));
        const page = await openPage(context);
        await modelIsReady(page);
        await reasonIs(page, /WebGPU back end cannot be used.*404/);
    });

    test('a graphics device that is lost at each reading leads to the CPU, which gives the answer', {
        tag: '@webgpu',
    }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        context = await openContext('webgpu');
        const failing = `
            Engine.prototype.selfTest = async () => ({ passed: true, max_difference: 0, tolerance: 0.002 });
            Engine.prototype.classify = async () => {
                throw Object.assign(new Error('the graphics device was lost'), { name: 'BackendError' });
            };`;
        await disguiseAdapter(context);
        await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${failing}`);
        const page = await openPage(context);
        await modelIsReady(page);
        for (const times of ['and is being tried again', '2 times']) {
            // A self-test that does nothing is measured to be faster than the CPU's.
            await reasonIs(page, /^It was measured to be .+ times as fast as the CPU\.$/);
            assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on WebGPU/);
            const seen = await reasonsSeen(page);
            await readCaption(page, 'finally home');
            await resultIsThere(page);
            assert.match((await page.textContent('.how')) ?? '', /^Analysed on the CPU/);
            assert.ok((await seen()).includes(`WebGPU stopped working ${times}: the graphics device was lost.`));
        }
        assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
    });

    for (const [how, failing] of /** @type {const} */ ([
        ['in a promise', 'async () => trap()'],
        ['outside of any promise', '() => new Promise(() => queueMicrotask(trap))'],
    ])) {
        test(`a trap ${how}, and again when the post is repeated, is an error, and the next try works`, async () => {
            context = await openContext('cpu');
            await alter(
                context,
                'wasm/cpu/emofuse.js',
                (content) => `${content}\n${TRAP}\n${onCaption('trap', failing)}`,
            );
            const page = await openPage(context, CPU);
            await readCaption(page, 'trap');
            assert.equal(await errorTitle(page), 'The model stopped working');
            await readCaption(page, 'finally home');
            await resultIsThere(page);
            assert.match((await page.textContent('.engine-text')) ?? '', /^Ready, on the CPU/);
        });
    }
});

test.describe('what is cancelled', () => {
    test('loading can be cancelled, and begun again', async () => {
        context = await openContext('cpu');
        const url = `${address}pkg/${MODEL}`;
        await context.route(url, () => {}); // never answered
        const page = await openPage(context, CPU);
        await unfoldStatus(page);
        await page.getByRole('button', { name: 'Cancel loading' }).click();
        await page.waitForSelector('.engine[data-state="cancelled"]', { state: 'attached' });
        await context.unroute(url);
        await page.getByRole('button', { name: 'Load the model' }).click();
        await modelIsReady(page);
    });

    test('a reading that waits for the model can be cancelled, and the model stays', async () => {
        context = await openContext('cpu');
        /** @type {(value: void) => void} */
        let goOn = () => {};
        const held = new Promise((/** @type {(value: void) => void} */ resolve) => (goOn = resolve));
        await context.route(`${address}pkg/${MODEL}`, async (route) => {
            await held;
            await route.continue();
        });
        const page = await openPage(context, CPU);
        await readCaption(page, 'finally home');
        await page.waitForSelector('#result[data-state="working"]');
        await page.click('#cancel');
        await page.waitForSelector('#result[data-state="empty"]', { state: 'attached' });
        goOn();
        await modelIsReady(page);
        assert.equal(await page.getAttribute('#result', 'data-state'), 'empty');
        await page.click('#analyse');
        await resultIsThere(page);
    });

    test('a reading that runs can be cancelled, and the next one works', async () => {
        context = await openContext('cpu');
        const slow = onCaption(
            'slowly',
            'async (goOn) => { await new Promise((resolve) => Object.assign(self, { release: resolve })); return goOn(); }',
        );
        await alter(context, 'wasm/cpu/emofuse.js', (content) => `${content}\n${slow}`);
        const page = await openPage(context, CPU);
        await modelIsReady(page);
        await readCaption(page, 'slowly');
        await page.waitForSelector('#result[aria-busy="true"]');
        await page.click('#cancel');
        await page.waitForSelector('#result[data-state="empty"]:not([aria-busy])', { state: 'attached' });
        await page.workers()[0]?.evaluate('release()');
        await readCaption(page, 'finally home');
        await resultIsThere(page);
    });
});
