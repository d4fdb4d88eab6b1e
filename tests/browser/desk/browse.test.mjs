// The desk's list: filters, order, totals, and fifty thousand rows.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { checkWithAxe } from '../support/axe.mjs';
import { openBlank, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */

const STYLES = ['/shared/style.css', '/desk/desk.css', '/desk/browse/browse.css', '/desk/review/review.css'];
const FEW = 5_000;
const THOUSANDS = 10_000;
const MANY = 50_000;
// A frame is a multiple of the screen's interval, so one step more is twice as long.
const FRAMES_OF_MANY = 2.2;
const ROUNDS = 3;

/**
 * A page with nothing but the list, over posts that are made up: every fifth has no image, every third no caption.
 *
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {number} count
 */
async function openList(options, count) {
    const context = await openContext('cpu', {
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...options,
    });
    const page = await openBlank(context);
    await page.evaluate(
        async ({ styles, total }) => {
            document.documentElement.lang = 'en';
            await Promise.all(
                styles.map(
                    (href) =>
                        new Promise((resolve, reject) => {
                            const link = Object.assign(document.createElement('link'), {
                                rel: 'stylesheet',
                                href,
                                onload: resolve,
                                onerror: reject,
                            });
                            document.head.append(link);
                        }),
                ),
            );
            const load = (/** @type {string} */ path) => import(path);
            const [{ Collection }, { BrowseView }, { ReplaceQuestion }, { EMOTIONS }] = await Promise.all([
                load('/desk/collection.js'),
                load('/desk/browse/browse-view.js'),
                load('/desk/review/replace-question.js'),
                load('/pkg/index.js'),
            ]);
            const file = new File([await (await fetch('/samples/cat.jpg')).blob()], 'cat.jpg');
            const scores = (/** @type {number} */ label, /** @type {number} */ highest) =>
                Float32Array.from(EMOTIONS, (_, index) =>
                    index === label ? highest : (1 - highest) / (EMOTIONS.length - 1),
                );
            /** @type {Set<number>} Whose image was opened. */
            const looked = new Set();
            const posts = Array.from({ length: total }, (_, index) => {
                const hasImage = index % 5 !== 0;
                const hasCaption = index % 3 !== 0;
                const isRead = hasImage || hasCaption;
                const label = index % 9;
                return {
                    index,
                    id: `2024/post ${index}.jpg`,
                    image: hasImage ? `post ${index}.jpg` : null,
                    caption: hasCaption ? `What was said of number ${index}` : null,
                    open: hasImage
                        ? async () => {
                              looked.add(index);
                              return file;
                          }
                        : null,
                    findCaption: null,
                    own: null,
                    state: isRead ? 'done' : 'failed',
                    error: isRead ? null : 'There is neither an image nor a caption',
                    imageSha256: null,
                    key: `key ${index}`,
                    prediction: !isRead
                        ? null
                        : {
                              scores: scores(label, 0.3 + (index % 60) / 100),
                              image: hasImage ? scores(label, index % 8 === 0 ? 0.8 : 0.5) : null,
                              caption: hasCaption
                                  ? scores(index % 4 === 0 ? (label + 1) % 9 : label, index % 8 === 0 ? 0.7 : 0.5)
                                  : null,
                              agreement: hasImage && hasCaption ? (index % 4 === 0 ? 0.2 : 1) : null,
                              secondary: index % 60 === 25 ? EMOTIONS[(label + 1) % 9] : null,
                              uncertain: index % 60 < 20,
                              uncertain_because:
                                  index % 60 < 20 ? [...(hasCaption ? ['language'] : []), 'low_confidence'] : [],
                              backend: 'cpu',
                          },
                    manualLabel: null,
                    repeated: false,
                };
            });
            const collection = new Collection(() => {});
            collection.description = { uncertain_below: { both: 0.5, image: 0.5, caption: 0.5 } };
            /** @type {number[]} */
            const opened = [];
            const view = new BrowseView(
                collection,
                new ReplaceQuestion(),
                (/** @type {{ index: number }[]} */ shown, /** @type {number} */ place) =>
                    opened.push(shown[place]?.index ?? -1),
            );
            document.body.className = 'desk';
            document.body.append(Object.assign(document.createElement('main'), { id: 'main' }));
            document
                .querySelector('main')
                ?.append(
                    Object.assign(document.createElement('h1'), { textContent: 'Posts' }),
                    Object.assign(document.createElement('h2'), { textContent: 'The list' }),
                    view.container,
                );
            collection.replace('made up', posts, []);
            Object.assign(globalThis, { collection, view, opened, looked });
        },
        { styles: STYLES, total: count },
    );
    await page.waitForSelector('.list-item:not([hidden])');
    return { context, page };
}

/**
 * @typedef {{ collection: { posts: any[], setManualLabel(post: unknown, manualLabel: unknown): void }, view: { shown: {
 *     index: number }[] }, opened: number[], looked: Set<number> }} Globals
 */

/** @param {Page} page */
const shown = (page) =>
    page.evaluate(() =>
        /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).view.shown.map(({ index }) => index),
    );

