// The page's controller: connects the components with the classifier.

import { chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { EngineStatus, chosenBackend } from '../shared/engine-status.js';
import { ModelChoice } from '../shared/model-choice.js';
import { PostForm } from '../shared/post-form.js';
import { ResultView } from '../shared/result-view.js';
import { SampleList } from './sample-list.js';
import { byId } from '../shared/dom.js';
import { isModel, listenForDrops } from '../shared/drops.js';
import { OfflinePage } from '../shared/offline-page.js';
import { Model } from '../shared/model.js';
import { EmotionClassifier } from '../emofuse.js';
import { announcement, canBeTriedAgain, modelKind } from '../shared/words.js';

/** @typedef {import('../shared/engine-status.js').Choice} Choice */

const announced = byId('announcement', HTMLParagraphElement);

const result = new ResultView(byId('result', HTMLElement));
const form = new PostForm({
    onChange: () => result.postChanged(),
    onSubmit: () => void classify(),
    onCancel: () => running?.abort(),
    onClear: () => {
        running?.abort();
        form.set({ image: null, caption: '' });
        announced.textContent = '';
        result.clear();
    },
});
const samples = new SampleList((sample) => {
    form.set(sample);
    void classify();
});
let backend = chosenBackend();
const status = new EngineStatus(backend, (choice) => {
    backend = choice;
    keepInAddress('backend', choice);
    running?.abort();
    model.load(choice);
});
const choice = new ModelChoice(useModel, (name, source) => {
    keepModelInAddress(source);
    offlinePage.modelIsThere(name, source);
});
const model = new Model(
    (request) => EmotionClassifier.load(request),
    status,
    choice,
    (id, source) => {
        announced.textContent = `${modelKind(source)} ${id} is in use.`;
        result.modelChanged();
    },
);

/** @type {AbortController | null} */
let running = null;

const offlinePage = new OfflinePage({
    atStake: () => (!form.isEmpty || running ? 'The post in the form will be lost.' : null),
});

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
    form.giveFirst(files.filter((_, index) => !areModels[index]));
}

/** Classifies the post as it stands; an earlier classification is aborted. */
async function classify() {
    running?.abort();
    const current = new AbortController();
    running = current;
    const { post } = form;
    form.setBusy(true);
    announced.textContent = '';
    result.wait(status.waitingText);
    try {
        const classifier = await loadedModel(current.signal);
        if (!classifier) return result.stopWaiting();
        const answer = await classifier.classify(post, { signal: current.signal, explain: true });
        if (current !== running) return;
        result.show(answer, post);
        status.ready(classifier.describe()); // another back end, where the one before failed
        announced.textContent = announcement(answer);
        bringIntoView();
    } catch (error) {
        if (current !== running) return;
        if (current.signal.aborted) result.stopWaiting();
        else {
            result.fail(error, canBeTriedAgain(error) ? () => void classify() : null);
            bringIntoView();
        }
    } finally {
        if (current === running) {
            running = null;
            form.setBusy(false);
        }
    }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import('../emofuse.js').EmotionClassifier | null>} Null where there is none; the status line says
 *     why.
 */
async function loadedModel(signal) {
    const aborted = new Promise((/** @type {(value: null) => void} */ resolve) =>
        signal.addEventListener('abort', () => resolve(null)),
    );
    return Promise.race([aborted, model.classifier(backend).catch(() => null)]);
}

/** On a phone the result is below the form. */
function bringIntoView() {
    const { top } = result.container.getBoundingClientRect();
    if (top < window.innerHeight * 0.6) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    result.container.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
}

byId('samples', HTMLDivElement).append(samples.container);
byId('engine', HTMLDivElement).append(status.container);
status.container.append(choice.container);
listenForDrops((files) => void takeDrop(files));
form.changed(); // a browser may have restored the caption after a reload
model.use(backend, chosenModel());
