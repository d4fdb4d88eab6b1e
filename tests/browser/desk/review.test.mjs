// The review queue and the blind sample, by keyboard and by pointer.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { agreement, cohensKappa, confusion } from '../../../www/desk/review/agreement.js';
import { checkWithAxe } from '../support/axe.mjs';
import { LABELS, MODEL_SHA256, look, madeUpPosts, openDesk, overflow, progress, told } from './review.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./review.mjs').MadeUp} MadeUp */

const DESKTOP = { viewport: { width: 1280, height: 900 } };

/** In the order of their certainty: 2, 0, 3, 1; 4 was not read. */
const FOUR = /** @type {MadeUp[]} */ ([
    { scores: { joy: 0.5, trust: 0.2 }, image: 'cat.jpg', caption: 'first' },
    { scores: { fear: 0.9 }, image: 'coffee.jpg' },
    { scores: { anger: 0.3, disgust: 0.25 }, image: 'rocket.jpg', caption: 'third', uncertain: true },
    { scores: { neutral: 0.6 }, caption: 'fourth', secondary: 'joy' },
    { caption: 'not read' },
]);

/** @param {Page} page */
const manualLabels = (page) =>
    look(page, 'desk.collection.posts.map(({ manualLabel }) => manualLabel && manualLabel.emotion)');

/** @param {Page} page What has the focus: the post, or a button by its name. */
const focused = (page) =>
    page.evaluate(() =>
        document.activeElement?.classList.contains('check-post') ? 'post' : document.activeElement?.textContent,
    );

/**
 * @param {Page} page
 * @param {string[]} keys
 */
async function press(page, ...keys) {
    for (const key of keys) await page.keyboard.press(key);
}

test('a queue is reviewed by keyboard, the least certain first, and taken back step by step', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    assert.equal(await progress(page), '1 of 4, 0 labelled by you');
    assert.equal(await page.innerText('.check-caption'), 'third');
    assert.equal(await focused(page), 'post');

    await press(page, '1');
    assert.deepEqual(await manualLabels(page), [null, null, 'joy', null, null]);
    assert.equal(await told(page), 'Set to joy. 2 of 4: the model says joy.');
    assert.equal(await progress(page), '2 of 4, 1 labelled by you');
    assert.equal(await page.innerText('.check-caption'), 'first');
    assert.equal(await focused(page), 'post');

    await press(page, 'Space');
    assert.deepEqual(await manualLabels(page), ['joy', null, 'joy', null, null]);
    await press(page, 'ArrowRight');
    assert.equal(await told(page), '4 of 4: the model says fear.');
    await press(page, '0');
    assert.deepEqual(await manualLabels(page), ['joy', 'neutral', 'joy', null, null]);
    assert.equal(await told(page), 'Set to neutral. That was the last one. One post has no label yet.');
    assert.deepEqual(await look(page, 'desk.collection.posts[1].manualLabel.how'), 'review');
    assert.ok(
        Math.abs(Date.parse(await look(page, 'desk.collection.posts[1].manualLabel.at')) - Date.now()) < 60_000,
        'it has the time',
    );

    await press(page, 'u');
    assert.equal(await told(page), 'Undone. 4 of 4: the model says fear.');
    assert.equal(await focused(page), 'post');
    await press(page, 'u', 'u');
    assert.deepEqual(await manualLabels(page), [null, null, null, null, null]);
    assert.equal(await progress(page), '1 of 4, 0 labelled by you');
    await press(page, 'u');
    assert.equal(await progress(page), '1 of 4, 0 labelled by you');
    // Each change reached the journal, in this order.
    assert.deepEqual(await look(page, 'desk.saved'), [
        [2, 'joy'],
        [0, 'joy'],
        [1, 'neutral'],
        [1, null],
        [0, null],
        [2, null],
    ]);
    await press(page, 'Escape');
    assert.equal(await look(page, 'desk.left'), 1);
    await context.close();
});

