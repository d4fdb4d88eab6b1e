// Makes the screenshots of docs/store from the real panel, beside the page that was clicked on:
//
//     node tools/store-screenshots.mjs
//
// The side panel itself cannot be captured, so the panel is opened in a tab and put beside the page.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Installed, Site, html } from '../tests/browser/extension/extension.mjs';

const root = new URL('../', import.meta.url);
const folder = new URL('docs/store/', root);
const WIDTH = 1280;
const HEIGHT = 800;
const PANEL_WIDTH = 400;
const QUALITY = 80;
/** What all screenshots together may take. */
const MAX_BYTES = 300_000;

const CAPTION = 'So happy to be home with this little one';
const COMMENT = 'We still miss our old cat. What a sad and quiet house it was.';

const STYLE = `
    :root { color-scheme: light dark }
    body { margin: 0; background: light-dark(#eef0f3, #101114); color: light-dark(#1c1d22, #eceef2); font: 17px/1.5 system-ui, sans-serif }
    header { padding: 18px 40px; background: light-dark(#fff, #191b20); border-bottom: 1px solid light-dark(#dcdfe5, #30333b); font-weight: 650 }
    main { max-width: 560px; margin: 28px auto; padding: 20px; background: light-dark(#fff, #191b20); border: 1px solid light-dark(#dcdfe5, #30333b); border-radius: 14px }
    figure { margin: 0 }
    img { display: block; width: 100%; border-radius: 10px }
    figcaption { margin-top: 14px; font-size: 19px }
    .author { margin: 0 0 14px; font-weight: 600 }
    .comment { margin: 18px 0 0; padding-top: 14px; border-top: 1px solid light-dark(#dcdfe5, #30333b); color: light-dark(#4a4d57, #b9bdc8) }
    ::selection { background: light-dark(#b9d2ff, #2c4f95) }`;

const cat = { type: 'image/jpeg', body: await readFile(new URL('www/samples/cat.jpg', root)) };
const site = await new Site({
    '/cat.jpg': cat,
    '/': html(`<style>${STYLE}</style><header>Pictures</header>
        <main><p class="author">Ada</p><figure><img src="cat.jpg" alt=""><figcaption>${CAPTION}</figcaption></figure>
        <p class="comment">${COMMENT}</p></main>`),
}).open();
/** A name for the site, which is on this machine. */
const HOST = 'pictures.example';
const address = site.address.replace('localhost', HOST);
const extension = await Installed.open({ flags: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`] });

/** @typedef {'light' | 'dark'} ColorScheme */
/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {string} name
 * @param {ColorScheme} colorScheme
 * @param {(page: Page) => Promise<Partial<chrome.contextMenus.OnClickData>>} click
 * @param {(panel: Page) => Promise<void>} [arrange]
 */
async function capture(name, colorScheme, click, arrange = async () => {}) {
    const page = await extension.openPage(address);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: WIDTH - PANEL_WIDTH, height: HEIGHT });
    await extension.grantActiveTab(page);
    const panel = await extension.openPanel();
    await panel.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await panel.setViewportSize({ width: PANEL_WIDTH, height: HEIGHT });
    await panel.waitForSelector('.engine[data-state="ready"]', { state: 'attached' });
    await extension.chooseInMenu(page, await click(page));
    await panel.waitForSelector('#result[data-state="finished"]:not([aria-busy])');
    await arrange(panel);
    const shots = await Promise.all([page, panel].map(async (each) => (await each.screenshot()).toString('base64')));
    const both = await extension.context.newPage();
    await both.setViewportSize({ width: WIDTH, height: HEIGHT });
    await both.setContent(
        `<body style="margin:0;display:flex">${shots.map((shot) => `<img src="data:image/png;base64,${shot}">`).join('<hr style="width:1px;height:100vh;margin:0 -1px 0 0;border:0;background:#8885;z-index:1">')}`,
    );
    await both.waitForFunction(() => [...document.images].every(({ complete }) => complete));
    const content = await both.screenshot({ type: 'jpeg', quality: QUALITY });
    await writeFile(new URL(name, folder), content);
    for (const open of [both, panel, page]) await open.close();
    return content.length;
}

/** @param {Page} page */
const onImage = async (page) => ({
    mediaType: /** @type {const} */ ('image'),
    srcUrl: await page.$eval('img', (image) => image.currentSrc),
});

/** @param {Page} page */
const onComment = async (page) => {
    await page.evaluate(() =>
        getSelection()?.selectAllChildren(/** @type {Node} */ (document.querySelector('.comment'))),
    );
    return { selectionText: COMMENT };
};

const sizes = [
    await capture('answer.jpg', 'light', onImage),
    await capture('reasons.jpg', 'light', onImage, (panel) =>
        panel.getByRole('heading', { name: /^Why/ }).evaluate((heading) => heading.scrollIntoView({ block: 'start' })),
    ),
    await capture('selection.jpg', 'dark', onComment),
];
await extension.close();
site.close();

const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(`${fileURLToPath(folder)}: ${total} bytes`);
if (total > MAX_BYTES) throw new Error(`the screenshots have ${total} bytes; at most ${MAX_BYTES} are wanted`);
