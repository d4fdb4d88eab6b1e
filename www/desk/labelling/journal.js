// The journal: scores and manual labels, stored in the browser, so that nothing is lost when the page is closed. It
// contains hashes, scores and labels, but no images or captions.

import { openDB } from '../../libraries/idb.js';
import { compareLog, LabelLog } from './label-log.js';
import { restored } from './prediction.js';
import { Proof } from './proof.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('../types.js').Settings} Settings */
/** @typedef {import('../types.js').StoredPrediction} StoredPrediction */

/** @typedef {import('./label-log.js').LoggedStore} LoggedStore */

/**
 * Why what is kept does not outlive the page. `full`: the disk, or the browser's share of it; `closed`: the browser has
 * closed the database; `failed`: it cannot open the database, or cannot write to it; `refused`: it lets this page have
 * none; `blocked`: another tab holds a database of an older version open; `superseded`: another tab has opened a newer
 * version.
 *
 * @typedef {object} StorageProblem
 * @property {'full' | 'closed' | 'failed' | 'refused' | 'blocked' | 'superseded'} kind
 * @property {string} [detail] What the browser says.
 */

/**
 * The last session of the desk, to offer it again.
 *
 * @typedef {object} Session
 * @property {string} name
 * @property {'folder' | 'files' | 'table' | 'samples' | 'page'} kind
 * @property {FileSystemHandle[]} handles Empty if the browser provides none; the person selects the source again then.
 * @property {Record<string, unknown> | null} mapping The mapping of a table's columns.
 * @property {number} posts
 * @property {number} done
 * @property {number} [labelled] Earlier versions of the desk did not count them.
 * @property {string} at When, as ISO 8601.
 * @property {string | null} [labels] The id of the project whose labels were in use; none of the person's own if absent.
 */

const NAME = 'emofuse-desk';
/** Version 2 added the notes. */
const VERSION = 2;

/**
 * The object stores by their names in the database, which stay as the first version wrote them: `manualLabels` and
 * `notes` by content, `corrections` by model, `desk` by name, `predictions` by model and content.
 */
const STORE_NAMES = /** @type {const} */ ({
    manualLabels: 'hands',
    notes: 'notes',
    corrections: 'corrections',
    desk: 'desk',
    predictions: 'judgements',
});

/** @typedef {keyof typeof STORE_NAMES} Store */
/** @typedef {{ store: Store, key: string, value: unknown }} StoredRecord A value of null is to be deleted. */

const STORES = /** @type {Store[]} */ (Object.keys(STORE_NAMES));

// Keys of `desk`
const SESSION = 'session';
const SETTINGS = 'settings';
/** The time of the last entry of the label log that the database has. */
const LOGGED = 'logged';
/** Written last after a failure, to be found again. */
const PROOF = 'proof';

/** How often predictions are written, in batches. */
const WRITE_EVERY_ms = 250;

/** How often writing is retried after the browser refused it. */
const TRY_AGAIN_EVERY_ms = 5000;

/** For the first time after a failure. */
const TRY_AGAIN_AFTER_ms = 300;

/** Chromium closes the files of a database two seconds after its last connection. */
const FILES_CLOSE_AFTER_ms = 3000;

/** What was under way when the browser closed the database. */
const LOST = new Error('the browser has closed the database');

/** So many predictions at once hold up neither the page nor those who read. */
const PREDICTIONS_TOGETHER = 200;

/** Stores data in the browser; what the browser refuses stays in memory and is written as soon as possible. */
export class Journal {
    /** @type {StorageProblem | null} Why what is kept does not outlive the page; null while it does. */
    problem = null;
    /** Called when `problem` has changed. */
    onChange = () => {};
    /** Called when `unsaved` has changed while there is a problem. */
    onUnsaved = () => {};
    /** Called when the database is open again after a failure; the browser may have reset it. */
    onReopened = async () => {};
    /**
     * Called when another tab has set a label, a note or the settings.
     *
     * @type {(record: { store: LoggedStore, key: string, value: unknown }) => void}
     */
    onRemoteChange = () => {};

