// A run over many posts: what becomes of each, and how it is held up, ended and taken up again.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { disguiseAdapter } from '../support/adapter.mjs';
import { PATIENCE, alter, openContext } from '../support/harness.mjs';
import { clearJournal, inDesk, openDesk } from './run.mjs';

/** @type {import('../support/harness.mjs').Page} */
let page;

test.beforeAll(async () => {
    page = await openDesk(await openContext('cpu'));
});
test.afterAll(() => page?.context().close());

test.beforeEach(() => clearJournal(page));

test.describe('with the model', () => {
    test('each image is classified once, and the broken ones are listed', async () => {
        const { states, asked, last, changed, told } = await inDesk(
            page,
            async (desk) => {
                const { Journal, ClassifierPool, image, filePosts, counting, begin } = desk;
                const pool = await ClassifierPool.load({ backend: 'cpu', workers: 2 });
                const counts = counting(pool);
                const good = await Promise.all(Array.from({ length: 40 }, (_, number) => image(number)));
                const copies = good.slice(0, 12).map((file) => new File([file], `copy of ${file.name}`));
                const half = new File([/** @type {File} */ (good[0]).slice(0, 60)], 'half.png');
                const posts = filePosts([
                    ...good,
                    new File(['no image'], 'text.png'),
                    new File([], 'empty.png'),
                    half,
                    ...copies,
                ]);
                const { run, told, changed } = begin({ posts, pool, journal: await Journal.open() });
                await run.finished;
                pool.dispose();
                const states = posts.map(({ state, error, repeated, prediction, imageSha256, key }) => ({
                    state,
                    error,
                    repeated,
                    scores: prediction?.scores.length ?? 0,
                    imageSha256,
                    key,
                }));
                return { states, asked: counts.asked, last: told.at(-1), changed: new Set(changed).size, told };
            },
            null,
        );
        const [good, broken, copies] = [states.slice(0, 40), states.slice(40, 43), states.slice(43)];
        assert.ok(
            [...good, ...copies].every(
                ({ state, error, scores }) => state === 'done' && error === null && scores === 9,
            ),
        );
        assert.ok(
            broken.every(
                ({ state, error, scores }) =>
                    state === 'failed' && scores === 0 && /^the image cannot be read: .*use a JPEG/.test(error ?? ''),
            ),
            JSON.stringify(broken),
        );
        assert.ok(good.every(({ repeated }) => !repeated) && copies.every(({ repeated }) => repeated));
        assert.equal(new Set(good.map(({ key }) => key)).size, 40);
        assert.deepEqual(
            copies.map(({ imageSha256, key }) => [imageSha256, key]),
            good.slice(0, 12).map(({ imageSha256, key }) => [imageSha256, key]),
        );
        assert.equal(asked, 43);
        assert.equal(changed, 55);
        assert.deepEqual(
            [last?.state, last?.done, last?.failed, last?.reused, last?.repeated, last?.total],
            ['finished', 52, 3, 0, 12, 55],
        );
        const read = told.map(({ done, failed }) => done + failed);
        assert.ok(
            read.every((count, index) => count >= (read[index - 1] ?? 0)),
            'it only grows',
        );
    });

    test('what it says is what the classifier says', async () => {
        const { found, expected } = await inDesk(
            page,
            async (desk) => {
                const { emofuse, Journal, ClassifierPool, image, postsOf, begin } = desk;
                const pool = await ClassifierPool.load({ backend: 'cpu', workers: 1 });
                const file = await image(7);
                const caption = 'so happy to be home';
                const posts = postsOf([{ open: async () => file, caption }, { open: async () => file }, { caption }]);
                await begin({ posts, pool, journal: await Journal.open() }).run.finished;
                const results = [
                    await pool.classify({ image: file, caption }),
                    await pool.classify({ image: file }),
                    await pool.classify({ caption }),
                ];
                pool.dispose();
                const numbers = (/** @type {import('../../../pkg/index.js').Scores | null} */ scores) =>
                    scores && emofuse.EMOTIONS.map((emotion) => Math.fround(scores[emotion]));
                return {
                    found: posts.map(
                        ({ prediction }) =>
                            prediction && {
                                ...prediction,
                                scores: [...prediction.scores],
                                image: prediction.image && [...prediction.image],
                                caption: prediction.caption && [...prediction.caption],
                            },
                    ),
                    expected: results.map(
                        ({
                            scores,
                            image,
                            caption: words,
                            agreement,
                            secondary,
                            uncertain,
                            uncertain_because,
                            backend,
                        }) => ({
                            ...{ scores: numbers(scores), image: numbers(image), caption: numbers(words) },
                            ...{ agreement, secondary, uncertain, uncertain_because, backend },
                        }),
                    ),
                };
            },
            null,
        );
        assert.deepEqual(found, expected);
    });

    test('a page that is closed in the middle loses nothing: the next one goes on, whatever the files are called now', async () => {
        const context = await openContext('cpu');
        const first = await openDesk(context);
        await first.evaluate(async () => {
            const desk = /** @type {import('./run.mjs').Desk} */ (/** @type {unknown} */ (globalThis));
            const pool = await desk.ClassifierPool.load({ backend: 'cpu', workers: 1 });
            const posts = desk.filePosts(Array.from({ length: 100 }, (_, number) => () => desk.image(number)));
            const { told } = desk.begin({ posts, pool, journal: await desk.Journal.open() });
            Object.assign(globalThis, { told });
        });
        const done = () =>
            first.evaluate(
                () =>
                    /** @type {{ told: import('./run.mjs').Progress[] }} */ (
                        /** @type {unknown} */ (globalThis)
                    ).told.at(-1)?.done ?? 0,
            );
        await expect.poll(done, { timeout: PATIENCE.cpu }).toBeGreaterThanOrEqual(20);
        const written = await done();
        const saved = () =>
            inDesk(first, async ({ Journal }) => (await (await Journal.open()).counts()).predictions, null);
        await expect.poll(saved, { timeout: PATIENCE.cpu }).toBeGreaterThanOrEqual(written);
        const session = await context.newCDPSession(first);
        const crashed = first.waitForEvent('crash');
        session.send('Page.crash').catch(() => {}); // is not answered
        await crashed;

        const second = await openDesk(context);
        const { last, asked, labels } = await inDesk(
            second,
            async ({ Journal, ClassifierPool, image, filePosts, counting, begin }) => {
                const pool = await ClassifierPool.load({ backend: 'cpu', workers: 1 });
                const counts = counting(pool);
                const journal = await Journal.open();
                const renamed = async (/** @type {number} */ number) =>
                    new File([await image(number)], `holiday ${number}.png`);
                const posts = filePosts(Array.from({ length: 100 }, (_, number) => () => renamed(99 - number)));
                const { run, told } = begin({ posts, pool, journal });
                await run.finished;
                pool.dispose();
                return {
                    last: told.at(-1),
                    asked: counts.asked,
                    labels: posts.filter(({ prediction }) => prediction).length,
                };
            },
            null,
        );
        assert.deepEqual([last?.state, last?.done, last?.failed, labels], ['finished', 100, 0, 100]);
        assert.equal(last?.reused, 100 - asked);
        assert.ok((last?.reused ?? 0) >= written, `${last?.reused} were there, of ${written} that were written`);
        await context.close();
    });

    test('a run that WebGPU joins while the CPU goes on', { tag: '@webgpu' }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        const context = await openContext('webgpu');
        await disguiseAdapter(context);
        // So that it is measured to be faster.
        const passing =
            'Engine.prototype.selfTest = async () => ({ passed: true, max_difference: 0, tolerance: 0.002 });';
        await alter(context, 'wasm/webgpu/emofuse.js', (content) => `${content}\n${passing}`);
        const { described, backends, last, workers } = await inDesk(
            await openDesk(context),
            async ({ Journal, ClassifierPool, image, filePosts, begin }) => {
                /** @type {import('../../../www/desk/labelling/pool.js').ClassifierPool} */
                const pool = await new Promise((resolve, reject) => {
                    const loading = ClassifierPool.load({ workers: 2, onBackendChange: () => resolve(loading) });
                    loading.catch(reject);
                });
                const described = pool.describe();
                const posts = filePosts(await Promise.all(Array.from({ length: 6 }, (_, number) => image(number))));
                const { run, told } = begin({ posts, pool, journal: await Journal.open() });
                await run.finished;
                const { workers } = pool;
                pool.dispose();
                return {
                    described: described.backend,
                    backends: posts.map(({ prediction }) => prediction?.backend),
                    last: told.at(-1),
                    workers,
                };
            },
            null,
        );
        assert.deepEqual([described, last?.state, last?.done, workers], ['webgpu', 'finished', 6, 2]);
        assert.deepEqual([...new Set(backends)].sort(), ['cpu', 'webgpu']);
        await context.close();
    });

    test('a short run on WebGPU, in batches', { tag: '@webgpu' }, async () => {
        test.setTimeout(PATIENCE.webgpu);
        const context = await openContext('webgpu');
        const { backends, last, workers } = await inDesk(
            await openDesk(context),
            async ({ Journal, ClassifierPool, image, filePosts, begin }) => {
                const pool = await ClassifierPool.load({ backend: 'webgpu' });
                const posts = filePosts(await Promise.all(Array.from({ length: 6 }, (_, number) => image(number))));
                const { run, told } = begin({ posts, pool, journal: await Journal.open() });
                await run.finished;
                const { workers } = pool;
                pool.dispose();
                return { backends: posts.map(({ prediction }) => prediction?.backend), last: told.at(-1), workers };
            },
            null,
        );
        assert.deepEqual(backends, Array(6).fill('webgpu'));
        assert.deepEqual([last?.state, last?.done, workers], ['finished', 6, 1]);
        await context.close();
    });
});