test('posts are filtered by emotion, score, doubt, disagreement, error and text, and the totals are those of the whole collection', async () => {
    const { context, page } = await openList({}, 900);
    const all = await shown(page);
    assert.equal(all.length, 900);
    const isRead = (/** @type {number} */ index) => index % 15 !== 0;
    const expected = (/** @type {(index: number) => boolean} */ test) => all.filter(test);

    await page.getByLabel('Not sure').check();
    assert.deepEqual(
        await shown(page),
        expected((index) => isRead(index) && index % 60 < 20),
    );
    await page.getByRole('button', { name: 'Show all' }).click();

    // Of those with both, each fourth has a caption that conveys another emotion than the image; neutral is none.
    const disagreeing = (/** @type {number} */ index) =>
        index % 5 !== 0 && index % 3 !== 0 && index % 4 === 0 && index % 9 < 7;
    await page.getByLabel('Image and caption disagree').check();
    assert.deepEqual(await shown(page), expected(disagreeing));
    await page.getByLabel('Image and caption disagree').uncheck();
    await page.getByLabel('Strong disagreement').check();
    assert.deepEqual(
        await shown(page),
        expected((index) => disagreeing(index) && index % 8 === 0),
        'where each side is sure of its own emotion',
    );
    await page.getByLabel('Strong disagreement').uncheck();

    await page.getByLabel('With an error').check();
    assert.deepEqual(
        await shown(page),
        expected((index) => !isRead(index)),
    );
    await page.getByLabel('With an error').uncheck();

    await page.getByRole('button', { name: /^Fear/ }).click();
    assert.deepEqual(
        await shown(page),
        expected((index) => isRead(index) && index % 9 === 2),
    );
    await page.getByLabel('Score, %', { exact: true }).fill('60');
    assert.deepEqual(
        await shown(page),
        expected((index) => isRead(index) && index % 9 === 2 && index % 60 >= 30),
    );
    await page.getByRole('button', { name: 'Show all' }).click();

    await page.getByLabel('Find').fill('NUMBER 77');
    await page.waitForFunction(
        () => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).view.shown.length < 900,
    );
    assert.deepEqual(
        await shown(page),
        expected((index) => index % 3 !== 0 && `${index}`.startsWith('77')),
    );
    await page.getByLabel('Find').fill('no such words');
    await page.getByText('No post matches').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();

    await page.getByRole('button', { name: /^Sadness/ }).click();
    assert.deepEqual(
        await shown(page),
        expected((index) => isRead(index) && index % 9 === 4),
        'a bar shows its posts',
    );
    const sad = expected((index) => isRead(index) && index % 9 === 4).length;
    assert.equal(
        await page
            .getByRole('button', { name: /^Sadness/ })
            .locator('.number')
            .innerText(),
        String(sad),
    );
    await context.close();
});

test('a post that is not sure says why, and one with a second label names it, as a row and as a tile', async () => {
    const { context, page } = await openList({}, 60);
    for (const look of ['Table', 'Tiles']) {
        await page.getByRole('button', { name: look }).click();
        await page.getByLabel('Find').fill('post 4.jpg');
        await page.getByText('1 of 60 posts').waitFor();
        const mark = page.locator('.list-item:not([hidden]) .mark');
        assert.equal(await mark.innerText(), 'not sure');
        assert.equal(
            await mark.getAttribute('title'),
            'The caption does not seem to be English, the only language this model reads. No label scores clearly higher than the others.',
        );
        await page.getByLabel('Find').fill('post 25.jpg');
        await page.locator('.list-item:not([hidden]) .mark', { hasText: 'perhaps ' }).waitFor();
        assert.match(await mark.innerText(), /^perhaps \w+$/);
        assert.equal(await mark.getAttribute('title'), '');
        await page.getByRole('button', { name: 'Show all' }).click();
    }
    await context.close();
});

