// A run of two thousand images leaves no more behind than one of two hundred, and does not hold up the page.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, alter, openContext } from '../support/harness.mjs';
import { inDesk, setUp } from './run.mjs';
import { checkShortTurns, traced } from '../support/tasks.mjs';

const POSTS = 2000;
const SETTLED = 200;
const GROWTH = 1.1;
const MEGABYTE = 1_000_000;

/** Gives the bytes of the program's memory, which the browser's own measure leaves out. */
const MEMORY = '\nself.programBytes = () => wasm.memory.buffer.byteLength;';

/** @type {import('../support/harness.mjs').Page} */
let page;

test.beforeAll(async () => {
    const context = await openContext('cpu');
    context.setDefaultTimeout(0);
    await alter(context, 'wasm/cpu/emofuse.js', (content) => content + MEMORY);
    // Only such a page may measure itself.
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    await context.route(`${address}pkg/worker.js`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
    });
    await context.route(`${address}isolated`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>isolated</title>', headers }),
    );
    page = await context.newPage();
    await page.goto(`${address}isolated`);
    await page.evaluate(async (path) => Object.assign(globalThis, { emofuse: await import(path) }), '/pkg/index.js');
    await page.evaluate(setUp);
});
test.afterAll(() => page?.context().close());

/**
 * @returns {Promise<{ programs: number, scripts: number }>} Bytes: of the workers' programs, and of all scripts, the
 *     page's and theirs.
 */
async function measured() {
    const programs = await Promise.all(
        page
            .workers()
            .map((worker) =>
                worker.evaluate(() =>
                    /** @type {{ programBytes: () => number }} */ (/** @type {unknown} */ (self)).programBytes(),
                ),
            ),
    );
    const scripts = await page.evaluate(async () => {
        const { measureUserAgentSpecificMemory } =
            /** @type {{ measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }} */ (
                /** @type {unknown} */ (performance)
            );
        return (await measureUserAgentSpecificMemory.call(performance)).bytes;
    });
    return { programs: programs.reduce((sum, bytes) => sum + bytes, 0), scripts };
}

test('two thousand images: memory stays, no task is long, and what is known is told without the model', {
    tag: ['@measures', '@slow'],
}, async () => {
    await inDesk(
        page,
        async (desk) => {
            const { ClassifierPool, Journal, postsOf, counting } = desk;
            const pool = await ClassifierPool.load({ backend: 'cpu', workers: 2 });
            // Like photographs of the web; what follows a file's end makes each another one.
            const bases = await Promise.all(
                [
                    [640, 480],
                    [480, 640],
                    [800, 450],
                ].map(async ([width = 0, height = 0]) => {
                    const canvas = new OffscreenCanvas(width, height);
                    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
                    for (let stripe = 0; stripe < 200; stripe++) {
                        context.fillStyle = `hsl(${stripe * 31} 70% ${20 + (stripe % 60)}%)`;
                        context.fillRect((stripe * 97) % width, (stripe * 61) % height, 90, 70);
                    }
                    return (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer();
                }),
            );
            const make = (/** @type {number} */ from, /** @type {number} */ to) =>
                postsOf(
                    Array.from({ length: to - from }, (_, index) => {
                        const number = from + index;
                        return {
                            image: `${number}.jpg`,
                            open: async () => new File([bases[number % 3] ?? '', String(number)], `${number}.jpg`),
                        };
                    }),
                );
            const counts = counting(pool);
            Object.assign(globalThis, { pool, journal: await Journal.open(), make, counts, desks: [] });
        },
        null,
    );

    /**
     * Runs over some of the posts; those stay on the desk.
     *
     * @type {(from: number, to: number) => Promise<{ done: number, reused: number, asked: number }>}
     */
    const run = (from, to) =>
        inDesk(
            page,
            async (desk, [first, end]) => {
                const { pool, journal, make, counts, desks } =
                    /** @type {{ pool: import('../../../www/desk/labelling/pool.js').ClassifierPool,
                journal: import('../../../www/desk/labelling/journal.js').Journal, make: (from: number, to: number) => import('./run.mjs').DeskPost[],
                counts: { asked: number }, desks: unknown[] }} */ (/** @type {unknown} */ (desk));
                const posts = make(first, end);
                desks.push(posts);
                counts.asked = 0;
                const { run: begun, told } = desk.begin({ posts, pool, journal });
                await begun.finished;
                return { done: told.at(-1)?.done ?? 0, reused: told.at(-1)?.reused ?? 0, asked: counts.asked };
            },
            /** @type {const} */ ([from, to]),
        );

    const first = await run(0, SETTLED);
    assert.deepEqual([first.done, first.asked], [SETTLED, SETTLED]);
    const early = await measured();
    const { result: second, tasks_ms } = await traced(page, () => run(SETTLED, POSTS));
    assert.deepEqual([second.done, second.asked], [POSTS - SETTLED, POSTS - SETTLED]);
    const late = await measured();
    /** @param {{ programs: number, scripts: number }} bytes */
    const told = ({ programs, scripts }) =>
        `${(programs / MEGABYTE).toFixed(1)} MB programs and ${(scripts / MEGABYTE).toFixed(1)} MB scripts`;
    console.log(`after ${SETTLED}: ${told(early)}; after ${POSTS}: ${told(late)}`);
    assert.ok(
        late.programs + late.scripts <= GROWTH * (early.programs + early.scripts),
        `${told(early)}, then ${told(late)}`,
    );

    assert.ok(tasks_ms.length > POSTS, 'they are seen');
    checkShortTurns(tasks_ms, 'anew');

    const again = await traced(page, () => run(0, POSTS));
    assert.deepEqual(again.result, { done: POSTS, reused: POSTS, asked: 0 });
    checkShortTurns(again.tasks_ms, 'all of them once more, from the journal');
});
