// A browser's profile on a small volume, which can be filled until the disk refuses.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumOptions } from './chromium.mjs';

/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('playwright-core').Page} Page */

const run = promisify(execFile);

/**
 * A browser whose disk can be filled.
 *
 * @typedef {object} SmallDisk
 * @property {BrowserContext} context
 * @property {(page: Page) => Promise<void>} fill
 * @property {(page: Page) => Promise<void>} free
 * @property {() => Promise<BrowserContext>} reopen Ends the browser and starts it again with the same profile.
 * @property {() => Promise<void>} remove
 */

/**
 * A browser with its profile on a small volume; null where none can be mounted.
 *
 * @param {number} timeout_ms Of the browser's pages.
 * @returns {Promise<SmallDisk | null>}
 */
export async function onSmallVolume(timeout_ms) {
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-volume-'));
    const volume = join(folder, 'volume');
    await mkdir(volume);
    try {
        await run('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'tmpfs', volume]);
    } catch {
        await rm(folder, { recursive: true });
        return null; // only root may
    }
    const ballast = join(volume, 'ballast');
    const launch = async () => {
        const { args, ...options } = chromiumOptions('cpu');
        const context = await chromium.launchPersistentContext(join(volume, 'profile'), {
            ...options,
            args: [...args, `--disk-cache-dir=${join(folder, 'cache')}`],
            serviceWorkers: 'block',
        });
        context.setDefaultTimeout(timeout_ms);
        return context;
    };
    let context = await launch();
    return {
        context,
        async fill() {
            const file = await open(ballast, 'a');
            try {
                for (;;) {
                    const { bavail, bsize } = await statfs(volume);
                    await file.write(Buffer.alloc(Math.max(1, bavail) * bsize)); // until the disk refuses
                }
            } catch (error) {
                assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, 'ENOSPC');
            } finally {
                await file.close();
            }
        },
        free: () => rm(ballast),
        async reopen() {
            await context.close();
            await rm(ballast, { force: true });
            context = await launch();
            return context;
        },
        async remove() {
            await context.close();
            await run('umount', [volume]);
            await rm(folder, { recursive: true });
        },
    };
}
