// The journal: scores and manual labels, stored in the browser, so that a closed page loses nothing. It holds hashes,
// scores and labels, no images and no captions.

import { openDB } from '../../libraries/idb.js';
import { restored } from './prediction.js';

/** @typedef {import('../types.js').Correction} Correction */
/** @typedef {import('../types.js').ManualLabel} ManualLabel */
/** @typedef {import('../types.js').StoredPrediction} StoredPrediction */

/**
 * What was last on the desk, to offer it again.
 *
 * @typedef {object} Session
 * @property {string} name
 * @property {'folder' | 'files' | 'table'} kind
 * @property {FileSystemHandle[]} handles Empty where the browser gives none; the person chooses again then.
 * @property {Record<string, unknown> | null} mapping Which columns of a table are what.
 * @property {number} posts
 * @property {number} done
 * @property {string} at When, as ISO 8601.
 */

const NAME = 'emofuse-desk';
const VERSION = 1;

/**
 * The object stores by their names in the database, which stay as the first version wrote them: `predictions` by model
 * and content, `manualLabels` by content, `corrections` by model, `desk` by name.
 */
const STORE_NAMES = /** @type {const} */ ({
    predictions: 'judgements',
    manualLabels: 'hands',
    corrections: 'corrections',
    desk: 'desk',
});

/** @typedef {keyof typeof STORE_NAMES} Store */

const STORES = /** @type {Store[]} */ (Object.keys(STORE_NAMES));

const SESSION = 'session';

/** Predictions are written together, so often at least. */
const WRITE_EVERY_ms = 250;

/** After the browser has refused to write. */
const TRY_AGAIN_EVERY_ms = 5000;

/** So many records at once hold up neither the page nor those who read. */
const RECORDS_TOGETHER = 200;

/** Stores data in the browser, or in memory if the browser stores nothing; `reason` is then the reason. */
export class Journal {
    /** Whether what is kept outlives the page. */
    persistent = true;
    /** @type {string | null} Why it does not, and what to do. */
    reason = null;
    /** Called when `persistent` or `reason` have changed. */
    onChange = () => {};

    /** @type {import('idb').IDBPDatabase | null} */
    #database = null;
    /** @type {Record<Store, Map<string, unknown>>} What is not written yet; null is to be deleted. */
    #unwritten = { predictions: new Map(), manualLabels: new Map(), corrections: new Map(), desk: new Map() };
    /** @type {Promise<void>} */
    #writing = Promise.resolve();
    #written_ms = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;

    /** @private */
    constructor() {
        addEventListener('pagehide', () => void this.flush());
    }

    /** @returns {Promise<Journal>} */
    static async open() {
        const journal = new Journal();
        await journal.#connect();
        return journal;
    }

    /**
     * @param {string} modelSha256
     * @param {string} key See `contentKey`.
     * @returns {Promise<StoredPrediction | null>} What this model said of that content.
     */
    async prediction(modelSha256, key) {
        const stored = /** @type {import('../types.js').PredictionRecord | null} */ (
            await this.#read('predictions', predictionKey(modelSha256, key))
        );
        return stored && restored(stored);
    }

