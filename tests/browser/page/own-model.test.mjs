// The page with a model of one's own, chosen or dropped, and the way back.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import {
    PATIENCE,
    address,
    drop,
    modelIsReady,
    openContext,
    openPage,
    resultIsThere,
    tabTo,
    unfoldStatus,
} from '../support/harness.mjs';
import { TRAINING_MS, compareScores, flipped, trainOwnModel } from '../support/own-model.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/own-model.mjs').Answer} Answer */

/** @type {import('../support/own-model.mjs').OwnModel} */
let own;
test.beforeAll(async () => {
    test.setTimeout(TRAINING_MS);
    own = await trainOwnModel();
});
test.afterAll(() => own?.remove());

/** @type {BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

/** @param {Page} page */
const ownModelIsUsed = (page) => page.waitForSelector('.model-choice[data-model="own"]', { state: 'attached' });

/**
 * The scores on the page, as copied.
 *
 * @param {Page} page
 * @returns {Promise<Answer>}
 */
async function copied(page) {
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    return JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
}

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
    test(`a chosen model is used, shown, and left again, on ${backend}`, { tag: `@${backend}` }, async () => {
        test.setTimeout(PATIENCE[backend] * 2);
        context = await openContext(backend);
        const page = await openPage(context, `?backend=${backend}`);
        await modelIsReady(page);
        const line = await page.textContent('.model-name');
        assert.match(line ?? '', /^Default model: emofuse-default-\S+ [0-9a-f]{8}$/);
        const [{ image, caption, expected } = assert.fail('there is no post')] = own.posts;

        await page.fill('#caption', caption ?? '');
        await page.setInputFiles('#choose-image', {
            name: 'picture.png',
            mimeType: 'image/png',
            buffer: image ?? MEADOW,
        });
        await resultIsThere(page);
        /** @type {string[]} */
        const requests = [];
        page.on('request', (request) => requests.push(request.url()));
        await page.setInputFiles('#choose-model', own.file);
        await ownModelIsUsed(page);
        assert.equal(
            await page.textContent('.model-name'),
            `Your own model: small-1 ${expected.model.sha256.slice(0, 8)}`,
        );
        assert.equal(await page.textContent('#announcement'), 'Your own model small-1 is in use.');
        assert.ok(await page.getByText('The model has changed').isVisible());
        assert.ok(
            requests.every((url) => url.startsWith(`${address}pkg/`) && !url.endsWith('.emofuse')),
            'only the program is asked for again',
        );

        await page.click('#analyse');
        await page.getByText('The model has changed').waitFor({ state: 'hidden' });
        const found = await copied(page);
        assert.deepEqual(found.model, expected.model);
        compareScores(found.scores, expected.scores, 'both');

        await unfoldStatus(page);
        await page.getByRole('button', { name: 'Back to the default model' }).click();
        await page.waitForSelector('.model-choice[data-model="default"]', { state: 'attached' });
        assert.equal(await page.textContent('.model-name'), line);
        assert.ok(!(await page.locator('#default-model').isVisible()));
    });
}

test('a dropped model is used, whatever its name, and an image dropped with it is read by it', async () => {
    context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await drop(page, [own.file]);
    await ownModelIsUsed(page);
    assert.equal(await page.getAttribute('#result', 'data-state'), 'empty', 'it is not taken for an image');
    await unfoldStatus(page);
    await page.click('#default-model');
    await page.waitForSelector('.model-choice[data-model="default"]', { state: 'attached' });

    const renamed = join(own.folder, 'download.bin');
    await writeFile(renamed, own.model);
    const { image, expected } =
        own.posts.find(({ caption }) => caption === null) ?? assert.fail('there is no image alone');
    const imageFile = join(own.folder, 'picture.png');
    await writeFile(imageFile, image ?? MEADOW);
    await drop(page, [imageFile, renamed]);
    await resultIsThere(page);
    const found = await copied(page);
    assert.deepEqual(found.model, expected.model);
    compareScores(found.scores, expected.scores, 'image');
});