test.describe('a post', () => {
    test('that cannot be read fails with what to do, and the others are read', async () => {
        const { errors, asked, last } = await inDesk(
            page,
            async ({ Journal, fakePool, postsOf, image, begin }) => {
                const pool = fakePool({});
                const file = await image(1);
                /** @param {Error} error */
                const refusing = (error) => () => Promise.reject(error);
                const large = /** @type {File} */ (
                    /** @type {unknown} */ ({
                        size: 3 * 1024 * 1024,
                        arrayBuffer: () => Promise.reject(new Error('it was read')),
                    })
                );
                const moved = /** @type {File} */ (
                    /** @type {unknown} */ ({
                        size: 9,
                        arrayBuffer: refusing(new DOMException('x', 'NotReadableError')),
                    })
                );
                const posts = postsOf([
                    { open: refusing(new DOMException('x', 'NotFoundError')) },
                    { open: async () => moved },
                    { open: async () => large },
                    {
                        open: refusing(
                            new Error('no file of the folder is called cat.jpg; choose the folder that has it'),
                        ),
                    },
                    {},
                    { open: async () => file, findCaption: refusing(new Error('cat.json is no JSON')) },
                    { open: async () => file },
                ]);
                const { run, told } = begin({ posts, pool, journal: await Journal.open() });
                await run.finished;
                return {
                    errors: posts.map(({ state, error }) => `${state}: ${error}`),
                    asked: pool.asked,
                    last: told.at(-1),
                };
            },
            null,
        );
        assert.match(errors[0] ?? '', /^failed: .*choose the folder again$/);
        assert.match(errors[1] ?? '', /^failed: .*choose the folder again$/);
        assert.equal(errors[2], 'failed: the image has 3 megabytes, more than the 1 allowed; make it smaller');
        assert.equal(errors[3], 'failed: no file of the folder is called cat.jpg; choose the folder that has it');
        assert.match(errors[4] ?? '', /^failed: there is neither an image nor a caption/);
        assert.equal(errors[5], 'done: cat.json is no JSON');
        assert.equal(errors[6], 'done: null');
        assert.deepEqual([asked, last?.done, last?.failed], [1, 2, 5]);
    });

    test('is classified with the caption that is found, and is another with another caption', async () => {
        const { captions, asked, keys, repeated } = await inDesk(
            page,
            async ({ Journal, fakePool, postsOf, image, hash, begin }) => {
                /** @type {(string | null)[]} */
                const given = [];
                const pool = fakePool({ classify: async ({ caption }) => void given.push(caption) });
                const file = await image(1);
                const open = async () => file;
                /** @type {number[]} */
                const bytes = [];
                const posts = postsOf([
                    {
                        open,
                        findCaption: async (image) => {
                            bytes.push(image.byteLength);
                            return { text: 'found', from: 'sidecar' };
                        },
                    },
                    { open, findCaption: async () => null },
                    { open, caption: 'found' },
                ]);
                await begin({ posts, pool, journal: await Journal.open() }).run.finished;
                const sha256 = await hash.sha256(await file.arrayBuffer());
                return {
                    captions: posts.map(({ caption }) => caption),
                    asked: given,
                    keys: [
                        posts.map(({ key }) => key),
                        await Promise.all(['found', null, 'found'].map((caption) => hash.contentKey(sha256, caption))),
                    ],
                    repeated: posts.map((post) => post.repeated),
                };
            },
            null,
        );
        assert.deepEqual(captions, ['found', null, 'found']);
        assert.deepEqual([...asked].sort(), ['found', null].sort());
        assert.deepEqual(keys[0], keys[1]);
        assert.deepEqual(repeated, [false, true, true]);
    });

    test('keeps the manual label, under whatever name and model; one of a table goes before and stays the table’s', async () => {
        const hands = await inDesk(
            page,
            async ({ Journal, fakePool, postsOf, image, begin }) => {
                const journal = await Journal.open();
                const files = [await image(1), await image(2)];
                const make = () => postsOf(files.map((file) => ({ open: async () => file })));
                const posts = make();
                await begin({ posts, pool: fakePool({}), journal }).run.finished;
                await journal.saveManualLabel(posts[0]?.key ?? '', {
                    emotion: 'joy',
                    at: '2026-01-01T00:00:00Z',
                    how: 'review',
                });
                const otherModel = fakePool({});
                const description = otherModel.describe();
                otherModel.describe = () => ({ ...description, model: { id: 'other', sha256: 'e'.repeat(64) } });
                const again = make();
                /** @type {import('../../../www/desk/types.js').DeskPost} */ (again[1]).manualLabel = {
                    emotion: 'fear',
                    at: '2026-01-02T00:00:00Z',
                    how: 'import',
                };
                await begin({ posts: again, pool: otherModel, journal }).run.finished;
                const third = make();
                await begin({ posts: third, pool: fakePool({}), journal }).run.finished;
                return [posts, again, third].map((some) => some.map(({ manualLabel }) => manualLabel?.emotion ?? null));
            },
            null,
        );
        assert.deepEqual(hands, [
            [null, null],
            ['joy', 'fear'],
            ['joy', null],
        ]);
    });
});

