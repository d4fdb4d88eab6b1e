// How much a post asks of WebGPU: dispatches, pipelines, submits, read-backs. docs/webgpu.md shows the same numbers beside
// those of other systems, so they are changed in both places.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { serveBench } from '../support/bench.mjs';
import { openContext } from '../support/harness.mjs';

/**
 * What the committed program does with an image and a caption of ten words, and with eight of them at once. `first` is
 * everything from nothing to the first result: 15 pipelines asked for in parallel, and the 13 of a post by burn again,
 * which the browser has by then.
 */
const EXPECTED = {
    first: {
        dispatches: 61,
        pipelines: 28,
        bind_groups: 61,
        passes: 1,
        submits: 3,
        writes: 64,
        bytes_written: 14_498_592,
        read_backs: 1,
    },
    warm: {
        dispatches: 61,
        pipelines: 0,
        bind_groups: 61,
        passes: 1,
        submits: 2,
        writes: 1,
        bytes_written: 205_616,
        read_backs: 1,
    },
    batch: {
        dispatches: 61,
        pipelines: 0,
        bind_groups: 61,
        passes: 1,
        submits: 2,
        writes: 1,
        bytes_written: 1_644_928,
        read_backs: 1,
    },
};

/** @typedef {Record<keyof typeof EXPECTED, Record<string, number>>} Counts */

/** emofuse's column of each table in docs/webgpu.md, by the table's heading and the row's name. */
async function documented() {
    const text = await readFile(new URL('../../../docs/webgpu.md', import.meta.url), 'utf8');
    /** @type {Record<string, Record<string, number>>} */
    const tables = {};
    for (const [, title, rows] of text.matchAll(/^\| (\w[^|]*) \| emofuse \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)/gm)) {
        assert.ok(title && rows);
        tables[title] = Object.fromEntries(
            [...rows.matchAll(/^\| ([^|]+) \| ([\d,]+) \|/gm)].map(([, name, number]) => [
                (name ?? '').replace(/[ -]/g, '_'),
                Number(number?.replaceAll(',', '')),
            ]),
        );
    }
    return tables;
}

/** @returns {Promise<{ counts: Counts, isSoftware: boolean }>} */
async function measured() {
    const { address, close } = await serveBench();
    const context = await openContext('webgpu');
    try {
        const page = await context.newPage();
        await page.goto(address);
        return await page.evaluate(
            async ([callsModule, adapterModule]) => {
                const { calls } = await import(String(callsModule));
                const { adapterDetails } = await import(String(adapterModule));
                const [{ counts, error }] = await calls({ names: ['emofuse'], passRuns: 0, onStep: () => {} });
                if (error) throw new Error(error);
                return { counts, isSoftware: (await adapterDetails()).isSoftware };
            },
            ['/browser/calls.js', '/browser/adapter.js'],
        );
    } finally {
        await context.close();
        await close();
    }
}

test('@webgpu a post, a batch of eight and the first result ask no more of WebGPU than they should', async () => {
    const { counts, isSoftware } = await measured();
    const { first, warm, batch } = counts;
    if (isSoftware) return assert.deepEqual({ first, warm, batch }, EXPECTED);
    // Kernels are chosen by the adapter's limits, so a card may need fewer.
    for (const [run, expected] of Object.entries(EXPECTED)) {
        for (const [count, most] of Object.entries(expected)) {
            const found = counts[/** @type {keyof Counts} */ (run)][count] ?? NaN;
            assert.ok(found <= most, `${run}: ${found} ${count}, at most ${most} expected`);
        }
    }
});

test("docs/webgpu.md has emofuse's numbers", async () => {
    const { 'start to first result': first, 'one post, warm': warm, 'eight posts, warm': batch } = await documented();
    assert.deepEqual({ first, warm, batch }, EXPECTED);
});