    /** @type {import('idb').IDBPDatabase | null} */
    #database = null;
    /** @type {Record<Store, Map<string, unknown>>} What is not written yet; null is to be deleted. */
    #unwritten = perStore();
    /** @type {Record<Store, Map<string, unknown>>} What was written since the last failure, and is not proven yet. */
    #unproven = perStore();
    /** @type {Record<Store, Map<string, unknown>>} Labels and notes that other tabs have set. */
    #remote = perStore();
    /** @type {Record<Store, Map<string, unknown>>} What was last written of what the label log does not have. */
    #small = perStore();
    #log = new LabelLog();
    /** @type {Promise<Map<string, unknown>> | null} What the label log has by store and key, read while there is no database. */
    #logged = null;
    /** Of the last entry of the label log, from this tab or another. */
    #logged_at = 0;
    #channel = new BroadcastChannel(NAME);
    /** @type {Set<(error: Error) => void>} Reject what is under way: a closed database may never answer. */
    #underWay = new Set();
    /** @type {Promise<void> | null} */
    #opening = null;
    /** Whether the database has what the label log and the desk have, since it was opened. */
    #isRestored = false;
    /** That what was written since the last failure is really stored. */
    #proof = new Proof();
    #isClearing = false;
    /** Whether everything was deleted while the database could not be opened: nothing is written before it is empty. */
    #isToBeEmptied = false;
    /** Whether everything was deleted, and nothing was saved since. */
    #isEmpty = false;
    #isClosed = false;
    /** @type {Promise<void>} */
    #writing = Promise.resolve();
    #written_ms = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #retryTimer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #unsavedTimer;

    /** @private */
    constructor() {
        addEventListener('pagehide', () => void this.flush());
        this.#channel.onmessage = ({ data }) => this.#follow(data);
    }

    /** @returns {Promise<Journal>} */
    static async open() {
        const journal = new Journal();
        await journal.#connect();
        return journal;
    }

    /** Whether what is kept outlives the page. */
    get persistent() {
        return this.problem === null;
    }

