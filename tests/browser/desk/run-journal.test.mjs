// The journal: what it keeps, for how long, and how it goes on where the browser keeps nothing.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { address, openContext } from '../support/harness.mjs';
import { clearJournal, inDesk, openDesk } from './run.mjs';

/** @type {import('../support/harness.mjs').BrowserContext} */
let context;
test.beforeEach(async () => {
    context = await openContext('cpu');
});
test.afterEach(() => context.close());

const MODEL = 'a'.repeat(64);
const KEY = 'b'.repeat(64);

/** The object stores of each version of the schema that there was, from 1; `VERSION` in journal.js is the last. */
const SCHEMAS = [
    ['judgements', 'hands', 'corrections', 'desk'],
    ['judgements', 'hands', 'notes', 'corrections', 'desk'],
];

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
            return { persistent: journal.persistent, problem: journal.problem };
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
        assert.deepEqual(await keepAll(page), { persistent: true, problem: null });
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
        assert.deepEqual(counts, { predictions: 1, manualLabels: 1, notes: 0, corrections: 1 });
    });

    test('is in the object stores that the first version made, and those of later ones', async () => {
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
        assert.deepEqual(stores, ['corrections', 'desk', 'hands', 'judgements', 'notes']);
    });

    for (const [version, stores] of SCHEMAS.entries())
        test(`by version ${version + 1} of the schema stays, and gets room for notes and settings`, async () => {
            const page = await openDesk(context);
            const found = await inDesk(
                page,
                async ({ Journal }, [model, version, stores]) => {
                    // As that version made it, with a label, a prediction and a session.
                    const old = await new Promise((/** @type {(database: IDBDatabase) => void} */ resolve, reject) => {
                        const request = indexedDB.open('emofuse-desk', version);
                        request.onupgradeneeded = () => {
                            for (const name of stores) request.result.createObjectStore(name);
                        };
                        request.onsuccess = () => resolve(request.result);
                        request.onerror = () => reject(request.error);
                    });
                    const writing = old.transaction(['judgements', 'hands', 'desk'], 'readwrite');
                    const scores = new Float32Array(9).fill(1 / 9);
                    writing.objectStore('hands').put({ emotion: 'trust', at: '2024-01-01', how: 'review' }, 'a post');
                    writing
                        .objectStore('judgements')
                        .put(
                            { scores, image: null, caption: scores, agreement: null, uncertain: false, backend: 'cpu' },
                            `${model} a post`,
                        );
                    writing
                        .objectStore('desk')
                        .put(
                            { name: 'old', kind: 'files', handles: [], mapping: null, posts: 3, done: 2, at: '' },
                            'session',
                        );
                    await new Promise((resolve) => (writing.oncomplete = resolve));
                    old.close();

                    const journal = await Journal.open();
                    await journal.saveNote('a post', 'Is that irony?');
                    await journal.saveManualLabel('another post', {
                        emotion: 'joy',
                        secondary: 'surprise',
                        at: '',
                        how: 'review',
                    });
                    await journal.saveSettings({ guide: 'Irony counts as meant.', hidesGuess: true });
                    journal.close();
                    const again = await Journal.open();
                    const result = {
                        persistent: again.persistent,
                        label: (await again.manualLabel('a post'))?.emotion,
                        prediction: (await again.prediction(model, 'a post'))?.backend,
                        session: (await again.session())?.name,
                        note: await again.note('a post'),
                        noNote: await again.note('another post'),
                        secondary: (await again.manualLabel('another post'))?.secondary,
                        settings: await again.settings(),
                        counts: await again.counts(),
                    };
                    await again.saveNote('a post', null);
                    await again.flush();
                    return { ...result, removed: await (await Journal.open()).note('a post') };
                },
                /** @type {const} */ ([MODEL, version + 1, stores]),
            );
            assert.deepEqual(found, {
                persistent: true,
                label: 'trust',
                prediction: 'cpu',
                session: 'old',
                note: 'Is that irony?',
                noNote: null,
                secondary: 'surprise',
                settings: { guide: 'Irony counts as meant.', hidesGuess: true },
                counts: { predictions: 1, manualLabels: 2, notes: 1, corrections: 0 },
                removed: null,
            });
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
            { predictions: 0, manualLabels: 0, notes: 0, corrections: 0 },
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
        const { persistent, problem } = await keepAll(desk);
        assert.equal(persistent, false);
        assert.equal(problem?.kind, 'refused');
        assert.match(problem.detail ?? '', /did not allow mutations/);
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
        const none = { predictions: 0, manualLabels: 0, notes: 0, corrections: 0 };
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
                /** @type {(string | null)[]} */
                const told = [];
                journal.onChange = () => told.push(journal.problem?.kind ?? null);
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
                await new Promise((/** @type {(value: void) => void} */ resolve) => {
                    journal.onChange = () => {
                        told.push(journal.problem?.kind ?? null);
                        resolve();
                    };
                });
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
        assert.deepEqual(found.told, ['full', null]);
    });

    test('never answers again, what was under way is written by another connection', async () => {
        const found = await inDesk(
            await openDesk(context),
            async ({ Journal }) => {
                const journal = await Journal.open();
                // As Chromium does when it deletes the database of a page to make room: no request and no transaction
                // ends, and the connection is closed.
                const { transaction } = IDBDatabase.prototype;
                /** @type {IDBDatabase[]} */
                const used = [];
                IDBDatabase.prototype.transaction = function (...given) {
                    used.push(this);
                    const made = transaction.apply(this, given);
                    if (this === used[0]) made.addEventListener = () => {};
                    return made;
                };
                /** @type {(string | null)[]} */
                const told = [];
                const saving = journal.saveManualLabel('k', { emotion: 'joy', at: '', how: 'review' });
                while (used.length === 0) await null;
                await new Promise((/** @type {(value: void) => void} */ resolve) => {
                    journal.onChange = () => {
                        told.push(journal.problem?.kind ?? null);
                        if (journal.persistent) resolve();
                    };
                    used[0]?.dispatchEvent(new Event('close'));
                });
                await saving;
                const { unsaved } = journal;
                journal.close();
                return { told, unsaved, emotion: (await (await Journal.open()).manualLabel('k'))?.emotion };
            },
            null,
        );
        assert.deepEqual(found, {
            told: ['closed', null],
            unsaved: { predictions: 0, labels: 0 },
            emotion: 'joy',
        });
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
                    const request = indexedDB.open('emofuse-desk', 3);
                    request.onblocked = () => resolve('blocked');
                    request.onsuccess = () => resolve('opened');
                }),
        );
        assert.equal(opened, 'opened');
        const [kind, manualLabel] = await old.evaluate(async () => {
            const { journal } = /** @type {{ journal: import('../../../www/desk/labelling/journal.js').Journal }} */ (
                /** @type {unknown} */ (globalThis)
            );
            await journal.saveManualLabel('k', { emotion: 'joy', at: '', how: 'review' });
            return [journal.problem?.kind, (await journal.manualLabel('k'))?.emotion];
        });
        assert.deepEqual([kind, manualLabel], ['superseded', 'joy']);
        const again = await inDesk(newer, async ({ Journal }) => (await Journal.open()).persistent, null);
        assert.equal(again, false, 'an old version cannot open the newer database');
    });

    for (const [version, stores] of SCHEMAS.entries())
        test(`has version ${version + 1} open, which does not let go, the newer one says so and goes on when it does`, async () => {
            const old = await openDesk(context);
            await old.evaluate(
                ([version, stores]) =>
                    new Promise((resolve) => {
                        const request = indexedDB.open('emofuse-desk', version);
                        request.onupgradeneeded = () => {
                            for (const name of stores) request.result.createObjectStore(name);
                        };
                        request.onsuccess = () => {
                            const writing = request.result.transaction('hands', 'readwrite');
                            writing.objectStore('hands').put({ emotion: 'fear', at: '', how: 'review' }, 'before');
                            writing.oncomplete = () => {
                                Object.assign(globalThis, { held: request.result });
                                resolve(null);
                            };
                        };
                    }),
                /** @type {const} */ ([version + 1, stores]),
            );
            await context.route(`${address}desk/labelling/journal.js`, async (route) => {
                const response = await route.fetch();
                await route.fulfill({
                    contentType: 'text/javascript',
                    body: (await response.text()).replace(
                        `const VERSION = ${SCHEMAS.length};`,
                        `const VERSION = ${SCHEMAS.length + 1};`,
                    ),
                });
            });
            const page = await openDesk(context);
            const found = await inDesk(
                page,
                async ({ Journal }) => {
                    const journal = await Journal.open();
                    const reopened = new Promise((/** @type {(value: void) => void} */ resolve) => {
                        journal.onReopened = async () => resolve();
                    });
                    Object.assign(globalThis, { journal, reopened });
                    await journal.saveManualLabel('meanwhile', { emotion: 'joy', at: '', how: 'review' });
                    return [journal.problem?.kind, journal.unsaved.labels];
                },
                null,
            );
            assert.deepEqual(found, ['blocked', 1]);
            await old.close();
            const after = await page.evaluate(async () => {
                const { journal, reopened } =
                    /** @type {{ journal: import('../../../www/desk/labelling/journal.js').Journal, reopened: Promise<void> }} */ (
                        /** @type {unknown} */ (globalThis)
                    );
                await reopened;
                await journal.flush();
                const labels = await Promise.all(['before', 'meanwhile'].map((key) => journal.manualLabel(key)));
                return [journal.problem, journal.unsaved.labels, ...labels.map((label) => label?.emotion)];
            });
            assert.deepEqual(after, [null, 0, 'fear', 'joy']);
        });
});

