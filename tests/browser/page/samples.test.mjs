// The samples: their stored results are shown before the model is there, and are what the model says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { comparison, headline } from '../../../www/shared/words.js';
import { analyse, samplesOfPage } from '../../../tools/sample-results.mjs';
import { PATIENCE, address, modelIsReady, openContext, openPage, resultIsThere } from '../support/harness.mjs';

/** The machine may have other things to do. */
const patient = expect.configure({ timeout: PATIENCE.cpu });

/** @typedef {import('../../../pkg/index.js').Result} Result */

const TOLERANCE = 2e-6; // they are stored with six decimals

/** @returns {Promise<Record<string, Result>>} */
const storedResults = async () =>
    JSON.parse(await readFile(new URL('../../../www/samples/results.json', import.meta.url), 'utf8'));

/** What does not depend on the computer. @param {Result} result */
const facts = ({ emotion, secondary, uncertain_because, model, explanation }) => ({
    emotion,
    secondary,
    uncertain_because,
    model,
    words: explanation?.words.map(({ text, start, end }) => [text, start, end]),
});

/** All that is measured, in order. @param {Result} result */
const numbers = ({ scores, image, caption, agreement, explanation }) => [
    ...[scores, image, caption].flatMap((some) => Object.values(some ?? {})),
    agreement ?? 0,
    ...(explanation?.heatmap?.values ?? []),
    ...Object.values(explanation?.heatmap?.area ?? {}),
    ...(explanation?.words.map(({ contribution }) => contribution) ?? []),
];

test('the stored results are what the model says in the browser', async () => {
    const context = await openContext('cpu');
    const samples = await samplesOfPage();
    const stored = await storedResults();
    assert.deepEqual(
        samples.map(({ name }) => name),
        Object.keys(stored),
    );
    const found = await analyse(await openPage(context), samples);
    for (const [name, result] of Object.entries(stored)) {
        const said = found[name] ?? assert.fail(name);
        assert.deepEqual(facts(result), facts(said), name);
        const [expected, measured] = [numbers(result), numbers(said)];
        assert.equal(expected.length, measured.length);
        for (const [index, value] of expected.entries())
            assert.ok(Math.abs(value - (measured[index] ?? NaN)) <= TOLERANCE, `${name}: ${value}, ${measured[index]}`);
    }
    await context.close();
});

test('each shows one idea', async () => {
    const { cat, rocket, coffee, attic } = await storedResults();
    assert.ok(cat && rocket && coffee && attic);
    assert.equal(comparison(cat)?.kind, 'agree');
    assert.equal(comparison(rocket)?.kind, 'beyond');
    assert.match(comparison(coffee)?.text ?? '', /^Image and caption disagree: .* Together, the caption decides\.$/);
    assert.equal(attic.image, null);
    for (const result of [cat, rocket, coffee, attic]) assert.ok(!result.uncertain && headline(result));
});

test('a sample’s result is shown while the model is still on its way, with its reasons', async () => {
    const context = await openContext('cpu');
    await context.route(`${address}pkg/model/emofuse-default.emofuse`, () => {}); // never answered
    const page = await openPage(context, '?backend=cpu');
    const stored = await storedResults();
    for (const [name, title] of /** @type {const} */ ([
        ['cat', /^Cat/],
        ['rocket', /^Rocket/],
        ['coffee', /^Coffee/],
        ['attic', /^Attic/],
    ])) {
        const result = stored[name] ?? assert.fail(name);
        await page.getByRole('button', { name: title }).click();
        await patient(page.locator('#headline')).toHaveText(headline(result));
        await patient(page.locator('.how')).toContainText(`Result of ${result.model.id}, stored with this sample.`);
        await patient(page.locator('.reasons-words')).toBeVisible();
        await patient(page.locator('.post .heat-map')).toBeVisible({ visible: result.image !== null });
    }
    assert.equal(await page.getAttribute('.engine', 'data-state'), 'loading');
    await context.close();
});

test('once the model is there, it analyses the sample itself', async () => {
    const context = await openContext('cpu');
    const page = await openPage(context, '?backend=cpu');
    await modelIsReady(page);
    await page.getByRole('button', { name: /^Attic/ }).click();
    await resultIsThere(page);
    await patient(page.locator('.how')).toContainText('Analysed on the CPU');
    await context.close();
});
