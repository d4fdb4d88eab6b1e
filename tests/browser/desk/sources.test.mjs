// What a person gives the desk becomes a list of files, and its images posts with captions.
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { test } from '@playwright/test';
import { makeFolder } from './samples/make.mjs';
import { openSources, temporaryFolder } from './panels.mjs';
import { drop } from '../support/harness.mjs';
import { traced, watchLongTasks } from '../support/tasks.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('./panels.mjs').Sources} Sources */
/** @typedef {import('./panels.mjs').SourcesPage} Desk */

const CAPTIONS = fileURLToPath(new URL('../../golden/captions', import.meta.url));

/** @param {Page} page */
const droppedFiles = (page) =>
    page.evaluate(async () => {
        const listing = await /** @type {{ dropped: ReturnType<Sources['listDrop']> }} */ (
            /** @type {unknown} */ (globalThis)
        ).dropped;
        const sizes = [];
        for (const { open } of listing.files.slice(0, 3)) sizes.push((await open()).size);
        return {
            name: listing.name,
            paths: listing.files.map(({ path }) => path),
            handles: listing.handles.map(({ kind }) => kind),
            problems: listing.problems,
            sizes,
        };
    });

/** A folder with folders; one has more files than the browser gives at a time. */
async function nestedFolder() {
    const folder = join(await temporaryFolder(), 'photos');
    for (const path of ['b/deep/er', 'B', 'a-', 'a', '.hidden']) await mkdir(join(folder, path), { recursive: true });
    const names = Array.from({ length: 230 }, (_, index) => `b/deep/${index}.jpg`);
    const shown = ['B/1.png', 'a/2.png', 'a-/3.png', 'a.png', 'b/deep/er/4.png', 'é.png', ...names];
    for (const path of [...shown, '.DS_Store', 'a/._2.png', '.hidden/5.png']) await writeFile(join(folder, path), path);
    const key = (/** @type {string} */ path) => path.replaceAll('/', '\0');
    return { folder, shown: shown.sort((one, other) => (key(one) < key(other) ? -1 : 1)) };
}

test('a dropped folder is listed with all that is below it, in the order of the paths, without what is hidden', async () => {
    const { context, page } = await openSources();
    const { folder, shown } = await nestedFolder();
    assert.ok(shown.indexOf('a/2.png') < shown.indexOf('a-/3.png'), 'a folder’s files stand together');
    await drop(page, [folder]);
    const listed = await droppedFiles(page);
    assert.deepEqual(listed.paths, shown);
    assert.deepEqual(
        { name: listed.name, handles: listed.handles, problems: listed.problems },
        { name: 'photos', handles: ['directory'], problems: [] },
    );
    assert.deepEqual(
        listed.sizes,
        shown.slice(0, 3).map((path) => Buffer.byteLength(path)),
    );
    await context.close();
});

test('a dropped folder is listed the same where the browser gives no handles', async () => {
    const { context, page } = await openSources();
    const { folder, shown } = await nestedFolder();
    await page.evaluate(() => Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle'));
    await drop(page, [folder]);
    const listed = await droppedFiles(page);
    assert.deepEqual(listed.paths, shown);
    assert.deepEqual(listed.handles, []);
    assert.deepEqual(
        listed.sizes,
        shown.slice(0, 3).map((path) => Buffer.byteLength(path)),
    );
    await context.close();
});

test('a chosen folder is listed the same', async () => {
    const { context, page } = await openSources();
    const { folder, shown } = await nestedFolder();
    await page.setInputFiles('#folder', folder);
    const paths = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const { name, files } = await desk.sources.listFiles(
            /** @type {HTMLInputElement} */ (document.querySelector('#folder')).files ?? [],
        );
        return [name, ...files.map(({ path }) => path)];
    });
    assert.deepEqual(paths, ['photos', ...shown]);
    await context.close();
});