test('every key sets its label, and 9 is neutral as 0 is', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', madeUpPosts(10, 3));
    const order = /** @type {number[]} */ (
        await look(
            page,
            'desk.collection.posts.map((post) => [post.index, desk.collection.predictedLabel(post).confidence]).sort((a, b) => a[1] - b[1]).map(([index]) => index)',
        )
    );
    await press(page, '1', '2', '3', '4', '5', '6', '7', '8', '9', '0');
    const set = await manualLabels(page);
    assert.deepEqual(
        order.map((index) => set[index]),
        [...LABELS, 'neutral'],
    );
    assert.equal(await page.innerText('.check-end-text'), 'Everything is labelled.');
    assert.equal(await told(page), 'Set to neutral. Everything is labelled.');
    await context.close();
});

test('keys do nothing in a field, with Ctrl, Alt or Meta, or while they are held down', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    await page.evaluate(() => {
        const field = document.createElement('input');
        field.id = 'field';
        field.setAttribute('aria-label', 'Note');
        document.querySelector('.check')?.append(field);
    });
    await page.focus('#field');
    await press(page, '1', 'Space', 'u', 'ArrowRight', 'Escape');
    assert.equal(await page.inputValue('#field'), '1 u');
    assert.deepEqual(
        [await manualLabels(page), await look(page, 'desk.left'), await progress(page)],
        [[null, null, null, null, null], 0, '1 of 4, 0 labelled by you'],
    );
    await page.focus('.check-post');
    await press(page, 'Control+1', 'Alt+2', 'Meta+3', 'Control+u', 'Shift+ArrowRight', 'Shift+Space');
    assert.deepEqual(await manualLabels(page), [null, null, null, null, null]);
    await page.keyboard.down('1');
    await page.keyboard.down('1');
    await page.keyboard.down('1');
    await page.keyboard.up('1');
    assert.equal(await progress(page), '2 of 4, 1 labelled by you');
    await context.close();
});

test('a keyboard that has its digits with Shift works with and without it', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    const type = (/** @type {{ key: string, code: string, shiftKey?: boolean }} */ init) =>
        page.evaluate(
            (given) =>
                void document.activeElement?.dispatchEvent(
                    new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...given }),
                ),
            init,
        );
    await type({ key: '&', code: 'Digit1' });
    await type({ key: '2', code: 'Digit2', shiftKey: true });
    // An exclamation mark, on a keyboard that types digits without Shift.
    await type({ key: '!', code: 'Digit1', shiftKey: true });
    assert.deepEqual(await manualLabels(page), ['trust', null, 'joy', null, null]);
    await context.close();
});

test('buttons do what keys do and name them; the focus stays where the keyboard pressed one, and leaves it after a click', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    const keys = await page.$$eval('.check :is(.check-head, .check-side) button[aria-keyshortcuts]', (buttons) =>
        buttons
            .filter((button) => button.checkVisibility())
            .map((button) => [
                button.querySelector('.key-label')?.textContent,
                button.getAttribute('aria-keyshortcuts'),
            ]),
    );
    assert.deepEqual(keys, [
        ['Close', 'Escape'],
        ['Accept anger', 'Space'],
        ['Joy', '1'],
        ['Trust', '2'],
        ['Fear', '3'],
        ['Surprise', '4'],
        ['Sadness', '5'],
        ['Disgust', '6'],
        ['Anger', '7'],
        ['Anticipation', '8'],
        ['Neutral', '0 9'],
        ['Back', 'ArrowLeft ArrowUp'],
        ['Undo', 'U'],
        ['Two labels', 'S'],
        ['Skip', 'ArrowRight ArrowDown'],
    ]);
    await page.getByRole('button', { name: 'Sadness' }).focus();
    await press(page, 'Space'); // presses the button, and accepts nothing
    assert.deepEqual(await manualLabels(page), [null, null, 'sadness', null, null]);
    assert.equal(await focused(page), 'Sadness5');
    await page.getByRole('button', { name: 'Accept joy' }).click();
    assert.equal(await focused(page), 'post');
    await press(page, 'Space');
    assert.deepEqual(await manualLabels(page), ['joy', null, 'sadness', 'neutral', null]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    assert.equal(await progress(page), '2 of 4, 2 labelled by you');
    assert.equal(await page.getByRole('button', { name: 'Joy', exact: true }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: 'Back' }).focus();
    await press(page, 'Enter');
    assert.equal(await focused(page), 'post', 'the button that had the focus can no longer be pressed');
    await page.getByRole('button', { name: 'Close' }).click();
    assert.equal(await look(page, 'desk.left'), 1);
    await context.close();
});

