// A person's own correction, from labels to a file and back.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { fitAndValidate } from '../../../www/desk/calibration/cross-validation.js';
import { checkWithAxe } from '../support/axe.mjs';
import { LABELS, MODEL_SHA256, look, madeUpPosts, numbers, openDesk, overflow } from './review.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../../../www/desk/types.js').Correction} Correction */

const DESKTOP = { viewport: { width: 1280, height: 900 } };

/**
 * How the made-up person differs from the model.
 *
 * @type {Record<string, number>}
 */
const TASTE = { joy: 1.5, fear: -1.2, neutral: 0.8 };

/** @type {Correction} */
const CORRECTION = {
    format: 'emofuse-correction',
    version: 1,
    model_sha256: MODEL_SHA256,
    temperature: 1.25,
    bias: {
        joy: 0.5,
        trust: 0,
        fear: -0.5,
        surprise: 0.1,
        sadness: 0,
        disgust: 0,
        anger: -0.1,
        anticipation: 0,
        neutral: 0,
    },
    posts: 100,
    agreement: { before: 0.5, after: 0.6 },
    fitted: '2024-05-01T10:00:00.000Z',
};

/**
 * Posts that somebody labelled who likes some labels better than the model does, and errs now and then.
 *
 * @param {number} count
 * @param {number} labelled
 */
function personalPosts(count, labelled) {
    const random = numbers(77);
    return madeUpPosts(count, 53).map((post, index) => {
        const liking = (/** @type {typeof LABELS[number]} */ label) =>
            Math.log(post.scores[label]) + (TASTE[label] ?? 0) + random();
        const [[manualLabel] = []] = LABELS.map((label) => /** @type {const} */ ([label, liking(label)])).sort(
            (a, b) => b[1] - a[1],
        );
        return index < labelled && manualLabel
            ? {
                  ...post,
                  manualLabel,
                  how: index % 4 === 0 ? /** @type {const} */ ('review') : /** @type {const} */ ('blind'),
              }
            : post;
    });
}

/** @param {Page} page */
const state = (page) => page.getAttribute('.correction', 'data-state');

/** @param {Page} page */
const hasFitted = (page) => page.waitForSelector('.correction[data-state="fitted"]');

/**
 * @param {Page} page
 * @param {unknown} content Text, or what is to be written as JSON.
 * @param {string} [name]
 */
const choose = (page, content, name = 'correction.json') =>
    page.setInputFiles('#correction-file', {
        name,
        mimeType: 'application/json',
        buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    });

/** @param {Page} page */
const readings = (page) =>
    look(page, 'desk.collection.posts.map((post) => desk.collection.predictedLabel(post).emotion)');

test('below twenty labels it says how many there are, and counts on', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', personalPosts(30, 19));
    assert.equal(await state(page), 'few');
    assert.equal(
        await page.innerText('.correction-text'),
        'You have set 19 of the 20 labels that a correction needs. Label more posts.',
    );
    assert.equal(
        await page.locator('.correction progress').evaluate((bar) => /** @type {HTMLProgressElement} */ (bar).value),
        19,
    );
    assert.equal(await page.getByRole('button', { name: /^Fit/ }).count(), 0);
    assert.equal(await page.getByRole('switch').count(), 0);
    await page.evaluate(
        "desk.collection.setManualLabel(desk.collection.posts[25], { emotion: 'joy', at: new Date().toISOString(), how: 'review' })",
    );
    await page.getByRole('button', { name: 'Fit to my 20 labels' }).waitFor();
    assert.equal(await state(page), 'ready');
    await context.close();
});

test('labels of posts that were not read do not count', async () => {
    const posts = personalPosts(30, 20);
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', [
        ...posts.slice(1),
        { caption: 'not read', manualLabel: 'joy' },
    ]);
    assert.equal(
        await page.innerText('.correction-text'),
        'You have set 19 of the 20 labels that a correction needs. Label more posts.',
    );
    await context.close();
});