test.describe('a run', () => {
    test('asks the model nothing that it has said before, and asks another model anew', async () => {
        const asked = await inDesk(
            page,
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const journal = await Journal.open();
                const files = await Promise.all(Array.from({ length: 30 }, (_, number) => image(number)));
                const asked = [];
                for (const model of ['a', 'a', 'b']) {
                    const pool = fakePool({});
                    const description = pool.describe();
                    pool.describe = () => ({ ...description, model: { id: model, sha256: model.repeat(64) } });
                    const { run, told } = begin({ posts: filePosts(files), pool, journal });
                    await run.finished;
                    asked.push([pool.asked, told.at(-1)?.reused]);
                }
                return asked;
            },
            null,
        );
        assert.deepEqual(asked, [
            [30, 0],
            [0, 30],
            [30, 0],
        ]);
    });

    test('the same content at the same moment is classified once', async () => {
        const { asked, repeated } = await inDesk(
            page,
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const pool = fakePool({ ahead: 8, classify: () => new Promise((resolve) => setTimeout(resolve, 30)) });
                const file = await image(1);
                const posts = filePosts(Array(8).fill(file));
                await begin({ posts, pool, journal: await Journal.open() }).run.finished;
                return { asked: pool.asked, repeated: posts.map((post) => post.repeated) };
            },
            null,
        );
        assert.equal(asked, 1);
        assert.deepEqual(repeated, [false, ...Array(7).fill(true)]);
    });

    test('holds no more posts than the pool needs', async () => {
        const { most, asked } = await inDesk(
            page,
            async ({ Journal, fakePool, filePosts, image, Run }) => {
                const pool = fakePool({ ahead: 3, classify: () => new Promise((resolve) => setTimeout(resolve, 1)) });
                let open = 0;
                let most = 0;
                const posts = filePosts(
                    Array.from({ length: 60 }, (_, number) => () => {
                        most = Math.max(most, ++open);
                        return image(number);
                    }),
                );
                const run = new Run({
                    posts,
                    pool,
                    journal: await Journal.open(),
                    onPost: () => {
                        open -= 1;
                    },
                    onProgress: () => {},
                });
                run.start();
                await run.finished;
                return { most, asked: pool.asked };
            },
            null,
        );
        assert.deepEqual([most, asked], [3, 60]);
    });

    test('that is paused lets those under way end and takes no more, until it is resumed', async () => {
        const { during, later, last, states } = await inDesk(
            page,
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const pool = fakePool({ ahead: 2, classify: () => new Promise((resolve) => setTimeout(resolve, 5)) });
                const posts = filePosts(Array.from({ length: 30 }, (_, number) => () => image(number)));
                const { run, told } = begin({ posts, pool, journal: await Journal.open() });
                const count = () => posts.filter(({ state }) => state === 'done').length;
                while (count() < 5) await new Promise((resolve) => setTimeout(resolve, 1));
                run.pause();
                run.pause();
                const during = [pool.asked, told.at(-1)?.state];
                while (pool.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 1));
                // It is told a little later.
                while (told.at(-1)?.done !== count()) await new Promise((resolve) => setTimeout(resolve, 10));
                const later = [count(), pool.asked, told.at(-1)?.state, told.at(-1)?.done];
                run.resume();
                const end = await run.finished;
                return {
                    during,
                    later,
                    last: [end, told.at(-1)?.state, told.at(-1)?.done],
                    states: [...new Set(told.map(({ state }) => state))],
                };
            },
            null,
        );
        assert.equal(during[1], 'paused');
        assert.ok(Number(later[0]) <= 5 + 2 + 2 && Number(later[0]) >= 5, `${later[0]} are done`);
        assert.deepEqual(
            [later[1], later[2], later[3]],
            [later[0], 'paused', later[0]],
            'those under way were read to their end, and told',
        );
        assert.deepEqual(last, ['finished', 'finished', 30]);
        assert.deepEqual(states, ['running', 'paused', 'finished']);
    });

    test('that is cancelled leaves the rest waiting, and another takes it up', async () => {
        const { ends, counts, asked, last } = await inDesk(
            page,
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const journal = await Journal.open();
                /** @type {(post: unknown, signal: AbortSignal) => Promise<void>} */
                const slowly = (_, signal) =>
                    new Promise((resolve, reject) => {
                        setTimeout(resolve, 5);
                        signal.addEventListener('abort', () => reject(signal.reason));
                    });
                const pool = fakePool({ ahead: 2, classify: slowly });
                const posts = filePosts(Array.from({ length: 30 }, (_, number) => () => image(number)));
                const count = (/** @type {string} */ wanted) => posts.filter(({ state }) => state === wanted).length;
                const { run, told } = begin({ posts, pool, journal });
                while (count('done') < 8) await new Promise((resolve) => setTimeout(resolve, 1));
                run.cancel();
                const ends = [await run.finished];
                run.resume();
                run.start();
                const counts = [count('done'), count('waiting'), count('failed'), told.at(-1)?.done];
                const second = begin({ posts: posts.filter(({ state }) => state === 'waiting'), pool, journal });
                ends.push(await second.run.finished);
                return {
                    ends,
                    counts,
                    asked: pool.asked,
                    last: [count('done'), second.told.at(-1)?.total, told.at(-1)?.state],
                };
            },
            null,
        );
        assert.deepEqual(ends, ['cancelled', 'finished']);
        const [done, waiting, failed, said] = counts;
        assert.ok(done !== undefined && done >= 8 && done < 30);
        assert.deepEqual([waiting, failed, said], [30 - done, 0, done]);
        assert.ok(asked >= 30 && asked <= 32, `${asked} were asked for`);
        assert.deepEqual(last, [30, 30 - done, 'cancelled']);
    });

    test('of nothing is finished at once', async () => {
        const end = await inDesk(
            page,
            async ({ Journal, fakePool, begin }) => {
                const { run, told } = begin({ posts: [], pool: fakePool({}), journal: await Journal.open() });
                return [await run.finished, told.at(-1)?.state];
            },
            null,
        );
        assert.deepEqual(end, ['finished', 'finished']);
    });

    test('stops where the back end is gone, loses nothing, and goes on when it is back', async () => {
        const { stopped, waiting, last } = await inDesk(
            page,
            async ({ emofuse, Journal, fakePool, filePosts, image, begin }) => {
                let isBroken = false;
                const classify = async () => {
                    await new Promise((resolve) => setTimeout(resolve, 1));
                    if (isBroken) throw new emofuse.BackendError('the device is gone');
                };
                const pool = fakePool({ classify });
                const posts = filePosts(Array.from({ length: 30 }, (_, number) => () => image(number)));
                const { run, told } = begin({ posts, pool, journal: await Journal.open() });
                const isStopped = async () => {
                    while (told.at(-1)?.state !== 'stopped' || pool.underWay > 0)
                        await new Promise((resolve) => setTimeout(resolve, 1));
                    return [told.at(-1)?.error?.name, told.at(-1)?.failed];
                };
                while (pool.asked < 10) await new Promise((resolve) => setTimeout(resolve, 1));
                isBroken = true;
                const stopped = [await isStopped()];
                run.resume();
                stopped.push(await isStopped());
                const waiting = posts.filter(({ state }) => state === 'waiting').length;
                isBroken = false;
                run.resume();
                await run.finished;
                const { state, done, failed, error } = told.at(-1) ?? {};
                return { stopped, waiting, last: [state, done, failed, error] };
            },
            null,
        );
        assert.deepEqual(stopped, [
            ['BackendError', 0],
            ['BackendError', 0],
        ]);
        assert.ok(waiting > 0);
        assert.deepEqual(last, ['finished', 30, 0, null]);
    });

    test('is not held up for ever by one post at which the back end fails', async () => {
        const { stops, states, error } = await inDesk(
            page,
            async ({ emofuse, Journal, fakePool, postsOf, begin }) => {
                const classify = async (/** @type {{ caption: string | null }} */ { caption }) => {
                    if (caption === 'poison') throw new emofuse.BackendError('the program stopped');
                };
                const posts = postsOf(
                    ['one', 'poison', 'two', 'three', 'four', 'five', 'six'].map((caption) => ({ caption })),
                );
                const { run, told } = begin({
                    posts,
                    pool: fakePool({ ahead: 2, classify }),
                    journal: await Journal.open(),
                });
                let stops = 0;
                let isOver = false;
                void run.finished.then(() => (isOver = true));
                while (!isOver) {
                    if (told.at(-1)?.state === 'stopped') {
                        stops += 1;
                        run.resume();
                    }
                    await new Promise((resolve) => setTimeout(resolve, 1));
                }
                return { stops, states: posts.map(({ state }) => state), error: posts[1]?.error };
            },
            null,
        );
        assert.equal(stops, 1);
        assert.deepEqual(states, ['done', 'failed', 'done', 'done', 'done', 'done', 'done']);
        assert.equal(error, 'the model fails with this post: the program stopped');
    });

    test('goes on without a post that takes too long, which is counted and listed with the reason', async () => {
        const { stops, states, error, last } = await inDesk(
            page,
            async ({ emofuse, Journal, fakePool, postsOf, begin }) => {
                const classify = async (/** @type {{ caption: string | null }} */ { caption }) => {
                    if (caption === 'hang') throw new emofuse.TimeoutError('it took longer than 20 s in the worker');
                };
                const posts = postsOf(['one', 'hang', 'two'].map((caption) => ({ caption })));
                const { run, told } = begin({ posts, pool: fakePool({ classify }), journal: await Journal.open() });
                await run.finished;
                return {
                    stops: told.filter(({ state }) => state === 'stopped').length,
                    states: posts.map(({ state }) => state),
                    error: posts[1]?.error,
                    last: told.at(-1),
                };
            },
            null,
        );
        assert.equal(stops, 0);
        assert.deepEqual(states, ['done', 'failed', 'done']);
        assert.equal(error, 'the model takes too long with this post and was restarted; make the image smaller');
        assert.deepEqual([last?.done, last?.failed], [2, 1]);
    });

    test('stops when its pool is disposed of', async () => {
        const [state, name, waiting] = await inDesk(
            page,
            async ({ Journal, ClassifierPool, image, filePosts, begin }) => {
                const pool = await ClassifierPool.load({ backend: 'cpu', workers: 1 });
                const posts = filePosts(Array.from({ length: 30 }, (_, number) => () => image(number)));
                const { told } = begin({ posts, pool, journal: await Journal.open() });
                while ((told.at(-1)?.done ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 1));
                pool.dispose();
                while (told.at(-1)?.state !== 'stopped') await new Promise((resolve) => setTimeout(resolve, 1));
                return [
                    told.at(-1)?.state,
                    told.at(-1)?.error?.name,
                    posts.filter((post) => post.state === 'waiting').length,
                ];
            },
            null,
        );
        assert.deepEqual([state, name], ['stopped', 'DisposedError']);
        assert.ok(Number(waiting) > 0);
    });

    test('tells how it goes at most ten times a second, and its end', async () => {
        const { between, last } = await inDesk(
            page,
            async ({ Journal, fakePool, postsOf, Run }) => {
                const pool = fakePool({ ahead: 1, classify: () => new Promise((resolve) => setTimeout(resolve, 4)) });
                const posts = postsOf(Array.from({ length: 300 }, (_, number) => ({ caption: `number ${number}` })));
                /**
                 * @type {{ state: string, at_ms: number, rate_per_s: number, left_s: number | null, done: number }[]}
                 */
                const told = [];
                const onProgress = (/** @type {import('./run.mjs').Progress} */ { state, rate_per_s, left_s, done }) =>
                    told.push({ state, rate_per_s, left_s, done, at_ms: performance.now() });
                const run = new Run({ posts, pool, journal: await Journal.open(), onPost: () => {}, onProgress });
                run.start();
                await run.finished;
                const running = told.filter(({ state }) => state === 'running');
                const between = running
                    .slice(1)
                    .map(({ at_ms }, index) => at_ms - /** @type {typeof told[number]} */ (running[index]).at_ms);
                return { between, last: [running.at(-1), told.at(-1)] };
            },
            null,
        );
        assert.ok(
            between.length >= 3 && Math.min(...between) >= 90,
            `${between.length} times, ${Math.min(...between)} ms apart`,
        );
        const [running, end] = last;
        assert.ok(running && running.rate_per_s > 0 && running.left_s !== null);
        assert.ok(Math.abs(running.left_s - (300 - running.done) / running.rate_per_s) < 1e-6);
        assert.deepEqual([end?.state, end?.done, end?.left_s], ['finished', 300, 0]);
    });
});