test('keys work wherever in the card one has clicked', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await press(page, '1');
    assert.deepEqual(await manualLabels(page), [null, null, null, null, null], 'outside of the card keys are not ours');
    await page.click('.check .check-progress');
    await press(page, '1');
    assert.deepEqual(await manualLabels(page), [null, null, 'joy', null, null]);
    await context.close();
});

test('the order stays while posts arrive, until they are asked for', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    await press(page, '1');
    assert.equal(await page.getByRole('button', { name: /^Refresh/ }).count(), 0);
    await page.evaluate(() => {
        const { desk } = /** @type {any} */ (globalThis);
        desk.collection.posts[4].prediction = {
            ...desk.collection.posts[0].prediction,
            scores: new Float32Array(9).fill(0.11),
        };
        desk.collection.changed('predictions');
    });
    const refresh = page.getByRole('button', { name: 'Refresh: 1 new' });
    await refresh.waitFor();
    assert.equal(await progress(page), '2 of 4, 1 labelled by you');
    assert.equal(await page.innerText('.check-caption'), 'first');
    await refresh.click();
    assert.equal(await progress(page), '1 of 4, 0 labelled by you'); // the one that was set is out, the new one in front
    assert.equal(await page.innerText('.check-caption'), 'not read');
    await press(page, 'u');
    assert.equal(await page.innerText('.check-caption'), 'third', 'what is out of the queue can still be taken back');
    assert.deepEqual(await manualLabels(page), [null, null, null, null, null]);
    await context.close();
});

test('those set already are shown when asked for, and undo brings an older label back', async () => {
    const { context, page } = await openDesk(
        DESKTOP,
        'ReviewView',
        FOUR.map((post, index) => (index === 2 ? { ...post, manualLabel: 'trust', how: 'import' } : post)),
    );
    assert.equal(await progress(page), '1 of 3, 0 labelled by you');
    await page.getByLabel('Include labelled').check();
    assert.equal(await progress(page), '2 of 4, 1 labelled by you');
    await press(page, 'ArrowLeft');
    assert.match(await page.innerText('.check-prediction'), /Trust: labelled by you, in a table\./);
    await press(page, '4');
    await page.getByText('Your table labels this post trust. Replace it with surprise?').waitFor();
    await press(page, 'Escape');
    assert.deepEqual(await manualLabels(page), [null, null, 'trust', null, null], 'it is kept unless one says so');
    const box = page.getByLabel('Include labelled');
    assert.ok(await box.evaluate((node) => node === document.activeElement), 'the focus returns to where it was');
    await press(page, '4');
    await page.getByRole('button', { name: 'Replace' }).click();
    assert.deepEqual(await manualLabels(page), [null, null, 'surprise', null, null]);
    await page.evaluate('desk.view.close(); desk.view.open()');
    await press(page, 'u');
    assert.deepEqual(await look(page, 'desk.collection.posts[2].manualLabel'), {
        emotion: 'trust',
        at: '2024-05-01T10:00:00.000Z',
        how: 'import',
    });
    await context.close();
});

test('undo leaves a label alone that was changed elsewhere since', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    await press(page, '1', '2');
    await page.evaluate(
        "desk.collection.setManualLabel(desk.collection.posts[0], { emotion: 'surprise', at: new Date().toISOString(), how: 'post' })",
    );
    await press(page, 'u');
    assert.deepEqual(await manualLabels(page), ['surprise', null, null, null, null]);
    assert.equal(await page.getByRole('button', { name: 'Undo' }).isDisabled(), true);
    await context.close();
});

