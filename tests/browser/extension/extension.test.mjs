// The extension as a person uses it: a click in the menu, and the panel tells what the post conveys.
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { Border, Installed, Site, html, meadow, until } from './extension.mjs';
import { checkWithAxe } from '../support/axe.mjs';
import { PATIENCE, readTable } from '../support/harness.mjs';
import { MEADOW, NOT_AN_IMAGE, png } from '../../support/images.mjs';

/** @typedef {import('./extension.mjs').Page} Page */

const SVG =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 6" width="80" height="60"><path fill="#fa0" d="M0 0h8v6H0z"/></svg>';
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
const PIXEL_URL = `data:image/gif;base64,${PIXEL.toString('base64')}`;
const MEADOW_URL = `data:image/png;base64,${MEADOW.toString('base64')}`;

const site = await new Site({
    '/meadow.png': meadow,
    '/open.png': { ...meadow, headers: { 'access-control-allow-origin': '*' } },
    '/drawing.svg': { type: 'image/svg+xml', body: SVG },
    '/no-picture.png': { type: 'text/plain', body: NOT_AN_IMAGE },
    '/figure': html(
        '<figure><img src="meadow.png" alt="a meadow"><figcaption>Such a lovely <b>morning</b></figcaption></figure>',
    ),
}).open();
const { address, elsewhere } = site;
Object.assign(site.replies, {
    '/elsewhere': html(`<p>So sad and lonely</p><img src="${elsewhere}meadow.png" alt="Such a lovely morning">`),
    '/permitted': html(`<img src="${elsewhere}open.png" title="A title">`),
    '/frame': html('<iframe src="figure" width="400" height="300"></iframe>'),
    '/alternatives': html(`
        <article><img src="meadow.png?1" alt="Image"></article>
        <article><img src="meadow.png?2" alt="No photo description available."></article>
        <article><img src="meadow.png?3" alt="Photo by Someone on August 05, 2021. May be an image of 1 person, smiling."></article>
        <article><img src="meadow.png?4" alt="IMG_3397.JPG"></article>
        <article><img src="meadow.png?5" alt="Image" title="so happy today"></article>
        <figure><img src="meadow.png?6" alt=""><figcaption style="display: none">hidden words so angry</figcaption></figure>
        <figure><figure><img src="meadow.png?7" alt=""></figure><figcaption>My dog died today</figcaption></figure>
        <figure>
            <figure><img src="meadow.png?8" alt="mine"></figure>
            <figure><img src="meadow.png?9" alt=""><figcaption>another’s</figcaption></figure>
        </figure>`),
    '/hidden-captions': html(
        [
            'display: none',
            'visibility: hidden',
            'opacity: 0',
            'position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)',
            'position: absolute; left: -9999px',
            'height: 0; overflow: hidden',
        ]
            .map(
                (style, index) =>
                    `<figure><img src="meadow.png?${index}" alt=""><figcaption style="${style}">hidden words so angry</figcaption></figure>`,
            )
            .join('') +
            `<figure><img src="meadow.png?6" alt=""><figcaption hidden>hidden words</figcaption><figcaption>a lovely day</figcaption></figure>
            <figure><img src="meadow.png?7" alt=""><div style="max-height: 0; overflow: hidden"><figcaption>hidden words</figcaption></div></figure>
            <figure><img src="meadow.png?8" alt=""><figcaption aria-hidden="true">shown to everyone who sees</figcaption></figure>
            <img src="meadow.png?9" alt="hidden words" aria-hidden="true">`,
    ),
    '/pixel.gif': { type: 'image/gif', body: PIXEL },
    '/blurred.png': { type: 'image/png', body: png(8, 6, () => [90, 120, 60, 255]) },
    '/lazy': html(`
        <style>img { width: 160px; height: 120px; display: block }</style>
        <img id="data-src" src="${PIXEL_URL}" data-src="meadow.png" alt="loaded later">
        <img id="data-srcset" src="pixel.gif?1" data-srcset="tiny.png 100w, meadow.png 800w" alt="one of several">
        <img id="srcset" src="pixel.gif?8" srcset="pixel.gif?8 1x, meadow.png 3x" alt="named besides">
        <picture><source data-srcset="meadow.png 1x"><img id="picture" src="pixel.gif?2" alt="in a picture"></picture>
        <picture><source srcset="pixel.gif?3, meadow.png 2x"><img id="source" src="pixel.gif?4" alt="of two densities"></picture>
        <img id="blurred" src="blurred.png" data-src="meadow.png" alt="blurred at first">
        <img id="elsewhere" src="pixel.gif?5" data-src="${elsewhere}meadow.png" alt="on another site">
        <img id="nowhere" src="pixel.gif?6" alt="waiting for its script">
        <img class="same" src="pixel.gif?7" data-src="meadow.png" alt="the first of two">
        <img class="same" src="pixel.gif?7" data-src="open.png" alt="the second of two">`),
    '/kinds': html(`
        <img id="drawing" src="drawing.svg" alt="a drawing">
        <img id="data" src="${MEADOW_URL}" alt="within the page">
        <img id="blob" alt="made by the page">
        <picture><source srcset="meadow.png?wide"><img id="source" src="meadow.png" alt="chosen among others"></picture>
        <div id="host"></div>
        <script>
            const image = document.querySelector('#blob');
            fetch('meadow.png').then((answer) => answer.blob()).then((blob) => {
                image.src = URL.createObjectURL(blob);
                image.onload = () => URL.revokeObjectURL(image.src);
            });
            document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<img src="meadow.png?shadow" alt="in a shadow">';
        </script>`),
});
test.afterAll(() => site.close());