test('it is fitted, shows before and after, and is off until it is switched on', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', personalPosts(120, 110));
    await page.getByRole('button', { name: 'Fit to my 110 labels' }).click();
    await hasFitted(page);

    // The same figures as computed apart from the page.
    const samples = /** @type {{ key: string, scores: number[], manualLabel: typeof LABELS[number] }[]} */ (
        await look(
            page,
            'desk.collection.posts.filter(({ manualLabel }) => manualLabel).map(({ key, prediction, manualLabel }) => ({ key, scores: [...prediction.scores], manualLabel: manualLabel.emotion }))',
        )
    );
    const { adjustment, report } = await fitAndValidate(
        samples.map(({ key, scores, manualLabel }) => ({ key, scores, label: LABELS.indexOf(manualLabel) })),
        async () => {},
    );
    const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
    const row = (await page.innerText('.before-after tbody tr:first-child')).replaceAll(/\s+/g, ' ');
    const { before, after } = report.agreement;
    const points = (/** @type {number} */ value) =>
        `${value > 0 ? '+' : ''}${String(Math.round(1000 * value) / 10).replace('-', '−')}`;
    assert.equal(
        row,
        `Agreement ${percent(before.share)} ${Math.round(100 * before.low)} to ${percent(before.high)} ${percent(after.share)} ${Math.round(100 * after.low)} to ${percent(after.high)} ${points(after.share - before.share)} points ${points(report.gain.low)} to ${points(report.gain.high)}`,
    );
    assert.ok(report.gain.low > 0);
    assert.equal(await page.innerText('.correction-verdict'), 'With it, the model agrees with your labels more often.');
    assert.match(await page.innerText('.correction'), /28 of your 110 labels come from the review,/);
    assert.match(await page.innerText('.biases'), /joy\s+\+\d/);

    const [saved, ...others] = /** @type {Correction[]} */ (await look(page, 'desk.corrections'));
    assert.deepEqual(others, []);
    assert.deepEqual(
        [saved?.format, saved?.version, saved?.model_sha256, saved?.posts, saved?.agreement],
        ['emofuse-correction', 1, MODEL_SHA256, 110, { before: before.share, after: after.share }],
    );
    assert.ok(Math.abs((saved?.temperature ?? 0) - adjustment.temperature) < 1e-9);
    for (const [index, label] of LABELS.entries())
        assert.ok(Math.abs((saved?.bias[label] ?? NaN) - (adjustment.bias[index] ?? NaN)) < 1e-9);

    assert.equal(await look(page, 'desk.collection.correction'), null);
    const without = await readings(page);
    await page.getByRole('switch', { name: 'Use my correction' }).check();
    assert.deepEqual(await look(page, 'desk.collection.correction'), saved);
    const withIt = await readings(page);
    assert.notDeepEqual(withIt, without);
    const agreeing = (/** @type {string[]} */ labels) =>
        samples.filter(({ manualLabel }, index) => labels[index] === manualLabel).length;
    assert.ok(agreeing(withIt) > agreeing(without));
    await page.getByRole('switch').press('Space');
    assert.equal(await look(page, 'desk.collection.correction'), null);
    assert.deepEqual(await readings(page), without);
    await context.close();
});

test('where it is no better the page says so plainly, and allows it all the same', async () => {
    const agreed = madeUpPosts(40, 59).map((post) => {
        const [[manualLabel] = []] = LABELS.map((label) => /** @type {const} */ ([label, post.scores[label]])).sort(
            (a, b) => b[1] - a[1],
        );
        return manualLabel ? { ...post, manualLabel } : post;
    });
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', agreed);
    await page.getByRole('button', { name: /^Fit/ }).click();
    await hasFitted(page);
    assert.equal(
        await page.innerText('.correction-verdict'),
        'It agrees with your labels no better than the model alone. Leave it off, set more labels and fit again.',
    );
    await page.getByRole('switch').check();
    assert.notEqual(await look(page, 'desk.collection.correction'), null);
    await context.close();
});

test('the page is busy and answers while it fits, and a second press does nothing', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', personalPosts(1500, 1500));
    const turns = await page.evaluate(async () => {
        const panel = /** @type {HTMLElement} */ (document.querySelector('.correction'));
        const button = /** @type {HTMLButtonElement} */ (
            [...panel.querySelectorAll('button')].find(({ textContent }) => textContent?.startsWith('Fit'))
        );
        button.focus();
        button.click();
        button.click();
        const seen = {
            busy: panel.getAttribute('aria-busy'),
            text: button.textContent,
            focus: document.activeElement === button,
            frames: 0,
        };
        while (panel.dataset['state'] === 'fitting') {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            seen.frames++;
        }
        return seen;
    });
    assert.deepEqual({ ...turns, frames: 0 }, { busy: 'true', text: 'Fitting …', focus: true, frames: 0 });
    assert.ok(turns.frames > 3, `${turns.frames} frames`);
    assert.equal(await look(page, 'desk.corrections.length'), 1);
    assert.equal(await page.getAttribute('.correction', 'aria-busy'), 'false');
    await context.close();
});

