// The desk with a table of captions: opening it, labelling, and what is stored.

/** @typedef {import('playwright-core').Page} Page */

export const captionOf = (/** @type {number} */ index) => `What a day it was, number ${10_000 + index}`;

/**
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} address
 * @param {number} posts How many.
 */
export async function openDesk(context, address, posts) {
    const page = await context.newPage();
    await page.goto(`${address}desk.html?backend=cpu`);
    const lines = Array.from({ length: posts }, (_, index) => `"${captionOf(index)}"`);
    await page
        .locator('#choose-table')
        .setInputFiles({ name: 'posts.csv', mimeType: 'text/csv', buffer: Buffer.from(`text\n${lines.join('\n')}\n`) });
    await page.getByRole('button', { name: /^Put .* posts on the desk$/ }).click();
    await page.waitForSelector('.run[data-state="running"], .run[data-state="finished"]');
    return page;
}

/**
 * @param {Page} page
 * @param {number} number Of the post.
 */
export async function label(page, number) {
    await page.getByLabel('Find').fill(captionOf(number));
    await page.getByText(/^1 of .* posts$/).waitFor();
    await page.locator('.browse .list-scroller').focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('.post-dialog');
    await dialog.locator('.dialog-caption', { hasText: captionOf(number) }).waitFor();
    await dialog.getByRole('button', { name: 'Trust' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show all' }).click();
}

/**
 * @param {Page} page
 * @param {number} labels
 */
export const labelsAreStored = (page, labels) =>
    page
        .locator('p:has(+ .forget)', { hasText: new RegExp(`and ${labels} labels? of yours`) })
        .waitFor({ state: 'attached' });

/** @param {Page} page */
export const notice = (page) => page.locator('.storage-notice');

/**
 * Waits until all posts are analysed.
 *
 * @param {Page} page
 */
export async function finished(page) {
    await page.waitForSelector('.run[data-state="finished"]', { timeout: 900_000 });
    const numberIn = (/** @type {string | undefined} */ text) => Number((text ?? '0').replace(/\D/g, ''));
    const labelled = page.locator('.switch', { hasText: 'Labelled by you' }).locator('.number');
    return {
        text: await page.locator('#run-text').innerText(),
        known: numberIn(/([\d,\s]+) known from/.exec(await page.locator('.run').innerText())?.[1]),
        labelled: numberIn(await labelled.innerText()),
    };
}