test('it shows what the model says, whether it is not sure and why, and a second label', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    const lines = async () => (await page.innerText('.prediction-summary')).replaceAll(/\s+/g, ' ');
    assert.equal(
        await lines(),
        'Not sure, perhaps Anger 30 % Or else disgust 25 % The image alone anger 30 % The caption alone anger 30 %',
    );
    assert.match(await page.innerText('.check-prediction .hint'), /^No label scores clearly higher than the others\./);
    await press(page, 'ArrowDown', 'ArrowDown');
    assert.equal(await lines(), 'The model says Neutral 60 % Perhaps also joy < 1 % The caption alone neutral 60 %');
    assert.equal(await page.innerText('.check-prediction .hint'), '');
    await context.close();
});

test('the next image is ready before it is asked for, and all are let go', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', []);
    await page.evaluate(
        (posts) => {
            const { desk } = /** @type {any} */ (globalThis);
            const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
            desk.addresses = new Set();
            URL.createObjectURL = (given) => {
                const address = create.call(URL, given);
                desk.addresses.add(address);
                return address;
            };
            URL.revokeObjectURL = (address) => {
                desk.addresses.delete(address);
                revoke.call(URL, address);
            };
            desk.collection.posts = posts.map(desk.toPost);
            desk.view.open();
        },
        /** @type {MadeUp[]} */ ([0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((joy) => ({ scores: { joy }, image: 'cat.jpg' }))),
    );
    const addresses = (/** @type {number} */ count) =>
        page.waitForFunction((expected) => /** @type {any} */ (globalThis).desk.addresses.size === expected, count);
    await page.waitForSelector('.check-image img');
    await addresses(2);
    assert.deepEqual(await look(page, 'desk.opened'), [0, 1]);
    await press(page, '1', '1', '1');
    await page.waitForFunction(() => /** @type {any} */ (globalThis).desk.opened.length === 5);
    await addresses(3); // the one before, this one, and the next
    await page.evaluate('desk.view.close()');
    assert.equal(await look(page, 'desk.addresses.size'), 0);
    await context.close();
});

test('an image that is gone or broken is reported, and its post can be labelled all the same', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', [
        { scores: { joy: 0.3 }, image: 'gone', caption: 'where is it' },
        { scores: { joy: 0.4 }, image: 'no image' },
        { scores: { joy: 0.5 }, image: 'cat.jpg' },
    ]);
    const notice = page.locator('.notice-body');
    await notice.waitFor();
    assert.equal(
        await notice.innerText(),
        'The image cannot be shown\n\nThe file is not there any more; add the folder again.',
    );
    await press(page, '1');
    await page.getByText('The browser cannot show this file; open it in another program.').waitFor();
    await press(page, '2');
    await page.waitForSelector('.check-image img');
    assert.equal(await notice.count(), 0);
    assert.deepEqual(await manualLabels(page), ['joy', 'trust', null]);
    await context.close();
});

test('an empty queue says why', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', [{ caption: 'not read' }]);
    assert.equal(
        await page.innerText('.check-end'),
        'Nothing has been analysed yet.\n\nPosts appear here once the model has analysed them, the least certain first.\n\nBack to the posts',
    );
    await press(page, '1', 'Space', 'u', 'ArrowLeft');
    assert.deepEqual(await look(page, 'desk.saved'), []);
    await page.evaluate(
        (posts) => {
            const { desk } = /** @type {any} */ (globalThis);
            desk.collection.replace('others', posts.map(desk.toPost), []);
        },
        /** @type {MadeUp[]} */ ([
            { scores: { joy: 0.3 }, caption: 'set', manualLabel: 'joy' },
            { caption: 'not read' },
        ]),
    );
    await page.getByText('Everything is labelled.').waitFor();
    assert.equal(await page.innerText('.check-end .hint'), '1 post not analysed yet.');
    await context.close();
});

test('other posts on the desk begin another queue', async () => {
    const { context, page } = await openDesk(DESKTOP, 'ReviewView', FOUR);
    await press(page, '1');
    await page.evaluate(
        (posts) => {
            const { desk } = /** @type {any} */ (globalThis);
            desk.collection.replace('others', posts.map(desk.toPost), []);
        },
        madeUpPosts(7, 5),
    );
    await page.getByText('1 of 7, 0 labelled by you').waitFor();
    await press(page, 'u');
    assert.equal(await progress(page), '1 of 7, 0 labelled by you');
    await context.close();
});

