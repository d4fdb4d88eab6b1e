// The label log: every label and note that a person made, in a file beside the database. A browser that finds the
// database damaged resets it; the log restores it.
//
// When the disk gets full, Chromium deletes both, with everything else that a page keeps in files: all but localStorage.
// So the last entry of each key is there, too, as long as there is room (about thirty thousand labels).

/** @typedef {'manualLabels' | 'notes' | 'desk'} LoggedStore */

/**
 * Something that a person made or deleted.
 *
 * @typedef {object} LogEntry
 * @property {LoggedStore} store Of the journal.
 * @property {string} key
 * @property {unknown} value Null where it was deleted.
 * @property {number} at When, in milliseconds since 1970; each entry of a tab is later than the one before.
 */

/** In the origin private file system. */
export const FILE_NAME = 'emofuse-desk-labels.jsonl';

/** Of the keys in localStorage. */
const COPY = 'emofuse-desk ';

/** Errors of browsers that have no such file. */
const UNAVAILABLE = ['NotSupportedError', 'SecurityError', 'TypeError'];

/** A file of JSON Lines that grows at its end alone. A worker writes it: only there browsers write in place. */
export class LabelLog {
    /** @type {Worker | null} */
    #worker = null;
    /** @type {LogEntry[]} What is not in the file yet. */
    #queue = [];
    /** @type {Promise<void>} */
    #writing = Promise.resolve();
    #isAvailable = true;

    /** @returns {Promise<LogEntry[]>} Empty where there is no log. */
    async read() {
        let text = '';
        try {
            const folder = await navigator.storage.getDirectory();
            text = await (await (await folder.getFileHandle(FILE_NAME)).getFile()).text();
        } catch {
            // there is none yet, or the browser has no such files
        }
        return parseLog(text, readCopies());
    }

    /**
     * Writes entries to the file. Never rejects: what could not be written is written together with the next.
     *
     * @param {LogEntry[]} entries
     */
    append(entries) {
        for (const entry of entries) writeCopy(entry);
        if (this.#isAvailable) this.#queue.push(...entries);
        this.#writing = this.#writing.then(() => this.#write());
        return this.#writing;
    }

    /** Deletes all entries. Rejects where the browser does not let it. */
    async clear() {
        this.#queue = [];
        clearCopies();
        await this.#writing;
        if (this.#isAvailable && (await this.#exists())) await this.#ask(null);
    }

    /** Lets go of the worker. */
    close() {
        this.#worker?.terminate();
        this.#worker = null;
    }

    async #exists() {
        try {
            await (await navigator.storage.getDirectory()).getFileHandle(FILE_NAME);
            return true;
        } catch {
            return false;
        }
    }

    async #write() {
        const entries = this.#queue;
        if (entries.length === 0) return;
        this.#queue = [];
        try {
            await this.#ask(toLines(entries));
        } catch (error) {
            this.#isAvailable = !(error instanceof Error && UNAVAILABLE.includes(error.name));
            if (this.#isAvailable) this.#queue = [...entries, ...this.#queue];
        }
    }

    /**
     * One question at a time.
     *
     * @param {string | null} text To append; null deletes what is there.
     * @returns {Promise<void>}
     */
    #ask(text) {
        this.#worker ??= new Worker(new URL('./label-log-worker.js', import.meta.url), { type: 'module' });
        const worker = this.#worker;
        return new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => {
                if (data === null) resolve();
                else reject(Object.assign(new Error(data.message), { name: data.name }));
            };
            worker.onerror = ({ message }) => {
                this.close();
                reject(new Error(message || 'the worker of the label log did not start'));
            };
            worker.postMessage(text);
        });
    }
}

/**
 * A line break comes before each entry, so that one that was cut short spoils none that follows.
 *
 * @param {readonly LogEntry[]} entries
 */
export const toLines = (entries) => entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');

/**
 * The last entry of each key. Lines that were cut short are left out.
 *
 * @param {string} text
 * @param {readonly LogEntry[]} [copies]
 * @returns {LogEntry[]}
 */
export function parseLog(text, copies = []) {
    /** @type {Map<string, LogEntry>} */
    const last = new Map();
    const logged = text.split('\n').flatMap((line) => parseLine(line) ?? []);
    for (const entry of [...logged, ...copies]) {
        const id = `${entry.store} ${entry.key}`;
        const other = last.get(id);
        if (!other || other.at <= entry.at) last.set(id, entry);
    }
    return [...last.values()];
}

/** @returns {LogEntry[]} */
function readCopies() {
    try {
        return Object.entries(localStorage).flatMap(([name, line]) =>
            name.startsWith(COPY) ? (parseLine(line) ?? []) : [],
        );
    } catch {
        return []; // the browser gives the page no localStorage
    }
}

/** @param {LogEntry} entry */
function writeCopy(entry) {
    try {
        localStorage.setItem(`${COPY}${entry.store} ${entry.key}`, JSON.stringify(entry));
    } catch {
        // it is full, or there is none: the file has the entry
    }
}

function clearCopies() {
    try {
        for (const name of Object.keys(localStorage)) if (name.startsWith(COPY)) localStorage.removeItem(name);
    } catch {
        // there is none
    }
}

/**
 * @param {string} line
 * @returns {LogEntry | null}
 */
function parseLine(line) {
    try {
        const entry = JSON.parse(line);
        return entry && typeof entry.store === 'string' && typeof entry.key === 'string' ? entry : null;
    } catch {
        return null;
    }
}

/**
 * What is missing on either side. Each write to the database stores the time of the last logged entry that it has; a
 * database that was reset has no such time.
 *
 * @param {readonly LogEntry[]} logged
 * @param {{ store: LoggedStore, key: string, value: unknown }[]} stored What the database has.
 * @param {number} mark That time; -Infinity where the database has none.
 * @returns {{ lost: LogEntry[], unlogged: { store: LoggedStore, key: string, value: unknown }[] }} What the database
 *     lacks, and what the log lacks.
 */
export function compareLog(logged, stored, mark) {
    const idOf = (/** @type {{ store: string, key: string }} */ { store, key }) => `${store} ${key}`;
    const values = new Map(stored.map((record) => [idOf(record), JSON.stringify(record.value)]));
    const entries = new Map(logged.map((entry) => [idOf(entry), entry]));
    const isStored = (/** @type {LogEntry} */ entry) =>
        (values.get(idOf(entry)) ?? 'null') === JSON.stringify(entry.value);
    const lost = logged.filter((entry) => entry.at > mark && !isStored(entry));
    const unlogged = stored.filter((record) => {
        const entry = entries.get(idOf(record));
        return !entry || (entry.at <= mark && !isStored(entry));
    });
    const deleted = logged
        .filter((entry) => entry.at <= mark && entry.value !== null && !values.has(idOf(entry)))
        .map(({ store, key }) => ({ store, key, value: null }));
    return { lost, unlogged: [...unlogged, ...deleted] };
}