test.describe('what was written after a failure is proven, and', () => {
    /**
     * Has a journal whose timers run twenty times as fast, fills its disk, frees it, and waits until the journal closes its
     * database for the proof. `isMarkLost`: the browser has thrown away what it wrote.
     *
     * @param {import('../support/harness.mjs').Page} page
     * @param {{ isMarkLost: boolean }} disk
     */
    const beginProof = (page, { isMarkLost }) =>
        inDesk(
            page,
            async ({ Journal }, isMarkLost) => {
                const later = globalThis.setTimeout;
                globalThis.setTimeout = /** @type {typeof setTimeout} */ (
                    (/** @type {() => void} */ run, /** @type {number} */ wait_ms) => later(run, wait_ms / 20)
                );
                const counted = { open: 0, most: 0, closed: 0 };
                const { close } = IDBDatabase.prototype;
                /** @type {IDBDatabase[]} */
                const connections = [];
                IDBDatabase.prototype.close = function () {
                    counted.open -= 1;
                    counted.closed += 1;
                    close.call(this);
                };
                const open = indexedDB.open.bind(indexedDB);
                indexedDB.open = (...given) => {
                    const request = open(...given);
                    counted.open += 1;
                    counted.most = Math.max(counted.most, counted.open);
                    request.addEventListener('success', () => connections.push(request.result));
                    return request;
                };
                const journal = await Journal.open();
                const { put, get } = IDBObjectStore.prototype;
                IDBObjectStore.prototype.put = () => {
                    throw new DOMException('Encountered full disk while committing transaction.', 'QuotaExceededError');
                };
                const label = { emotion: /** @type {const} */ ('joy'), at: '', how: /** @type {const} */ ('review') };
                await journal.saveManualLabel('k', label);
                IDBObjectStore.prototype.put = put;
                let isLost = isMarkLost;
                IDBObjectStore.prototype.get = function (key) {
                    const isThisLost = isLost && key === 'proof';
                    if (isThisLost) isLost = false;
                    return get.call(this, isThisLost ? 'no such key' : key);
                };
                const solved = () =>
                    new Promise((/** @type {(value: void) => void} */ resolve) => {
                        journal.onChange = () => void (journal.persistent && resolve());
                    });
                Object.assign(globalThis, { journal, counted, connections, solved, label });
                void journal.flush();
                while (counted.closed === 0) await new Promise((resolve) => later(resolve, 1));
            },
            isMarkLost,
        );

    /**
     * @typedef {{ journal: import('../../../www/desk/labelling/journal.js').Journal, counted: { open: number, most: number,
     *     closed: number }, connections: IDBDatabase[], solved: () => Promise<void>,
     *     label: import('../../../www/desk/types.js').ManualLabel }} Proving
     */

    test('a database that is closed while everything is written anew is opened again by itself', async () => {
        const page = await openDesk(context);
        await beginProof(page, { isMarkLost: true });
        const stored = await page.evaluate(async () => {
            const { journal, connections, solved, label } = /** @type {Proving} */ (
                /** @type {unknown} */ (globalThis)
            );
            let calls = 0;
            journal.onReopened = async () => {
                if (calls++ > 0) return;
                connections.at(-1)?.dispatchEvent(new Event('close'));
                // longer than the journal waits before it tries again
                await new Promise((resolve) => setTimeout(resolve, 10_000));
                await journal.saveManualLabel('other', label);
            };
            await solved();
            return [(await journal.manualLabel('k'))?.emotion, (await journal.manualLabel('other'))?.emotion];
        });
        assert.deepEqual(stored, ['joy', 'joy']);
    });

    test('until then it counts as unsaved, and is written once more where the mark is lost', async () => {
        const page = await openDesk(context);
        await beginProof(page, { isMarkLost: true });
        const found = await page.evaluate(async () => {
            const { journal, solved } = /** @type {Proving} */ (/** @type {unknown} */ (globalThis));
            const meanwhile = journal.unsaved.labels;
            let told = 0;
            journal.onUnsaved = () => void told++;
            await solved();
            return { meanwhile, wasTold: told > 0, afterwards: journal.unsaved.labels };
        });
        assert.deepEqual(found, { meanwhile: 1, wasTold: true, afterwards: 0 });
    });

    for (const isMarkLost of [false, true])
        test(`what is deleted meanwhile stays deleted, on one connection, ${isMarkLost ? 'though the mark is lost' : 'with the mark found'}`, async () => {
            const page = await openDesk(context);
            await beginProof(page, { isMarkLost });
            const found = await page.evaluate(async () => {
                const { journal, counted, solved, label } = /** @type {Proving} */ (
                    /** @type {unknown} */ (globalThis)
                );
                journal.onReopened = () => journal.saveManualLabel('k', label); // as it is on the desk
                const isSolved = solved();
                await journal.clear();
                if (!journal.persistent) await isSolved;
                const { manualLabels } = await journal.counts();
                return { manualLabels, most: counted.most };
            });
            assert.deepEqual(found, { manualLabels: 0, most: 1 });
            await page.evaluate(() => /** @type {Proving} */ (/** @type {unknown} */ (globalThis)).journal.close());
            const { manualLabels } = await inDesk(page, async ({ Journal }) => (await Journal.open()).counts(), null);
            assert.equal(manualLabels, 0);
        });

    test('a disk that stays full is tried every few seconds, not at once', async () => {
        const page = await openDesk(context);
        await beginProof(page, { isMarkLost: false });
        const puts = await page.evaluate(async () => {
            const { journal } = /** @type {Proving} */ (/** @type {unknown} */ (globalThis));
            let puts = 0;
            let timers = 0;
            IDBObjectStore.prototype.put = () => {
                puts += 1;
                throw new DOMException('Encountered full disk while committing transaction.', 'QuotaExceededError');
            };
            const later = globalThis.setTimeout;
            globalThis.setTimeout = /** @type {typeof setTimeout} */ (
                (/** @type {() => void} */ run, /** @type {number} */ wait_ms) =>
                    later(() => {
                        if (wait_ms >= 3000) timers += 1;
                        run();
                    }, wait_ms)
            );
            // The mark cannot be written, and neither can anything else.
            const { get } = IDBObjectStore.prototype;
            IDBObjectStore.prototype.get = function (key) {
                return get.call(this, key === 'proof' ? 'no such key' : key);
            };
            while (timers < 8) await new Promise((resolve) => later(resolve, 100));
            journal.close();
            return puts;
        });
        assert.ok(puts >= 1 && puts <= 16, `${puts} attempts in the time of eight`);
    });
});