    /**
     * Written a little later, together with others.
     *
     * @param {string} modelSha256
     * @param {string} key
     * @param {StoredPrediction} prediction
     */
    savePrediction(modelSha256, key, prediction) {
        this.#unwritten.predictions.set(predictionKey(modelSha256, key), prediction);
        const wait_ms = this.persistent ? WRITE_EVERY_ms : TRY_AGAIN_EVERY_ms;
        // A page that nobody looks at has its timers called late.
        if (performance.now() - this.#written_ms >= wait_ms) void this.flush();
        else this.#timer ??= setTimeout(() => void this.flush(), wait_ms);
    }

    /**
     * @param {string} key
     * @returns {Promise<ManualLabel | null>} It belongs to the post, whatever model is in use.
     */
    async manualLabel(key) {
        return /** @type {ManualLabel | null} */ (await this.#read('manualLabels', key));
    }

    /**
     * @param {string} key
     * @param {ManualLabel | null} label
     */
    saveManualLabel(key, label) {
        return this.#writeAtOnce('manualLabels', key, label);
    }

    /** @returns {Promise<Session | null>} */
    async session() {
        return /** @type {Session | null} */ (await this.#read('desk', SESSION));
    }

    /** @param {Session | null} session */
    saveSession(session) {
        return this.#writeAtOnce('desk', SESSION, session);
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
        return this.#writeAtOnce('corrections', modelSha256, correction);
    }

    /**
     * Writes what is not written yet. Never rejects: where the browser refuses, it stays in memory and `reason` says
     * why.
     */
    flush() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#written_ms = performance.now();
        this.#writing = this.#writing.then(() => this.#write());
        return this.#writing;
    }

    /** @returns {Promise<{ predictions: number, manualLabels: number, corrections: number }>} How much is stored. */
    async counts() {
        await this.flush();
        /** @param {Store} store */
        const count = async (store) => {
            const unwritten = [...this.#unwritten[store].values()].filter((value) => value !== null).length;
            return unwritten + ((await this.#database?.count(STORE_NAMES[store]).catch(() => 0)) ?? 0);
        };
        const [predictions, manualLabels, corrections] = await Promise.all([
            count('predictions'),
            count('manualLabels'),
            count('corrections'),
        ]);
        return { predictions, manualLabels, corrections };
    }

    /** Deletes everything. Rejects where the browser does not let it. */
    async clear() {
        await this.#writing;
        for (const store of STORES) this.#unwritten[store].clear();
        if (!this.#database) return;
        const transaction = this.#database.transaction(Object.values(STORE_NAMES), 'readwrite');
        await Promise.all([
            ...STORES.map((store) => transaction.objectStore(STORE_NAMES[store]).clear()),
            transaction.done,
        ]);
        this.#accept();
    }

    /** Lets go of the database. */
    close() {
        this.#database?.close();
        this.#database = null;
    }

    async #connect() {
        let isLate = false;
        try {
            this.#database = await new Promise((resolve, reject) => {
                const opening = openDB(NAME, VERSION, {
                    upgrade: (database) => {
                        for (const store of STORES) database.createObjectStore(STORE_NAMES[store]);
                    },
                    blocked: () =>
                        reject(
                            new Error(
                                'another tab has an older version of the desk open; close that tab and reload this page',
                            ),
                        ),
                    blocking: () => this.#leave('another tab has opened a newer version of the desk; reload this page'),
                    terminated: () => this.#leave('the browser has closed the journal; reload this page'),
                });
                opening.then((database) => (isLate ? database.close() : resolve(database)), reject);
            });
        } catch (error) {
            isLate = true;
            this.#refuse(error);
        }
    }

    /**
     * @param {Store} store
     * @param {string} key
     */
    async #read(store, key) {
        const unwritten = this.#unwritten[store].get(key);
        if (unwritten !== undefined || !this.#database) return unwritten ?? null;
        try {
            return (await this.#database.get(STORE_NAMES[store], key)) ?? this.#unwritten[store].get(key) ?? null; // set meanwhile
        } catch (error) {
            this.#refuse(error);
            return null;
        }
    }

    /**
     * @param {Store} store
     * @param {string} key
     * @param {unknown} value
     */
    #writeAtOnce(store, key, value) {
        // What cannot be kept is the caller's mistake, and an error at once.
        this.#unwritten[store].set(key, structuredClone(value));
        return this.flush();
    }

    async #write() {
        for (const store of STORES) {
            while (this.#database && this.#unwritten[store].size > 0) {
                const records = [];
                for (const record of this.#unwritten[store]) if (records.push(record) === RECORDS_TOGETHER) break;
                try {
                    await putAll(this.#database, store, records);
                } catch (error) {
                    return this.#refuse(error);
                }
                // What was set anew meanwhile is not written.
                for (const [key, value] of records)
                    if (this.#unwritten[store].get(key) === value) this.#unwritten[store].delete(key);
                this.#accept();
            }
        }
    }

    #accept() {
        if (this.persistent) return;
        this.persistent = true;
        this.reason = null;
        this.onChange();
    }

    /** @param {unknown} error */
    #refuse(error) {
        const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
        const isFull = name === 'QuotaExceededError' || /quota/i.test(message);
        this.#report(
            isFull
                ? 'the browser has no more room for it; free some space on the disk'
                : `the browser does not keep it: ${message}`,
        );
    }

    /** @param {string} reason */
    #leave(reason) {
        this.close();
        this.#report(reason);
    }

    /** @param {string} reason */
    #report(reason) {
        if (!this.persistent && this.reason === reason) return;
        this.persistent = false;
        this.reason = reason;
        this.onChange();
    }
}

/**
 * @param {string} modelSha256
 * @param {string} key
 */
const predictionKey = (modelSha256, key) => `${modelSha256} ${key}`;

/**
 * @param {import('idb').IDBPDatabase} database
 * @param {Store} store
 * @param {[string, unknown][]} records
 */
async function putAll(database, store, records) {
    const transaction = database.transaction(STORE_NAMES[store], 'readwrite', { durability: 'relaxed' });
    const requests = records.map(([key, value]) =>
        value === null ? transaction.store.delete(key) : transaction.store.put(value, key),
    );
    for (const request of requests) request.catch(() => {}); // the transaction rejects with it
    await transaction.done;
}
