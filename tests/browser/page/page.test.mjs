// The page's main flows, on both back ends.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { EMOTIONS } from '../../../pkg/src/emotions.js';
import { PATIENCE, drop, modelIsReady, openContext, openPage, readTable, resultIsThere } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */

/**
 * Empties the page and checks that it is empty.
 *
 * @param {Page} page
 */
async function clear(page) {
    if (await page.locator('#clear').isVisible()) await page.click('#clear');
    assert.equal(await page.getAttribute('#result', 'data-state'), 'empty');
}

/**
 * Checks that table, wheel and headline show the same nine scores, which add up to one.
 *
 * @param {Page} page
 */
async function checkResult(page) {
    const table = await readTable(page);
    assert.deepEqual(Object.keys(table).sort(), [...EMOTIONS].sort());
    const bars = Object.values(table).map(({ bar }) => bar);
    assert.ok(Math.abs(bars.reduce((sum, bar) => sum + bar, 0) - 1) < 1e-3);
    assert.deepEqual(
        bars,
        [...bars].sort((a, b) => b - a),
    );
    for (const { bar, number } of Object.values(table)) {
        assert.equal(number, bar > 0 && bar < 0.005 ? '< 1 %' : `${Math.round(bar * 100)} %`);
    }
    const [strongest] = Object.keys(table);
    const uncertain = (await page.getAttribute('#result', 'data-uncertain')) === 'true';
    const headline = (await page.textContent('#headline'))?.toLowerCase() ?? '';
    const other = `(${EMOTIONS.join('|')})`;
    const named = new RegExp(
        uncertain
            ? `^(hard to say: ${strongest} or ${other}|hard to say, perhaps ${strongest}|probably ${strongest})$`
            : `^(${strongest}|probably ${strongest}, maybe ${other})$`,
    );
    assert.match(headline, named);
    const explained = (await page.textContent('.explanation')) ?? '';
    assert.match(explained.toLowerCase(), new RegExp(`^${strongest} scores (< )?\\d+\\s%`));
    assert.equal(/[.:] [A-Z].*\.$/.test(explained), uncertain, 'a reason for each doubt');
    const namesTwo = headline.includes(' or ') || headline.includes(', maybe ');
    assert.equal(/^\w+ scores [^.]*, \w+ /.test(explained), namesTwo, 'a second label has its score');
    const label = await page.getByRole('img', { name: /Plutchik/ }).getAttribute('aria-label');
    assert.match(label ?? '', new RegExp(`Strongest: ${strongest} `));
    const announced = (await page.textContent('#announcement'))?.toLowerCase() ?? '';
    assert.ok(announced.startsWith(String(headline)), announced);
    return table;
}

/**
 * Which of the three voices speak.
 *
 * @param {Page} page
 */
