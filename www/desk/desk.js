// The desk's controller: connects what comes in, the run, the views of it and what goes out.

import { chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { EngineStatus, chosenBackend } from '../shared/engine-status.js';
import { ModelChoice } from '../shared/model-choice.js';
import { byId } from '../shared/dom.js';
import { isModelName, listenForDrops } from '../shared/drops.js';
import { OfflinePage } from '../shared/offline-page.js';
import { Model } from '../shared/model.js';
import { modelKind } from '../shared/words.js';
import { Collection } from './collection.js';
import { BlindSampleView } from './review/blind-sample-view.js';
import { CorrectionPanel } from './calibration/correction-panel.js';
import { ExportPanel } from './export/export-panel.js';
import { CollectionHeader } from './collection-header.js';
import { PostDialog } from './browse/post-dialog.js';
import { ReviewView } from './review/review-view.js';
import { RunPanel } from './labelling/run-panel.js';
import { Tabs } from './tabs.js';
import { Intake } from './intake/intake.js';
import { StoredDataPanel } from './labelling/stored-data-panel.js';
import { Runs } from './labelling/runs.js';
import { Journal } from './labelling/journal.js';
import { ClassifierPool } from './labelling/pool.js';
import { BrowseView } from './browse/browse-view.js';

const announced = byId('announcement', HTMLParagraphElement);
const say = (/** @type {string} */ text) => (announced.textContent = text);

const journal = await Journal.open();
const collection = new Collection((post) => {
    if (post.key) void journal.saveManualLabel(post.key, post.manualLabel);
    keepForGood();
});

let isPersistenceRequested = false;
/** Asks the browser not to evict the person's labels when the disk gets full. */
function keepForGood() {
    if (!isPersistenceRequested) void navigator.storage?.persist?.().catch(() => {});
    isPersistenceRequested = true;
}

// The model
let backend = chosenBackend();
const requestedWorkers = Math.floor(Number(new URLSearchParams(location.search).get('workers')));
const workers = requestedWorkers >= 1 ? requestedWorkers : undefined;
const status = new EngineStatus(backend, (choice) => {
    backend = choice;
    keepInAddress('backend', choice);
    runs.interrupt();
    model.load(choice);
    void runs.begin();
});
const choice = new ModelChoice(useModel, (name, source) => {
    keepModelInAddress(source);
    offlinePage.modelIsThere(name, source);
    if (!runs.isUnderWay) void runs.begin(); // perhaps it was tried again
});
/** @type {Model<ClassifierPool>} */
const model = new Model(
    (request) => ClassifierPool.load({ ...request, workers }),
    status,
    choice,
    (id, source) => {
        say(`${modelKind(source)} ${id} is in use.`);
    },
);

/** @param {import('../shared/model.js').ModelSource} source */
function useModel(source) {
    runs.interrupt();
    model.use(backend, source);
    void runs.begin();
}

const offlinePage = new OfflinePage({
    stored: 'There are no cookies. “Stored on this device” lists what the browser stores of your posts.',
    atStake: () =>
        runs.isUnderWay
            ? 'Posts are being analysed. Results so far are stored; select the same source again to continue.'
            : null,
});

// What is read, and how far
const runPanel = new RunPanel({
    start: () => void runs.begin(),
    pause: () => runs.pause(),
    resume: () => runs.resume(),
    cancel: () => runs.cancel(),
});
const runs = new Runs({
    collection,
    journal,
    panel: runPanel,
    pool: () => model.classifier(backend),
    onModel: (sha256) => void restoreCorrection(sha256),
    onBackend: (description) => status.ready(description),
    note: (done) => intake.note(done),
    say,
});

/** @param {string} sha256 */
async function restoreCorrection(sha256) {
    correction.restore(await journal.correction(sha256), 'off');
}

// What is on the desk
const intake = new Intake(journal, ({ name, posts, problems }) => {
    collection.replace(name, posts, problems);
    work.hidden = false;
    header.show(name, posts.length);
    say(`${posts.length} posts are on the desk.`);
    void runs.begin();
});
const header = new CollectionHeader(() => {
    clearDesk();
    intake.open();
});

function clearDesk() {
    runs.cancel();
    work.hidden = true;
    runPanel.clear();
    header.clear();
    tabs.open('see');
    collection.replace('', [], []);
}

// The views
const browse = new BrowseView(collection, (posts, place) => dialog.open(posts, place));
const dialog = new PostDialog(
    collection,
    async (post, signal) => (await model.classifier(backend)).classify(post, { signal, explain: true }),
    (place) => browse.returnTo(place),
);
const leave = () => tabs.open('see');
const review = new ReviewView(collection, { onLeave: leave });
const blind = new BlindSampleView(collection, { onLeave: leave });
const correction = new CorrectionPanel(collection, { onSave: (saved) => void saveCorrection(saved) });
const out = new ExportPanel({ collection, filtered: () => [...browse.shown] });
const tabs = new Tabs([
    { id: 'see', title: 'See', panel: browse.container },
    {
        id: 'check',
        title: 'Check',
        panel: review.container,
        onOpen: () => review.open(),
        onClose: () => review.close(),
    },
    {
        id: 'blind',
        title: 'Blind sample',
        panel: blind.container,
        onOpen: () => blind.open(),
        onClose: () => blind.close(),
    },
    {
        id: 'correct',
        title: 'Correct',
        panel: correction.container,
        onOpen: () => correction.open(),
        onClose: () => correction.close(),
    },
    { id: 'save', title: 'Save', panel: out.container, onOpen: () => out.open(), onClose: () => out.close() },
]);

/** @param {import('./types.js').Correction | null} saved */
function saveCorrection(saved) {
    const sha256 = collection.description?.model.sha256;
    if (sha256) void journal.saveCorrection(sha256, saved);
}

const work = byId('work', HTMLDivElement);
work.hidden = true;
byId('engine', HTMLDivElement).append(status.container);
status.container.append(choice.container);
byId('source', HTMLDivElement).append(header.container, intake.container);
byId('run', HTMLDivElement).append(runPanel.container);
work.append(tabs.container, dialog.container);
const storedData = new StoredDataPanel(journal);
collection.onChange(() => storedData.showSoon());
byId('stored-data', HTMLParagraphElement).replaceWith(storedData.container);
listenForDrops((files, dataTransfer) => {
    const [first] = files;
    if (files.length === 1 && first && isModelName(first.name)) return useModel(first);
    clearDesk();
    intake.takeDrop(dataTransfer);
});
model.use(backend, chosenModel());
void runs.describe();