test('posts are sorted, and those without a value come last either way', async () => {
    const { context, page } = await openList({}, 300);
    const confidences = () =>
        page.evaluate(() => {
            const { view, collection } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
            return view.shown.map(
                ({ index }) =>
                    collection.posts[index].prediction && Math.max(...collection.posts[index].prediction.scores),
            );
        });
    for (const [order, sign] of /** @type {const} */ ([
        ['Least certain first', 1],
        ['Most certain first', -1],
    ])) {
        await page.getByLabel('Order').selectOption({ label: order });
        const values = await confidences();
        const known = values.filter((value) => value !== null);
        assert.equal(known.length, 280);
        assert.ok(
            known.every((value, place) => place === 0 || sign * (value - known[place - 1]) >= 0),
            order,
        );
        assert.ok(
            values.slice(known.length).every((value) => value === null),
            'those without come last',
        );
    }
    await context.close();
});

test('the list is gone through by keyboard, as a table and as tiles, and a label of yours shows at once', async () => {
    const { context, page } = await openList({}, 400);
    const opened = () =>
        page.evaluate(() => /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).opened.at(-1));
    const list = page.locator('.list-scroller');
    await list.focus();
    for (const [keys, place] of /** @type {[string[], number][]} */ ([
        [['ArrowDown', 'ArrowDown', 'Enter'], 2],
        [['End', 'Enter'], 399],
        [['ArrowUp', ' '], 398],
        [['Home', 'Enter'], 0],
    ])) {
        for (const key of keys) await page.keyboard.press(key);
        assert.equal(await opened(), place, keys.join(' '));
        await page.waitForSelector('.list-scroller[aria-activedescendant]'); // once it is drawn
        const active = await list.getAttribute('aria-activedescendant');
        const { row, frame } = await page.evaluate((id) => {
            const box = (/** @type {Element | null} */ node) => node?.getBoundingClientRect() ?? new DOMRect();
            return {
                row: box(document.getElementById(id ?? '')),
                frame: box(document.querySelector('.list-scroller')),
            };
        }, active);
        assert.ok(row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1, 'the active row is in view');
    }
    await page.evaluate(() => {
        const { collection } = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
        collection.setManualLabel(collection.posts[1], {
            emotion: 'disgust',
            at: new Date().toISOString(),
            how: 'post',
        });
    });
    await page.getByText('labelled by you, not trust').waitFor();

    await page.getByRole('button', { name: 'Tiles' }).click();
    await list.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const columns = await page.evaluate(() =>
        Math.floor((document.querySelector('.list-scroller')?.clientWidth ?? 0) / 176),
    );
    assert.equal(await opened(), 1 + columns);
    await context.close();
});

test('fifty thousand rows scroll like five thousand', {
    tag: '@measures',
}, async () => {
    const few = await openList({}, FEW);
    const { context, page } = await openList({}, MANY);
    /**
     * The median time of a frame while the list is scrolled.
     *
     * @param {Page} shown
     */
    const scroll = (shown) =>
        shown.evaluate(async () => {
            const scroller = /** @type {HTMLElement} */ (document.querySelector('.list-scroller'));
            const frame = () =>
                new Promise((/** @type {(time: number) => void} */ resolve) => requestAnimationFrame(resolve));
            scroller.scrollTop = 0;
            const frames = [];
            let last = await frame();
            for (let step = 0; step < 120; step++) {
                scroller.scrollTop += 40 * step; // ever faster, in the end through hundreds of rows a frame
                const now = await frame();
                frames.push(now - last);
                last = now;
            }
            return frames.sort((a, b) => a - b)[60] ?? Infinity;
        });
    /** @type {Record<'few' | 'many', number[]>} */
    const medians = { few: [], many: [] };
    for (let round = 0; round < ROUNDS; round++) {
        medians.few.push(await scroll(few.page));
        medians.many.push(await scroll(page));
    }
    const told = Object.entries(medians)
        .map(([rows, times_ms]) => `${rows} rows ${times_ms.map((time_ms) => time_ms.toFixed(1)).join(', ')} ms`)
        .join('; ');
    console.log(`median frames while scrolling: ${told}`);
    assert.ok(Math.min(...medians.many) <= FRAMES_OF_MANY * Math.min(...medians.few), told);
    await few.context.close();
    await context.close();
});