/** What this browser asks its maker for by itself, whatever it shows. */
const OWN_ERRANDS =
    /^(http:\/\/)?(accounts|clients2|www)\.google\.com\b|^(http:\/\/)?[\w-]+\.googleapis\.com\b|^(http:\/\/)?[\w.-]+\.gvt1\.com\b/;

/** @param {Page} panel */
const finished = async (panel) => {
    await panel.waitForSelector('#result:is([data-state="finished"], [data-state="error"]):not([aria-busy])');
    assert.equal(await panel.getAttribute('#result', 'data-state'), 'finished', await panel.innerText('#result'));
};

/** Unfolds the form. @param {Page} panel */
const unfold = (panel) => panel.locator('#post > summary').click();

/** What Chromium tells of a click on an image. @param {string} srcUrl */
const onImage = (srcUrl) => ({ mediaType: /** @type {const} */ ('image'), srcUrl });

test.describe('as it is shipped, in the side panel itself', () => {
    test('a click on an image is answered, and nothing but the page’s site is contacted', async () => {
        const border = await new Border().open();
        const extension = await Installed.open({ flags: [border.flag] });
        const page = await extension.openPage(`${address}figure`);
        await extension.clickToolbarButton(page);
        const panel = await extension.sidePanel();
        await panel.waitFor("document.querySelector('.engine').dataset.state === 'ready'");
        const asked = site.requests.length;
        await extension.chooseInMenu(page, onImage(`${address}meadow.png`));
        await panel.waitFor("document.querySelector('#result').dataset.state === 'finished'");
        assert.equal(await panel.evaluate("document.querySelector('#caption').value"), 'Such a lovely morning');
        assert.equal(await panel.evaluate("document.querySelectorAll('table.scores tbody tr').length"), 9);
        assert.ok(await panel.evaluate("document.querySelector('[data-voice=both]:not(.absent)') !== null"));
        assert.deepEqual(site.requests.slice(asked), [], 'the page’s image came from the browser’s cache');
        assert.deepEqual(
            border.crossings.filter((crossing) => !OWN_ERRANDS.test(crossing)),
            [],
        );
        await extension.close();
        border.close();
    });

    test('after the installation a page says how to use it, once, and opens the panel', async () => {
        const extension = await Installed.open({ keepWelcome: true });
        const page = await extension.welcomePage();
        await page.getByRole('heading', { name: 'Welcome to emofuse' }).waitFor();
        for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
            await page.emulateMedia({ colorScheme });
            await checkWithAxe(page, `welcome, ${colorScheme}`);
        }
        await page.setViewportSize({ width: 320, height: 700 });
        await checkWithAxe(page, 'welcome, narrow');
        const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
        assert.equal(await page.evaluate(wider), 0);
        await page.getByRole('button', { name: 'Open the panel' }).click();
        const panel = await extension.sidePanel();
        await panel.close();
        await page.close();
        // An update is no installation.
        await extension.inWorker(() => {
            /** @type {any} */ (chrome.runtime.onInstalled).dispatch({ reason: 'update', previousVersion: '0.0.1' });
        }, null);
        await extension.inWorker(() => chrome.tabs.query({}), null);
        const open = extension.context.pages().map((each) => each.url());
        assert.ok(!open.some((url) => url.endsWith('welcome.html')), open.join());
        await extension.close();
    });

    test('the toolbar button opens an empty panel', async () => {
        const extension = await Installed.open();
        await extension.clickToolbarButton(await extension.openPage(`${address}figure`));
        const panel = await extension.sidePanel();
        await panel.waitFor("document.querySelector('.engine').dataset.state === 'ready'");
        assert.equal(await panel.evaluate("document.querySelector('#result').dataset.state"), 'empty');
        await extension.close();
    });

    test('an image of another site is taken from the screen', async () => {
        const extension = await Installed.open();
        const page = await extension.openPage(`${address}elsewhere`);
        await extension.clickToolbarButton(page);
        const panel = await extension.sidePanel();
        await extension.chooseInMenu(page, onImage(`${elsewhere}meadow.png`));
        await panel.waitFor("document.querySelector('#result').dataset.state === 'finished'");
        assert.equal(
            await panel.evaluate("document.querySelector('[data-voice=image]').className"),
            'voice absent',
            'the caption alone is read',
        );
        await panel.click('.obstacle button:last-of-type');
        await panel.waitFor("document.querySelector('[data-voice=both]:not(.absent)') !== null");
        const [width, height, red] = await panel.evaluate(`(async () => {
            const image = document.querySelector('.preview');
            const context = new OffscreenCanvas(1, 1).getContext('2d');
            context.drawImage(image, -image.naturalWidth * 0.75, -image.naturalHeight * 0.25); // the sun
            return [image.naturalWidth, image.naturalHeight, ...context.getImageData(0, 0, 1, 1).data];
        })()`);
        assert.deepEqual([width, height], [160, 120]);
        assert.ok(red > 230, `the sun has a red of ${red}`);
        await extension.close();
    });
});

