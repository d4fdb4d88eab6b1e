// The panel's controller: takes a click in the menu or what is given to it, and shows what the post conveys.

import { EngineStatus, chosenBackend } from '../shared/engine-status.js';
import { PostForm } from '../shared/post-form.js';
import { ResultView } from '../shared/result-view.js';
import { byId } from '../shared/dom.js';
import { listenForDrops } from '../shared/drops.js';
import { announcement, canBeTriedAgain } from '../shared/words.js';
import { send } from './messages.js';
import { ObstacleNotice } from './obstacle-notice.js';
import { PanelModel } from './panel-model.js';
import { fetchAllowed, findPost, takeFromScreen } from './post.js';
import { SiteList } from './site-list.js';
import { requestPermission } from './sites.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./post.js').Obstacle} Obstacle */

const INVITATION = 'The result appears here.';
const CAPTION_HINT = 'English; emoji and hashtags count.';

/** @type {Record<import('./in-page.js').CaptionSource, string>} */
const TAKEN_FROM = {
    selection: 'This is what you selected on the page; change it as you like.',
    figcaption: 'This stands below the image on the page; change it as you like.',
    alt: 'This is the image’s alternative text; put what the post says in its place.',
    title: 'This is the image’s title; put what the post says in its place.',
};

const origin = byId('origin', HTMLParagraphElement);
const captionHint = byId('caption-hint', HTMLParagraphElement);
const announced = byId('announcement', HTMLParagraphElement);
const invitation = origin.textContent ?? '';

const obstacles = new ObstacleNotice();
const result = new ResultView(byId('result', HTMLElement), INVITATION);
const form = new PostForm({
    onChange: () => result.postChanged(),
    onSubmit: () => void classify(),
    onCancel: giveUp,
    onClear: empty,
    onImage: () => {
        giveUp(); // the image of a click that is still being looked for is not wanted any more
        shown = null;
        obstacles.clear();
    },
});

const backend = chosenBackend();
const status = new EngineStatus(backend, (choice) => {
    giveUp();
    model.choose(choice);
});
const model = new PanelModel(status, backend);

/**
 * What is under way: looking at a page, fetching an image, classifying a post. The later takes the place of the earlier.
 */
let current = new AbortController();

/** The click that the post is from; null where the person has given it otherwise. @type {Click | null} */
let shown = null;

function giveUp() {
    current.abort();
    result.stopWaiting();
}

/**
 * Does something until it is done, cancelled or overtaken.
 *
 * @param {string} waiting
 * @param {(signal: AbortSignal) => Promise<void>} work
 * @param {() => void} again
 */
async function perform(waiting, work, again) {
    current.abort();
    const own = new AbortController();
    current = own;
    form.setBusy(true);
    announced.textContent = '';
    result.wait(waiting);
    try {
        await work(own.signal);
    } catch (error) {
        if (!own.signal.aborted) result.fail(error, canBeTriedAgain(error) ? again : null);
    } finally {
        if (own === current) {
            result.stopWaiting();
            form.setBusy(false);
        }
    }
}

/** Classifies the post as it stands. */
function classify() {
    return perform(status.waitingText, classifyPost, () => void classify());
}

/** @param {AbortSignal} signal */
async function classifyPost(signal) {
    const { post } = form;
    const answer = await model.classify(post, signal);
    if (signal.aborted) return;
    result.show(answer, post);
    announced.textContent = announcement(answer);
}

/** Takes the click that waits for this window's panel, if there is one. */
async function takeClick() {
    /** @type {Click | null} */
    const click = await send({ type: 'take', windowId: await ownWindow });
    if (!click) return;
    empty();
    shown = click;
    origin.textContent = click.site ? `From ${click.site}.` : 'From the page you clicked on.';
    await perform(
        'Looking at the page …',
        (signal) => takePost(click, signal),
        () => void classify(),
    );
}

/**
 * @param {Click} click
 * @param {AbortSignal} signal
 */
async function takePost(click, signal) {
    const found = await findPost(click, signal);
    if (signal.aborted) return;
    form.set({ caption: found.caption });
    captionHint.textContent = found.source ? TAKEN_FROM[found.source] : CAPTION_HINT;
    takeImage(click, found);
    if (found.image || found.caption) await classifyPost(signal);
    else result.clear();
}

/**
 * @param {Click} click
 * @param {{ image: Blob | null, obstacle: Obstacle | null }} found
 */
function takeImage(click, { image: found, obstacle }) {
    if (found) form.set({ image: found });
    if (!obstacle && obstacles.container.contains(document.activeElement)) form.focus(); // its button goes
    if (obstacle) showObstacle(click, obstacle, { refused: false });
    else obstacles.clear();
}

/**
 * @param {Click} click
 * @param {Obstacle} obstacle
 * @param {{ refused: boolean }} state
 */
function showObstacle(click, obstacle, state) {
    if (click !== shown) return; // the browser's question was answered too late
    const take = (/** @type {(signal: AbortSignal) => ReturnType<typeof takeFromScreen>} */ fetchImage) => {
        const work = async (/** @type {AbortSignal} */ signal) => {
            const found = await fetchImage(signal);
            if (signal.aborted) return;
            takeImage(click, found);
            if (found.image) await classifyPost(signal);
        };
        return perform('Fetching the image …', work, () => void classify());
    };
    const address = click.address ?? '';
    const onScreen = 'onScreen' in obstacle && obstacle.onScreen;
    obstacles.show(
        obstacle,
        {
            allow: () => {
                const permission = requestPermission(address); // at once: the browser lets a click ask, and nothing later
                void permission
                    .catch(() => false)
                    .then((allowed) => {
                        if (!allowed) showObstacle(click, obstacle, { refused: true });
                        else if (click === shown) void take((signal) => fetchAllowed(address, onScreen, signal));
                    });
            },
            takeFromScreen: () => void take(() => takeFromScreen(click)),
        },
        state,
    );
}

function empty() {
    giveUp();
    shown = null;
    form.set({ image: null, caption: '' });
    captionHint.textContent = CAPTION_HINT;
    origin.textContent = invitation;
    announced.textContent = '';
    obstacles.clear();
    result.clear();
}

/** A panel shows the clicks of its own window only. */
const ownWindow = chrome.windows.getCurrent().then(({ id }) => id ?? -1);

chrome.runtime.onMessage.addListener((/** @type {import('./messages.js').Message} */ message) => {
    if (message.type !== 'clicked') return;
    void ownWindow.then((id) => {
        if (id === message.windowId) void takeClick();
    });
});
addEventListener('pagehide', () => current.abort());

byId('obstacle', HTMLDivElement).append(obstacles.container);
byId('engine', HTMLDivElement).append(status.container);
byId('sites', HTMLDivElement).append(new SiteList().container);
listenForDrops((files) => form.giveFirst(files));
captionHint.textContent = CAPTION_HINT;
void takeClick();
