// createExtensionHost in an extension of somebody else's: a service worker, a page and one offscreen document.
import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { Installed } from './extension.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('./extension.mjs').Page} Page */
/** @typedef {import('../../../pkg/extension.js').ExtensionHost} ExtensionHost */
/** @typedef {typeof import('../../../pkg/extension.js').createExtensionHost} CreateExtensionHost */
/** @typedef {{ host: ExtensionHost, createExtensionHost: CreateExtensionHost, meadow: Blob }} Globals */

const BACKGROUND = `
    import { createExtensionHost } from './pkg/extension.js';
    globalThis.host = createExtensionHost({ backend: 'cpu' });
    chrome.runtime.onMessage.addListener(() => {});
`;
const PAGE = '<!doctype html><title>page</title><script type="module" src="page.js"></script>';
const PAGE_SCRIPT = `
    import { createExtensionHost } from './pkg/extension.js';
    const meadow = await (await fetch('meadow.png')).blob();
    Object.assign(globalThis, { createExtensionHost, meadow, host: createExtensionHost({ backend: 'cpu' }) });
`;

/** @type {string} */
let folder;
/** @type {Installed} */
let extension;
/** @type {Page} */
let page;

test.beforeAll(async () => {
    extension = await Installed.open({
        change: ({ side_panel: _, ...manifest }) => ({
            ...manifest,
            background: { service_worker: 'background.js', type: 'module' },
        }),
        prepare: async (made) => {
            folder = made;
            const files = {
                'background.js': BACKGROUND,
                'page.html': PAGE,
                'page.js': PAGE_SCRIPT,
                'meadow.png': MEADOW,
            };
            const foreign = {
                'foreign.html': '<!doctype html><title>foreign</title>',
                'own.html': '<!doctype html><script type="module" src="./pkg/src/extension/offscreen.js"></script>',
            };
            for (const [name, content] of Object.entries({ ...files, ...foreign }))
                await writeFile(join(made, name), content);
        },
    });
    page = await openPage();
});
test.afterAll(() => extension.close());

async function openPage() {
    const opened = await extension.openPage(extension.url('page.html'));
    await opened.waitForFunction(() => 'host' in globalThis);
    return opened;
}

/**
 * @template R
 * @param {(globals: Globals) => R | Promise<R>} run
 * @param {Page} [where]
 * @returns {Promise<R>}
 */
const inPage = (run, where = page) => where.evaluate(`(${run})(globalThis)`);

/** @param {(globals: Globals) => unknown} run */
const errorInPage = (run) =>
    /** @type {Promise<{ name: string, message: string }>} */ (
        page.evaluate(
            `(async () => (${run})(globalThis))().then(() => ({ name: 'none' }), ({ name, message }) => ({ name, message }))`,
        )
    );

/** Closes the offscreen document; none is there where the tests before were run by another process. */
const closeOffscreen = () => page.evaluate(() => chrome.offscreen.closeDocument().catch(() => {}));
const documents = async () => (await extension.ownTargets('background_page')).length;
const caption = 'What a wonderful, happy day!';

test('worker and page ask at the same time, and share one offscreen document', async () => {
    assert.equal(await documents(), 0);
    const second = await openPage();
    const [fromWorker, fromPage, fromSecond] = await Promise.all([
        extension.inWorker(
            (text) => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).host.classify({ caption: text }),
            caption,
        ),
        inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' })),
        inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' }), second),
    ]);
    assert.equal(fromWorker.emotion, 'joy');
    assert.deepEqual(fromPage.scores, fromWorker.scores);
    assert.deepEqual(
        [fromPage.secondary, fromPage.uncertain_because],
        [fromWorker.secondary, fromWorker.uncertain_because],
    );
    assert.equal(fromWorker.uncertain, fromWorker.uncertain_because.length > 0);
    assert.deepEqual(fromSecond.scores, fromWorker.scores);
    assert.equal(await documents(), 1);
    assert.deepEqual(await inPage(() => caches.keys()), [], 'nothing is stored: the files are the extension’s own');
    await second.close();
});

