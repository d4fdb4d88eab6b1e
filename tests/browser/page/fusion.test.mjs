// “Explain the fusion” on the page: what each system says, loaded when somebody opens it.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import { modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @type {import('../support/harness.mjs').BrowserContext | undefined} */
let context;
test.afterEach(async () => {
    await context?.close();
    context = undefined;
});

const FOLD = '.fusion-fold';
const SUMMARY = `${FOLD} > summary`;

/**
 * Classifies a post with an image and a caption.
 *
 * @param {import('../support/harness.mjs').Page} page
 */
async function classifyBoth(page) {
    await modelIsReady(page);
    await page.fill('#caption', 'so grateful for this morning');
    await page.setInputFiles('#choose-image', { name: 'meadow.png', mimeType: 'image/png', buffer: MEADOW });
    await resultIsThere(page);
}

/**
 * The systems in the table, with the ways of reading that each has.
 *
 * @param {import('../support/harness.mjs').Page} page
 */
const shown = (page) =>
    page.$$eval(`${FOLD} tbody`, (groups) =>
        groups.map((group) => [
            group.dataset['system'],
            [...group.querySelectorAll('tr[data-way]')].map((row) => /** @type {HTMLElement} */ (row).dataset['way']),
        ]),
    );

test('nothing of it is loaded before it is opened, and then it shows each system by the keyboard', {
    tag: '@cpu',
}, async () => {
    context = await openContext('cpu');
    /** @type {string[]} */
    const loaded = [];
    context.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const page = await openPage(context, '?backend=cpu');
    assert.equal(await page.isVisible(FOLD), false);
    await classifyBoth(page);
    const ofFusion = () => loaded.filter((path) => path.includes('/shared/fusion/'));
    assert.deepEqual(ofFusion(), []);
    await page.focus(SUMMARY);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${FOLD} tbody`);
    assert.ok(ofFusion().length >= 3, ofFusion().join());
    const systems = await shown(page);
    assert.deepEqual(systems[0], ['common_space', ['scores', 'image', 'caption']]);
    for (const [name, ways] of systems) {
        if (name === 'image' || name === 'caption') assert.deepEqual(ways, [name]);
        else assert.deepEqual(ways, ['scores', 'image', 'caption'], String(name));
    }
    // The system that answers says what the headline says.
    const [emotion] = (await page.textContent('.scores tbody tr:first-child th'))?.split(' ') ?? [];
    assert.equal(await page.textContent(`${FOLD} [data-system="common_space"] [data-way="scores"] td`), emotion);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`it can be read on a small screen, ${colorScheme}`, { tag: '@cpu' }, async () => {
        context = await openContext('cpu', { viewport: { width: 390, height: 844 }, colorScheme });
        const page = await openPage(context, '?backend=cpu');
        await classifyBoth(page);
        await page.click(SUMMARY);
        await page.waitForSelector(`${FOLD} tbody`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${overflow} pixels too wide`);
        await checkWithAxe(page, `fusion, ${colorScheme}`);
    });
}

test('it is there for posts with both sides alone, and follows the next post', { tag: '@cpu' }, async () => {
    context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await classifyBoth(page);
    await page.click(SUMMARY);
    const way = `${FOLD} [data-system="common_space"] [data-way="caption"]`;
    await page.waitForSelector(way);
    const before = await page.textContent(way);
    await page.fill('#caption', 'I am afraid of the dark, so scary');
    await page.click('#analyse');
    await page.waitForFunction(
        ([row, text]) => {
            const found = document.querySelector(row ?? '')?.textContent;
            return found && found !== text;
        },
        [way, before],
    );
    await page.getByRole('button', { name: 'Remove the image' }).click();
    await page.click('#analyse');
    await page.waitForSelector(FOLD, { state: 'hidden' });
});
