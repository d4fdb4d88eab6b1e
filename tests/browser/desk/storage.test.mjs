// Nothing that a person made is lost: a disk that is full, a database that the browser has reset, two tabs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { onSmallVolume } from '../../support/small-volume.mjs';
import { address, openContext, PATIENCE } from '../support/harness.mjs';
import { isInView } from '../support/viewport.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../support/harness.mjs').Page} Page */

const POSTS = 32;
const CAPTIONS = Array.from({ length: POSTS }, (_, index) => `What a day it was, number ${100 + index}`);

/** @typedef {import('../../support/small-volume.mjs').SmallDisk} SmallDisk */

/**
 * A browser that gives the page no more room when it is to.
 *
 * @returns {Promise<SmallDisk>}
 */
async function withSmallQuota() {
    const context = await openContext('cpu');
    const { origin } = new URL(address);
    /** @type {Map<Page, import('playwright-core').CDPSession>} A quota ends with its session. */
    const sessions = new Map();
    const setQuota = async (/** @type {Page} */ page, /** @type {{ quotaSize?: number }} */ quota) => {
        const session = sessions.get(page) ?? (await context.newCDPSession(page));
        sessions.set(page, session);
        await session.send('Storage.overrideQuotaForOrigin', { origin, ...quota });
    };
    return {
        context,
        fill: (page) => setQuota(page, { quotaSize: 1 }),
        free: (page) => setQuota(page, {}),
        reopen: async () => context,
        remove: () => context.close(),
    };
}

/**
 * @param {BrowserContext} context
 * @param {typeof TABLE | string} [table] The file, or its path.
 */
async function openDesk(context, table) {
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    await putPosts(page, table);
    return page;
}

const TABLE = {
    name: 'posts.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`text\n${CAPTIONS.map((caption) => `"${caption}"`).join('\n')}\n`),
};

/**
 * @param {Page} page
 * @param {typeof TABLE | string} table The file, or its path.
 */
async function putPosts(page, table = TABLE) {
    await page.locator('#choose-table').setInputFiles(table);
    await page.getByRole('button', { name: `Put ${POSTS} posts on the desk` }).click();
    await page.waitForSelector('.run[data-state="finished"]');
    await page.getByRole('tab', { name: 'Browse' }).click(); // labels of a table are evaluated first
    await expect(page.locator('.post-count')).toHaveText(`${POSTS} posts`); // the list is there, and all filters are cleared
}

/**
 * @param {Page} page
 * @param {number} number Of the post, from 0.
 */
async function openPost(page, number) {
    await page.getByLabel('Find').fill(CAPTIONS[number] ?? '');
    await expect(page.locator('.browse .list-item:not([hidden])')).toHaveText([new RegExp(CAPTIONS[number] ?? '')]);
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    await page.locator('.post-dialog .dialog-caption', { hasText: CAPTIONS[number] ?? '' }).waitFor();
}

/**
 * Labels a post of the list in its dialog.
 *
 * @param {Page} page
 * @param {number} number Of the post, from 0.
 * @param {string} emotion
 */
