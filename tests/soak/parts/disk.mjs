// The disk gets full while the desk analyses and labels are set: once there is room, everything is stored.
import { serve } from '../../../server/serve.mjs';
import { onSmallVolume } from '../../support/small-volume.mjs';
import { finished, label, labelsAreStored, notice, openDesk } from '../desk.mjs';

const POSTS = 2000;
const TIMES = 3;

/** @param {(line: string) => void} say */
export async function disk(say) {
    const small = await onSmallVolume(300_000);
    if (!small) return { line: 'a volume can be mounted by root alone; run this part as root', holds: false };
    const site = await serve(0);
    try {
        let page = await openDesk(small.context, site.address, POSTS);
        let labels = 0;
        for (let time = 0; time < TIMES; time++) {
            await label(page, labels++);
            // The browser makes room at first: it deletes what pages have stored, the desk's own data, too.
            await page.getByRole('tab', { name: 'Review' }).click();
            await page.locator('.review-notes:visible').evaluate((notes) => notes.setAttribute('open', ''));
            for (let attempt = 0; !(await notice(page).isVisible()); attempt++) {
                await small.fill(page);
                await page.locator('#review-guide').fill(`${attempt} counts as meant. `.repeat(2000));
                await notice(page)
                    .getByText('Not saved: the disk is full')
                    .waitFor({ timeout: 2000 })
                    .catch(() => {});
            }
            await page.getByRole('tab', { name: 'Browse' }).click();
            await label(page, labels++);
            await small.free(page);
            await notice(page).waitFor({ state: 'hidden' });
            await labelsAreStored(page, labels);
            say(`the disk was full ${time + 1} times, ${labels} labels are stored`);
        }
        await finished(page);
        page = await openDesk(await small.reopen(), site.address, POSTS);
        const { text, known, labelled } = await finished(page);
        return {
            line: `the disk was full ${TIMES} times; in a new browser ${labelled} of ${labels} labels are there, “${text}”, ${known} known from before`,
            holds: labelled === labels && known === POSTS && /^All .*posts are analysed/.test(text),
        };
    } finally {
        await small.remove();
        await site.close();
    }
}
