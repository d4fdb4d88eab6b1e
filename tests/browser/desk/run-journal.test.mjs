// The journal: what it keeps, for how long, and how it goes on where the browser keeps nothing.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, openContext } from '../support/harness.mjs';
import { inDesk, openDesk } from './run.mjs';

/** @type {import('../support/harness.mjs').BrowserContext} */
let context;
test.beforeEach(async () => {
    context = await openContext('cpu');
});
test.afterEach(() => context.close());

const MODEL = 'a'.repeat(64);
const KEY = 'b'.repeat(64);

/** Keeps one of each. */
const keepAll = (/** @type {import('../support/harness.mjs').Page} */ page) =>
    inDesk(
        page,
        async ({ Journal }, [model, key]) => {
            const journal = await Journal.open();
            const scores = Float32Array.from({ length: 9 }, (_, index) => index / 36);
            journal.savePrediction(model, key, {
                scores,
                image: null,
                caption: scores,
                agreement: 0.25,
                secondary: 'trust',
                uncertain: true,
                uncertain_because: ['language', 'sides_disagree'],
                backend: 'cpu',
            });
            await journal.saveManualLabel(key, { emotion: 'fear', at: '2026-01-01T00:00:00.000Z', how: 'blind' });
            const bias = {
                joy: 0.5,
                trust: 0,
                fear: 0,
                surprise: 0,
                sadness: 0,
                disgust: 0,
                anger: 0,
                anticipation: 0,
                neutral: 0,
            };
            const agreement = { before: 0.5, after: 0.75 };
            await journal.saveCorrection(model, {
                format: 'emofuse-correction',
                version: 1,
                model_sha256: model,
                temperature: 2,
                bias,
                posts: 30,
                agreement,
                fitted: '2026-01-01',
            });
            const handles = [
                await (await navigator.storage.getDirectory()).getDirectoryHandle('holiday', { create: true }),
            ];
            await journal.saveSession({
                name: 'holiday',
                kind: 'folder',
                handles,
                mapping: { caption: 2 },
                posts: 10,
                done: 4,
                at: '2026-01-01',
            });
            await journal.flush();
            return { persistent: journal.persistent, reason: journal.reason };
        },
        /** @type {const} */ ([MODEL, KEY]),
    );

/** Reads them back. */
const readAll = (/** @type {import('../support/harness.mjs').Page} */ page) =>
    inDesk(
        page,
        async ({ Journal }, [model, key]) => {
            const journal = await Journal.open();
            const [prediction, manualLabel, correction, session] = [
                await journal.prediction(model, key),
                await journal.manualLabel(key),
                await journal.correction(model),
                await journal.session(),
            ];
            const others = [
                await journal.prediction(key, key),
                await journal.prediction(model, model),
                await journal.manualLabel(model),
                await journal.correction(key),
            ];
            return {
                prediction: prediction && {
                    ...prediction,
                    scores: [...prediction.scores],
                    caption: [...(prediction.caption ?? [])],
                },
                manualLabel: manualLabel?.emotion,
                temperature: correction?.temperature,
                session: session && { ...session, handles: session.handles.map(({ name, kind }) => ({ name, kind })) },
                others,
                counts: await journal.counts(),
            };
        },
        /** @type {const} */ ([MODEL, KEY]),
    );