/**
 * @param {Page} page
 * @param {number} count
 * @param {number} seed
 */
async function draw(page, count, seed) {
    await page.getByLabel('How many posts').fill(String(count));
    await page.getByLabel('Seed').fill(String(seed));
    await page.getByRole('button', { name: 'Draw the sample' }).click();
}

test('a blind sample hides what the model says, and what was set before', async () => {
    const posts = madeUpPosts(12, 19).map((post, index) => ({
        ...post,
        caption: `post ${index}`,
        ...(index < 6 ? { manualLabel: /** @type {const} */ ('disgust') } : {}),
    }));
    const { context, page } = await openDesk(DESKTOP, 'BlindSampleView', posts);
    assert.match(
        await page.innerText('.sample-form'),
        /You have already labelled 6 posts\. These labels are hidden too\./,
    );
    await draw(page, 12, 1);
    for (let place = 1; place <= 12; place++) {
        assert.match(await progress(page), new RegExp(`^${place} of 12`));
        const texts = await page.evaluate(() => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            while (walker.nextNode())
                if (!walker.currentNode.parentElement?.closest('.emotion-keys'))
                    found.push(walker.currentNode.nodeValue ?? '');
            const attributes = [...document.querySelectorAll('.check *')]
                .filter((node) => !node.closest('.emotion-keys'))
                .flatMap((node) => [...node.attributes].map(({ value }) => value));
            return [...found, ...attributes].join('\n');
        });
        const shown = /** @type {string} */ (texts).replace(/Set to \w+\./, '');
        for (const label of LABELS) assert.ok(!new RegExp(label, 'i').test(shown), `'${label}' shows nowhere`);
        assert.ok(!/\d\s*%/.test(shown), 'no score shows');
        assert.equal(await page.locator('.emotion-keys [aria-pressed="true"]').count(), 0);
        await press(page, 'Space'); // nothing to accept
        assert.match(await progress(page), new RegExp(`^${place} of 12`));
        await press(page, '1');
    }
    assert.deepEqual([...new Set(await manualLabels(page))], ['joy']);
    assert.equal(await look(page, 'desk.collection.posts[0].manualLabel.how'), 'blind');
    await page.getByText('You set 12 labels').waitFor();
    for (let step = 0; step < 12; step++) await press(page, 'u');
    assert.deepEqual(await manualLabels(page), [...Array(6).fill('disgust'), ...Array(6).fill(null)]);
    await context.close();
});

test('the form wants whole numbers that are possible', async () => {
    const { context, page } = await openDesk(DESKTOP, 'BlindSampleView', madeUpPosts(20, 23));
    assert.equal(await page.getByLabel('How many posts').inputValue(), '20');
    for (const wrong of ['9', '21', '', '12.5', '-3']) {
        await draw(page, 15, 1_000_000);
        await page.getByText('Enter a whole number from 0 to 999999.').waitFor();
        await page.getByLabel('How many posts').fill(wrong);
        await page.keyboard.press('Enter');
        await page.getByText('Enter a whole number from 10 to 20.').waitFor();
        assert.equal(await page.getByLabel('How many posts').getAttribute('aria-invalid'), 'true');
        assert.equal(await page.evaluate(() => document.activeElement?.id), 'sample-count');
    }
    await draw(page, 10, 0);
    assert.equal(await progress(page), '1 of 10, 0 set');
    await context.close();
});