test('several folders and files that are given together keep apart', async () => {
    const { context, page } = await openSources();
    const folder = await temporaryFolder();
    for (const path of ['photos', 'more']) {
        await mkdir(join(folder, path));
        await writeFile(join(folder, path, 'a.png'), path);
    }
    await writeFile(join(folder, 'b.png'), '');
    await drop(page, [join(folder, 'photos'), join(folder, 'more'), join(folder, 'b.png')]);
    const { name, paths } = await droppedFiles(page);
    assert.deepEqual(paths, ['b.png', 'more/a.png', 'photos/a.png']);
    assert.equal(name, 'photos and 2 more');
    const namesakes = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const root = await navigator.storage.getDirectory();
        const handles = [];
        for (const place of ['one', 'two']) {
            const photos = await (await root.getDirectoryHandle(place, { create: true })).getDirectoryHandle('photos', {
                create: true,
            });
            await photos.getFileHandle('a.png', { create: true });
            handles.push(photos);
        }
        return (await desk.sources.listHandles(handles)).files.map(({ path }) => path);
    });
    assert.deepEqual(namesakes, ['photos/a.png', 'photos 2/a.png']);
    await context.close();
});

test('handles list the same again, and a folder that cannot be read is named', async () => {
    const { context, page } = await openSources();
    const answer = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const root = await navigator.storage.getDirectory();
        const kept = await root.getDirectoryHandle('kept', { create: true });
        for (const name of ['b.png', 'a.png', '.c.png']) await kept.getFileHandle(name, { create: true });
        const gone = await kept.getDirectoryHandle('gone', { create: true });
        const listing = await desk.sources.listHandles([kept]);
        const unreadable = { kind: 'directory', name: 'locked', values: () => gone.values() };
        await kept.removeEntry('gone');
        const problems = await desk.sources.listHandles([
            kept,
            /** @type {FileSystemHandle} */ (/** @type {unknown} */ (unreadable)),
        ]);
        const denied = {
            kind: 'directory',
            name: 'denied',
            queryPermission: async () => 'prompt',
            requestPermission: async () => 'denied',
        };
        const none = await desk.sources.listHandles([
            /** @type {FileSystemHandle} */ (/** @type {unknown} */ (denied)),
        ]);
        await kept.removeEntry('a.png');
        const opened = await listing.files[0]?.open().catch((error) => error.message);
        return {
            paths: listing.files.map(({ path }) => path),
            with: problems.files.map(({ path }) => path),
            problems: problems.problems,
            none,
            opened,
        };
    });
    assert.deepEqual(answer.paths, ['a.png', 'b.png']);
    assert.deepEqual(answer.with, ['kept/a.png', 'kept/b.png']);
    assert.deepEqual(
        answer.problems.map(({ where }) => where),
        ['locked'],
    );
    assert.match(answer.problems[0]?.reason ?? '', /Part of this folder could not be read: .*Select the folder again/);
    assert.deepEqual(answer.none.files, []);
    assert.match(answer.none.problems[0]?.reason ?? '', /Select it again, and allow access/);
    assert.match(answer.opened, /“a.png” could not be opened: it is no longer there/);
    await context.close();
});

test('a listing of tens of thousands of files tells how far it is, leaves the page awake, and can be ended', {
    tag: '@measures',
}, async () => {
    const { context, page } = await openSources();
    await watchLongTasks(page);
    const answer = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const many = (/** @type {number} */ count) => ({
            kind: 'directory',
            name: 'many',
            async *values() {
                for (let index = 0; index < count; index++) {
                    yield {
                        kind: 'file',
                        name: `${(index * 7919) % count}.jpg`,
                        getFile: async () => new File([], ''),
                    };
                }
            },
        });
        const handle = (/** @type {number} */ count) => [
            /** @type {FileSystemHandle} */ (/** @type {unknown} */ (many(count))),
        ];
        const { longTasks } = /** @type {{ longTasks: import('../support/tasks.mjs').LongTasks }} */ (
            /** @type {unknown} */ (globalThis)
        );
        await longTasks.start();
        const listing = await desk.sources.listHandles(handle(50_000));
        const { posts } = await desk.sources.postsOfFolder(listing);
        const longest = await longTasks.finish();
        const paths = listing.files.map(({ path }) => path);
        const controller = new AbortController();
        /** @type {number[]} */
        const told = [];
        const onProgress = (/** @type {number} */ count) => {
            told.push(count);
            if (told.length === 3) controller.abort();
        };
        const aborted = desk.sources
            .listHandles(handle(1e9), { signal: controller.signal, onProgress })
            .catch((error) => error.name);
        return {
            count: listing.files.length,
            posts: posts.length,
            isSorted: paths.every((path, index) => index === 0 || (paths[index - 1] ?? '') < path),
            longest,
            aborted: await aborted,
            told,
        };
    });
    assert.equal(answer.count, 50_000);
    assert.equal(answer.posts, 50_000);
    assert.ok(answer.isSorted);
    const [first = 0, second = 0, third = 0, ...more] = answer.told;
    assert.ok(0 < first && first < second && second < third, answer.told.join());
    assert.deepEqual(more, [], 'nothing is told after the end');
    assert.equal(answer.aborted, 'AbortError');
    assert.ok(answer.longest < 0.2, 'no task of over 50 ms takes more than a fifth of it all');
    await context.close();
});