test('with labels added since it offers to fit again, and stays on', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', personalPosts(60, 40));
    await page.getByRole('button', { name: 'Fit to my 40 labels' }).click();
    await hasFitted(page);
    assert.equal(await page.getByRole('button', { name: /^Fit/ }).count(), 0);
    await page.getByRole('switch').check();
    await page.evaluate(
        "desk.collection.setManualLabel(desk.collection.posts[50], { emotion: 'joy', at: new Date().toISOString(), how: 'review' })",
    );
    const again = page.getByRole('button', { name: 'Fit again to my 41 labels' });
    await again.waitFor();
    assert.equal(
        await page.innerText('.correction-text'),
        'Your labels have changed since: it was fitted to 40, and now there are 41.',
    );
    await again.click();
    await hasFitted(page);
    assert.equal(await look(page, 'desk.collection.correction.posts'), 41);
    // As many labels, but one of them is another.
    await page.evaluate(
        "desk.collection.setManualLabel(desk.collection.posts[50], { emotion: 'fear', at: new Date().toISOString(), how: 'review' })",
    );
    await again.waitFor();
    await context.close();
});

test('it goes out as a file and comes in again, off', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', personalPosts(40, 30));
    await page.getByRole('button', { name: /^Fit/ }).click();
    await hasFitted(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    assert.equal((await download).suggestedFilename(), 'emofuse-correction.json');
    assert.deepEqual(JSON.parse(text), await look(page, 'desk.corrections[0]'));
    await page.getByRole('switch').check();
    await page.getByRole('button', { name: 'Delete' }).click();
    assert.deepEqual(
        [
            await look(page, 'desk.collection.correction'),
            await look(page, 'desk.corrections.at(-1)'),
            await state(page),
        ],
        [null, null, 'ready'],
    );
    assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /^Fit to my/);

    await choose(page, text);
    await page.getByText('Imported from a file.').waitFor();
    assert.deepEqual(await look(page, 'desk.corrections.at(-1)'), JSON.parse(text));
    assert.equal(await look(page, 'desk.collection.correction'), null);
    assert.equal(await page.getByRole('switch').isChecked(), false);
    await page.getByRole('switch').check();
    assert.deepEqual(await look(page, 'desk.collection.correction'), JSON.parse(text));
    await context.close();
});

test('an imported correction works without any label', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', madeUpPosts(5, 61));
    await choose(page, CORRECTION);
    await hasFitted(page);
    assert.match(
        (await page.innerText('.before-after')).replaceAll(/\s+/g, ' '),
        /Agreement 50 % 40 to 60 % 60 % 50 to 69 % \+10 points/,
    );
    assert.match(await page.innerText('.correction-report'), /Fitted to 100 labels on 1 May 2024\./);
    assert.match(await page.innerText('.correction-report'), /Temperature 1\.25: less sure than before\./);
    await page.getByRole('switch').check();
    assert.deepEqual(await look(page, 'desk.collection.correction'), CORRECTION);
    await context.close();
});