test.describe('what is kept', () => {
    test('is there in another page, by model and content', async () => {
        const page = await openDesk(context);
        assert.deepEqual(await keepAll(page), { persistent: true, reason: null });
        await page.close();
        const { prediction, manualLabel, temperature, session, others, counts } = await readAll(
            await openDesk(context),
        );
        const scores = [...Float32Array.from({ length: 9 }, (_, index) => index / 36)];
        assert.deepEqual(prediction, {
            scores,
            image: null,
            caption: scores,
            agreement: 0.25,
            secondary: 'trust',
            uncertain: true,
            uncertain_because: ['language', 'sides_disagree'],
            backend: 'cpu',
        });
        assert.deepEqual([manualLabel, temperature], ['fear', 2]);
        assert.deepEqual(session, {
            name: 'holiday',
            kind: 'folder',
            handles: [{ name: 'holiday', kind: 'directory' }],
            mapping: { caption: 2 },
            posts: 10,
            done: 4,
            at: '2026-01-01',
        });
        assert.deepEqual(others, [null, null, null, null]);
        assert.deepEqual(counts, { predictions: 1, manualLabels: 1, corrections: 1 });
    });

    test('is in the object stores that the first version made', async () => {
        const page = await openDesk(context);
        const stores = await page.evaluate(async () => {
            await /** @type {any} */ (globalThis).Journal.open();
            return new Promise((/** @type {(names: string[]) => void} */ resolve, reject) => {
                const opening = indexedDB.open('emofuse-desk');
                opening.onsuccess = () => {
                    resolve([...opening.result.objectStoreNames]);
                    opening.result.close();
                };
                opening.onerror = () => reject(opening.error);
            });
        });
        assert.deepEqual(stores, ['corrections', 'desk', 'hands', 'judgements']);
    });

    test('by an earlier version, without second labels and reasons, is taken up', async () => {
        const found = await inDesk(
            await openDesk(context),
            async ({ Journal }, model) => {
                const journal = await Journal.open();
                const scores = new Float32Array(9);
                for (const [key, uncertain] of /** @type {[string, boolean][]} */ ([
                    ['sure', false],
                    ['unsure', true],
                ])) {
                    const earlier = {
                        scores,
                        image: scores,
                        caption: null,
                        agreement: null,
                        uncertain,
                        backend: 'cpu',
                    };
                    journal.savePrediction(
                        model,
                        key,
                        /** @type {import('../../../www/desk/types.js').StoredPrediction} */ (earlier),
                    );
                }
                await journal.flush();
                const again = await Journal.open();
                return Promise.all(
                    ['sure', 'unsure', 'absent'].map(async (key) => {
                        const prediction = await again.prediction(model, key);
                        return prediction && [prediction.secondary, prediction.uncertain, prediction.uncertain_because];
                    }),
                );
            },
            MODEL,
        );
        assert.deepEqual(found, [[null, false, []], [null, true, ['low_confidence']], null]);
    });

    test('is taken back one by one, or forgotten as a whole', async () => {
        const page = await openDesk(context);
        await keepAll(page);
        const found = await inDesk(
            page,
            async ({ Journal }, [model, key]) => {
                const journal = await Journal.open();
                await journal.saveManualLabel(key, null);
                await journal.saveCorrection(model, null);
                const found = [
                    await journal.manualLabel(key),
                    await journal.correction(model),
                    (await journal.prediction(model, key)) !== null,
                ];
                const other = await Journal.open();
                found.push(await other.manualLabel(key), await other.correction(model));
                await journal.clear();
                return [...found, await other.prediction(model, key), await other.session(), await journal.counts()];
            },
            /** @type {const} */ ([MODEL, KEY]),
        );
        assert.deepEqual(found, [
            null,
            null,
            true,
            null,
            null,
            null,
            null,
            { predictions: 0, manualLabels: 0, corrections: 0 },
        ]);
    });

    test('is in order where the same is set many times at once', async () => {
        const last = await inDesk(
            await openDesk(context),
            async ({ Journal, emofuse }) => {
                const journal = await Journal.open();
                const set = emofuse.EMOTIONS.map((emotion) =>
                    journal.saveManualLabel('k', { emotion, at: '', how: 'review' }),
                );
                const during = (await journal.manualLabel('k'))?.emotion;
                await Promise.all(set);
                return [
                    during,
                    (await journal.manualLabel('k'))?.emotion,
                    (await (await Journal.open()).manualLabel('k'))?.emotion,
                ];
            },
            null,
        );
        assert.deepEqual(last, ['neutral', 'neutral', 'neutral']);
    });

    test('is written without being asked, soon, and many together', async () => {
        const { transactions, seen } = await inDesk(
            await openDesk(context),
            async ({ Journal }, model) => {
                const journal = await Journal.open();
                const other = await Journal.open();
                let transactions = 0;
                const { transaction } = IDBDatabase.prototype;
                IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
                    if (mode === 'readwrite') transactions += 1;
                    return transaction.call(this, stores, mode, ...rest);
                };
                const scores = new Float32Array(9);
                for (let number = 0; number < 300; number++) {
                    journal.savePrediction(model, `key ${number}`, {
                        scores,
                        image: scores,
                        caption: null,
                        agreement: null,
                        secondary: null,
                        uncertain: false,
                        uncertain_because: [],
                        backend: 'cpu',
                    });
                    if (number % 30 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
                }
                while ((await other.prediction(model, 'key 299')) === null)
                    await new Promise((resolve) => setTimeout(resolve, 10));
                return { transactions, seen: (await other.counts()).predictions };
            },
            MODEL,
        );
        assert.equal(seen, 300);
        assert.ok(transactions <= 10, `${transactions} transactions`);
    });

    test('are hashes, numbers and labels: no image, no caption', async () => {
        const page = await openDesk(context);
        const text = await inDesk(
            page,
            async ({ Journal, fakePool, postsOf, image, begin }) => {
                const file = await image(3);
                const posts = postsOf([{ open: async () => file, image: 'secret.png', caption: 'a secret caption' }]);
                const journal = await Journal.open();
                await begin({ posts, pool: fakePool({}), journal }).run.finished;
                await journal.saveManualLabel(posts[0]?.key ?? '', { emotion: 'joy', at: '', how: 'post' });
                const database = await new Promise((/** @type {(database: IDBDatabase) => void} */ resolve) => {
                    const request = indexedDB.open('emofuse-desk');
                    request.onsuccess = () => resolve(request.result);
                });
                const all = [];
                for (const store of database.objectStoreNames) {
                    const objects = database.transaction(store).objectStore(store);
                    for (const request of [objects.getAll(), objects.getAllKeys()]) {
                        await new Promise((resolve) => (request.onsuccess = resolve));
                        all.push(request.result);
                    }
                }
                return JSON.stringify(all);
            },
            null,
        );
        assert.match(text, /"joy"/);
        assert.doesNotMatch(text, /secret/);
        assert.ok(text.length < 2000, text);
    });
});

