// The browser is killed ten times while the desk analyses and labels are set: no confirmed label is lost, and the run
// completes.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../../support/chromium.mjs';
import { serve } from '../../../server/serve.mjs';
import { finished, label, labelsAreStored, openDesk } from '../desk.mjs';

const KILLS = 10;
const POSTS = 6000;

/** Kills all processes of the browser with this profile. @param {string} profile */
async function kill(profile) {
    for (const name of await readdir('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
        if (command.split('\0').includes(`--user-data-dir=${profile}`)) {
            try {
                process.kill(Number(name), 'SIGKILL');
            } catch {
                // it has ended with another one
            }
        }
    }
}

/** @param {string} profile */
async function launch(profile) {
    await rm(join(profile, 'SingletonLock'), { force: true }); // of the browser that was killed
    const { args, ...options } = chromiumOptions('cpu');
    const context = await chromium.launchPersistentContext(profile, { ...options, args, serviceWorkers: 'block' });
    context.setDefaultTimeout(180_000);
    return context;
}

/** @param {(line: string) => void} say */
export async function kills(say) {
    const site = await serve(0);
    const profile = await mkdtemp(join(tmpdir(), 'emofuse-soak-'));
    try {
        for (let time = 0; time < KILLS; time++) {
            const context = await launch(profile);
            const page = await openDesk(context, site.address, POSTS);
            await label(page, time * 500 + 3);
            await labelsAreStored(page, time + 1);
            const state = await page.locator('.run').getAttribute('data-state');
            const ended = new Promise((resolve) => context.once('close', resolve));
            await kill(profile);
            await ended;
            say(`killed ${time + 1} times, the run was ${state}`);
        }
        const context = await launch(profile);
        const page = await openDesk(context, site.address, POSTS);
        const { text, known, labelled } = await finished(page);
        await context.close();
        const isWhole = /^All .*posts are analysed/.test(text);
        return {
            line: `the browser was killed ${KILLS} times; ${labelled} of ${KILLS} confirmed labels are there, “${text}”, ${known} known from before`,
            holds: isWhole && labelled === KILLS,
        };
    } finally {
        await kill(profile);
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
        await site.close();
    }
}
