// What the extension's tests share: a browser with the extension in it, a site with posts, and the panel.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { chromium } from 'playwright-core';
import { buildExtension } from '../../../tools/extension.mjs';
import { chromiumOptions } from '../../support/chromium.mjs';
import { PATIENCE } from '../support/harness.mjs';
import { MEADOW } from '../../support/images.mjs';

/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('playwright-core').CDPSession} CDPSession */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../../tools/extension.mjs').Manifest} Manifest */
/** @typedef {{ status?: number, type: string, body: string | Buffer, headers?: Record<string, string> }} Reply */

const EXTENSION_FLAGS = [
    '--headless=new',
    '--enable-unsafe-extension-debugging',
    '--disable-features=DisableLoadExtensionCommandLineSwitch',
];

/** A site on localhost. Its twin, 127.0.0.1, is another site to the browser. */
export class Site {
    /** Every request: method, host and path. @type {string[]} */
    requests = [];
    /** @type {Record<string, Reply>} */
    replies;
    #server = createServer((request, response) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        this.requests.push(`${request.headers.host?.split(':')[0]}${path}`);
        const {
            status = 200,
            type,
            body,
            headers = {},
        } = this.replies[path] ?? { status: 404, type: 'text/plain', body: 'not found' };
        response.writeHead(status, { 'content-type': type, 'cache-control': 'max-age=60', ...headers }).end(body);
    });

    /** @param {Record<string, Reply>} replies */
    constructor(replies) {
        this.replies = replies;
    }

    async open() {
        await new Promise((resolve) => this.#server.listen(0, () => resolve(undefined)));
        return this;
    }

    get #port() {
        return /** @type {import('node:net').AddressInfo} */ (this.#server.address()).port;
    }

    get address() {
        return `http://localhost:${this.#port}/`;
    }

    /** The same server as another site. */
    get elsewhere() {
        return `http://127.0.0.1:${this.#port}/`;
    }

    close() {
        this.#server.close();
        this.#server.closeAllConnections();
    }
}

/**
 * @param {string} body
 * @returns {Reply}
 */
