// The page's controller: connects the components with the classifier.

import { chosenBackend, chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { EngineStatus } from '../shared/engine-status.js';
import { FusionFold } from '../shared/fusion-fold.js';
import { HeatMap } from '../shared/heat-map.js';
import { ModelChoice } from '../shared/model-choice.js';
import { PostForm } from '../shared/post-form.js';
import { ResultView } from '../shared/result-view.js';
import { StatusLine } from '../shared/status-line.js';
import { byId } from '../shared/dom.js';
import { isModel, listenForDrops } from '../shared/drops.js';
import { labelsOf, useLabels } from '../shared/labels.js';
import { OfflinePage } from '../shared/offline-page.js';
import { Model } from '../shared/model.js';
import { wordCount } from '../shared/word-limit.js';
import { announcement, canBeTriedAgain, modelKind } from '../shared/words.js';
import { showLimit } from './caption-limit.js';
import { DeskOffer } from './desk-offer.js';
import { firstLoad } from './first-load.js';
import { OwnLabel } from './own-label.js';
import { SampleList } from './sample-list.js';
import { ShareButtons } from './share-buttons.js';
import { pageTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('./sample-list.js').Sample} Sample */

/** A longer caption takes seconds to explain, so its result is shown first. */
const QUICK_WORDS = 100;

const announced = byId('announcement', HTMLParagraphElement);
const caption = byId('caption', HTMLTextAreaElement);
const captionLimit = byId('caption-limit', HTMLParagraphElement);

const form = new PostForm({
    onChange: () => {
        result.postChanged();
        showLimit(caption, captionLimit);
    },
    onSubmit: () => void classify(),
    onCancel: () => running?.abort(),
    onClear: () => {
        running?.abort();
        form.set({ image: null, caption: '' });
        announced.textContent = '';
        result.clear();
        fusion.clear();
        ownLabel.clear();
        deskOffer.clear();
        enterView('start');
    },
    onImage: () => {
        heatMap.clear(); // it belongs to the image before
        deskOffer.clear();
    },
});
const heatMap = new HeatMap();
form.imageField.frame.append(heatMap.overlay);
form.imageField.tools.prepend(heatMap.controls);
const result = new ResultView(byId('result', HTMLElement), pageTexts.emptyAnswer, {
    heatMap,
    describe: (text) => form.imageField.describe(text),
});
const fusion = new FusionFold();
const ownLabel = new OwnLabel();
const shareButtons = new ShareButtons();
result.actions.append(...shareButtons.buttons);
result.container.append(fusion.container, ownLabel.container);
const deskOffer = new DeskOffer();
byId('image-field', HTMLDivElement).append(deskOffer.container);
const samples = new SampleList(byId('samples', HTMLElement), (sample) => void showSample(sample));

let backend = chosenBackend();
const status = new EngineStatus(backend, (choice) => {
    useBackend(choice);
    running?.abort();
    model.load(choice);
});
const choice = new ModelChoice(useModel, (name, source) => {
    keepModelInAddress(source);
    offlinePage.modelIsThere(name, source);
    modelSource = source;
    if (model.description) useLabels(labelsOf(model.description));
});
const model = new Model(
    (request) => firstLoad.take(request),
    status,
    choice,
    (id, source) => {
        announced.textContent = pageTexts.modelInUse(modelKind(source), id);
        result.modelChanged();
    },
    useBackend,
);

/** @type {AbortController | null} */
let running = null;

/** The model in use, or about to be. @type {import('../shared/model.js').ModelSource} */
let modelSource = chosenModel();

status.container.append(choice.container);
const statusLine = new StatusLine(status, []);
status.watch(({ state, text, share }) => {
    if (running && state === 'loading') result.progress(text, share);
});
const offlinePage = new OfflinePage({
    stored: pageTexts.stored,
    atStake: () => (!form.isEmpty || running ? pageTexts.postAtStake : null),
    onFacts: (facts) => statusLine.showFacts(facts),
});

/** @param {import('../shared/engine-status.js').Choice} chosen */
function useBackend(chosen) {
    backend = chosen;
    keepInAddress('backend', chosen);
}

/** @param {import('../shared/model.js').ModelSource} source */
function useModel(source) {
    running?.abort();
    model.use(backend, source);
}

/** @param {File[]} files */
async function takeDrop(files) {
    const areModels = await Promise.all(files.map(isModel));
    const own = files.find((_, index) => areModels[index]);
    if (own) useModel(own);
    const others = files.filter((_, index) => !areModels[index]);
    form.giveFirst(others);
    const images = others.filter(({ type }) => type.startsWith('image/'));
    if (images.length > 1) deskOffer.show(images.length);
}

/**
 * At the start, the samples are beside the form; the answer replaces them there.
 *
 * @param {'start' | 'answer'} view
 */
function enterView(view) {
    document.body.dataset.view = view;
    samples.moveTo(byId(view === 'start' ? 'samples-at-start' : 'samples-below', HTMLElement));
}

/** Shows a sample with its stored result until the model is loaded. @param {Sample} sample */
async function showSample({ image, caption, stored }) {
    form.set({ image, caption });
    heatMap.clear();
    deskOffer.clear();
    if (!stored || status.shown.state === 'ready' || modelSource !== 'default') return void classify();
    running?.abort();
    enterView('answer');
    show(stored, { image, caption }, true);
}

/**
 * @param {Result} answer
 * @param {import('../shared/explanation-view.js').ShownPost} post
 * @param {boolean} isStored
 */
function show(answer, post, isStored) {
    result.show(answer, post, { isStored });
    fusion.show(answer, async (options) => {
        const classifier = await model.classifier(backend);
        return classifier.classify(post, options);
    });
    ownLabel.show(answer, post);
    shareButtons.show(answer, post);
    const text = announcement(answer);
    if (announced.textContent !== text) announced.textContent = text;
    window.scrollTo({ top: 0 });
}

/** Classifies the post as it stands; an earlier classification is aborted. */
async function classify() {
    running?.abort();
    const current = new AbortController();
    running = current;
    const { post } = form;
    form.setBusy(true);
    announced.textContent = '';
    enterView('answer');
    result.wait(status.waitingText);
    const { state, text, share } = status.shown;
    if (state === 'loading') result.progress(text, share);
    try {
        const loading = untilAborted(model.classifier(backend), current.signal);
        if (await classifyEarly(post, current)) return;
        const classifier = await loading;
        if (!classifier) return stop(current); // the status line says why
        result.wait(status.waitingText);
        await answer((options) => classifier.classify(post, options), post, current);
    } catch (error) {
        if (current !== running) return;
        if (current.signal.aborted) stop(current);
        else {
            fusion.clear();
            ownLabel.clear();
            result.fail(error, canBeTriedAgain(error) ? () => void classify() : null);
        }
    } finally {
        if (current === running) {
            running = null;
            form.setBusy(false);
        }
    }
}

/**
 * Classifies a caption while the model is being loaded, if that is possible.
 *
 * @param {import('../shared/explanation-view.js').ShownPost} post
 * @param {AbortController} current
 * @returns {Promise<boolean>} Whether it was classified; otherwise it needs the whole model.
 */
async function classifyEarly({ image, caption }, current) {
    if (image || !caption || status.shown.state === 'ready') return false;
    const captions = await untilAborted(model.captions(backend), current.signal);
    if (!captions) return false;
    try {
        await answer((options) => captions.classify(caption, options), { image, caption }, current);
        return true;
    } catch (error) {
        if (current.signal.aborted || (error instanceof Error && error.name === 'EmptyPostError')) throw error;
        return false; // loading failed; the model that takes its place may answer
    }
}

/**
 * Shows the result, of a long caption first without an explanation.
 *
 * @param {(options: import('../emofuse.js').ClassifyOptions) => Promise<Result>} classifyPost
 * @param {import('../shared/explanation-view.js').ShownPost} post
 * @param {AbortController} current
 */
async function answer(classifyPost, post, current) {
    const { signal } = current;
    if (wordCount(post.caption ?? '') > QUICK_WORDS) {
        const first = await classifyPost({ signal });
        if (current === running) show(first, post, false);
    }
    const explained = await classifyPost({ signal, explain: true });
    if (current === running) show(explained, post, false);
}

/** Nothing is being analysed any more. @param {AbortController} stopped */
function stop(stopped) {
    if (stopped !== running) return;
    result.stopWaiting();
    if (result.container.dataset.state === 'empty') enterView('start');
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T | null>} Null if it is aborted first, or rejects.
 */
function untilAborted(promise, signal) {
    const aborted = new Promise((/** @type {(value: null) => void} */ resolve) => {
        if (signal.aborted) resolve(null);
        signal.addEventListener('abort', () => resolve(null));
    });
    return Promise.race([aborted, promise.catch(() => null)]);
}

byId('engine', HTMLDivElement).replaceChildren(statusLine.container);
listenForDrops((files) => void takeDrop(files));
form.changed(); // a browser may have restored the caption after a reload
model.use(backend, chosenModel());