test('the same seed draws the same posts, another one others', async () => {
    const { context, page } = await openDesk(
        DESKTOP,
        'BlindSampleView',
        madeUpPosts(200, 29).map((post, index) => ({ scores: post.scores, caption: `post ${index}` })),
    );
    const drawn = async (/** @type {number} */ seed) => {
        await draw(page, 10, seed);
        const captions = [];
        for (let place = 0; place < 10; place++) {
            captions.push(await page.innerText('.check-caption'));
            await press(page, 'ArrowRight');
        }
        assert.equal(await page.innerText('.check-result .check-end-text'), 'No post of this sample has a label yet.');
        await page.getByRole('button', { name: 'Draw another sample' }).click();
        return captions;
    };
    const first = await drawn(42);
    assert.equal(new Set(first).size, 10);
    assert.deepEqual(await drawn(42), first);
    assert.notDeepEqual(await drawn(43), first);
    await context.close();
});

test('its figures are those computed independently, skipped posts left out, and they download', async () => {
    const { context, page } = await openDesk(
        DESKTOP,
        'BlindSampleView',
        madeUpPosts(40, 37).map((post, index) => ({ ...post, caption: `post ${index}` })),
    );
    await draw(page, 30, 5);
    const readings = /** @type {{ emotion: string, uncertain: boolean }[]} */ (
        await look(
            page,
            'desk.collection.posts.map((post) => (({ emotion, uncertain }) => ({ emotion, uncertain }))(desk.collection.predictedLabel(post)))',
        )
    );
    /** @type {{ manual: string, predicted: string, uncertain: boolean }[]} */
    const pairs = [];
    for (let place = 0; place < 30; place++) {
        const index = Number((await page.innerText('.check-caption')).slice(5));
        const { emotion, uncertain } = /** @type {{ emotion: string, uncertain: boolean }} */ (readings[index]);
        if (place % 6 === 5) {
            await press(page, 'ArrowRight');
            assert.match(await told(page), /^Skipped\. /);
            continue;
        }
        const manual =
            place % 3 === 0 ? (LABELS[(LABELS.indexOf(/** @type {any} */ (emotion)) + 1) % 9] ?? '') : emotion;
        pairs.push({ manual, predicted: emotion, uncertain });
        await press(
            page,
            String(
                (LABELS.indexOf(/** @type {any} */ (manual)) + 1) % 9 === 0
                    ? 0
                    : LABELS.indexOf(/** @type {any} */ (manual)) + 1,
            ),
        );
    }
    assert.equal(pairs.length, 25);
    assert.equal(await told(page), 'Skipped. The result is shown.');
    const all = agreement(pairs);
    const matrix = confusion(pairs, LABELS);
    const { kappa, low, high } = cohensKappa(matrix);
    const sure = pairs.filter(({ uncertain }) => !uncertain);
    const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
    const figures = (await page.$$eval('.agreement-figure', (boxes) => boxes.map((box) => box.textContent ?? ''))).map(
        (text) => text.replaceAll('\u00a0', ' '),
    );
    assert.equal(
        figures[0],
        `Agreement${percent(all.share)}${all.agreed} of 25; 95 %: ${Math.round(100 * all.low)} to ${percent(all.high)}`,
    );
    assert.equal(figures[1], `Cohen’s kappa${kappa?.toFixed(2)}95 %: ${low?.toFixed(2)} to ${high?.toFixed(2)}`);
    assert.ok(
        figures[2]?.startsWith(
            `If the model is sure${percent(agreement(sure).share)}${agreement(sure).agreed} of ${sure.length}`,
        ),
        figures[2],
    );
    assert.ok(figures[3]?.startsWith(`It is sure of${percent(sure.length / 25)}${sure.length} of 25`), figures[3]);
    const cells = await page.$$eval('.confusion tbody tr', (rows) =>
        rows.map((row) => [...row.querySelectorAll('td:not(.sum)')].map((cell) => Number(cell.textContent))),
    );
    assert.deepEqual(cells, matrix);
    assert.match(await page.innerText('.agreement-notes'), /30 drawn, 5 skipped\./);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as JSON' }).click();
    const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    assert.deepEqual(file.confusion, matrix);
    assert.deepEqual(file.agreement, all);
    assert.deepEqual(file.kappa, { kappa, low, high });
    assert.deepEqual(
        [file.format, file.version, file.model_sha256, file.seed, file.drawn, file.skipped, file.collection],
        ['emofuse-agreement', 1, MODEL_SHA256, 5, 30, 5, 'holiday'],
    );

    await page.getByRole('button', { name: 'Go on with this sample' }).click();
    assert.equal(await progress(page), '6 of 30, 25 set');
    await press(page, '1');
    assert.equal(await progress(page), '7 of 30, 26 set');
    assert.equal(
        await page.locator('.emotion-keys [aria-pressed="true"]').count(),
        1,
        'what was set in this sample shows',
    );
    await page.getByRole('button', { name: 'End here and show the result' }).click();
    assert.match((await page.innerText('.agreement-figure')).replaceAll('\u00a0', ' '), /of 26/);
    await context.close();
});