test('the generated folder gives 500 posts, with captions from their sidecar files, and its broken images are none', async () => {
    const { context, page } = await openSources();
    const folder = join(await temporaryFolder(), 'images');
    const made = await makeFolder(folder);
    await drop(page, [folder]);
    const answer = await page.evaluate(async (broken) => {
        const { desk, emofuse, dropped } =
            /** @type {Desk & { emofuse: typeof import('../../../pkg/index.js'), dropped: ReturnType<Sources['listDrop']> }} */ (
                /** @type {unknown} */ (globalThis)
            );
        const { posts, problems } = await desk.sources.postsOfFolder(await dropped);
        /** @type {Record<string, string>} */
        const captions = {};
        /** @type {Record<string, string>} */
        const errors = {};
        const hashes = [];
        for (const { id, open, findCaption } of posts) {
            const bytes = (await (await open?.())?.arrayBuffer()) ?? new ArrayBuffer(0);
            hashes.push(
                broken.includes(id) ? id : [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(),
            );
            try {
                const found = await findCaption?.(bytes);
                if (found) captions[id] = found.text;
            } catch (error) {
                errors[id] = error instanceof Error ? error.message : '';
            }
        }
        const classifier = await emofuse.EmotionClassifier.load({ backend: 'cpu' });
        const read = [];
        for (const { id, open } of posts) {
            if (!broken.includes(id) && !/00[01]\d\./.test(id)) continue;
            const image = await open?.();
            const error = await classifier.classify({ image: image ?? null, caption: null }).then(
                () => null,
                (/** @type {Error} */ thrown) => thrown.name,
            );
            read.push({ id, error });
        }
        classifier.dispose();
        return {
            count: posts.length,
            ids: posts.map(({ id }) => id),
            problems,
            captions,
            errors,
            repeated: hashes.length - new Set(hashes).size,
            read,
        };
    }, made.brokenPaths);
    assert.equal(answer.count, made.images);
    assert.deepEqual(answer.problems, []);
    assert.deepEqual(answer.captions, made.captions);
    assert.deepEqual(Object.keys(answer.errors), made.badSidecars);
    assert.match(Object.values(answer.errors)[0] ?? '', /^The caption in 0005.json cannot be read: it is not JSON/);
    assert.equal(answer.repeated, made.repeated);
    const failed = answer.read.filter(({ error }) => error !== null);
    assert.deepEqual(failed.map(({ id }) => id).sort(), made.brokenPaths.toSorted(), 'the broken ones, and no other');
    assert.equal(made.brokenPaths.length, 20);
    assert.ok(answer.read.length > 30);
    await context.close();
});

test('images of kinds that browsers do not read are passed over and counted', async () => {
    const { context, page } = await openSources();
    const answer = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const files = ['a.HEIC', 'b.heic', 'c.tif', 'd.jpg', 'e.md'].map((path) => ({
            path,
            open: async () => new File([], path),
        }));
        const { posts, problems } = await desk.sources.postsOfFolder({
            name: 'phone',
            files,
            handles: [],
            problems: [],
        });
        return { ids: posts.map(({ id }) => id), problems };
    });
    assert.deepEqual(answer.ids, ['d.jpg']);
    assert.deepEqual(answer.problems, [
        { where: 'phone', reason: '2 HEIC images were skipped (a.HEIC, b.heic); convert them to JPEG or PNG.' },
        { where: 'phone', reason: '1 TIFF image was skipped (c.tif); convert it to JPEG or PNG.' },
    ]);
    await context.close();
});

