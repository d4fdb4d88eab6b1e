// The light table of the review: the guess that is hidden, two labels, notes, the label guide, and zoom.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { look, madeUpPosts, openDesk, overflow, progress, told } from './review.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./review.mjs').MadeUp} MadeUp */

const DESKTOP = { viewport: { width: 1440, height: 900 } };

/** In the order of their certainty: 1, 0, 2. */
const THREE = /** @type {MadeUp[]} */ ([
    { scores: { joy: 0.5, trust: 0.2 }, image: 'cat.jpg', caption: 'first' },
    { scores: { anger: 0.3, disgust: 0.25 }, image: 'rocket.jpg', caption: 'second', uncertain: true },
    { scores: { neutral: 0.6 }, caption: 'third' },
]);

/** @param {Page} page */
const labels = (page) =>
    look(
        page,
        'desk.collection.posts.map(({ manualLabel }) => manualLabel && [manualLabel.emotion, manualLabel.secondary ?? null])',
    );

/**
 * @param {Page} page
 * @param {string[]} keys
 */
async function press(page, ...keys) {
    for (const key of keys) await page.keyboard.press(key);
}

test('the model’s guess is hidden if one wishes, is shown for a post on request, and cannot be accepted unseen', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', THREE);
    await page.getByText('Accept anger').waitFor();
    await page.getByLabel('Hide the model’s guess').check();
    assert.equal(await page.locator('.prediction-summary').isVisible(), false);
    assert.equal(await look(page, 'desk.collection.settings.hidesGuess'), true);
    await page.focus('.check-post');
    await press(page, 'Space');
    assert.equal(await progress(page), '1 of 3, 0 labelled by you', 'nothing is accepted unseen');
    await press(page, 'ArrowRight');
    assert.equal(await told(page), '2 of 3.', 'the guess is not read out either');
    await press(page, 'g');
    assert.equal(await told(page), '2 of 3: the model says joy.');
    await press(page, 'Space');
    assert.deepEqual(await labels(page), [['joy', null], null, null]);
    assert.equal(await page.locator('.prediction-summary').isVisible(), false, 'hidden again for the next post');
    await page.evaluate('desk.view.close(); desk.view.open()');
    assert.ok(await page.getByLabel('Hide the model’s guess').isChecked(), 'the choice stays');
    await page.getByRole('button', { name: 'Show the model’s guess' }).click();
    await page.getByText('Accept anger').waitFor();
    await context.close();
});

test('a post gets two labels, one after the other, and both are taken back', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', THREE);
    await press(page, 's');
    await page.getByText('Choose the first label.').waitFor();
    await press(page, '7');
    await page.getByText('Anger: now choose the second label, or skip to the next post.').waitFor();
    assert.equal(await progress(page), '1 of 3, 1 labelled by you', 'it stays in front');
    await press(page, '6');
    assert.equal(await told(page), 'Second label: disgust. 2 of 3: the model says joy.');
    assert.deepEqual(await labels(page), [null, ['anger', 'disgust'], null]);
    await press(page, 'ArrowLeft');
    const pressed = page.locator('.emotion-keys [aria-pressed="true"]');
    assert.deepEqual(
        (await pressed.allInnerTexts()).map((text) => text.replace(/\s.*/s, '')),
        ['Disgust', 'Anger'],
    );
    assert.equal(await page.locator('.emotion-keys .second').getAttribute('aria-description'), 'second label');
    await press(page, 'ArrowRight', '2');
    assert.deepEqual(await labels(page), [['trust', null], ['anger', 'disgust'], null], 'the next has one again');
    await press(page, 'u', 'u', 'u');
    assert.deepEqual(await labels(page), [null, null, null]);
    await press(page, 's', '1', 'ArrowRight');
    assert.deepEqual(await labels(page), [null, ['joy', null], null], 'one may leave it at one');
    await context.close();
});