test.describe('in a tab', () => {
    /** @type {Installed} */
    let extension;
    test.beforeAll(async () => {
        extension = await Installed.open();
    });
    test.afterAll(() => extension.close());

    /**
     * @param {string} path
     * @param {(page: Page) => Partial<chrome.contextMenus.OnClickData> |
     *     Promise<Partial<chrome.contextMenus.OnClickData>>} click
     * @param {(panel: Page, page: Page) => Promise<void>} check
     */
    async function choose(path, click, check) {
        const page = await extension.openPage(address + path);
        await extension.grantActiveTab(page);
        const panel = await extension.openPanel();
        await extension.chooseInMenu(page, await click(page));
        await check(panel, page);
        await panel.close();
        await page.close();
    }

    /** @param {Page} panel */
    const imageIsRead = async (panel) => {
        await finished(panel);
        assert.equal(await panel.locator('[data-voice="image"].absent').count(), 0);
    };

    test('what is read is what the image and the caption convey', async () => {
        const found = onImage(`${address}meadow.png`);
        await choose(
            'figure',
            () => found,
            async (panel) => {
                await imageIsRead(panel);
                const table = await readTable(panel);
                assert.equal(Object.keys(table).length, 9);
                const sum = Object.values(table).reduce((total, { bar }) => total + bar, 0);
                assert.ok(Math.abs(sum - 1) < 1e-3, `the scores add up to ${sum}`);
                assert.equal(await panel.innerText('#origin'), 'From localhost');
                assert.equal(await panel.innerText('.summary-caption'), '“Such a lovely morning”');
                assert.equal(await panel.locator('#post-form').isVisible(), false, 'the form is folded');
                await unfold(panel);
                assert.match(await panel.innerText('#caption-hint'), /below the image/);
                // The same post by hand is the same: the image came as the file that it is.
                await panel.click('#clear');
                await panel.fill('#caption', 'Such a lovely morning');
                await panel.setInputFiles('#choose-image', {
                    name: 'meadow.png',
                    mimeType: 'image/png',
                    buffer: MEADOW,
                });
                await imageIsRead(panel);
                assert.deepEqual(await readTable(panel), table);
            },
        );
    });

    test('the selection goes before the figure’s caption, and is read alone where no image was clicked', async () => {
        const select = async (/** @type {Page} */ page) => {
            await page.evaluate(() =>
                getSelection()?.selectAllChildren(/** @type {Node} */ (document.querySelector('b'))),
            );
            return onImage(`${address}meadow.png`);
        };
        await choose('figure', select, async (panel) => {
            await imageIsRead(panel);
            assert.equal(await panel.inputValue('#caption'), 'morning');
            await unfold(panel);
            assert.match(await panel.innerText('#caption-hint'), /selected/);
        });
        await choose(
            'elsewhere',
            () => ({ selectionText: 'So sad and lonely' }),
            async (panel) => {
                await finished(panel);
                assert.equal(await panel.inputValue('#caption'), 'So sad and lonely');
                assert.equal(await panel.locator('[data-voice="image"].absent').count(), 1);
                assert.equal(await panel.locator('.obstacle .notice-body').count(), 0);
            },
        );
    });

    test('a caption is changed and read again', async () => {
        await choose(
            'figure',
            () => onImage(`${address}meadow.png`),
            async (panel) => {
                await imageIsRead(panel);
                const before = await panel.textContent('[data-voice="caption"]');
                await unfold(panel);
                await panel.fill('#caption', 'I miss her so much, so sad and lonely');
                await panel.click('#analyse');
                await panel.waitForFunction(
                    (text) => document.querySelector('[data-voice="caption"]')?.textContent !== text,
                    before,
                );
            },
        );
    });

    test('a caption in another language is not sure, and the panel says and announces why', async () => {
        await choose(
            'elsewhere',
            () => ({ selectionText: 'Dzisiaj jest najgorszy dzień mojego życia, wszystko stracone' }),
            async (panel) => {
                await finished(panel);
                const why = /The caption does not seem to be English|The model does not know most words/;
                assert.match((await panel.textContent('#headline')) ?? '', /^Hard to say/);
                assert.match((await panel.textContent('.explanation')) ?? '', why);
                assert.match((await panel.textContent('#announcement')) ?? '', why);
            },
        );
    });

    test('drawings, data, revoked blobs, chosen sources and shadow roots are read', async () => {
        for (const [selector, caption] of /** @type {const} */ ([
            ['#drawing', 'a drawing'],
            ['#data', 'within the page'],
            ['#blob', 'made by the page'],
            ['#source', 'chosen among others'],
        ])) {
            const click = async (/** @type {Page} */ page) => {
                await page.waitForFunction(
                    (own) => /** @type {HTMLImageElement} */ (document.querySelector(own)).naturalWidth > 0,
                    selector,
                );
                return onImage(
                    await page.$eval(selector, (image) => /** @type {HTMLImageElement} */ (image).currentSrc),
                );
            };
            await choose('kinds', click, async (panel) => {
                await imageIsRead(panel);
                assert.equal(await panel.inputValue('#caption'), caption);
            });
        }
        await choose(
            'kinds',
            () => onImage(`${address}meadow.png?shadow`),
            async (panel) => {
                await imageIsRead(panel);
                assert.equal(await panel.inputValue('#caption'), 'in a shadow');
            },
        );
    });

    test('an alternative text that nobody wrote and a caption that the page hides are no captions', async () => {
        const captions = ['', '', '', '', 'so happy today', '', 'My dog died today', 'mine', 'another’s'];
        for (const [index, caption] of captions.entries()) {
            await choose(
                'alternatives',
                () => onImage(`${address}meadow.png?${index + 1}`),
                async (panel) => {
                    await imageIsRead(panel);
                    assert.equal(await panel.inputValue('#caption'), caption, `image ${index + 1}`);
                },
            );
        }
    });

    /**
     * One click after the other on the images of a page, with one panel.
     *
     * @param {string} path
     * @param {[(page: Page) => Promise<Partial<chrome.contextMenus.OnClickData>>, (panel: Page) => Promise<void>][]} clicks
     *     Each with what is checked then.
     */
    async function chooseEach(path, clicks) {
        const page = await extension.openPage(address + path);
        await extension.grantActiveTab(page);
        const panel = await extension.openPanel();
        for (const [click, check] of clicks) {
            // The result before is not taken for the next one.
            await panel.evaluate(() => document.querySelector('#result')?.setAttribute('data-state', 'before'));
            await extension.chooseInMenu(page, await click(page));
            await finished(panel);
            await check(panel);
        }
        await panel.close();
        await page.close();
    }

    test('captions that are not displayed are not used', async () => {
        const captions = ['', '', '', '', '', '', 'a lovely day', '', 'shown to everyone who sees', ''];
        await chooseEach(
            'hidden-captions',
            captions.map((caption, index) => [
                async () => onImage(`${address}meadow.png?${index}`),
                async (panel) => assert.equal(await panel.inputValue('#caption'), caption, `image ${index}`),
            ]),
        );
    });

    /** The size of the image that was analysed. @param {Page} panel */
    const analysedSize = (panel) =>
        panel.$eval('.summary-image', async (image) => {
            await /** @type {HTMLImageElement} */ (image).decode();
            const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (image);
            return [naturalWidth, naturalHeight];
        });

    /** A click on an image, with the pointer on it. @param {string} selector */
    const pointAt = (selector) => async (/** @type {Page} */ page) => {
        await page.hover(selector);
        return onImage(await page.$eval(selector, (image) => /** @type {HTMLImageElement} */ (image).currentSrc));
    };

    test('a placeholder leads to the image that it stands for', async () => {
        const ids = ['data-src', 'data-srcset', 'srcset', 'picture', 'source', 'blurred'];
        await chooseEach(
            'lazy',
            ids.map((id) => [
                pointAt(`#${id}`),
                async (panel) => {
                    assert.equal(await panel.locator('.obstacle .notice-body').count(), 0, id);
                    await imageIsRead(panel);
                    assert.deepEqual(await analysedSize(panel), [160, 120], id);
                },
            ]),
        );
        await choose('lazy', pointAt('#elsewhere'), async (panel) => {
            await panel.getByRole('button', { name: 'Allow 127.0.0.1' }).waitFor();
            assert.equal(await panel.getByRole('button', { name: 'Take it from the screen' }).count(), 0);
        });
    });

    test('a placeholder that stands for no named image is not analysed, and the panel says so', async () => {
        await choose('lazy', pointAt('#nowhere'), async (panel) => {
            await panel.getByText('The image has not loaded yet').waitFor();
            await finished(panel); // the alternative text
            assert.equal(await panel.locator('[data-voice="image"].absent').count(), 1);
            assert.equal(await panel.inputValue('#caption'), 'waiting for its script');
        });
    });

    test('of images that share a placeholder, the one under the pointer is meant, or none', async () => {
        await choose('lazy', pointAt('.same + .same'), async (panel) => {
            await imageIsRead(panel);
            assert.equal(await panel.inputValue('#caption'), 'the second of two');
        });
        const away = async (/** @type {Page} */ page) => {
            await page.setViewportSize({ width: 800, height: 2000 }); // both are visible
            await page.hover('#nowhere');
            return onImage(`${address}pixel.gif?7`);
        };
        await choose('lazy', away, async (panel) => {
            await panel.getByText('The image has not loaded yet').waitFor();
            assert.equal(await panel.getAttribute('#result', 'data-state'), 'empty');
            assert.equal(await panel.locator('#post-form').isVisible(), true, 'there is no answer: the form is open');
        });
    });

    test('an image of another site that permits it needs no permission', async () => {
        await choose(
            'permitted',
            () => onImage(`${elsewhere}open.png`),
            async (panel) => {
                await imageIsRead(panel);
                assert.equal(await panel.inputValue('#caption'), 'A title');
            },
        );
    });

    test('an image in a frame is found there', async () => {
        const page = await extension.openPage(`${address}frame`);
        await extension.grantActiveTab(page);
        const panel = await extension.openPanel();
        const frameId = await extension.inWorker(async () => {
            for (const { id = -1 } of await chrome.tabs.query({})) {
                const frames = await chrome.scripting
                    .executeScript({ target: { tabId: id, allFrames: true }, func: () => location.pathname })
                    .catch(() => []);
                const found = frames.find(({ result }) => result === '/figure');
                if (found && frames.length > 1) return found.frameId;
            }
            return -1;
        }, null);
        assert.ok(frameId > 0);
        await extension.chooseInMenu(page, {
            ...onImage(`${address}meadow.png`),
            frameId,
            frameUrl: `${address}figure`,
        });
        await imageIsRead(panel);
        assert.equal(await panel.inputValue('#caption'), 'Such a lovely morning');
        await panel.close();
        await page.close();
    });

    test('without permission the caption alone is read, and a refusal leaves it at that', async () => {
        await choose(
            'elsewhere',
            () => onImage(`${elsewhere}meadow.png`),
            async (panel) => {
                await finished(panel);
                assert.equal(await panel.locator('[data-voice="image"].absent').count(), 1);
                // The browser's question is a window of its own that nobody can answer here: its answer is put in.
                await panel.evaluate(() => {
                    /** @type {unknown[]} */
                    const asked = [];
                    const request = async (/** @type {unknown} */ permissions) => {
                        asked.push(permissions, navigator.userActivation.isActive);
                        return false;
                    };
                    Object.assign(globalThis, { asked });
                    Object.assign(chrome.permissions, { request });
                });
                await panel.getByRole('button', { name: 'Allow 127.0.0.1' }).click();
                await panel.getByText('127.0.0.1 is not allowed').waitFor();
                assert.deepEqual(await panel.evaluate('asked'), [{ origins: ['http://127.0.0.1/*'] }, true]);
                assert.equal(await panel.getAttribute('#result', 'data-state'), 'finished');
                // The panel's own tab is in front.
                await panel.getByRole('button', { name: 'Take it from the screen' }).click();
                await panel.getByText('The image is not visible').waitFor();
                await unfold(panel);
                await panel.setInputFiles('#choose-image', {
                    name: 'meadow.png',
                    mimeType: 'image/png',
                    buffer: MEADOW,
                });
                await panel.waitForSelector('[data-voice="both"]:not(.absent)');
                assert.equal(await panel.locator('.obstacle .notice-body').count(), 0);
            },
        );
    });

    test('the browser’s question is really asked', async () => {
        await choose(
            'elsewhere',
            () => onImage(`${elsewhere}meadow.png`),
            async (panel) => {
                await panel.evaluate(() => {
                    const request = chrome.permissions.request.bind(chrome.permissions);
                    Object.assign(globalThis, { answer: 'open' });
                    const told = (/** @type {unknown} */ answer) =>
                        Object.assign(globalThis, { answer: String(answer) });
                    Object.assign(chrome.permissions, {
                        request: (/** @type {chrome.permissions.Permissions} */ permissions) => {
                            request(permissions).then(told, told);
                            return new Promise(() => {});
                        },
                    });
                });
                await panel.getByRole('button', { name: 'Allow 127.0.0.1' }).click();
                // Answered after it, and so is a refusal out of hand.
                await panel.evaluate(() => chrome.permissions.getAll());
                assert.equal(await panel.evaluate('answer'), 'open', 'neither refused out of hand nor granted');
            },
        );
    });

    test('a page that has not been clicked on is not looked into', async () => {
        const page = await extension.openPage(`${address}figure?not-clicked`);
        const panel = await extension.openPanel();
        const refusal = await extension.inWorker(async () => {
            const [tab] = (await chrome.tabs.query({})).slice(-2);
            return chrome.scripting.executeScript({ target: { tabId: tab?.id ?? -1 }, func: () => 1 }).then(
                () => 'allowed',
                (error) => String(error),
            );
        }, null);
        assert.match(refusal, /Cannot access contents/);
        await panel.close();
        await page.close();
    });

    test('what cannot be had is said', async () => {
        const gone = 'blob:http://localhost/00000000-0000-0000-0000-000000000000';
        await choose(
            'figure',
            () => onImage(gone),
            async (panel) => {
                await panel.getByText('The image is no longer on the page').waitFor();
                assert.equal(await panel.getAttribute('#result', 'data-state'), 'empty');
            },
        );
        const closed = await extension.openPage('chrome://version/');
        const panel = await extension.openPanel();
        await extension.chooseInMenu(panel, onImage('chrome://theme/logo')).catch(() => {});
        await panel.getByText('The browser does not let extensions look into this page').waitFor();
        await panel.close();
        await closed.close();
    });

    test('a file that is no image gets the page’s own message', async () => {
        const panel = await extension.openPanel();
        await panel.setInputFiles('#choose-image', { name: 'x.png', mimeType: 'image/png', buffer: NOT_AN_IMAGE });
        await panel.getByText('This image cannot be read').waitFor();
        await panel.close();
    });

    test('of two clicks the later wins', async () => {
        const page = await extension.openPage(`${address}kinds`);
        await extension.grantActiveTab(page);
        const panel = await extension.openPanel();
        await extension.chooseInMenu(page, onImage(`${address}drawing.svg`));
        await extension.chooseInMenu(page, onImage(`${address}meadow.png?shadow`));
        await finished(panel);
        // What else was under way has had its turn when nothing is left to do.
        await panel.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
        assert.equal(await panel.inputValue('#caption'), 'in a shadow');
        assert.equal(
            await panel.evaluate(
                () => /** @type {HTMLImageElement} */ (document.querySelector('.preview')).naturalWidth,
            ),
            160,
        );
        assert.equal(await panel.locator('[data-voice="both"].absent').count(), 0);
        await panel.close();
        await page.close();
    });

    test('a click waits for a panel that opens later, and is given to one panel once', async () => {
        const page = await extension.openPage(`${address}figure`);
        await extension.grantActiveTab(page);
        await extension.chooseInMenu(page, onImage(`${address}meadow.png`));
        const panel = await extension.openPanel();
        await imageIsRead(panel);
        const second = await extension.openPanel();
        await second.waitForSelector('.engine[data-state="ready"]');
        assert.equal(await second.getAttribute('#result', 'data-state'), 'empty');
        for (const open of [panel, second, page]) await open.close();
    });

    test('the service worker ends, and the next click is answered by the model that is still loaded', async () => {
        const page = await extension.openPage(`${address}figure`);
        const panel = await extension.openPanel();
        await panel.waitForSelector('.engine[data-state="ready"]');
        const offscreen = async () => (await extension.ownTargets('background_page')).map(({ targetId }) => targetId);
        const before = await offscreen();
        assert.equal(before.length, 1);
        await panel.close();
        await extension.endWorker(page);
        assert.deepEqual(await extension.ownTargets('service_worker'), []);

        await extension.grantActiveTab(page); // the click on the button starts it, as one in the menu would
        const again = await extension.openPanel();
        const loads = await again.evaluate(() => {
            /** @type {string[]} */
            const phases = [];
            new BroadcastChannel('emofuse').addEventListener(
                'message',
                ({ data }) => data.type === 'progress' && phases.push(data.progress.phase),
            );
            return Object.assign(globalThis, { phases }).phases;
        });
        assert.deepEqual(loads, []);
        await extension.chooseInMenu(page, onImage(`${address}meadow.png`));
        await imageIsRead(again);
        assert.deepEqual(await offscreen(), before);
        assert.deepEqual(await again.evaluate('phases'), [], 'nothing was loaded anew');
        await again.close();
        await page.close();
    });
});