const voices = (page) =>
    page.$$eval('.voice:not(.absent)', (cards) =>
        cards.map((card) => /** @type {HTMLElement} */ (card).dataset['voice']),
    );

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
    test.describe(`on ${backend}`, { tag: `@${backend}` }, () => {
        test.describe.configure({ timeout: PATIENCE[backend] * 2 });
        /** @type {Page} */
        let page;
        /** @type {string} */
        let folder;

        test.beforeAll(async () => {
            folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
            await writeFile(join(folder, 'meadow.png'), MEADOW);
            page = await openPage(await openContext(backend), `?backend=${backend}`);
            await modelIsReady(page);
        });
        test.afterAll(async () => {
            await page?.context().close();
            await rm(folder, { recursive: true });
        });

        test('the model is ready and says where it runs', async () => {
            assert.match(
                (await page.textContent('.engine-text')) ?? '',
                backend === 'cpu' ? /^Ready, on the CPU/ : /^Ready, on WebGPU/,
            );
            assert.equal(await page.inputValue('#backend'), backend);
        });

        test('a dropped image is read', async () => {
            await clear(page);
            await drop(page, [join(folder, 'meadow.png')]);
            await resultIsThere(page);
            await checkResult(page);
            assert.deepEqual(await voices(page), ['image']);
            assert.ok(await page.locator('.preview').isVisible());
            assert.match(
                (await page.textContent('.how')) ?? '',
                backend === 'cpu' ? /Analysed on the CPU in/ : /Analysed on WebGPU in/,
            );
        });

        test('the explanation is shown: words highlighted, and the image lit until it is wanted as it is', async () => {
            await clear(page);
            await page.setInputFiles('#choose-image', join(folder, 'meadow.png'));
            await resultIsThere(page);
            await page.fill('#caption', 'so happy to be home');
            await page.click('#analyse');
            await page.waitForFunction(() => document.querySelector('.reasons-words')?.checkVisibility());
            assert.match((await page.textContent('#reasons-title')) ?? '', /^Why \w+\?$/);
            assert.match(
                (await page.locator('.word').filter({ hasText: 'happy' }).getAttribute('title')) ?? '',
                /^[+−]\d+ points?$/,
            );
            assert.equal(
                ((await page.textContent('.reasons-words')) ?? '').replace(/ \([^)]*\)/g, ''),
                'so happy to be home',
            );
            assert.match((await page.getAttribute('.preview', 'alt')) ?? '', /^The image; /);
            const heatMap = page.locator('.post .heat-map');
            assert.ok(await heatMap.locator('.heat-frame').isVisible());
            const [frame, preview] = await Promise.all(
                [heatMap.locator('.heat-frame'), page.locator('.preview')].map((part) => part.boundingBox()),
            );
            assert.ok(frame && preview && frame.width < preview.width && frame.x >= preview.x, 'what the model sees');
            const toggle = page.getByRole('button', { name: 'Heat map' });
            assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
            await toggle.click();
            assert.ok(!(await heatMap.isVisible()));
            await toggle.click();
            assert.ok(await heatMap.isVisible());
        });

        test('a pasted image is read', async () => {
            await clear(page);
            await page.evaluate(
                async (bytes) => {
                    const image = new Blob([Uint8Array.from(bytes)], { type: 'image/png' });
                    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
                },
                [...MEADOW],
            );
            await page.keyboard.press('Control+V');
            await resultIsThere(page);
            await checkResult(page);
            assert.deepEqual(await voices(page), ['image']);
        });

        test('a typed caption is read alone', async () => {
            await clear(page);
            await page.fill('#caption', 'What a beautiful morning, I am so happy!');
            await page.click('#analyse');
            await resultIsThere(page);
            await checkResult(page);
            assert.deepEqual(await voices(page), ['caption']);
            assert.ok(!(await page.locator('.comparison').isVisible()));
        });

        test('a caption in another language is not sure, and the page says why', async () => {
            await clear(page);
            await page.fill('#caption', 'Dzisiaj jest najgorszy dzień mojego życia, wszystko stracone');
            await page.click('#analyse');
            await resultIsThere(page);
            await checkResult(page);
            const why = /The caption does not seem to be English|The model does not know most words/;
            assert.match((await page.textContent('#headline')) ?? '', /^Hard to say/);
            assert.match((await page.textContent('.explanation')) ?? '', why);
            assert.match((await page.textContent('#announcement')) ?? '', why);
        });

        test('a chosen image and a caption are read together, and compared', async () => {
            await clear(page);
            await page.fill('#caption', 'This is outrageous, I am furious!');
            await page.setInputFiles('#choose-image', join(folder, 'meadow.png'));
            await resultIsThere(page);
            await checkResult(page);
            assert.deepEqual(await voices(page), ['image', 'caption', 'both']);
            assert.match(
                (await page.textContent('.comparison')) ?? '',
                /^(Image and caption (agree|disagree|nearly agree|differ)|Neither says it alone)/,
            );
        });

        test('a sample is read, and its result copied as JSON', async () => {
            await clear(page);
            await page.getByRole('button', { name: /^Coffee/ }).click();
            await resultIsThere(page);
            const table = await checkResult(page);
            await page.getByRole('button', { name: 'Copy as JSON' }).click();
            await page.getByRole('button', { name: 'Copied' }).waitFor();
            const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
            assert.equal(copied.backend, backend);
            assert.equal(copied.emotion, Object.keys(table)[0]);
            assert.ok(copied.secondary === null || copied.secondary === Object.keys(table)[1]);
            assert.equal(copied.uncertain, copied.uncertain_because.length > 0);
            assert.equal(String(copied.uncertain), await page.getAttribute('#result', 'data-uncertain'));
            for (const [emotion, { bar }] of Object.entries(table)) assert.equal(copied.scores[emotion], bar);
            assert.deepEqual(Object.keys(copied.scores), [...EMOTIONS]);
            assert.match(copied.model.sha256, /^[0-9a-f]{64}$/);
            assert.deepEqual(Object.keys(copied.timings_ms), ['decode', 'picture', 'caption', 'model', 'total']);
        });

        test('a removed image leaves the caption', async () => {
            await page.getByRole('button', { name: 'Remove the image' }).click();
            assert.ok(await page.getByRole('button', { name: 'Choose an image' }).isVisible());
            assert.notEqual(await page.inputValue('#caption'), '');
            assert.ok(await page.getByText('The post has changed').isVisible());
            await page.click('#analyse');
            await page.waitForFunction(() => document.querySelectorAll('.voice:not(.absent)').length === 1);
            assert.deepEqual(await voices(page), ['caption']);
            assert.ok(!(await page.getByText('The post has changed').isVisible()));
        });
    });
}
