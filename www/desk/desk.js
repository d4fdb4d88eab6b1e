// The desk's controller: connects intake, analysis, views and export.

import { chosenBackend, chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { byId } from '../shared/dom.js';
import { isModelName, listenForDrops } from '../shared/drops.js';
import { Model } from '../shared/model.js';
import { ModelChoice } from '../shared/model-choice.js';
import { OfflinePage } from '../shared/offline-page.js';
import { modelKind } from '../shared/words.js';
import { BrowseView } from './browse/browse-view.js';
import { PostDialog } from './browse/post-dialog.js';
import { CorrectionPanel } from './calibration/correction-panel.js';
import { Collection } from './collection.js';
import { CollectionHeader } from './collection-header.js';
import { hasTableLabels } from './evaluate/evaluation.js';
import { EvaluationView } from './evaluate/evaluation-view.js';
import { ExportPanel } from './export/export-panel.js';
import { toJsonLines } from './export/index.js';
import { saveFile } from './export/save-file.js';
import { Intake } from './intake/intake.js';
import { Journal } from './labelling/journal.js';
import { ClassifierPool } from './labelling/pool.js';
import { RunPanel } from './labelling/run-panel.js';
import { Runs } from './labelling/runs.js';
import { saveAgain } from './labelling/save-again.js';
import { StorageNotice } from './labelling/storage-notice.js';
import { StoredDataPanel } from './labelling/stored-data-panel.js';
import { texts as labellingTexts } from './labelling/texts.js';
import { ModelStatus } from './model-status.js';
import { BlindSampleView } from './review/blind-sample-view.js';
import { ReplaceQuestion } from './review/replace-question.js';
import { ReviewView } from './review/review-view.js';
import { Tabs } from './tabs.js';
import { texts } from './texts.js';

const announced = byId('announcement', HTMLParagraphElement);
const say = (/** @type {string} */ text) => (announced.textContent = text);

const journal = await Journal.open();
const [settings, lastSession] = await Promise.all([journal.settings(), journal.session()]);
const collection = new Collection(
    (post) => {
        if (post.key) void journal.saveManualLabel(post.key, post.manualLabel);
        keepForGood();
    },
    {
        saveNote: (post) => {
            if (post.key) void journal.saveNote(post.key, post.note ?? null);
            keepForGood();
        },
        saveSettings: (changed) => void journal.saveSettings(changed),
    },
);
if (settings) collection.settings = { ...collection.settings, ...settings };

let isPersistenceRequested = false;
/** Asks the browser not to evict the person's labels when storage is low. */
function keepForGood() {
    if (!isPersistenceRequested) void navigator.storage?.persist?.().catch(() => {});
    isPersistenceRequested = true;
}

// The model
let backend = chosenBackend();
const requestedWorkers = Math.floor(Number(new URLSearchParams(location.search).get('workers')));
const workers = requestedWorkers >= 1 ? requestedWorkers : undefined;
const status = new ModelStatus(backend, (choice) => {
    backend = choice;
    keepInAddress('backend', choice);
    runs.interrupt();
    model.load(choice);
    void runs.begin();
});
const choice = new ModelChoice(useModel, (name, source) => {
    keepModelInAddress(source);
    offlinePage.modelIsThere(name, source);
    if (!runs.isUnderWay) void runs.begin(); // the load may have been retried
});
/** @type {Model<ClassifierPool>} */
const model = new Model(
    (request) => ClassifierPool.load({ ...request, workers }),
    status,
    choice,
    (id, source) => {
        say(texts.modelInUse(modelKind(source), id));
    },
);

/** @param {import('../shared/model.js').ModelSource} source */
function useModel(source) {
    runs.interrupt();
    model.use(backend, source);
    void runs.begin();
}

const offlinePage = new OfflinePage({
    stored: texts.stored,
    atStake: () => (runs.isUnderWay ? texts.atStake : null),
});

// The analysis
const runPanel = new RunPanel({
    start: () => void runs.begin(),
    pause: () => runs.pause(),
    resume: () => runs.resume(),
    cancel: () => runs.cancel(),
});
status.onText = (text, share) => runPanel.showModel(text, share);
const runs = new Runs({
    collection,
    journal,
    panel: runPanel,
    pool: () => model.classifier(backend),
    onModel: (sha256) => void restoreCorrection(sha256),
    onBackend: (description) => status.changed(description),
    note: (done) => intake.note(done, labelledByYou()),
    say,
});

const labelledByYou = () => collection.posts.filter(({ manualLabel }) => manualLabel !== null).length;

/** @param {string} sha256 */
async function restoreCorrection(sha256) {
    correction.restore(await journal.correction(sha256), 'off');
}

// The collection
const intake = new Intake(journal, lastSession, ({ name, posts, problems }) => {
    question.forget();
    collection.replace(name, posts, problems);
    work.hidden = false;
    document.body.dataset['state'] = 'working';
    header.show(name, posts.length);
    tabs.offer('evaluate', hasTableLabels(posts));
    if (hasTableLabels(posts)) tabs.open('evaluate');
    scrollTo(0, 0);
    say(texts.onDesk(posts.length));
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
    tabs.open('browse');
    tabs.offer('evaluate', false);
    collection.replace('', [], []);
    document.body.dataset['state'] = 'empty';
}

// The views
const question = new ReplaceQuestion();
const dialog = new PostDialog(
    collection,
    async (post, signal) => (await model.classifier(backend)).classify(post, { signal, explain: true }),
    question,
);
/** @type {PostDialog['open']} */
const openPost = (posts, place, onReturn) => dialog.open(posts, place, onReturn);
const browse = new BrowseView(collection, question, openPost);
const evaluation = new EvaluationView(collection, openPost);
const leave = () => {
    tabs.open('browse');
    tabs.focus();
};
const review = new ReviewView(collection, { onLeave: leave, question });
const blind = new BlindSampleView(collection, { onLeave: leave });
const correction = new CorrectionPanel(collection, { onSave: (saved) => void saveCorrection(saved) });
const out = new ExportPanel({ collection, filtered: () => [...browse.shown] });
const tabs = new Tabs([
    { id: 'browse', title: texts.tabs.browse, panel: browse.container },
    {
        id: 'evaluate',
        title: texts.tabs.evaluate,
        panel: evaluation.container,
        onOpen: () => evaluation.open(),
        onClose: () => evaluation.close(),
    },
    {
        id: 'review',
        title: texts.tabs.review,
        panel: review.container,
        onOpen: () => review.open(),
        onClose: () => review.close(),
    },
    {
        id: 'blind',
        title: texts.tabs.blind,
        panel: blind.container,
        onOpen: () => blind.open(),
        onClose: () => blind.close(),
    },
    {
        id: 'calibrate',
        title: texts.tabs.calibrate,
        panel: correction.container,
        onOpen: () => correction.open(),
        onClose: () => correction.close(),
    },
    {
        id: 'export',
        title: texts.tabs.export,
        panel: out.container,
        onOpen: () => out.open(),
        onClose: () => out.close(),
    },
]);
tabs.offer('evaluate', false);

/** @param {import('./types.js').Correction | null} saved */
function saveCorrection(saved) {
    const sha256 = collection.description?.model.sha256;
    if (sha256) void journal.saveCorrection(sha256, saved);
}

const work = byId('work', HTMLDivElement);
work.hidden = true;
byId('engine', HTMLDivElement).append(status.container);
status.container.append(choice.container);
byId('bar', HTMLDivElement).append(header.container, runPanel.container);
byId('source', HTMLDivElement).append(intake.container);
work.append(tabs.container, dialog.container);
const storedData = new StoredDataPanel(journal);
const storageNotice = new StorageNotice(journal, async () =>
    saveFile(await toJsonLines(collection.posts, collection), labellingTexts.notSaved.backupName(collection.name)),
);
document.body.prepend(storageNotice.container);
journal.onChange = () => {
    storageNotice.show();
    void storedData.show();
};
journal.onUnsaved = () => storageNotice.show();
journal.onReopened = () => saveAgain(collection, journal);
journal.onRemoteChange = (record) => {
    collection.follow(record);
    say(labellingTexts.otherTab);
};
collection.onChange((changes) => {
    storedData.showSoon();
    storageNotice.show();
    if (changes.has('labels')) intake.noteLabels(labelledByYou());
});
byId('stored-data', HTMLParagraphElement).replaceWith(storedData.container);
listenForDrops((files, dataTransfer) => {
    const [first] = files;
    if (files.length === 1 && first && isModelName(first.name)) return useModel(first);
    clearDesk();
    intake.takeDrop(dataTransfer);
});
model.use(backend, chosenModel());
void runs.describe();