    /** How much is in memory alone, as far as anyone can know: predictions, and what a person made. */
    get unsaved() {
        const keys = (/** @type {Store} */ store) =>
            new Set([...this.#unwritten[store].keys(), ...this.#unproven[store].keys()]);
        const settings = keys('desk').has(SETTINGS) ? 1 : 0;
        const labels = keys('manualLabels').size + keys('notes').size + keys('corrections').size + settings;
        return { predictions: keys('predictions').size, labels };
    }

    /**
     * @param {string} modelSha256
     * @param {string} key See `contentKey`.
     * @returns {Promise<StoredPrediction | null>} This model's prediction for that content.
     */
    async prediction(modelSha256, key) {
        const stored = /** @type {import('../types.js').PredictionRecord | null} */ (
            await this.#read('predictions', predictionKey(modelSha256, key))
        );
        return stored && restored(stored);
    }

    /**
     * Writes a prediction a little later, together with others.
     *
     * @param {string} modelSha256
     * @param {string} key
     * @param {StoredPrediction} prediction
     */
    savePrediction(modelSha256, key, prediction) {
        this.#isEmpty = false;
        this.#unwritten.predictions.set(predictionKey(modelSha256, key), prediction);
        this.#noteUnsaved();
        const wait_ms = this.persistent ? WRITE_EVERY_ms : TRY_AGAIN_EVERY_ms;
        // Hidden pages have delayed timers.
        if (performance.now() - this.#written_ms >= wait_ms) void this.flush();
        else this.#timer ??= setTimeout(() => void this.flush(), wait_ms);
    }

    /**
     * @param {string} key
     * @returns {Promise<ManualLabel | null>} The label belongs to the post, independent of the model.
     */
    async manualLabel(key) {
        return /** @type {ManualLabel | null} */ (await this.#read('manualLabels', key));
    }

    /**
     * @param {string} key
     * @param {ManualLabel | null} label
     */
    saveManualLabel(key, label) {
        return this.#saveLogged('manualLabels', key, label);
    }

    /**
     * @param {string} key
     * @returns {Promise<string | null>}
     */
    async note(key) {
        return /** @type {string | null} */ (await this.#read('notes', key));
    }

    /**
     * @param {string} key
     * @param {string | null} note
     */
    saveNote(key, note) {
        return this.#saveLogged('notes', key, note);
    }

    /**
     * A label or note that was read a while ago, or what another tab has set since.
     *
     * @template T
     * @param {'manualLabels' | 'notes'} store
     * @param {string} key
     * @param {T} read
     * @returns {T}
     */
    newest(store, key, read) {
        const remote = this.#remote[store].get(key);
        return remote === undefined ? read : /** @type {T} */ (remote);
    }

    /** @returns {Promise<Settings | null>} */
    async settings() {
        return /** @type {Settings | null} */ (await this.#read('desk', SETTINGS));
    }

    /** @param {Settings} settings */
    saveSettings(settings) {
        return this.#saveLogged('desk', SETTINGS, settings);
    }

    /** @returns {Promise<Session | null>} */
    async session() {
        return /** @type {Session | null} */ (await this.#read('desk', SESSION));
    }

    /** @param {Session | null} session */
    saveSession(session) {
        return this.#saveSmall('desk', SESSION, session);
    }

    /**
     * @param {string} modelSha256
     * @returns {Promise<Correction | null>}
     */
    async correction(modelSha256) {
        return /** @type {Correction | null} */ (await this.#read('corrections', modelSha256));
    }

    /**
     * @param {string} modelSha256
     * @param {Correction | null} correction
     */
    saveCorrection(modelSha256, correction) {
        return this.#saveSmall('corrections', modelSha256, correction);
    }

    /**
     * Writes what is not written yet. Never rejects: if the browser refuses, it stays in memory, `problem` says why, and
     * the journal tries again every few seconds.
     */
    flush() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#written_ms = performance.now();
        this.#writing = this.#writing.then(() => this.#write());
        return this.#writing;
    }

    /** Opens the database again if need be, and writes what is not written yet. */
    async retry() {
        clearTimeout(this.#retryTimer);
        this.#retryTimer = undefined;
        if (this.#isClosed || this.problem?.kind === 'superseded') return;
        if (this.problem) this.#retryLater(); // in case that this does not help; `#accept` ends it
        void this.#log.append([]);
        if (this.#opening || this.#proof.isUnderWay || this.#isClearing) return; // that may fail, too
        if (this.#database && this.#isRestored) await this.flush();
        else await this.#connect();
    }

    /** @returns {Promise<{ predictions: number, manualLabels: number, notes: number, corrections: number }>} How much is stored. */
    async counts() {
        await this.flush();
        await this.#proof.readable;
        /** @param {Store} store */
        const count = async (store) => {
            const unwritten = [...this.#unwritten[store].values()].filter((value) => value !== null).length;
            if (!this.#database) return unwritten;
            return unwritten + (await this.#whileOpen(this.#database.count(STORE_NAMES[store])).catch(() => 0));
        };
        const [predictions, manualLabels, notes, corrections] = await Promise.all([
            count('predictions'),
            count('manualLabels'),
            count('notes'),
            count('corrections'),
        ]);
        return { predictions, manualLabels, notes, corrections };
    }

    /**
     * Deletes everything; a database that cannot be opened now, as soon as it can be. Rejects if the browser refuses.
     */
    async clear() {
        this.#isClearing = true; // no other round of the proof begins
        try {
            await this.#proof.over; // the database is closed meanwhile, or gets what is on the desk once more
            await this.#writing;
            for (const store of STORES) {
                this.#unwritten[store].clear();
                this.#unproven[store].clear();
                this.#small[store].clear();
            }
            this.#isEmpty = true;
            await this.#log.clear();
            this.#logged = null;
            this.#isToBeEmptied = !this.#database;
            if (this.#database) await this.#empty(this.#database);
            else await this.#connect();
        } finally {
            this.#isClearing = false;
            if (this.problem) this.#retryLater();
        }
        if (this.#database) this.#accept();
    }

    /** @param {import('idb').IDBPDatabase} database */
    async #empty(database) {
        const transaction = database.transaction(Object.values(STORE_NAMES), 'readwrite');
        const cleared = STORES.map((store) => transaction.objectStore(STORE_NAMES[store]).clear());
        await this.#whileOpen(Promise.all([...cleared, transaction.done]));
        this.#isToBeEmptied = false;
    }

    /** Lets go of database and log. */
    close() {
        this.#isClosed = true;
        clearTimeout(this.#retryTimer);
        clearTimeout(this.#unsavedTimer);
        this.#database?.close();
        this.#database = null;
        this.#log.close();
        this.#channel.close();
    }

    /**
     * Opens the database, unless it is open, and brings it up to date. Resolves when that is done, or when `problem` says
     * why it is not.
     */
    #connect() {
        this.#opening ??= new Promise((resolve) => {
            const isOpen = this.#openDatabase(() => {
                this.#report({ kind: 'blocked' }); // it goes on as soon as the other tab lets go
                resolve();
            });
            isOpen
                .then((database) => this.#adopt(database))
                .catch((error) => this.#refuse(error))
                .finally(() => {
                    this.#opening = null;
                    resolve();
                });
        });
        return this.#opening;
    }

    /** @param {() => void} onBlocked */
    async #openDatabase(onBlocked) {
        if (this.#database) return this.#database;
        return openDB(NAME, VERSION, {
            upgrade: (database) => {
                // What an earlier version made stays, with all that is in it.
                for (const name of Object.values(STORE_NAMES))
                    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
            },
            blocked: onBlocked,
            blocking: () => this.#leave({ kind: 'superseded' }),
            terminated: () => this.#leave(this.problem ?? { kind: 'closed' }),
        });
    }

    /** @param {import('idb').IDBPDatabase} database */
    async #adopt(database) {
        if (this.#isClosed) return database.close();
        this.#database = database;
        this.#logged = null;
        this.#proof.opened();
        this.#isRestored = false;
        if (this.#isToBeEmptied) await this.#empty(database);
        await this.#whileOpen(this.#restore(database));
        if (!this.persistent) {
            this.#proof.look(await this.#whileOpen(database.get(STORE_NAMES.desk, PROOF)));
            if (!this.#proof.isFound) await this.#repeat();
        }
        this.#isRestored = true;
        if (!this.persistent) await this.flush();
    }

    /** Has everything written once more that the database may have lost. */
    async #repeat() {
        for (const store of STORES)
            for (const [key, value] of [...this.#small[store], ...this.#unproven[store]])
                if (!this.#unwritten[store].has(key)) this.#unwritten[store].set(key, value);
        if (!this.#isEmpty) await this.onReopened();
    }

    /**
     * Looks whether what was written is there when the browser opens the files anew. On a full disk Chromium may go on
     * writing to files that it deletes or finds damaged the next time.
     */
    async #prove() {
        const mark = this.#database && !this.#isClearing && this.#proof.begin();
        if (!this.#database || !mark) return;
        try {
            await this.#whileOpen(this.#database.put(STORE_NAMES.desk, mark, PROOF));
            this.#database.close();
            this.#database = null;
            await this.#proof.wait(FILES_CLOSE_AFTER_ms);
            await this.#connect();
        } catch (error) {
            this.#refuse(error);
        } finally {
            this.#proof.end();
        }
        if (this.problem) this.#retryLater();
    }

    /**
     * Writes to the database what only the label log has, and to the log what only the database has.
     *
     * @param {import('idb').IDBPDatabase} database
     */
    async #restore(database) {
        // The database comes first: what is written meanwhile is in the log then.
        const { records, mark } = await loggedRecords(database);
        const logged = await this.#log.read();
        const { lost, unlogged } = compareLog(logged, records, mark);
        this.#logged_at = latestOf(logged, Math.max(this.#logged_at, mark));
        if (unlogged.length > 0) void this.#log.append(unlogged.map((record) => ({ ...record, at: this.#now() })));
        if (lost.length === 0) return;
        const transaction = database.transaction(Object.values(STORE_NAMES), 'readwrite', { durability: 'strict' });
        const desk = transaction.objectStore(STORE_NAMES.desk);
        const markNow = (await desk.get(LOGGED)) ?? -Infinity; // another tab may have written since
        const missing = lost.filter(({ at }) => at > markNow);
        await put(transaction, missing, latestOf(missing, markNow));
    }

    /**
     * @param {Store} store
     * @param {string} key
     */
    async #read(store, key) {
        await this.#proof.readable;
        const unwritten = this.#unwritten[store].get(key);
        if (unwritten !== undefined) return unwritten;
        let stored;
        try {
            stored = this.#database && (await this.#whileOpen(this.#database.get(STORE_NAMES[store], key)));
        } catch (error) {
            this.#refuse(error);
        }
        if (!this.#database) stored ??= await this.#readLog(store, key);
        return stored ?? this.#unwritten[store].get(key) ?? null; // set meanwhile
    }

    /**
     * What the label log has of a key, for as long as there is no database.
     *
     * @param {Store} store
     * @param {string} key
     */
    async #readLog(store, key) {
        const read = async () =>
            new Map((await this.#log.read()).map((entry) => [`${entry.store} ${entry.key}`, entry.value]));
        this.#logged ??= read();
        return (await this.#logged).get(`${store} ${key}`);
    }

    /**
     * Writes at once what a person made, to database and log, and shows it to other tabs.
     *
     * @param {LoggedStore} store
     * @param {string} key
     * @param {unknown} value
     */
    #saveLogged(store, key, value) {
        const copy = structuredClone(value); // what cannot be kept is the caller's mistake, and an error at once
        this.#isEmpty = false;
        this.#unwritten[store].set(key, copy);
        this.#noteUnsaved();
        this.#remote[store].delete(key);
        this.#channel.postMessage({ store, key, value: copy });
        void this.#log.append([{ store, key, value: copy, at: this.#now() }]);
        return this.flush();
    }

    /**
     * @param {Store} store
     * @param {string} key
     * @param {unknown} value
     */
    #saveSmall(store, key, value) {
        const copy = structuredClone(value);
        this.#isEmpty = false;
        this.#unwritten[store].set(key, copy);
        this.#noteUnsaved();
        this.#small[store].set(key, copy);
        return this.flush();
    }

    /** The time for the log's next entry. */
    #now() {
        this.#logged_at = Math.max(Date.now(), this.#logged_at + 1);
        return this.#logged_at;
    }

    /** @param {{ store: LoggedStore, key: string, value: unknown }} record What another tab has set. */
    #follow({ store, key, value }) {
        this.#remote[store].set(key, value);
        // The last writer wins, in whichever tab storage works again first.
        for (const records of [this.#unwritten, this.#unproven])
            if (records[store].has(key)) records[store].set(key, value);
        this.onRemoteChange({ store, key, value });
    }

    async #write() {
        while (this.#database && !this.#isToBeEmptied) {
            const records = this.#nextRecords();
            if (records.length === 0) return this.#accept();
            const isPersonal = records.some(({ store }) => store !== 'predictions');
            try {
                const transaction = this.#database.transaction(Object.values(STORE_NAMES), 'readwrite', {
                    durability: isPersonal ? 'strict' : 'relaxed',
                });
                const mark = records.some(isLogged) ? Math.max(Date.now(), this.#logged_at) : null;
                await this.#whileOpen(put(transaction, records, mark));
            } catch (error) {
                return this.#refuse(error);
            }
            for (const { store, key, value } of records) {
                if (this.problem) this.#unproven[store].set(key, value);
                // What was set anew meanwhile is not written.
                if (this.#unwritten[store].get(key) === value) this.#unwritten[store].delete(key);
            }
            this.#noteUnsaved();
        }
    }

    /**
     * What a person made comes first and together.
     *
     * @returns {StoredRecord[]}
     */
    #nextRecords() {
        /** @type {StoredRecord[]} */
        const records = [];
        for (const store of STORES) {
            if (store === 'predictions' && records.length > 0) break;
            for (const [key, value] of this.#unwritten[store]) {
                if (store === 'predictions' && records.length === PREDICTIONS_TOGETHER) break;
                records.push({ store, key, value });
            }
        }
        return records;
    }

    #accept() {
        if (!this.#isRestored) return; // not yet everything is written
        clearTimeout(this.#retryTimer);
        this.#retryTimer = undefined;
        if (this.persistent) return;
        // A database that another tab held open is as sound as before.
        if (!this.#proof.isFound && this.problem?.kind !== 'blocked') return void this.#prove();
        this.problem = null;
        for (const store of STORES) this.#unproven[store].clear();
        this.onChange();
    }

    /** @param {unknown} error */
    #refuse(error) {
        if (error === LOST) return; // that is known
        const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
        if (name === 'VersionError') return this.#report({ kind: 'superseded' });
        if (isOfFullDisk(error)) return this.#report({ kind: 'full' });
        // A database that fails may be closed without a word; another connection may work. On a full disk, Chromium says
        // so once, and then that it cannot open the database.
        const isFull = /NO_SPACE/.test(message) || this.problem?.kind === 'full';
        const kind = isFull ? 'full' : name === 'UnknownError' ? 'failed' : 'refused';
        this.#leave(isFull ? { kind } : { kind, detail: message });
    }

    /** @param {StorageProblem} problem */
    #leave(problem) {
        this.#database?.close();
        this.#database = null;
        this.#report(problem);
        for (const reject of this.#underWay) reject(LOST);
    }

    /**
     * The same promise; it rejects when the database is lost.
     *
     * @template T
     * @param {Promise<T>} answer
     * @returns {Promise<T>}
     */
    #whileOpen(answer) {
        return new Promise((resolve, reject) => {
            let isLost = false;
            const lose = (/** @type {Error} */ error) => {
                isLost = true;
                reject(error);
            };
            this.#underWay.add(lose);
            answer
                .then(resolve, (error) => {
                    // Chromium may close the database before it says that the disk is full, which it says once.
                    if (isLost && isOfFullDisk(error) && this.problem) this.#report({ kind: 'full' });
                    reject(error);
                })
                .finally(() => this.#underWay.delete(lose));
        });
    }

    /** @param {StorageProblem} problem */
    #report(problem) {
        this.#proof.need();
        this.#retryLater(this.persistent ? TRY_AGAIN_AFTER_ms : TRY_AGAIN_EVERY_ms);
        const { kind, detail } = this.problem ?? {};
        if (kind === problem.kind && detail === problem.detail) return;
        this.problem = problem;
        this.onChange();
    }

    #noteUnsaved() {
        if (this.problem) this.#unsavedTimer ??= setTimeout(() => this.#showUnsaved(), WRITE_EVERY_ms);
    }

    #showUnsaved() {
        this.#unsavedTimer = undefined;
        this.onUnsaved();
    }

    #retryLater(wait_ms = TRY_AGAIN_EVERY_ms) {
        if (!this.#isClosed) this.#retryTimer ??= setTimeout(() => void this.retry(), wait_ms);
    }
}

/** @param {unknown} error */
const isOfFullDisk = (error) =>
    error instanceof Error && (error.name === 'QuotaExceededError' || /quota|full disk/i.test(error.message));

/** @param {StoredRecord} record */
const isLogged = ({ store, key }) =>
    store === 'manualLabels' || store === 'notes' || (store === 'desk' && key === SETTINGS);

/**
 * @param {readonly { at: number }[]} entries
 * @param {number} least
 */
const latestOf = (entries, least) => entries.reduce((latest, { at }) => Math.max(latest, at), least);

/** @returns {Record<Store, Map<string, unknown>>} */
const perStore = () => ({
    manualLabels: new Map(),
    notes: new Map(),
    corrections: new Map(),
    desk: new Map(),
    predictions: new Map(),
});

/**
 * @param {string} modelSha256
 * @param {string} key
 */
const predictionKey = (modelSha256, key) => `${modelSha256} ${key}`;

/**
 * What the label log should have, too.
 *
 * @param {import('idb').IDBPDatabase} database
 */
async function loggedRecords(database) {
    const transaction = database.transaction([STORE_NAMES.manualLabels, STORE_NAMES.notes, STORE_NAMES.desk]);
    /** @type {{ store: LoggedStore, key: string, value: unknown }[]} */
    const records = [];
    for (const store of /** @type {const} */ (['manualLabels', 'notes'])) {
        const objects = transaction.objectStore(STORE_NAMES[store]);
        const [keys, values] = await Promise.all([objects.getAllKeys(), objects.getAll()]);
        for (const [place, key] of keys.entries()) records.push({ store, key: String(key), value: values[place] });
    }
    const desk = transaction.objectStore(STORE_NAMES.desk);
    const [settings, mark] = await Promise.all([desk.get(SETTINGS), desk.get(LOGGED)]);
    if (settings !== undefined) records.push({ store: 'desk', key: SETTINGS, value: settings });
    return { records, mark: /** @type {number} */ (mark ?? -Infinity) };
}

/**
 * Writes records and waits until they are stored.
 *
 * @param {import('idb').IDBPTransaction<unknown, string[], 'readwrite'>} transaction
 * @param {readonly StoredRecord[]} records
 * @param {number | null} mark The time of the last entry of the label log, if it has changed.
 */
async function put(transaction, records, mark) {
    const requests = records.map(({ store, key, value }) => {
        const objects = transaction.objectStore(STORE_NAMES[store]);
        return value === null ? objects.delete(key) : objects.put(value, key);
    });
    if (mark !== null) requests.push(transaction.objectStore(STORE_NAMES.desk).put(mark, LOGGED));
    for (const request of requests) request.catch(() => {}); // the transaction rejects with it
    transaction.commit();
    await transaction.done;
}