test.describe('where the browser', () => {
    test('refuses a database, it goes on in memory and says so', async () => {
        await context.addInitScript(() => {
            indexedDB.open = () => {
                throw new DOMException(
                    'A mutation operation was attempted on a database that did not allow mutations.',
                    'InvalidStateError',
                );
            };
        });
        const desk = await openDesk(context);
        const { persistent, reason } = await keepAll(desk);
        assert.equal(persistent, false);
        assert.match(String(reason), /^the browser does not keep it: /);
        const found = await inDesk(
            desk,
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const journal = await Journal.open();
                const files = await Promise.all([1, 2, 3].map(image));
                const asked = [];
                for (let time = 0; time < 2; time++) {
                    const pool = fakePool({});
                    const { run } = begin({ posts: filePosts(files), pool, journal });
                    asked.push(await run.finished, pool.asked);
                }
                await journal.saveManualLabel('k', { emotion: 'joy', at: '', how: 'review' });
                const manualLabel = (await journal.manualLabel('k'))?.emotion;
                const counts = await journal.counts();
                await journal.clear();
                return [...asked, manualLabel, counts, await journal.counts()];
            },
            null,
        );
        const none = { predictions: 0, manualLabels: 0, corrections: 0 };
        assert.deepEqual(found, [
            'finished',
            3,
            'finished',
            0,
            'joy',
            { ...none, predictions: 3, manualLabels: 1 },
            none,
        ]);
    });

    test('has no more room, the run goes on, and what was not written is when there is room again', async () => {
        const found = await inDesk(
            await openDesk(context),
            async ({ Journal, fakePool, filePosts, image, begin }) => {
                const journal = await Journal.open();
                /** @type {[boolean, string | null][]} */
                const told = [];
                journal.onChange = () => told.push([journal.persistent, journal.reason]);
                const { put } = IDBObjectStore.prototype;
                IDBObjectStore.prototype.put = () => {
                    throw new DOMException('Encountered full disk while committing transaction.', 'QuotaExceededError');
                };
                const pool = fakePool({});
                const files = await Promise.all(Array.from({ length: 10 }, (_, number) => image(number)));
                const posts = filePosts(files);
                const end = await begin({ posts, pool, journal }).run.finished;
                const inMemory = (await journal.prediction('f'.repeat(64), posts[0]?.key ?? '')) !== null;
                const before = (await (await Journal.open()).counts()).predictions;
                IDBObjectStore.prototype.put = put;
                await journal.flush();
                const after = (await (await Journal.open()).counts()).predictions;
                return {
                    end,
                    done: posts.filter(({ state }) => state === 'done').length,
                    inMemory,
                    before,
                    after,
                    told,
                };
            },
            null,
        );
        assert.deepEqual(
            [found.end, found.done, found.inMemory, found.before, found.after],
            ['finished', 10, true, 0, 10],
        );
        assert.deepEqual(found.told, [
            [false, 'the browser has no more room for it; free some space on the disk'],
            [true, null],
        ]);
    });

    test('has a newer version of the desk open, the older one lets go and says so', async () => {
        const old = await openDesk(context);
        await inDesk(
            old,
            async ({ Journal }) => void Object.assign(globalThis, { journal: await Journal.open() }),
            null,
        );
        const newer = await openDesk(context);
        const opened = await newer.evaluate(
            () =>
                new Promise((resolve) => {
                    const request = indexedDB.open('emofuse-desk', 2);
                    request.onblocked = () => resolve('blocked');
                    request.onsuccess = () => resolve('opened');
                }),
        );
        assert.equal(opened, 'opened');
        const [persistent, reason, manualLabel] = await old.evaluate(async () => {
            const { journal } = /** @type {{ journal: import('../../../www/desk/labelling/journal.js').Journal }} */ (
                /** @type {unknown} */ (globalThis)
            );
            await journal.saveManualLabel('k', { emotion: 'joy', at: '', how: 'review' });
            return [journal.persistent, journal.reason, (await journal.manualLabel('k'))?.emotion];
        });
        assert.deepEqual([persistent, manualLabel], [false, 'joy']);
        assert.match(String(reason), /newer version.*reload this page/);
        const again = await inDesk(newer, async ({ Journal }) => (await Journal.open()).persistent, null);
        assert.equal(again, false, 'an old version cannot open the newer database');
    });

    test('has an older version of the desk open that does not let go, the newer one says so', async () => {
        const old = await openDesk(context);
        await old.evaluate(
            () =>
                new Promise((resolve) => {
                    const request = indexedDB.open('emofuse-desk', 1);
                    request.onsuccess = () => {
                        Object.assign(globalThis, { held: request.result });
                        resolve(null);
                    };
                }),
        );
        await context.route(`${address}desk/labelling/journal.js`, async (route) => {
            const response = await route.fetch();
            await route.fulfill({
                contentType: 'text/javascript',
                body: (await response.text()).replace('const VERSION = 1;', 'const VERSION = 2;'),
            });
        });
        const [persistent, reason] = await inDesk(
            await openDesk(context),
            async ({ Journal }) => {
                const journal = await Journal.open();
                return [journal.persistent, journal.reason];
            },
            null,
        );
        assert.equal(persistent, false);
        assert.match(String(reason), /another tab has an older version.*close that tab and reload this page/);
    });
});

test('the label of an image is found by its content alone', async () => {
    const [first, second, other] = await inDesk(
        await openDesk(context),
        async ({ hash }) => {
            const words = (/** @type {string} */ text) => new TextEncoder().encode(text);
            const sum = await hash.sha256(words('abc'));
            return [sum, await hash.contentKey(sum, 'a caption'), await hash.contentKey(null, null)];
        },
        null,
    );
    assert.equal(first, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const { createHash } = await import('node:crypto');
    const expected = (/** @type {unknown[]} */ pair) => createHash('sha256').update(JSON.stringify(pair)).digest('hex');
    assert.equal(second, expected([first, 'a caption']));
    assert.equal(other, expected([null, null]));
});