test('a file that cannot be used is named with what to do, and the model there is stays', async () => {
    context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    const line = await page.textContent('.model-name');
    const read = async () => {
        await page.fill('#caption', 'finally home');
        await page.click('#analyse');
        await resultIsThere(page);
    };
    for (const [name, content, message] of /** @type {const} */ ([
        ['damaged.emofuse', flipped(own.model), /damaged\.emofuse is damaged.*train it again.*stays in use.*altered/s],
        [
            'short.emofuse',
            own.model.subarray(0, -1),
            /short\.emofuse cannot be used as a model.*should have \d+ bytes but has \d+.*stays in use/s,
        ],
        [
            'notes.emofuse',
            Buffer.from('not a model'),
            /notes\.emofuse cannot be used as a model.*make one with `emofuse train`.*stays in use/s,
        ],
    ])) {
        await page.setInputFiles('#choose-model', { name, mimeType: '', buffer: content });
        await page.waitForFunction(
            (shown) => document.querySelector('.model-choice .notice-title')?.textContent?.startsWith(shown),
            name,
        );
        assert.match((await page.textContent('.model-choice .notice')) ?? '', message);
        assert.equal(await page.getAttribute('.engine', 'data-state'), 'ready');
        assert.equal(await page.textContent('.model-name'), line);
        await read();
    }
    await page.setInputFiles('#choose-model', own.file);
    await ownModelIsUsed(page);
    assert.equal(await page.textContent('.model-choice .notice'), '');
    await page.setInputFiles('#choose-model', {
        name: 'notes.emofuse',
        mimeType: '',
        buffer: Buffer.from('not a model'),
    });
    await page.waitForSelector('.model-choice .notice-title');
    assert.match((await page.textContent('.model-name')) ?? '', /^Your own model: small-1/);
    await read();
    assert.equal((await copied(page)).model.id, 'small-1');
});

test('a model chosen before the default one is there takes its place', async () => {
    context = await openContext('cpu');
    const url = `${address}pkg/model/emofuse-default.emofuse`;
    await context.route(url, () => {}); // never answered
    const page = await openPage(context, '?backend=cpu');
    await page.waitForSelector('.engine[data-state="loading"] progress[value]', { state: 'attached' });
    await page.setInputFiles('#choose-model', own.file);
    await ownModelIsUsed(page);
    assert.equal(await page.getAttribute('.engine', 'data-state'), 'ready');
    await context.unroute(url);
    await context.route(url, (route) => route.fulfill({ status: 503 }));
    await unfoldStatus(page);
    await page.click('#default-model');
    await page.waitForSelector('.model-choice .notice-title');
    assert.match(
        (await page.textContent('.model-choice .notice')) ?? '',
        /could not be downloaded.*small-1 stays in use/s,
    );
    assert.match((await page.textContent('.model-name')) ?? '', /^Your own model: small-1/);
    await page.fill('#caption', 'so sad and lonely');
    await page.click('#analyse');
    await resultIsThere(page);
});

test('a bad model chosen before the default one is there leads to the default one', async () => {
    context = await openContext('cpu');
    const url = `${address}pkg/model/emofuse-default.emofuse`;
    await context.route(url, () => {}); // never answered
    const page = await openPage(context, '?backend=cpu');
    await page.waitForSelector('.engine[data-state="loading"] progress[value]', { state: 'attached' });
    await context.unroute(url);
    await page.setInputFiles('#choose-model', {
        name: 'notes.emofuse',
        mimeType: '',
        buffer: Buffer.from('not a model'),
    });
    await modelIsReady(page);
    assert.match((await page.textContent('.model-name')) ?? '', /^Default model/);
});

test('another back end runs the same model', async () => {
    context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.setInputFiles('#choose-model', own.file);
    await ownModelIsUsed(page);
    await unfoldStatus(page);
    await page.selectOption('#backend', 'auto');
    await page.waitForFunction(() => document.querySelector('#engine-reason')?.textContent !== 'As chosen.');
    await modelIsReady(page);
    assert.match((await page.textContent('.model-name')) ?? '', /^Your own model: small-1/);
});

test('it works by keyboard, and the focus is not lost', async () => {
    context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    const chosen = page.waitForEvent('filechooser');
    await unfoldStatus(page);
    await tabTo(page, 'Use another model');
    await page.keyboard.press('Enter');
    await (await chosen).setFiles(own.file);
    await ownModelIsUsed(page);
    await unfoldStatus(page);
    await tabTo(page, 'Back to the default model');
    await page.keyboard.press('Space');
    await page.waitForSelector('.model-choice[data-model="default"]', { state: 'attached' });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'use-model');
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe finds nothing with a model of one’s own, nor with a bad one, ${colorScheme}, phone`, async () => {
        context = await openContext('cpu', {
            colorScheme,
            viewport: { width: 390, height: 844 },
            reducedMotion: 'reduce',
        });
        const page = await openPage(context, '?backend=cpu');
        await modelIsReady(page);
        await page.setInputFiles('#choose-model', own.file);
        await ownModelIsUsed(page);
        await checkWithAxe(page, 'own model');
        const name = `${'a-very-long-name'.repeat(6)}.emofuse`;
        await page.setInputFiles('#choose-model', { name, mimeType: '', buffer: flipped(own.model) });
        await page.waitForSelector('.model-choice .notice-title');
        await checkWithAxe(page, 'bad model');
        const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, 'nothing is wider than the screen');
    });
}