test('a file that is not a correction for this model is refused, with what to do', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', madeUpPosts(5, 61));
    const { bias, ...without } = CORRECTION;
    const { joy, ...eight } = bias;
    const cases = /** @type {const} */ ([
        ['{', /This file is not JSON; choose a correction that this page exported\./],
        ['[]', /This file is not a correction; choose one that this page exported\./],
        ['null', /This file is not a correction/],
        [{ ...CORRECTION, format: 'else' }, /This file is not a correction/],
        [{ ...CORRECTION, version: 2 }, /has version 2, and this page reads version 1; reload the page/],
        [without, /“bias” is missing in the correction/],
        [{ ...CORRECTION, bias: eight }, /“joy” is missing in bias/],
        [{ ...CORRECTION, bias: { ...bias, boredom: 1 } }, /Bias has “boredom”, which this page does not know/],
        [{ ...CORRECTION, more: 1 }, /The correction has “more”, which this page does not know/],
        [{ ...CORRECTION, bias: { ...bias, joy: null } }, /“bias\.joy” in this correction is not a number/],
        [
            JSON.stringify(CORRECTION).replace('"joy":0.5', '"joy":1e999'),
            /“bias\.joy” in this correction is not a number/,
        ],
        [{ ...CORRECTION, temperature: 9 }, /“temperature” in this correction is not a number from 0\.25 to 4/],
        [{ ...CORRECTION, temperature: '1' }, /“temperature” in this correction is not a number/],
        [{ ...CORRECTION, posts: 1.5 }, /“posts” in this correction is not a whole number above 0/],
        [
            { ...CORRECTION, agreement: { before: 0, after: 2 } },
            /“agreement” in this correction is not two numbers from 0 to 1/,
        ],
        [{ ...CORRECTION, fitted: 'once' }, /“fitted” in this correction is not a date/],
        [{ ...CORRECTION, model_sha256: 'abc' }, /“model_sha256” in this correction is not a SHA-256/],
        [
            { ...CORRECTION, model_sha256: 'f'.repeat(64) },
            /This correction belongs to the model ffffffffffff, and 5eed5eed5eed is in use; load that model, or fit a correction to this one\./,
        ],
        [' '.repeat(100_001), /This file is too large for a correction/],
    ]);
    assert.equal(joy, 0.5);
    for (const [index, [content, message]] of cases.entries()) {
        await choose(page, content, `case ${index}.json`);
        await page.getByText(`“case ${index}.json” cannot be imported`).waitFor();
        assert.match(await page.innerText('.correction .notice'), message);
    }
    assert.deepEqual([await look(page, 'desk.corrections'), await state(page)], [[], 'few']);
    await choose(page, CORRECTION);
    await hasFitted(page);
    assert.equal(await page.locator('.notice-body').count(), 0);
    await context.close();
});

test('what the journal kept is taken up as it was, unless it is another model’s', async () => {
    const { context, page } = await openDesk(DESKTOP, 'CorrectionPanel', madeUpPosts(5, 61));
    const restore = (/** @type {Correction} */ correction, /** @type {'on' | 'off'} */ use) =>
        page.evaluate(
            ([saved, how]) => /** @type {any} */ (globalThis).desk.view.restore(saved, how),
            /** @type {const} */ ([correction, use]),
        );
    await restore(CORRECTION, 'off');
    assert.deepEqual(
        [await page.getByRole('switch').isChecked(), await look(page, 'desk.collection.correction')],
        [false, null],
    );
    await restore(CORRECTION, 'on');
    assert.deepEqual(
        [await page.getByRole('switch').isChecked(), await look(page, 'desk.collection.correction')],
        [true, CORRECTION],
    );
    // Another model is loaded.
    await page.evaluate(() => {
        const { desk } = /** @type {any} */ (globalThis);
        desk.collection.description = {
            ...desk.collection.description,
            model: { id: 'other', sha256: 'f'.repeat(64) },
        };
        desk.collection.changed('predictions');
    });
    await page
        .getByText(
            'This correction belongs to another model (5eed5eed5eed). Load that model to use it, or fit one to this model.',
        )
        .waitFor();
    assert.equal(await look(page, 'desk.collection.correction'), null);
    assert.equal(await page.getByRole('switch').count(), 0);
    assert.deepEqual(await look(page, 'desk.corrections'), [], 'the journal keeps what it has');
    await context.close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing in any state, and nothing is wider than the screen, ${colorScheme}, ${device}`, async () => {
            const check = async (/** @type {Page} */ page, /** @type {string} */ name) => {
                await checkWithAxe(page, name);
                assert.equal(await overflow(page), 0, `${name} fits`);
            };
            const few = await openDesk({ colorScheme, viewport }, 'CorrectionPanel', personalPosts(10, 5));
            await check(few.page, 'few labels');
            await choose(few.page, '{');
            await few.page.waitForSelector('.notice-body');
            await check(few.page, 'a wrong file');
            await few.context.close();
            const { context, page } = await openDesk(
                { colorScheme, viewport },
                'CorrectionPanel',
                personalPosts(60, 50),
            );
            await check(page, 'ready');
            await page.getByRole('button', { name: /^Fit/ }).click();
            await hasFitted(page);
            await check(page, 'fitted');
            await page.getByRole('switch').check();
            await page.evaluate(
                "desk.collection.setManualLabel(desk.collection.posts[55], { emotion: 'joy', at: new Date().toISOString(), how: 'review' })",
            );
            await page.waitForSelector('.correction[data-state="stale"]');
            await check(page, 'labels added since, in use');
            await context.close();
        });
    }
}