export const html = (body) => ({
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><title>posts</title>${body}`,
});

/** @type {Reply} */
export const meadow = { type: 'image/png', body: MEADOW };

/** Stands between the browser and the world, and lets nobody through: this machine's own addresses do not pass here. */
export class Border {
    /** Who was asked for. @type {string[]} */
    crossings = [];
    #server = createServer((request, response) => {
        this.crossings.push(request.url ?? '');
        response.writeHead(403).end();
    });

    async open() {
        this.#server.on('connect', (request, socket) => {
            this.crossings.push(request.url ?? '');
            socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        });
        await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
        return this;
    }

    /** What the browser is started with. */
    get flag() {
        return `--proxy-server=http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port}`;
    }

    close() {
        this.#server.close();
        this.#server.closeAllConnections();
    }
}

/** A browser with the extension. */
export class Installed {
    context;
    /** @readonly */
    id;
    #browser;
    #folder;

    /**
     * @param {BrowserContext} context
     * @param {string} id
     * @param {CDPSession} browser
     * @param {string} folder
     */
    constructor(context, id, browser, folder) {
        this.context = context;
        this.id = id;
        this.#browser = browser;
        this.#folder = folder;
    }

    /**
     * @param {object} [options]
     * @param {'cpu' | 'webgpu'} [options.kind] What the browser has.
     * @param {(manifest: Manifest) => Manifest} [options.change] Without it, the extension is the one that is shipped.
     * @param {(folder: string) => Promise<void>} [options.prepare] Puts further files in.
     * @param {string[]} [options.flags]
     * @param {import('playwright-core').BrowserContextOptions} [options.context]
     * @param {boolean} [options.keepWelcome] Leaves the page open that opens when the extension is installed.
     */
    static async open({
        kind = 'cpu',
        change,
        prepare,
        flags = [],
        context: contextOptions = {},
        keepWelcome = false,
    } = {}) {
        const folder = await mkdtemp(join(tmpdir(), 'emofuse-extension-'));
        await buildExtension('chrome', folder, change);
        await prepare?.(folder);
        const { executablePath, args } = chromiumOptions(kind);
        const context = await chromium.launchPersistentContext('', {
            executablePath,
            headless: false, // --headless=new: Playwright's own headless mode has no extensions
            args: [
                ...args,
                ...EXTENSION_FLAGS,
                ...flags,
                `--disable-extensions-except=${folder}`,
                `--load-extension=${folder}`,
            ],
            viewport: null,
            ...contextOptions,
        });
        context.setDefaultTimeout(PATIENCE[kind]);
        const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
        const browser = await /** @type {import('playwright-core').Browser} */ (
            context.browser()
        ).newBrowserCDPSession();
        const installed = new Installed(context, new URL(worker.url()).host, browser, folder);
        await until('the worker listens', () =>
            installed.inWorker(
                () =>
                    typeof chrome !== 'undefined' &&
                    [chrome.runtime.onMessage, chrome.contextMenus?.onClicked].some((event) => event?.hasListeners()),
                null,
            ),
        );
        const { background } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
        if (background.service_worker === 'extension/background.js') {
            const welcome = await installed.welcomePage();
            if (!keepWelcome) await welcome.close();
        }
        return installed;
    }

    /** The page that opens when the extension is installed. */
    welcomePage() {
        return until('the welcome page', async () =>
            this.context.pages().find((page) => page.url() === this.url('extension/welcome.html')),
        );
    }

    async close() {
        await this.context.close();
        await rm(this.#folder, { recursive: true, force: true });
    }

    /** @param {string} path */
    url(path) {
        return `chrome-extension://${this.id}/${path}`;
    }

    /** The targets of the browser, those that Playwright does not show too. */
    async targets() {
        return (await this.#browser.send('Target.getTargets', { filter: [{}] })).targetInfos;
    }

    /** @param {string} type */
    async ownTargets(type) {
        return (await this.targets()).filter((target) => target.type === type && target.url.startsWith(this.url('')));
    }

    /**
     * Ends the service worker, as the browser does with an idle one.
     *
     * @param {Page} page Any page.
     */
    async endWorker(page) {
        const session = await this.context.newCDPSession(page);
        await session.send('ServiceWorker.enable');
        await session.send('ServiceWorker.stopAllWorkers');
        await session.detach();
        await until('the service worker has ended', async () => (await this.ownTargets('service_worker')).length === 0);
    }

    /**
     * Runs a function in the service worker. Playwright does not notice when one has been started again.
     *
     * @template A, R
     * @param {(argument: A) => R | Promise<R>} run
     * @param {A} argument
     * @returns {Promise<R>}
     */
    async inWorker(run, argument) {
        const [target] = await until('the service worker runs', async () => {
            const running = await this.ownTargets('service_worker');
            return running.length ? running : null;
        });
        const worker = await Attached.to(this.#browser, /** @type {{ targetId: string }} */ (target).targetId);
        // One that has just been started has not got everything yet.
        await worker.waitFor("typeof setTimeout === 'function'");
        const answer = await worker.evaluate(`(${run})(${JSON.stringify(argument)})`);
        await worker.detach();
        return answer;
    }

    /** Opens a page of a site. @param {string} url */
    async openPage(url) {
        const page = await this.context.newPage();
        await page.goto(url);
        return page;
    }

    /**
     * The panel in a tab of its own, where Playwright can drive it.
     *
     * @param {string} [query]
     */
    async openPanel(query = '') {
        return this.openPage(this.url(`extension/panel.html${query}`));
    }

    /**
     * A click on the toolbar button: a real one to the browser, which grants `activeTab` and lets the side panel open.
     *
     * @param {Page} page
     */
    async clickToolbarButton(page) {
        await page.bringToFront();
        const tab = (await this.targets()).find(({ type, url }) => type === 'tab' && url === page.url());
        assert.ok(tab);
        await this.#browser.send(
            /** @type {any} */ ('Extensions.triggerAction'),
            /** @type {any} */ ({ id: this.id, targetId: tab.targetId }),
        );
    }

    /** The side panel itself. */
    async sidePanel() {
        const known = this.context.pages().map((page) => page.url());
        const target = await until('the side panel', async () =>
            (await this.targets()).find(
                ({ type, url }) => type === 'page' && url === this.url('extension/panel.html') && !known.includes(url),
            ),
        );
        const panel = await Attached.to(this.#browser, target.targetId);
        await panel.waitFor("document.querySelector('.engine') !== null");
        return panel;
    }

    /**
     * Grants `activeTab` as the person's click would, without leaving the side panel open.
     *
     * @param {Page} page
     */
    async grantActiveTab(page) {
        await this.clickToolbarButton(page);
        await (await this.sidePanel()).close();
    }

    /**
     * Chooses the extension's entry in the context menu. Menus are the system's and cannot be clicked here: the
     * listener is called with what Chromium would tell it.
     *
     * @param {Page} page
     * @param {Partial<chrome.contextMenus.OnClickData>} info
     */
    async chooseInMenu(page, info) {
        await this.inWorker(
            async ({ url, info }) => {
                const tabs = await chrome.tabs.query({});
                const own = await Promise.all(
                    tabs.map(async (tab) => ({ tab, url: tab.url ?? tab.pendingUrl ?? (await addressOf(tab)) })),
                );
                const tab = own.find((candidate) => candidate.url === url)?.tab;
                if (!tab) throw new Error(`no tab shows ${url}: ${JSON.stringify(own)}`);
                const data = { menuItemId: 'which-emotion', editable: false, frameId: 0, pageUrl: url, ...info };
                /** @type {any} */ (chrome.contextMenus.onClicked).dispatch(data, tab);

                /** @param {chrome.tabs.Tab} tab */
                async function addressOf(tab) {
                    try {
                        const [injected] = await chrome.scripting.executeScript({
                            target: { tabId: tab.id ?? -1 },
                            func: () => location.href,
                        });
                        return injected?.result ?? null;
                    } catch {
                        return null; // the extension may not look into it
                    }
                }
            },
            { url: page.url(), info },
        );
    }
}

/** A target that Playwright does not show, the side panel for one, by the browser's own protocol. */
export class Attached {
    #browser;
    #sessionId;
    #targetId;
    #last = 0;
    /** @type {Map<number, (message: any) => void>} */
    #pending = new Map();

    /**
     * @param {CDPSession} browser
     * @param {string} targetId
     * @param {string} sessionId
     */
    constructor(browser, targetId, sessionId) {
        this.#browser = browser;
        this.#targetId = targetId;
        this.#sessionId = sessionId;
        browser.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
            if (sessionId !== this.#sessionId) return;
            const answer = JSON.parse(message);
            this.#pending.get(answer.id)?.(answer);
        });
    }

    /**
     * @param {CDPSession} browser
     * @param {string} targetId
     */
    static async to(browser, targetId) {
        const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: false });
        return new Attached(browser, targetId, sessionId);
    }

    /**
     * @param {string} method
     * @param {Record<string, unknown>} [params]
     * @returns {Promise<any>}
     */
    async send(method, params = {}) {
        const id = ++this.#last;
        const answered = new Promise((/** @type {(answer: any) => void} */ resolve) => this.#pending.set(id, resolve));
        await this.#browser.send('Target.sendMessageToTarget', {
            sessionId: this.#sessionId,
            message: JSON.stringify({ id, method, params }),
        });
        const { result, error } = await answered;
        if (error) throw new Error(`${method}: ${error.message}`);
        return result;
    }

    /**
     * @param {string} expression
     * @returns {Promise<any>}
     */
    async evaluate(expression) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
            expression,
            awaitPromise: true,
            returnByValue: true,
            userGesture: false,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    /**
     * @param {string} expression
     * @param {number} [patience_ms]
     */
    waitFor(expression, patience_ms) {
        return until(expression, () => this.evaluate(expression), patience_ms);
    }

    /** A click of the mouse, which the browser takes for a person's. @param {string} selector */
    async click(selector) {
        const place = await this.evaluate(`(() => {
            const node = document.querySelector(${JSON.stringify(selector)});
            node.scrollIntoView({ block: 'center' });
            const { x, y, width, height } = node.getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };
        })()`);
        for (const type of ['mousePressed', 'mouseReleased'])
            await this.send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
    }

    detach() {
        return this.#browser.send('Target.detachFromTarget', { sessionId: this.#sessionId });
    }

    /** Closes the side panel, as its cross does. */
    async close() {
        await this.#browser.send('Target.closeTarget', { targetId: this.#targetId });
        const isThere = async () =>
            (await this.#browser.send('Target.getTargets', { filter: [{}] })).targetInfos.some(
                ({ targetId }) => targetId === this.#targetId,
            );
        await until('the side panel is closed', async () => !(await isThere()));
    }
}

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} attempt
 * @param {number} [patience_ms]
 * @returns {Promise<NonNullable<T>>} The first answer that is something.
 */
export async function until(what, attempt, patience_ms = PATIENCE.cpu) {
    /** @type {T | undefined} */
    let answer;
    const found = async () => {
        answer = await attempt();
        return Boolean(answer);
    };
    await expect.poll(found, { timeout: patience_ms, message: what }).toBe(true);
    return /** @type {NonNullable<T>} */ (answer);
}
