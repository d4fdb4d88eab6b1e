// What people come to the desk for, on a desktop and on a phone, without scrolling for the next control.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { rowsOf } from '../../support/csv.mjs';
import { address, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const SAMPLES = 20;

/**
 * Waits for what comes next, and fails where it is not on the screen as it is.
 *
 * @param {Locator} next
 */
async function inView(next) {
    await next.waitFor();
    const { box, screen, isOnTop } = await next.evaluate((node) => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const label = /** @type {HTMLInputElement} */ (node).labels?.[0];
        return {
            box: { left, top, right, bottom },
            screen: { width: innerWidth, height: innerHeight },
            isOnTop: there !== null && (node.contains(there) || (label?.contains(there) ?? false)),
        };
    });
    const where = `${next}: ${JSON.stringify(box)} on ${JSON.stringify(screen)}`;
    assert.ok(box.left >= 0 && box.right <= screen.width + 0.5, where);
    assert.ok(box.top >= 0 && box.bottom <= screen.height + 0.5, where);
    assert.ok(isOnTop, `nothing covers ${where}`);
    return next;
}

/** @param {Locator} next */
const press = async (next) => (await inView(next)).click();

for (const [device, viewport] of /** @type {const} */ ([
    ['desktop', { width: 1440, height: 900 }],
    ['phone', { width: 390, height: 844 }],
])) {
    const isPhone = device === 'phone';

    test(`label the sample posts, find the doubtful, export to CSV, and continue at the next visit, ${device}`, async () => {
        const context = await openContext('cpu', { viewport, acceptDownloads: true, reducedMotion: 'reduce' });
        context.setDefaultTimeout(300_000);
        const page = await context.newPage();
        await page.goto(`${address}desk.html?backend=cpu`);
        await press(page.getByRole('button', { name: `Try with ${SAMPLES} sample posts` }));
        await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
        await inView(page.locator('.list-item:not([hidden])').first());

        // Find the doubtful
        if (isPhone) await press(page.getByText('Filter and sort'));
        const unsure = page.getByLabel('Not sure');
        await (await inView(unsure)).check();
        if (isPhone) await press(page.getByText('Filter and sort'));
        let doubtful = 0;
        await expect(async () => {
            // The last scores may be counted a moment after the run has ended.
            doubtful = Number(await page.locator('.switch', { hasText: 'Not sure' }).locator('.number').textContent());
            const shown = page.getByText(`${doubtful} of ${SAMPLES} posts`, { exact: true });
            await expect(shown).toBeVisible({ timeout: 1000 });
            await inView(shown);
        }).toPass();
        assert.ok(doubtful > 0 && doubtful < SAMPLES, `${doubtful} are doubtful`);
        await inView(page.locator('.list-item:not([hidden])').first());
        await press(page.getByRole('button', { name: 'Show all' }));

        // Label all
        await press(page.getByRole('tab', { name: 'Review' }));
        for (let place = 0; place < SAMPLES; place++) {
            await page.getByText(`${place + 1} of ${SAMPLES}, ${place} labelled by you`).waitFor();
            await press(
                place % 2 === 0
                    ? page.getByRole('button', { name: /^Accept/ })
                    : page.locator('.review').getByRole('button', { name: 'Anticipation', exact: true }),
            );
        }
        await page.getByText('You have labelled all 20 posts.').waitFor();
        await press(page.getByRole('button', { name: 'Back to the posts' }));

        // Export
        await press(page.getByRole('tab', { name: 'Export' }));
        await inView(page.getByRole('radio', { name: /^CSV/ }));
        const downloading = page.waitForEvent('download');
        await press(page.getByRole('button', { name: `Save ${SAMPLES} posts` }));
        const rows = rowsOf(await readFile(await (await downloading).path(), 'utf8'));
        assert.equal(rows.length, SAMPLES);
        assert.ok(rows.every(({ hand_emotion, emotion }) => hand_emotion && emotion));
        assert.ok(rows.filter(({ hand_emotion }) => hand_emotion === 'anticipation').length >= SAMPLES / 2);

        // The next visit
        await page.reload();
        await inView(page.getByRole('heading', { name: 'Continue where you left off' }));
        await page.getByText('“Sample posts”: all 20 posts are analysed, 20 labelled by you.').waitFor();
        await press(page.locator('.last-session').getByRole('button', { name: 'Continue' }));
        await page.waitForSelector('.run[data-state="finished"]', { timeout: 600_000 });
        await press(page.getByRole('tab', { name: 'Review' }));
        await page.getByText('You have labelled all 20 posts.').waitFor();
        await context.close();
    });

    test(`evaluate the model against own labels, ${device}`, async () => {
        const context = await openContext('cpu', { viewport, reducedMotion: 'reduce' });
        context.setDefaultTimeout(300_000);
        const page = await context.newPage();
        await page.goto(`${address}desk.html?backend=cpu`);
        const choosing = page.waitForEvent('filechooser');
        await press(page.getByRole('button', { name: 'Choose a table' }));
        await (await choosing).setFiles({
            name: 'mine.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from('text,mood\nWe won!,joy\nI am afraid,anger\nHe is gone,sadness\n'),
        });
        await (await inView(page.locator('#column-manualLabel'))).selectOption({ label: 'mood' });
        await press(page.getByRole('button', { name: 'Put 3 posts on the desk' }));
        await page.getByText('All 3 labels of your table are compared').waitFor();
        for (const figure of ['Accuracy', 'Macro-F1', 'Cohen’s kappa'])
            await inView(page.locator('.agreement-figure', { hasText: figure }));
        await press(page.locator('.disagreement-row:not([hidden])').first());
        await inView(page.locator('.post-dialog').getByRole('button', { name: 'Close' }));
        await context.close();
    });
}