test('a note is kept with its post, keys are letters in it, and Escape leads back', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', THREE);
    await press(page, 'n');
    await page.keyboard.type('1 of 2: unclear, see 5');
    assert.deepEqual(await labels(page), [null, null, null]);
    await press(page, 'Escape');
    assert.equal(await look(page, 'desk.left'), 0, 'Escape in the note closes nothing');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'check-post');
    assert.equal(await look(page, 'desk.collection.posts[1].note'), '1 of 2: unclear, see 5');
    await press(page, 'ArrowRight');
    assert.equal(await page.getByLabel('Note').inputValue(), '');
    await press(page, 'ArrowLeft');
    assert.equal(await page.getByLabel('Note').inputValue(), '1 of 2: unclear, see 5');
    await page.getByLabel('Note').fill(' ');
    assert.equal(await look(page, 'desk.collection.posts[1].note'), null);
    await page.getByLabel('Label guide').fill('Irony counts as meant.');
    assert.equal(await look(page, 'desk.collection.settings.guide'), 'Irony counts as meant.');
    await context.close();
});

test('an image is shown twice as large and whole again, by key and by button', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', THREE);
    await page.waitForSelector('.check-image img');
    const width = () => page.$eval('.check-image img', (image) => image.getBoundingClientRect().width);
    const whole = await width();
    await press(page, 'z');
    assert.ok(Math.abs((await width()) - 2 * whole) < 40, 'scroll bars take a little');
    assert.equal(await page.getByRole('button', { name: 'Zoom' }).getAttribute('aria-pressed'), 'true');
    const before = await page.$eval('.check-image', (frame) => frame.scrollLeft);
    await page.$eval('.check-image', (frame) => frame.scrollBy(60, 0));
    assert.ok((await page.$eval('.check-image', (frame) => frame.scrollLeft)) > before, 'it can be moved');
    await page.getByRole('button', { name: 'Zoom' }).click();
    assert.equal(await width(), whole);
    await press(page, 'z', 'ArrowRight');
    assert.equal(await page.locator('.zoomed').count(), 0, 'the next image is whole');
    await context.close();
});

for (const [device, viewport] of /** @type {const} */ ([
    ['desktop', { width: 1440, height: 900 }],
    ['laptop', { width: 1366, height: 768 }],
    ['tablet', { width: 1024, height: 768 }],
    ['phone', { width: 390, height: 844 }],
])) {
    test(`image, caption, guess and keys are on one screen, however long the caption is, ${device}`, async () => {
        const { context, page } = await openDesk({ viewport }, 'ReviewView', [
            { scores: { joy: 0.3 }, image: 'rocket.jpg', caption: 'A long story. '.repeat(80) },
            ...madeUpPosts(5, 3),
        ]);
        await page.evaluate(() => {
            for (const heading of document.querySelectorAll('h1')) heading.hidden = true;
            for (const main of document.querySelectorAll('main')) main.style.padding = '0';
        });
        await page.getByText('Accept').waitFor();
        for (let step = 0; step < 4; step++) {
            const cut = await page.evaluate(() => {
                const box = document.querySelector('.review')?.getBoundingClientRect() ?? new DOMRect();
                return [
                    ...document.querySelectorAll('.review :is(.check-frame, .check-caption, .check-controls button)'),
                ]
                    .filter((node) => node.checkVisibility())
                    .map((node) => ({ node, rect: node.getBoundingClientRect() }))
                    .filter(({ rect }) => rect.height < 20 || rect.top < box.top || rect.bottom > box.bottom + 1)
                    .map(
                        ({ node, rect }) =>
                            `${node.className} ${node.textContent?.slice(0, 20)} ${rect.top}-${rect.bottom}`,
                    );
            });
            assert.deepEqual(cut, [], `post ${step + 1}`);
            await press(page, 'ArrowRight');
        }
        assert.equal(await overflow(page), 0);
        await context.close();
    });
}