test('a single label on both sides has no kappa, and the page says so', async () => {
    const { context, page } = await openDesk(
        DESKTOP,
        'BlindSampleView',
        Array.from({ length: 10 }, () => ({ scores: { joy: 0.9 }, caption: 'hooray' })),
    );
    await draw(page, 10, 1);
    await press(page, ...Array(10).fill('1'));
    const figures = await page.$$eval('.agreement-figure', (boxes) => boxes.map((box) => box.textContent ?? ''));
    assert.match(figures[0]?.replaceAll('\u00a0', ' ') ?? '', /^Agreement100 %10 of 10; 95 %: 72 to 100 %$/);
    assert.match(figures[1] ?? '', /^Cohen’s kappa–Not defined: you and the model used one and the same label only$/);
    await context.close();
});

test('a sample under way is there after leaving, and ends when other posts come', async () => {
    const { context, page } = await openDesk(DESKTOP, 'BlindSampleView', madeUpPosts(30, 41));
    await draw(page, 20, 3);
    await press(page, '1', '2', 'ArrowRight', 'Escape');
    assert.equal(await look(page, 'desk.left'), 1);
    await page.evaluate('desk.view.close(); desk.view.open()');
    assert.equal(await progress(page), '4 of 20, 2 set, 1 skipped');
    assert.equal(await focused(page), 'post');
    await page.evaluate(
        (posts) => {
            const { desk } = /** @type {any} */ (globalThis);
            desk.collection.replace('others', posts.map(desk.toPost), []);
        },
        madeUpPosts(4, 5),
    );
    await page.getByText('The sample has ended, because other posts were put on the desk.').waitFor();
    assert.equal(
        await page.innerText('.check-form .check-end-text'),
        'A sample has at least 10 posts. 4 posts have been analysed so far.',
    );
    await context.close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing in any state, and nothing is wider than the screen, ${colorScheme}, ${device}`, async () => {
            const check = async (/** @type {Page} */ page, /** @type {string} */ state) => {
                await checkWithAxe(page, state);
                assert.equal(await overflow(page), 0, `${state} fits`);
            };
            const options = { colorScheme, viewport };
            const review = await openDesk(options, 'ReviewView', [
                ...FOUR,
                { scores: { joy: 0.2 }, image: 'gone', caption: 'w'.repeat(200) },
            ]);
            await review.page.waitForSelector('.notice-body');
            await check(review.page, 'image gone');
            await press(review.page, '1');
            await review.page.waitForSelector('.check-image img');
            await check(review.page, 'review');
            await press(review.page, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
            await check(review.page, 'end of the queue');
            await review.context.close();
            const empty = await openDesk(options, 'ReviewView', []);
            await check(empty.page, 'empty');
            await empty.context.close();

            const blind = await openDesk(
                options,
                'BlindSampleView',
                madeUpPosts(30, 43).map((post, index) => (index === 0 ? { ...post, manualLabel: 'joy' } : post)),
            );
            await check(blind.page, 'form');
            await draw(blind.page, 3, 3);
            await check(blind.page, 'wrong number');
            await draw(blind.page, 12, 3);
            await check(blind.page, 'sample');
            await press(blind.page, ...'12345678012');
            await press(blind.page, 'ArrowRight');
            await check(blind.page, 'result');
            await blind.context.close();
            const few = await openDesk(options, 'BlindSampleView', madeUpPosts(4, 5));
            await check(few.page, 'too few');
            await few.context.close();
        });
    }
}