async function label(page, number, emotion) {
    await openPost(page, number);
    await page.locator('.post-dialog').getByRole('button', { name: emotion }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Find').fill('');
}

/** Of a full disk Chromium may say no more than that it cannot open the database. */
const REFUSED = /Not saved: (the disk is full|the browser cannot write to its database)/;

/**
 * Writes more and more until the desk says that the disk is full. The browser itself makes room at first: it deletes what
 * pages have stored, the desk's own data, too.
 *
 * @param {Page} page
 * @param {SmallDisk} disk
 */
async function writeUntilFull(page, disk) {
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.locator('.review-notes:visible').evaluate((notes) => notes.setAttribute('open', ''));
    let attempt = 0;
    // A quota is looked up again after half a minute only.
    await expect(async () => {
        await disk.fill(page);
        await page.locator('#review-guide').fill(`${attempt++} counts as meant. `.repeat(2000));
        await notice(page).getByText(REFUSED).waitFor({ timeout: 2000 });
        await notice(page).getByText('In this tab alone:').waitFor({ timeout: 2000 });
    }).toPass();
}

/**
 * Whether the notice goes away, now that there is room.
 *
 * @param {Page} page
 */
const recovers = (page) =>
    notice(page)
        .waitFor({ state: 'hidden', timeout: 60_000 })
        .then(
            () => true,
            () => false,
        );

/**
 * @param {Page} page
 * @returns {Promise<string>} The path of the file.
 */
async function downloadBackup(page) {
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        notice(page).getByRole('button', { name: 'Download a backup' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'posts.csv-backup.jsonl');
    const path = test.info().outputPath(download.suggestedFilename());
    await download.saveAs(path); // the browser's own copy goes with it
    return path;
}

/** @param {Page} page */
const labelled = (page) => page.locator('.switch', { hasText: 'Labelled by you' }).locator('.number');

/** @param {Page} page */
const notice = (page) => page.locator('.storage-notice');

/**
 * @param {Page} page
 * @param {number} posts
 * @param {number} labels
 */
const isStored = (page, posts, labels) =>
    expect(page.locator('p:has(+ .forget)')).toHaveText(
        new RegExp(
            `Stored on this device: the scores of ${posts} posts and ${labels} label${labels === 1 ? '' : 's'} of yours.`,
        ),
        { timeout: PATIENCE.cpu },
    );

for (const [means, make] of /** @type {const} */ ([
    ['volume', async () => (await onSmallVolume(PATIENCE.cpu)) ?? (await withSmallQuota())],
    ['quota', withSmallQuota],
]))
    test.describe(`a full disk, by ${means}:`, () => {
        /** @type {SmallDisk} */
        let disk;
        test.beforeEach(async () => {
            disk = await make();
        });
        test.afterEach(() => disk.remove());

        test('the desk says at the top what is not saved, offers a backup, and writes everything when there is room', async () => {
            const page = await openDesk(disk.context);
            await label(page, 7, 'Trust');
            await isStored(page, POSTS, 1);
            assert.equal(await notice(page).isVisible(), false);

            await disk.fill(page);
            await label(page, 9, 'Anger');
            await writeUntilFull(page, disk);
            await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
            await isInView(notice(page), 'the notice');

            const backup = await downloadBackup(page);
            const rows = (await readFile(backup, 'utf8'))
                .trim()
                .split('\n')
                .map((line) => JSON.parse(line));
            assert.deepEqual(
                rows
                    .filter(({ hand_emotion }) => hand_emotion)
                    .map(({ caption, hand_emotion }) => [caption, hand_emotion]),
                [
                    [CAPTIONS[7], 'trust'],
                    [CAPTIONS[9], 'anger'],
                ],
            );
            assert.equal(rows.filter(({ emotion }) => emotion).length, POSTS);

            const [dialog] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
            assert.equal(dialog.type(), 'beforeunload');
            await dialog.dismiss();

            await disk.free(page);
            if (!(await recovers(page))) {
                // Chromium may open no database of this page any more until it is started again, and keep nothing of it.
                const next = await openDesk(await disk.reopen(), backup);
                await expect(labelled(next)).toHaveText('2');
                return;
            }
            await isStored(page, POSTS, 2);
            const guide = await page.locator('#review-guide').inputValue();
            await page.reload();
            await isStored(page, POSTS, 2);
            await putPosts(page);
            await page.getByText(`${POSTS} known from before`, { exact: false }).waitFor();
            await expect(labelled(page)).toHaveText('2');
            await page.getByRole('tab', { name: 'Review' }).click();
            assert.ok((await page.locator('#review-guide').inputValue()) === guide, 'the label guide is there, too');
        });

        // Of a full volume Chromium may keep nothing at all, not even localStorage; of a quota it keeps what was there.
        const source = means === 'volume' ? 'in the backup' : 'in the browser';
        test(`labels are there on the next visit, ${source}, whatever it does to its database`, async () => {
            const page = await openDesk(disk.context);
            await label(page, 7, 'Trust');
            await isStored(page, POSTS, 1);
            await disk.fill(page);
            await label(page, 9, 'Anger');
            await writeUntilFull(page, disk);
            const backup = await downloadBackup(page);
            await page.close();
            const next = await openDesk(await disk.reopen(), means === 'volume' ? backup : TABLE);
            await expect(labelled(next)).toHaveText('2');
            assert.deepEqual([await emotionOf(next, 7), await emotionOf(next, 9)], ['Trust', 'Anger']);
        });
    });

test.describe('two tabs', () => {
    /** @type {BrowserContext} */
    let context;
    test.beforeEach(async () => {
        context = await openContext('cpu');
    });
    test.afterEach(() => context.close());

    test('show each other’s labels, and the last one set is stored', async () => {
        const [one, other] = [await openDesk(context), await openDesk(context)];
        await label(one, 7, 'Trust');
        await expect(labelled(other)).toHaveText('1');
        await expect(other.locator('#announcement')).toHaveText(/^Another tab has changed a label/);
        await label(other, 7, 'Anger');
        await label(one, 9, 'Joy');
        await expect(labelled(other)).toHaveText('2');
        for (const page of [one, other]) {
            await isStored(page, POSTS, 2);
            assert.deepEqual(await emotionOf(page, 7), 'Anger', 'before the reload');
            await page.reload();
            await putPosts(page);
            assert.deepEqual(await emotionOf(page, 7), 'Anger', 'after the reload');
        }
    });

    test('a label that was set elsewhere cannot be taken back by accident', async () => {
        const [one, other] = [await openDesk(context), await openDesk(context)];
        for (const page of [one, other]) await page.getByRole('tab', { name: 'Review' }).click();
        const front = await one.locator('.check-post .check-caption:visible').innerText();
        assert.equal(
            await other.locator('.check-post .check-caption:visible').innerText(),
            front,
            'both show the same post',
        );
        await one.locator('.check:visible').focus();
        await one.keyboard.press('1');
        await expect(one.locator('#review-progress')).toContainText('1 labelled by you');
        await other.locator('.check:visible').focus();
        await other.keyboard.press('2');
        await expect(other.locator('#review-progress')).toContainText('1 labelled by you');
        await one.keyboard.press('u');
        await isStored(one, POSTS, 1);
        await one.getByRole('tab', { name: 'Browse' }).click();
        assert.equal(await emotionOf(one, CAPTIONS.indexOf(front)), 'Trust', 'the label of the other tab stays');
    });
});

/**
 * The label that a post has in its dialog.
 *
 * @param {Page} page
 * @param {number} number
 */
async function emotionOf(page, number) {
    await openPost(page, number);
    const pressed = page.locator('.post-dialog .emotion-keys button[aria-pressed="true"]');
    await pressed.waitFor();
    const emotion = (await pressed.innerText()).replace(/\W*\d?\W*$/, '');
    await page.keyboard.press('Escape');
    await page.getByLabel('Find').fill('');
    return emotion;
}