test.describe('the label log', () => {
    /** Deletes the database, as a browser does that finds it damaged. */
    const reset = (/** @type {import('../support/harness.mjs').Page} */ page) =>
        page.evaluate(
            () =>
                new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
                    const request = indexedDB.deleteDatabase('emofuse-desk');
                    request.onsuccess = () => resolve();
                    request.onerror = () => reject(request.error);
                }),
        );

    const work = (/** @type {import('../support/harness.mjs').Page} */ page) =>
        inDesk(
            page,
            async ({ Journal, fileName }) => {
                const journal = await Journal.open();
                const at = '2026-01-01T00:00:00.000Z';
                await journal.saveManualLabel('a', { emotion: 'joy', at, how: 'review' });
                await journal.saveManualLabel('b', { emotion: 'fear', secondary: 'surprise', at, how: 'blind' });
                await journal.saveManualLabel('a', null);
                await journal.saveNote('b', 'Is that irony?');
                await journal.saveSettings({ guide: 'Irony counts as meant.', hidesGuess: true });
                const hasLogged = async () => {
                    const folder = await navigator.storage.getDirectory();
                    const file = await folder.getFileHandle(fileName).catch(() => null);
                    return file !== null && (await (await file.getFile()).text()).includes('hidesGuess');
                };
                while (!(await hasLogged())) await new Promise((resolve) => setTimeout(resolve, 10));
                journal.close();
            },
            null,
        );

    const look = (/** @type {import('../support/harness.mjs').Page} */ page) =>
        inDesk(
            page,
            async ({ Journal }) => {
                const journal = await Journal.open();
                const found = {
                    labels: [await journal.manualLabel('a'), await journal.manualLabel('b')],
                    note: await journal.note('b'),
                    settings: await journal.settings(),
                    problem: journal.problem,
                };
                journal.close();
                return found;
            },
            null,
        );

    test('gives a database that was reset all that a person made', async () => {
        const page = await openDesk(context);
        await work(page);
        const before = await look(page);
        assert.deepEqual(before, {
            labels: [null, { emotion: 'fear', secondary: 'surprise', at: '2026-01-01T00:00:00.000Z', how: 'blind' }],
            note: 'Is that irony?',
            settings: { guide: 'Irony counts as meant.', hidesGuess: true },
            problem: null,
        });
        await reset(page);
        assert.deepEqual(await look(page), before);
    });

    test('has a copy for browsers that delete databases and files when the disk gets full', async () => {
        const page = await openDesk(context);
        await work(page);
        const before = await look(page);
        await reset(page);
        await page.evaluate(async () => {
            const folder = await navigator.storage.getDirectory();
            for await (const name of folder.keys()) await folder.removeEntry(name);
        });
        assert.deepEqual(await look(page), before);
    });

    test('is read while the browser opens no database, and deleted with everything else then, too', async () => {
        const page = await openDesk(context);
        await work(page);
        const { labels, note, settings } = await look(page);
        const found = await inDesk(
            page,
            async ({ Journal }) => {
                indexedDB.open = () => {
                    throw new DOMException('Internal error.', 'InvalidStateError');
                };
                const journal = await Journal.open();
                const read = async () => ({
                    labels: [await journal.manualLabel('a'), await journal.manualLabel('b')],
                    note: await journal.note('b'),
                    settings: await journal.settings(),
                });
                const before = await read();
                await journal.clear();
                const after = await read();
                const kind = journal.problem?.kind;
                journal.close();
                return { before, after, kind };
            },
            null,
        );
        assert.deepEqual(found, {
            before: { labels, note, settings },
            after: { labels: [null, null], note: null, settings: null },
            kind: 'refused',
        });
    });

    test('is deleted with everything else', async () => {
        const page = await openDesk(context);
        await work(page);
        await clearJournal(page);
        await reset(page);
        const { labels, note, settings } = await look(page);
        assert.deepEqual([labels, note, settings], [[null, null], null, null]);
    });

    test('has what the database kept before there was a log', async () => {
        const page = await openDesk(context);
        await page.evaluate(
            (stores) =>
                new Promise((/** @type {(value: void) => void} */ resolve) => {
                    const request = indexedDB.open('emofuse-desk', 2);
                    request.onupgradeneeded = () => {
                        for (const name of stores) request.result.createObjectStore(name);
                    };
                    request.onsuccess = () => {
                        const writing = request.result.transaction('hands', 'readwrite');
                        writing.objectStore('hands').put({ emotion: 'trust', at: '', how: 'review' }, 'b');
                        writing.oncomplete = () => {
                            request.result.close();
                            resolve();
                        };
                    };
                }),
            SCHEMAS[1] ?? [],
        );
        await inDesk(
            page,
            async ({ Journal, fileName }) => {
                const journal = await Journal.open();
                const isLogged = async () => {
                    const folder = await navigator.storage.getDirectory();
                    const file = await folder.getFileHandle(fileName).catch(() => null);
                    return file !== null && (await (await file.getFile()).text()).includes('trust');
                };
                while (!(await isLogged())) await new Promise((resolve) => setTimeout(resolve, 10));
                journal.close();
            },
            null,
        );
        await reset(page);
        assert.equal((await look(page)).labels[1]?.emotion, 'trust');
    });

    test('may be missing: labels are stored without it', async () => {
        await context.route(`${address}desk/labelling/label-log-worker.js`, (route) => route.abort());
        const page = await openDesk(context);
        const found = await inDesk(
            page,
            async ({ Journal }) => {
                const journal = await Journal.open();
                await journal.saveManualLabel('a', { emotion: 'joy', at: '', how: 'review' });
                await journal.saveManualLabel('a', { emotion: 'fear', at: '', how: 'review' });
                const { problem, unsaved } = journal;
                journal.close();
                const again = await Journal.open();
                return { problem, unsaved, emotion: (await again.manualLabel('a'))?.emotion };
            },
            null,
        );
        assert.deepEqual(found, { problem: null, unsaved: { predictions: 0, labels: 0 }, emotion: 'fear' });
    });
});