test('an image of a site that was allowed is fetched, or its failure said', async () => {
    // Stands for the person's yes, which cannot be given here: the permission is required instead of optional.
    const extension = await Installed.open({
        change: (manifest) => ({ ...manifest, host_permissions: ['http://127.0.0.1/*'] }),
    });
    const page = await extension.openPage(`${address}elsewhere`);
    await extension.grantActiveTab(page);
    const panel = await extension.openPanel();
    await extension.chooseInMenu(page, onImage(`${elsewhere}meadow.png`));
    await finished(panel);
    await panel.waitForSelector('[data-voice="both"]:not(.absent)');
    assert.equal(await panel.locator('.obstacle .notice-body').count(), 0);

    await extension.chooseInMenu(page, onImage(`${elsewhere}no-picture.png`));
    await panel.getByText('the file is not an image').waitFor();
    await extension.chooseInMenu(page, onImage(`${elsewhere}nothing.png`));
    await panel.getByText('the site answered with error 404').waitFor();
    assert.equal(await panel.locator('#sites section').isHidden(), true, 'only what the person has allowed is listed');
    await extension.close();
});

test('on WebGPU too', { tag: '@webgpu' }, async () => {
    test.setTimeout(PATIENCE.webgpu);
    const extension = await Installed.open({ kind: 'webgpu' });
    const page = await extension.openPage(`${address}figure`);
    await extension.clickToolbarButton(page);
    const panel = await extension.sidePanel();
    await until('the status says why it is not WebGPU already', () =>
        panel.evaluate(
            "document.querySelector('#engine-reason').textContent === 'The only graphics adapter is software.'",
        ),
    );
    await panel.evaluate(`{
        const choice = document.querySelector('#backend');
        choice.value = 'webgpu';
        choice.dispatchEvent(new Event('change'));
    }`);
    await extension.chooseInMenu(page, onImage(`${address}meadow.png`));
    await panel.waitFor(
        "['finished', 'error'].includes(document.querySelector('#result').dataset.state)",
        PATIENCE.webgpu,
    );
    assert.match(await panel.evaluate("document.querySelector('.how').textContent"), /^Analysed on WebGPU/);
    assert.equal(await panel.evaluate("document.querySelectorAll('table.scores tbody tr').length"), 9);
    await until('the status says so too', () =>
        panel.evaluate("/^Ready, on WebGPU/.test(document.querySelector('.engine-text').textContent)"),
    );
    await extension.close();
});