test('the worker hands over an image, and ends; a fresh one finds the model loaded', async () => {
    const classify = async () => {
        const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        // A fresh worker runs its script first.
        while (!globals.host) await new Promise((resolve) => setTimeout(resolve, 20));
        const { host } = globals;
        return host.classify({ image: await (await fetch('meadow.png')).blob() });
    };
    const first = await extension.inWorker(classify, null);
    assert.ok(first.image);
    await extension.endWorker(page);
    await page.evaluate(() => void chrome.runtime.sendMessage('wake').catch(() => {}));
    const second = await extension.inWorker(classify, null);
    assert.deepEqual(second.scores, first.scores);
    assert.equal(await documents(), 1);
});

test('files, bitmaps and pixels say the same', async () => {
    const scores = await inPage(async ({ host, meadow }) => {
        const bitmap = await createImageBitmap(meadow);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
            new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
        );
        context.drawImage(bitmap, 0, 0);
        const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
        const results = [];
        for (const image of [meadow, await meadow.arrayBuffer(), bitmap, pixels, context.canvas])
            results.push((await host.classify({ image })).scores);
        return [...results, bitmap.width];
    });
    assert.equal(scores.pop(), 160, 'the caller’s bitmap is still open');
    for (const other of scores) assert.deepEqual(other, scores[0]);
});

test('it describes what is loaded', async () => {
    const description = await inPage(({ host }) => host.describe());
    assert.equal(description.backend, 'cpu');
    assert.equal(description.backendReason, 'chosen');
    assert.equal(description.labels.length, 9);
});

test.describe('errors keep their names', () => {
    /** @type {[name: string, when: string, run: (globals: Globals) => unknown][]} */
    const cases = [
        ['EmptyPostError', 'an empty caption', ({ host }) => host.classify({ caption: ' ' })],
        ['EmptyPostError', 'a caption without letters', ({ host }) => host.classify({ caption: '\u200b' })], // found out on the other side
        [
            'UnsupportedImageError',
            'an image that is none',
            ({ host }) => host.classify({ image: new Blob(['no image']) }),
        ],
        [
            'TypeError',
            'a post with an unknown key',
            ({ host }) => host.classify(/** @type {any} */ ({ picture: null })),
        ],
        ['TypeError', 'an image that is a number', ({ host }) => host.classify({ image: /** @type {any} */ (1) })],
        [
            'TypeError',
            'an unknown option',
            ({ createExtensionHost }) => createExtensionHost(/** @type {any} */ ({ backends: 'cpu' })),
        ],
        [
            'TypeError',
            'an unknown back end',
            ({ createExtensionHost }) => createExtensionHost({ backend: /** @type {any} */ ('gpu') }),
        ],
        [
            'TypeError',
            'an address that is none',
            ({ createExtensionHost }) => createExtensionHost({ offscreen: /** @type {any} */ (1) }),
        ],
        [
            'AbortError',
            'a call that was aborted before',
            ({ host }) => host.classify({ caption: 'home' }, { signal: AbortSignal.abort() }),
        ],
        [
            'AbortError',
            'a call that is aborted while it is pending',
            async ({ host, meadow }) => {
                const controller = new AbortController();
                const [first, second] = [
                    host.classify({ image: meadow }),
                    host.classify({ image: meadow }, { signal: controller.signal }),
                ];
                await first;
                controller.abort();
                return second;
            },
        ],
        [
            'DisposedError',
            'a call whose host is disposed of while it is pending',
            async ({ createExtensionHost, meadow }) => {
                const host = createExtensionHost({ backend: 'cpu' });
                const [first, second] = [host.classify({ image: meadow }), host.classify({ image: meadow })];
                await first;
                host.dispose();
                return second;
            },
        ],
        [
            'DisposedError',
            'a call after its host was disposed of',
            ({ createExtensionHost }) => {
                const host = createExtensionHost();
                host.dispose();
                return host.classify({ caption: 'home' });
            },
        ],
    ];
    for (const [name, when, run] of cases) {
        test(`${when}: ${name}`, async () => {
            assert.equal((await errorInPage(run)).name, name);
        });
    }
});