test('a label that another tab sets while its post is being analysed is not overlooked', async () => {
    const [one, other] = [await openDesk(context), await openDesk(context)];
    await inDesk(
        one,
        async ({ Journal, fakePool, filePosts, image, begin }) => {
            let goOn = () => {};
            const released = new Promise((/** @type {(value: void) => void} */ resolve) => (goOn = resolve));
            let isBegun = () => {};
            const begun = new Promise((/** @type {(value: void) => void} */ resolve) => (isBegun = resolve));
            const classify = () => {
                isBegun();
                return released;
            };
            const journal = await Journal.open();
            const seen = new Promise((/** @type {(value: void) => void} */ resolve) => {
                journal.onRemoteChange = () => resolve();
            });
            const posts = filePosts([await image(3)]);
            const { run } = begin({ posts, pool: fakePool({ classify }), journal });
            await begun;
            const end = async () => {
                await seen;
                goOn();
                await run.finished;
                return posts[0]?.manualLabel?.emotion;
            };
            Object.assign(globalThis, { end });
        },
        null,
    );
    await inDesk(
        other,
        async ({ Journal, image, hash }) => {
            const key = await hash.contentKey(await hash.sha256(await (await image(3)).arrayBuffer()), null);
            await (await Journal.open()).saveManualLabel(key, { emotion: 'joy', at: '', how: 'review' });
        },
        null,
    );
    const emotion = await one.evaluate(() =>
        /** @type {{ end: () => Promise<string> }} */ (/** @type {unknown} */ (globalThis)).end(),
    );
    assert.equal(emotion, 'joy');
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
