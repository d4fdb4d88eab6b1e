// The page's controller: connects the components with the classifier.

import { chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { EngineStatus, chosenBackend } from '../shared/engine-status.js';
import { ModelChoice } from '../shared/model-choice.js';
import { ImageField } from '../shared/image-field.js';
import { ResultView } from '../shared/result-view.js';
import { SampleList } from './sample-list.js';
import { byId } from '../shared/dom.js';
import { isModel, listenForDrops } from '../shared/drops.js';
import { OfflinePage } from '../shared/offline-page.js';
import { Model } from '../shared/model.js';
import { EmotionClassifier } from '../emofuse.js';
import { announcement, canBeTriedAgain, modelKind } from '../shared/words.js';

/** @typedef {import('../shared/engine-status.js').Choice} Choice */

const form = byId('post-form', HTMLFormElement);
const caption = byId('caption', HTMLTextAreaElement);
const readButton = byId('read', HTMLButtonElement);
const cancel = byId('cancel', HTMLButtonElement);
const clear = byId('clear', HTMLButtonElement);
const announced = byId('announcement', HTMLParagraphElement);

const result = new ResultView(byId('result', HTMLElement));
const imageField = new ImageField(byId('image-field', HTMLDivElement), (given) => {
    postChanged();
    if (given) void read();
});
const samples = new SampleList((sample) => {
    imageField.set(sample.image);
    caption.value = sample.caption;
    postChanged();
    void read();
});
let backend = chosenBackend();
const status = new EngineStatus(backend, (choice) => {
    backend = choice;
    keepInAddress('backend', choice);
    reading?.abort();
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
let reading = null;

const offlinePage = new OfflinePage({
    atStake: () =>
        imageField.image || caption.value !== '' || reading ? 'The post that is on it now is not kept.' : null,
});

function postChanged() {
    clear.hidden = !imageField.image && caption.value === '';
    result.postChanged();
}

/** @param {import('../shared/model.js').ModelSource} source */
function useModel(source) {
    reading?.abort();
    model.use(backend, source);
}

/** @param {File[]} files */
async function takeDrop(files) {
    const areModels = await Promise.all(files.map(isModel));
    const own = files.find((_, index) => areModels[index]);
    if (own) useModel(own);
    imageField.giveFirst(files.filter((_, index) => !areModels[index]));
}

/** Reads the post as it stands; what was being read before is dropped. */
async function read() {
    reading?.abort();
    const current = new AbortController();
    reading = current;
    const post = { image: imageField.image, caption: caption.value.trim() === '' ? null : caption.value };
    cancel.hidden = false;
    announced.textContent = '';
    result.wait(
        status.container.dataset.state === 'ready'
            ? 'Reading the post …'
            : 'The post is read as soon as the model is there …',
    );
    try {
        const classifier = await loadedModel(current.signal);
        if (!classifier) return result.stopWaiting();
        const answer = await classifier.classify(post, { signal: current.signal, explain: true });
        if (current !== reading) return;
        result.show(answer, post);
        status.ready(classifier.describe()); // another back end, where the one before failed
        announced.textContent = announcement(answer);
        bringIntoView();
    } catch (error) {
        if (current !== reading) return;
        if (current.signal.aborted) result.stopWaiting();
        else {
            result.fail(error, canBeTriedAgain(error) ? () => void read() : null);
            bringIntoView();
        }
    } finally {
        if (current === reading) {
            reading = null;
            if (document.activeElement === cancel) readButton.focus();
            cancel.hidden = true;
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

form.addEventListener('submit', (event) => {
    event.preventDefault();
    void read();
});
caption.addEventListener('input', postChanged);
caption.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void read();
    }
});
cancel.addEventListener('click', () => reading?.abort());
clear.addEventListener('click', () => {
    reading?.abort();
    imageField.set(null);
    caption.value = '';
    announced.textContent = '';
    result.clear();
    postChanged();
    caption.focus();
});

byId('samples', HTMLDivElement).append(samples.container);
byId('engine', HTMLDivElement).append(status.container);
status.container.append(choice.container);
listenForDrops((files) => void takeDrop(files));
postChanged(); // a browser may have kept the caption across a reload
model.use(backend, chosenModel());
