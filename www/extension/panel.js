// The panel's controller: takes a click in the menu, or a post given in the panel, and shows what the post conveys.

import { chosenBackend } from '../shared/address.js';
import { byId } from '../shared/dom.js';
import { listenForDrops } from '../shared/drops.js';
import { EngineStatus } from '../shared/engine-status.js';
import { PostForm } from '../shared/post-form.js';
import { ResultView } from '../shared/result-view.js';
import { announcement, canBeTriedAgain } from '../shared/words.js';
import { send } from './messages.js';
import { ObstacleNotice } from './obstacle-notice.js';
import { PanelModel } from './panel-model.js';
import { PostSummary } from './post-summary.js';
import { fetchAllowed, findPost, takeFromScreen } from './post.js';
import { SiteList } from './site-list.js';
import { requestPermission } from './sites.js';
import { TEXTS } from './texts.js';

/** @typedef {import('./messages.js').Click} Click */
/** @typedef {import('./post.js').Obstacle} Obstacle */

const captionHint = byId('caption-hint', HTMLParagraphElement);
const announced = byId('announcement', HTMLParagraphElement);
const cancel = byId('cancel', HTMLButtonElement);
const postDetails = byId('post', HTMLDetailsElement);

const obstacles = new ObstacleNotice();
const summary = new PostSummary();
const result = new ResultView(byId('result', HTMLElement), TEXTS.invitation);
const form = new PostForm({
    onChange: () => result.postChanged(),
    onSubmit: () => void classify(),
    onCancel: giveUp,
    onClear: empty,
    onImage: () => {
        giveUp(); // the image of a click that is still being looked for is no longer wanted
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

/** The current work: looking at a page, downloading an image, classifying a post. A later one replaces it. */
let current = new AbortController();

/** The click that the post is from; null if it was given in the panel. @type {Click | null} */
let shown = null;

function giveUp() {
    current.abort();
    result.stopWaiting();
}

/** Focuses the form's button, or what unfolds the form. */
function focusForm() {
    if (postDetails.open) form.focus();
    else postDetails.querySelector('summary')?.focus();
}

/**
 * Works until it is done, cancelled or replaced.
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
            const hadFocus = document.activeElement === cancel; // it is hidden next
            result.stopWaiting();
            form.setBusy(false);
            if (hadFocus) focusForm();
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
    summary.show(post, originOf(shown));
    result.show(answer, post);
    announced.textContent = announcement(answer);
    scrollTo({ top: 0 }); // the answer is first
}

/** @param {Click | null} click */
function originOf(click) {
    if (!click) return null;
    return click.site ? TEXTS.fromSite(click.site) : TEXTS.fromPage;
}

/** Takes the click that waits for this window's panel, if there is one. */
async function takeClick() {
    /** @type {Click | null} */
    const click = await send({ type: 'take', windowId: await ownWindow });
    if (!click) return;
    empty();
    shown = click;
    postDetails.open = false;
    summary.show(form.post, originOf(click));
    await perform(
        TEXTS.looking,
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
    captionHint.textContent = found.source ? TEXTS.captionSource[found.source] : TEXTS.captionHint;
    takeImage(click, found);
    summary.show(form.post, originOf(click));
    if (found.image || found.caption) return classifyPost(signal);
    postDetails.open = true; // the post can only be given there
    result.clear();
}

/**
 * @param {Click} click
 * @param {{ image: Blob | null, obstacle: Obstacle | null }} found
 */
function takeImage(click, { image: found, obstacle }) {
    if (found) form.set({ image: found });
    if (!obstacle && obstacles.container.contains(document.activeElement)) focusForm(); // its button goes
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
        return perform(TEXTS.fetching, work, () => void classify());
    };
    const { address, onScreen } = 'address' in obstacle ? obstacle : { address: '', onScreen: false };
    obstacles.show(
        obstacle,
        {
            allow: () => {
                const permission = requestPermission(address); // synchronously: the browser only lets a click ask
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
    postDetails.open = true;
    captionHint.textContent = TEXTS.captionHint;
    announced.textContent = '';
    summary.show(form.post, null);
    obstacles.clear();
    result.clear();
}

/** A panel only shows the clicks of its own window. */
const ownWindow = chrome.windows.getCurrent().then(({ id }) => id ?? -1);

chrome.runtime.onMessage.addListener((/** @type {import('./messages.js').Message} */ message) => {
    if (message.type !== 'clicked') return;
    void ownWindow.then((id) => {
        if (id === message.windowId) void takeClick();
    });
});
addEventListener('pagehide', () => current.abort());

byId('summary', HTMLDivElement).append(summary.container);
byId('obstacle', HTMLDivElement).append(obstacles.container);
byId('engine', HTMLDivElement).append(status.container);
byId('sites', HTMLDivElement).append(new SiteList().container);
listenForDrops((files) => form.giveFirst(files));
captionHint.textContent = TEXTS.captionHint;
void takeClick();