test.describe('the offscreen document ends', () => {
    test('before the next call', async () => {
        await closeOffscreen();
        assert.equal(await documents(), 0);
        const result = await inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' }));
        assert.equal(result.emotion, 'joy');
        assert.equal(await documents(), 1);
    });

    test('while calls are pending: they are repeated', async () => {
        await closeOffscreen();
        const { found, undisturbed } = await inPage(async ({ createExtensionHost, meadow }) => {
            let begun = () => {};
            const loading = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
                begun = resolve;
            });
            const host = createExtensionHost({ backend: 'cpu', onProgress: () => begun() });
            const ask = () => [
                host.classify({ caption: 'What a wonderful, happy day!' }),
                host.classify({ image: meadow, caption: 'so sad and lonely' }),
                host.describe(),
            ];
            const answers = ask();
            await loading;
            await chrome.offscreen.closeDocument();
            const essence = (/** @type {Awaited<typeof answers[number]>[]} */ given) =>
                given.map((answer) => ('emotion' in answer ? answer.scores : answer.backend));
            return { found: essence(await Promise.all(answers)), undisturbed: essence(await Promise.all(ask())) };
        });
        assert.deepEqual(found, undisturbed);
        assert.equal(found[2], 'cpu');
        assert.equal(await documents(), 1);
    });

    test('again and again: then it is an error, and nothing stays pending', async () => {
        await closeOffscreen();
        const error = await errorInPage(async ({ host }) => {
            let closed = 0;
            const closing = setInterval(
                () =>
                    void chrome.offscreen.closeDocument().then(
                        () => (closed += 1),
                        () => {},
                    ),
                50,
            );
            try {
                return await host.classify({ caption: 'home' });
            } finally {
                clearInterval(closing);
            }
        });
        assert.equal(error.name, 'BackendError');
        assert.equal(
            (await inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' }))).emotion,
            'joy',
        );
    });
});

test.describe('an offscreen document of the extension’s own', () => {
    /** @param {string} url */
    const open = (url) =>
        page.evaluate(
            (address) =>
                chrome.offscreen.createDocument({
                    url: address,
                    reasons: [/** @type {chrome.offscreen.Reason} */ ('DOM_PARSER')],
                    justification: 'a test',
                }),
            url,
        );

    test('without emofuse in it: the error says what to import', async () => {
        await closeOffscreen();
        await open('foreign.html');
        const { name, message } = await errorInPage(({ createExtensionHost }) =>
            createExtensionHost({ backend: 'cpu' }).describe(),
        );
        assert.equal(name, 'BackendError');
        assert.match(message, /foreign\.html does not answer; import 'emofuse\/offscreen' in it/);
        await closeOffscreen();
    });

    test('with emofuse in it: it is used', async () => {
        await open('own.html');
        assert.equal(
            (await inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' }))).emotion,
            'joy',
        );
        assert.equal(await documents(), 1);
        await closeOffscreen();
        const own = await inPage(({ createExtensionHost }) =>
            createExtensionHost({ backend: 'cpu', offscreen: 'own.html' }).describe(),
        );
        assert.equal(own.backend, 'cpu');
        assert.match((await extension.ownTargets('background_page'))[0]?.url ?? '', /own\.html$/);
        await closeOffscreen();
    });

    test('that is not there: the error names it', async () => {
        const { name, message } = await errorInPage(({ createExtensionHost }) =>
            createExtensionHost({ offscreen: 'none.html' }).describe(),
        );
        assert.equal(name, 'BackendError');
        assert.match(message, /none\.html cannot be opened/);
    });
});

test('a failed load is forgotten, and others are not disturbed', async () => {
    const attempt = () =>
        inPage(({ createExtensionHost }) => {
            const globals = /** @type {{ mine?: ExtensionHost }} */ (globalThis);
            globals.mine ??= createExtensionHost({ backend: 'cpu', model: 'mine.emofuse' });
            return globals.mine.describe().then(
                ({ model }) => model.id,
                (error) => error.name,
            );
        });
    assert.equal(await attempt(), 'DownloadError');
    await copyFile(
        new URL('../../../pkg/model/emofuse-default.emofuse', import.meta.url),
        join(folder, 'mine.emofuse'),
    );
    assert.match(await attempt(), /emofuse|default/);
    assert.equal(
        (await inPage(({ host }) => host.classify({ caption: 'What a wonderful, happy day!' }))).emotion,
        'joy',
    );
});

test('progress is told to every context', async () => {
    await closeOffscreen();
    const second = await openPage();
    await second.evaluate(
        `globalThis.phases = new Set(); globalThis.listening = createExtensionHost({ backend: 'cpu', onProgress: ({ phase }) => phases.add(phase) })`,
    );
    await inPage(({ host }) => host.describe());
    assert.deepEqual(await second.evaluate('[...phases]'), ['download', 'start', 'test']);
    await second.close();
});