test('captions come from where the golden cases say', async () => {
    const { context, page } = await openSources();
    await page.setInputFiles('#folder', CAPTIONS);
    const answers = await page.evaluate(async () => {
        const { desk } = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
        const listing = await desk.sources.listFiles(
            /** @type {HTMLInputElement} */ (document.querySelector('#folder')).files ?? [],
        );
        const { posts } = await desk.sources.postsOfFolder(listing);
        /** @type {Record<string, { caption: string | null, from: string | null, error: boolean }>} */
        const found = {};
        for (const { id, open, findCaption } of posts) {
            const [name = ''] = id.split('/');
            try {
                const caption =
                    (await findCaption?.((await (await open?.())?.arrayBuffer()) ?? new ArrayBuffer(0))) ?? null;
                found[name] = { caption: caption?.text ?? null, from: caption?.from ?? null, error: false };
            } catch {
                found[name] = { caption: null, from: null, error: true };
            }
        }
        return found;
    });
    const cases = (await readdir(CAPTIONS, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    /** @type {Record<string, unknown>} */
    const expected = {};
    for (const name of cases) expected[name] = JSON.parse(await readFile(`${CAPTIONS}/${name}/expected.json`, 'utf8'));
    assert.ok(cases.length > 30);
    assert.deepEqual(answers, expected);
    await context.close();
});

/** A task of the main thread that takes longer is noticed. */
const NOTICEABLE_MS = 50;

/**
 * A chunk of a PNG file.
 *
 * @param {string} name
 * @param {Buffer} content
 */
function pngChunk(name, content) {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
}

/** A PNG whose last description comes behind others that unpack to much. */
function hostilePng() {
    const profile = `\nexif\n 499999\n${'0'.repeat(999_000)}`;
    const unpacks = pngChunk('zTXt', Buffer.concat([Buffer.from('Raw profile type exif\0\0'), deflateSync(profile)]));
    const packet = `<x xmlns:d="http://purl.org/dc/elements/1.1/"><a ${Array.from({ length: 900 }, (_, index) => `a${index}=""`).join(' ')}/><d:description>so happy</d:description></x>`;
    const text = pngChunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${packet}`));
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), text, ...Array(60).fill(unpacks)]);
}

test('metadata is read off the main thread, whatever it unpacks to', async () => {
    const { context, page } = await openSources();
    const folder = join(await temporaryFolder(), 'photos');
    await mkdir(folder);
    const names = ['1.png', '2.png', '3.png'];
    for (const name of names) await writeFile(join(folder, name), hostilePng());
    await drop(page, [folder]);
    // The program is loaded, and the worker there, before it is measured.
    await page.evaluate(async () => {
        const { desk, dropped } = /** @type {Desk & { dropped: ReturnType<Sources['listDrop']> }} */ (
            /** @type {unknown} */ (globalThis)
        );
        const { posts } = await desk.sources.postsOfFolder(await dropped);
        await posts[0]?.findCaption?.(new ArrayBuffer(0));
        const images = await Promise.all(posts.map(async ({ open }) => (await open?.())?.arrayBuffer()));
        Object.assign(globalThis, {
            read: () => Promise.all(posts.map((post, at) => post.findCaption?.(images[at] ?? new ArrayBuffer(0)))),
        });
    });
    const read = () =>
        page.evaluate(async () => {
            const { read } = /** @type {{ read: () => Promise<({ text: string } | null | undefined)[]> }} */ (
                /** @type {unknown} */ (globalThis)
            );
            return (await read()).map((found) => found?.text);
        });
    // Of a few attempts one is undisturbed by what the browser does besides.
    let longest = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 4 && longest >= NOTICEABLE_MS; attempt++) {
        const { result, tasks_ms } = await traced(page, read);
        assert.deepEqual(result, ['so happy', 'so happy', 'so happy']);
        assert.ok(tasks_ms.length > 0, 'tasks were seen');
        longest = Math.min(longest, tasks_ms[0] ?? longest);
    }
    assert.ok(longest < NOTICEABLE_MS, `a task of ${longest} ms`);
    await context.close();
});
