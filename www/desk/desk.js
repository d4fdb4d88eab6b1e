// The desk's controller: connects intake, analysis, views and export.

import { chosenBackend, chosenLabels, chosenModel, keepInAddress, keepModelInAddress } from '../shared/address.js';
import { byId } from '../shared/dom.js';
import { isModelName, listenForDrops } from '../shared/drops.js';
import { Model } from '../shared/model.js';
import { ModelChoice } from '../shared/model-choice.js';
import { labelsInUse } from '../shared/labels.js';
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
import { LabelChoice } from './labels/label-choice.js';
import { LabelDialog } from './labels/label-dialog.js';
import { projectFor, projectOf, withCollection, withProject } from './labels/own-labels.js';
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
import { modelFileOf } from './training/base-model.js';
import { KeptModels } from './training/kept-models.js';
import { TrainingPanel } from './training/training-panel.js';

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
/** @type {import('../shared/model.js').ModelSource} The one that is in use, or was before the person's own labels. */
let modelSource = chosenModel();
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
    modelSource = source;
    keepModelInAddress(source);
    offlinePage.modelIsThere(name, source);
    if (collection.hasModel && !runs.isUnderWay) void runs.begin(); // the load may have been retried
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
    leaveOwnLabels();
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
    onModel: (sha256) => {
        labelChoice.follow(shownLabels());
        void restoreCorrection(sha256);
    },
    onBackend: (description) => status.changed(description),
    note: (done) => intake.note(done, labelledByYou()),
    say,
});

const labelledByYou = () => collection.posts.filter(({ manualLabel }) => manualLabel !== null).length;

/** @param {string} sha256 */
async function restoreCorrection(sha256) {
    correction.restore(await journal.correction(sha256), 'off');
}

// The labels
/** @type {import('./labels/own-labels.js').Project | null} The project whose labels are in use; null with a model. */
let project = null;
/** Whether the person has just chosen them, so that a collection does not bring others. */
let isProjectChosen = false;
let labelsBefore = labelsInUse();
const shownLabels = () => ({ labels: labelsInUse(), hasModel: collection.hasModel });
const labelChoice = new LabelChoice(shownLabels(), {
    onOwn: (given) => useOwnLabels(projectFor(collection.settings.ownLabels, given, project)),
    onModel: useModelLabels,
    onState: () => intake.showLabels(),
    stored: () => collection.settings.ownLabels,
});
const labelDialog = new LabelDialog((given) => {
    if (project) useOwnLabels({ ...project, ...given });
});
/** @type {import('./intake/intake.js').Labels} */
const labelsOfIntake = {
    container: labelChoice.container,
    isOpen: () => labelChoice.isOpen,
    project: () => project?.id ?? null,
    restore: (id) => {
        const { projects = [] } = collection.settings.ownLabels ?? {};
        const stored = projects.find((one) => one.id === id);
        if (stored) enterProject(stored);
        else if (!collection.hasModel) useModelLabels();
    },
    recall: (name) => {
        if (collection.hasModel || isProjectChosen) return;
        const stored = projectOf(collection.settings.ownLabels, name);
        if (stored && stored.id !== project?.id) enterProject(stored);
    },
};

/** @param {import('./labels/own-labels.js').Project} chosen */
function useOwnLabels(chosen) {
    isProjectChosen = true;
    enterProject(chosen);
    keepForGood();
    say(texts.ownLabels(chosen.labels.length));
}

/** @param {import('./labels/own-labels.js').Project} entered Its labels are in use from now on, without a model. */
function enterProject(entered) {
    runs.leaveModel();
    project = entered;
    keepInAddress('labels', 'own');
    collection.changeSettings({ ownLabels: withProject(collection.settings.ownLabels, entered) });
    collection.useOwnLabels(entered);
    document.body.dataset['model'] = 'none';
    showLabels();
    if (collection.posts.length > 0) {
        keepCollection(collection.name);
        void runs.begin();
    }
}

function leaveOwnLabels() {
    if (!project && chosenLabels() === 'model' && !labelChoice.isOpen) return;
    project = null;
    isProjectChosen = false;
    keepInAddress('labels', null);
    collection.leaveOwnLabels();
    document.body.dataset['model'] = '';
    showLabels();
}

function useModelLabels() {
    leaveOwnLabels();
    model.use(backend, modelSource);
    if (collection.posts.length > 0) void runs.begin();
    else void runs.describe();
}

function showLabels() {
    labelChoice.show(shownLabels());
    header.offerLabels(project !== null);
    offerTabs();
}

/** @param {string} name The collection is labelled with these labels the next time, too. */
function keepCollection(name) {
    const { ownLabels } = collection.settings;
    if (project && ownLabels && ownLabels.collections[name] !== project.id)
        collection.changeSettings({ ownLabels: withCollection(ownLabels, name, project.id) });
}

// The collection
const intake = new Intake(journal, lastSession, labelsOfIntake, ({ name, posts, problems }) => {
    question.forget();
    keepCollection(name);
    collection.replace(name, posts, problems);
    work.hidden = false;
    document.body.dataset['state'] = 'working';
    header.show(name, posts.length);
    offerTabs();
    if (collection.hasModel && hasTableLabels(posts)) tabs.open('evaluate');
    scrollTo(0, 0);
    say(texts.onDesk(posts.length));
    void runs.begin();
});
const header = new CollectionHeader(
    () => {
        clearDesk();
        intake.open();
    },
    () => labelDialog.open(),
);

function clearDesk() {
    runs.cancel();
    work.hidden = true;
    runPanel.clear();
    header.clear();
    tabs.open('browse');
    collection.replace('', [], []);
    document.body.dataset['state'] = 'empty';
    offerTabs();
}

/** Without a model there is nothing to compare labels with. */
function offerTabs() {
    const { hasModel, posts } = collection;
    tabs.offer('evaluate', hasModel && hasTableLabels(posts));
    for (const id of ['blind', 'calibrate']) tabs.offer(id, hasModel);
}

// The views
const question = new ReplaceQuestion();
const dialog = new PostDialog(
    collection,
    async (post, options) => (await model.classifier(backend)).classify(post, options),
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
const keptModels = new KeptModels();
const training = new TrainingPanel(collection, {
    pool: () => model.classifier(backend),
    baseFile: () => modelFileOf(modelSource),
    useModel,
    models: keptModels,
});
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
        id: 'train',
        title: texts.tabs.train,
        panel: training.container,
        onOpen: () => training.open(),
        onClose: () => training.close(),
    },
    {
        id: 'export',
        title: texts.tabs.export,
        panel: out.container,
        onOpen: () => out.open(),
        onClose: () => out.close(),
    },
]);
offerTabs();

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
const storedData = new StoredDataPanel(journal, keptModels);
keptModels.onChange = () => void storedData.show();
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
    if (labelsInUse() === labelsBefore) return;
    labelsBefore = labelsInUse();
    offerTabs();
});
byId('stored-data', HTMLParagraphElement).replaceWith(storedData.container);
listenForDrops((files, dataTransfer) => {
    const [first] = files;
    if (files.length === 1 && first && isModelName(first.name)) return useModel(first);
    clearDesk();
    labelChoice.closeForm();
    intake.takeDrop(dataTransfer);
});
const chosen = projectOf(collection.settings.ownLabels);
if (chosenLabels() !== 'own') useModelLabels();
else if (chosen) enterProject(chosen);
else {
    document.body.dataset['model'] = 'none';
    labelChoice.openForm();
}