/** Posts whose images were opened. @param {Page} page */
const looked = (page) =>
    page.evaluate(() => [.../** @type {Globals} */ (/** @type {unknown} */ (globalThis)).looked].sort((a, b) => a - b));

/** The thumbnails in view are there. @param {Page} page */
const isDrawn = (page) =>
    page.waitForFunction(() => {
        const frame = document.querySelector('.list-scroller')?.getBoundingClientRect();
        const canvases = [...document.querySelectorAll('.list-item:not([hidden]) canvas')].filter((canvas) => {
            const { top, bottom } = canvas.getBoundingClientRect();
            return frame && bottom > frame.top && top < frame.bottom;
        });
        return (
            canvases.length > 0 &&
            canvases.every((canvas) => /** @type {HTMLElement} */ (canvas).dataset['drawn'] === 'true')
        );
    });

test('of ten thousand posts a few dozen have elements, and images are opened where they are looked at alone', async () => {
    const { context, page } = await openList({}, THOUSANDS);
    const list = page.locator('.list-scroller');
    const few = async (/** @type {string} */ what) => {
        const elements = await page.locator('.list-item').count();
        assert.ok(elements > 5 && elements < 60, `${elements} elements ${what}`);
    };
    await isDrawn(page);
    await few('at the start');
    const first = await looked(page);
    assert.ok(first.length > 0 && Math.max(...first) < 60, `${first}`);

    await list.focus();
    await page.keyboard.press('End');
    await page.getByText(`post ${THOUSANDS - 1}.jpg`).waitFor();
    await isDrawn(page);
    await few('at the end');
    const last = (await looked(page)).filter((index) => !first.includes(index));
    assert.ok(last.length > 0 && Math.min(...last) >= THOUSANDS - 60, `${last}`);

    // A pointer that drags the scroll bar through all of them.
    await list.evaluate(async (scroller) => {
        for (let step = 0; step <= 40; step++) {
            scroller.scrollTop = (scroller.scrollHeight * step) / 40;
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
    });
    await isDrawn(page);
    const passed = (await looked(page)).length;
    assert.ok(passed < THOUSANDS / 20, `${passed} images were opened on the way`);

    await page.getByLabel('Find').fill('number 77');
    await page.getByText(/^\d+ of 10,000 posts$/).waitFor();
    await page.waitForFunction(() => (document.querySelector('.list-scroller')?.scrollTop ?? 1) === 0);
    assert.ok((await shown(page)).every((index) => `${index}`.startsWith('77') && index % 3 !== 0));
    await few('filtered');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('10,000 posts', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Tiles' }).click();
    await page.waitForSelector('.tile:not([hidden])');
    await isDrawn(page);
    const tiles = await page.locator('.list-item').count();
    assert.ok(tiles < 120, `${tiles} tiles`);
    await list.focus();
    await page.keyboard.press('End');
    await page.getByText(`post ${THOUSANDS - 1}.jpg`).waitFor();
    await context.close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, viewport] of /** @type {const} */ ([
        ['desktop', { width: 1280, height: 900 }],
        ['phone', { width: 360, height: 740 }],
    ])) {
        test(`axe finds nothing in the list, ${colorScheme}, ${device}`, async () => {
            const { context, page } = await openList({ colorScheme, viewport }, 200);
            await page.evaluate(() => (document.title = 'list'));
            await checkWithAxe(page, 'table');
            await page.getByRole('button', { name: 'Tiles' }).click();
            await page.waitForSelector('.tile:not([hidden])');
            await checkWithAxe(page, 'tiles');
            const wider = await page.evaluate(() => {
                const { scrollWidth, clientWidth } = document.documentElement;
                const reaches = (/** @type {Element} */ element) =>
                    element.getBoundingClientRect().right > clientWidth + 1;
                return scrollWidth > clientWidth
                    ? [...document.body.querySelectorAll('*')]
                          .filter(reaches)
                          .map(({ outerHTML }) => outerHTML.slice(0, 80))
                    : [];
            });
            assert.deepEqual(wider, [], 'nothing is wider than the screen');
            await context.close();
        });
    }
}
